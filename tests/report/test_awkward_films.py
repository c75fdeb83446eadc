"""What a film on an edge, or with odd credits, makes of verdicts, sentences and references."""

from dataclasses import replace

import pytest
from tests.report.examples import PARAMETERS, a_film, a_ratio, some_candidates
from tests.report.silly import heard, spoken

from ostinato.measures import ALL_QUESTIONS, Question, measured
from ostinato.measures.claims import outcome_of
from ostinato.measures.ratio import ratios, with_label_errors
from ostinato.measures.speech_claims import narration_for_dialogue
from ostinato.measures.verdicts import between
from ostinato.report import cite, describe
from ostinato.report.claim_notes import denominators, effect_notes, figures_of
from ostinato.report.method import footnote
from ostinato.report.page.view import page_html
from ostinato.report.ratio_wording import if_labels_were_wrong, ratio_cell
from ostinato.report.references import references
from ostinato.report.wording import percent, rounded, stopped

C1, C2, C3, C4, C5, C6, *_ = ALL_QUESTIONS


def verdict_on(question, plays=(), **how):
    (claim,) = heard(["A"], plays, asks=(question,), **how).claims
    return claim


def test_a_song_that_fills_just_a_twentieth_in_tenths_of_seconds_is_on_the_threshold():
    plays = [(1, 60.1, 0.0, 102.1), (1, 2500.3, 10.0, 102.2), (1, 4900.7, 15.0, 102.2)]
    claim = verdict_on(C1, plays, film_s=6130.0)
    assert claim.verdict == "supported"
    assert percent(claim.figures["share_of_film"], turns=(0.05,)) == "5.0%"


def test_as_much_narration_as_dialogue_in_tenths_of_seconds_is_undecided():
    speech = [
        replace(one, end_s=one.start_s + (0.1 if one.kind == "narration" else 0.3))
        for one in spoken([*["narration"] * 3, "dialogue"])
    ]
    row = ratios(speech, film_duration_s=6000.0, scenes=())[0]
    row = replace(row, low=0.5 + 1e-15, high=0.5 + 1e-15)
    assert narration_for_dialogue(row).decide("none") == "cannot be decided from this"
    assert rounded(1 + 4e-15, 2, turns=(1.0,)) == "1.00"


def test_a_corrected_p_value_that_is_alpha_is_beyond_chance():
    assert outcome_of(0.05, 3 * 0.05, 0.15) == "beyond chance"


def test_what_lies_on_a_threshold_is_written_short():
    assert percent(2 / 3, turns=(2 / 3, 0.9)) == "66.7%"


@pytest.mark.parametrize(("share", "low"), [(1.0, 0.95), (0.0, 0.0)])
def test_where_all_labels_are_alike_wrong_ones_still_move_the_share(share, low):
    row = a_ratio("film", 5.0, 5.0, 0.0)
    row = replace(row, n_labels=10, share=share, low=share, high=share)
    row = with_label_errors(row)
    assert row.low_if_5_percent_wrong == pytest.approx(low)
    assert row.high_if_5_percent_wrong == pytest.approx(low + 0.05)
    (line,) = if_labels_were_wrong(row)
    assert "None" not in line
    assert "100% (" not in line


def test_an_estimate_of_all_is_no_knowledge_of_all():
    row = replace(a_ratio("film", 5.0, 5.0, 0.0), ratio=None, share=1.0, estimator="labels")
    row = replace(row, low=0.7, high=1.0, ratio_low=2.5, ratio_high=None)
    assert ratio_cell(row) == "2.50 or more"
    claim = verdict_on(C5, speech=spoken(["narration"] * 12))
    assert figures_of(claim) == "all narration"
    sampled = replace(
        claim, low=2.5, bounds="interval", figures={**claim.figures, "share_low": 0.7}
    )
    assert figures_of(sampled) == "2.50 or more"


def test_where_nobody_speaks_after_the_beginning_nothing_is_tested():
    claim = verdict_on(C6, speech=spoken(["narration", "dialogue"] * 10))
    assert (claim.value, claim.p_value, claim.p_opposite, claim.power) == (None,) * 4
    assert "There is no speech after the first 20% of the film." in claim.limits


def test_a_film_of_speech_alone_has_whole_sentences():
    results = heard([], [], speech=spoken(["narration", "dialogue"] * 5))
    assert list(denominators(results)) == ["Of the film's 1 h 40 min, speech is heard for 30 s."]
    assert "The same song is played constantly." in describe(results)


def test_a_claim_in_ones_own_words_ends_before_what_was_found():
    own = Question(id="C5", statement="narration does the work")
    text = describe(heard([], [], speech=spoken(["narration", "dialogue"] * 5), asks=(own,)))
    assert "Narration does the work. Found: 1.00." in text
    assert [stopped(one) for one in ("Who?", "“No.”", "a")] == ["Who?", "“No.”", "a."]


def test_a_lone_candidate_is_spoken_of_in_the_singular():
    results = replace(heard(["A"], []), candidates=())
    one = replace(some_candidates()[0], song_id="S1", id="K1")
    text = describe(replace(results, candidates=(one,)))
    assert "It is in no number above." in text
    assert "  It is beyond chance, but not confirmed" in text
    assert "cuts it out" in text


def test_of_songs_that_are_heard_as_long_none_is_called_the_longest():
    (claim,) = heard(["A", "B"], [(1, 0.0, 0.0, 20.0), (2, 50.0, 0.0, 20.0)], asks=(C1,)).claims
    assert "“A” was taken, the first of those that are heard longest." in claim.limits


