"""The page on which a person listens and corrects, served to the browser of this machine alone."""

from ostinato.review_page.opening import Opening, judge_by_ear, label_by_ear, review

__all__ = ["Opening", "judge_by_ear", "label_by_ear", "review"]
