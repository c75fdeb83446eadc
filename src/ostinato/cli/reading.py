"""What was read of the files in which a person says something of the film."""

from ostinato.errors import StudyError
from ostinato.legible import isolated
from ostinato.pipeline import Said, read_said
from ostinato.report import count, cues_as_read, cues_left_out
from ostinato.speech import read_label_reading
from ostinato.study import Study, read_scene_table


def what_was_read(study: Study) -> list[str]:
    """Say what labels and scenes were read, of which tiers and in which encoding.

    Raises StudyError if one cannot be read.
    """
    try:
        return _lines(study)
    except StudyError:
        read_said(study)  # which recognises files that are exchanged
        raise


def _lines(study: Study) -> list[str]:
    lines = []
    if study.labels is not None:
        labels = read_label_reading(study.labels, film_name=study.film.name)
        lines.append(f"Read from {isolated(str(study.labels))}: {labels}.")
    if study.scenes is not None:
        scenes = read_scene_table(study.scenes)
        note = "" if scenes.note is None else f"; {scenes.note}"
        lines.append(
            f"Read from {isolated(str(study.scenes))}: {count(len(scenes.scenes), 'scene')}{note}."
        )
    return lines


def what_was_read_of_subtitles(study: Study, said: Said) -> list[str]:
    """Say what was read of subtitles, before they are compared with the film."""
    read = said.subtitles
    if study.subtitles is None or read is None:
        return []
    return [
        f"Read from {isolated(str(study.subtitles))}: {read.format}, {cues_as_read(read)}",
        *(f"  {line}" for line in cues_left_out(read)),
    ]