def test_a_difference_that_decides_is_not_rounded_away():
    plays = [(1, 20.0 * n, (37.0 * n) % 110, 3.0) for n in range(300)]
    (note,) = effect_notes(heard(["A"], plays, asks=(C2,)))
    assert "as much in common" not in note
    assert "0.02 to 0.02" not in note
    assert between(-0.008, -0.003) == "between −0.008 and −0.003"
    assert between(-0.004, 3.0) == "between 0.00 and 3.00"


def test_transitions_that_cannot_be_decided_are_not_said_to_stop():
    results = heard(["A"], [(1, 100.0 * n, 20.0 * n, 20.0) for n in range(4)], asks=(C3,))
    assert "to the next, all go on where the song had stopped" in cite(results)
    open_ones = tuple(
        replace(one, continues=False, outcome="cannot be told") for one in results.transitions
    )
    text = cite(replace(results, transitions=open_ones))
    assert (
        "Whether its three transitions go on where the song had stopped cannot be decided." in text
    )


def test_a_part_of_a_film_is_not_called_the_film():
    results = heard(["A"], [(1, 0.0, 0.0, 20.0)], asks=())
    cut = replace(results, film=replace(results.film, truncated_at_s=6000.0))
    (line,) = denominators(cut)
    assert line.startswith("Of the 1 h 40 min that could be read, ")


def a_film_by(director, **named):
    results = heard(["A"], [(1, 0.0, 0.0, 20.0)], asks=())
    return replace(results, film=a_film(director=director, year=1982, **named))


@pytest.mark.parametrize("title", ["Who's Afraid?", "Help!", "Wait...", "“No.”"])
@pytest.mark.parametrize("style", ["mla", "chicago"])
def test_a_title_that_ends_with_a_mark_gets_no_second_one(title, style):
    results = a_film_by("Mike Nichols", title=title, edition="DVD.")
    text = references(results, style=style) + footnote(results, style=style)
    for twice in ("?*.", "!*.", "..*.", ".”*.", "..*”.", ".;", "DVD.."):
        assert twice not in text, twice


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("mla", "Directed by Ann Lee et al., 1982."),
        ("chicago", "Lee, Ann, Bo Ek, and Cy Fay, dirs."),
        ("apa", "Lee, A., Ek, B., & Fay, C. (Directors)."),
    ],
)
def test_three_directors_are_named_as_the_manual_has_it(style, said):
    results = a_film_by("Ann Lee; Bo Ek; Cy Fay", title="Three")
    assert said in references(results, style=style)
    assert "(Lee et al., 1982)" in footnote(results, style="apa")


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("chicago", "Reed, Ann, Jr., dir."),
        ("apa", "Reed, A., Jr. (Director)."),
        ("bibtex", "author = {Reed, Jr., Ann}"),
    ],
)
def test_junior_is_no_family_name(style, said):
    assert said in references(a_film_by("Ann Reed Jr.", title="Two"), style=style)


def graded(*likenesses):
    results = heard(["A"], [(1, 100.0 * n, 20.0, 20.0) for n in range(len(likenesses))], asks=())
    own = zip(results.occurrences, likenesses, strict=True)
    return replace(results, occurrences=tuple(replace(one, likeness=grade) for one, grade in own))


def test_the_summary_counts_as_many_as_the_findings():
    some = graded("waveform", "shared material?", "waveform")
    assert "detected twice, in 2 playings, and perhaps once more." in describe(some)
    assert "“A” is detected three times, one of them in the lower grade" in cite(some)
    none = graded("shared material?")
    assert "A (S1): not detected for certain." in describe(none)
    assert "“A” is detected once, but in the lower grade, so not for certain" in cite(none)


def test_what_a_classifier_alone_decided_is_not_bounded_by_people():
    text = cite(heard([], [], speech=spoken(["narration", "dialogue"] * 6, by="classifier")))
    assert "as a classifier decided; no label or subtitle confirms any of it." in text
    assert "0.00 or more" not in text


def test_one_start_of_one_is_singular():
    plays = [(1, 100.0, 0.0, 20.0), (1, 500.0, 20.0, 20.0)]
    results = heard(["A"], plays, asks=())
    first, second = results.occurrences
    rivals = (first, replace(second, rivals_song_s=(0.0,)))
    bare = replace(results, occurrences=rivals)
    (claim,) = measured(bare, parameters=PARAMETERS, questions=(C3,)).claims
    assert "1 of 1 transition cannot be decided" in claim.limits
    assert "1 of 1 start fits another song time as well" in claim.limits
    (note, *_) = effect_notes(replace(results, claims=(claim,)))
    assert note.startswith(
        "C3: That the one transition goes on is not certain. Had it gone on, the"
    )


def test_a_film_of_seconds_has_moments_apart_and_no_rate():
    results = heard(["A"], [(1, 0.0, 0.0, 10.0)], film_s=30.0, asks=(C1,))
    assert "each 1.5 s or more after" in results.claims[0].measure
    assert "an hour" not in " ".join(denominators(results))


def test_the_page_numbers_the_tables_that_its_findings_name():
    page = page_html(heard(["A"], [(1, 0.0, 0.0, 20.0)], asks=(C1,)))
    assert "(Table 2)" in page
    assert "<h3>Table 2. Claims, measures and verdicts</h3>" in page
    assert "<h3>Table 1. Occurrences of each song in Night Shift</h3>" in page


def test_a_ratio_that_is_more_than_nothing_is_not_written_as_nothing():
    row = replace(a_ratio("film", 5.0, 5.0, 0.0), estimator="labels", ratio=0.33)
    assert ratio_cell(replace(row, ratio_low=0.0, ratio_high=5.2)) == "0.3 (0 to 5)"
    claim = verdict_on(C5, speech=spoken(["narration", "dialogue"] * 6))
    sampled = replace(claim, value=0.004, low=0.0, high=0.5, bounds="interval")
    assert figures_of(sampled) == "0.004 (0.0 to 0.5)"
