"""Subtitles that do not fit are moved, or refused with the mend, and that is said."""

import dataclasses

import numpy as np
import pytest

from ostinato.errors import StudyError
from ostinato.pipeline import speech as pipeline_subtitles
from ostinato.report.subtitle_notes import cues_as_read, cues_left_out, read_of_subtitles
from ostinato.results import SubtitleBreak, Subtitles
from ostinato.speech import Alignment, Synchrony

CUES = "1\n00:00:02,000 --> 00:00:10,000\n(V.O.) I never told her.\n"
MOVED = Alignment(speed=25 / 24, starts_s=(-np.inf, 20.0), shifts_s=(-0.5, 1.5))
READ = Subtitles(
    name="film.srt",
    sha256="0" * 64,
    format="SubRip",
    n_cues=412,
    n_tagged=31,
    n_italic=20,
    n_unspoken=5,
    n_skipped=0,
    italics="evidence",
    check="fits",
    corrected=False,
    agrees=True,
    shift_s=0.1,
    speed=1.0,
    certainty=0.999,
)


def said(**changes):
    return "\n".join(read_of_subtitles(dataclasses.replace(READ, **changes)))


@pytest.fixture
def compares_as(monkeypatch):
    """Have the comparison find something, whatever is heard."""

    def found(synchrony):
        monkeypatch.setattr(pipeline_subtitles, "synchrony", lambda *_, **__: synchrony)

    return found


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("another film", "seem to be those of another film. Give the subtitles of this film"),
        ("unsure", "a shift of -0.5 s at speed 1.0417 is no sure guess"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_mend(bar, run, compares_as, verdict, words):
    compares_as(Synchrony(verdict=verdict, alignment=MOVED))
    with pytest.raises(StudyError) as caught:
        run(subtitles=bar.write("film.srt", CUES))
    assert words in str(caught.value)
    assert "--subtitle-shift" in str(caught.value)


def test_what_plainly_fits_elsewhere_is_moved_and_recorded(bar, run, compares_as):
    alignment = Alignment(shifts_s=(25.0,))
    compares_as(Synchrony(verdict="moved", alignment=alignment, certainty=0.99))
    results = run(subtitles=bar.write("film.srt", CUES))
    assert (results.subtitles.check, results.subtitles.corrected) == ("corrected", True)
    assert results.subtitles.shift_s == 25.0
    assert results.speech[0].decided_by == "prior"
    assert results.speech[-1].decided_by == "subtitles"


@pytest.mark.parametrize("verdict", ["another film", "unsure", "moved"])
def test_what_the_study_says_goes_before_what_is_found(bar, run, compares_as, verdict):
    compares_as(Synchrony(verdict=verdict, alignment=MOVED))
    results = run(subtitles=bar.write("film.srt", CUES), subtitle_shift_s=0.0)
    assert (results.subtitles.check, results.subtitles.corrected) == ("as the study says", False)
    assert results.subtitles.agrees is False
    assert results.speech[0].decided_by == "subtitles"


def test_a_shift_that_leaves_no_cue_is_refused(bar, run):
    with pytest.raises(StudyError, match="it moves every cue before the film begins"):
        run(subtitles=bar.write("film.srt", CUES), subtitle_shift_s=-100.0)


def test_what_was_read_is_counted():
    assert cues_as_read(READ) == (
        "412 cues: 31 tagged as narration, 20 italic, 5 of lyrics, signs or sounds."
    )
    assert list(cues_left_out(READ)) == []
    (line,) = cues_left_out(dataclasses.replace(READ, n_skipped=2))
    assert line == "2 cues could not be read and were left out."


def test_a_correction_is_said_with_its_breaks_and_how_sure_it_is():
    text = said(
        check="corrected",
        corrected=True,
        shift_s=-3.0,
        speed=25 / 24,
        breaks=(SubtitleBreak(film_s=600.0, shift_s=-6.0),),
    )
    assert "multiplied by 1.04167, moved by -3.00 s, from 0:10:00 on by -6.00 s" in text
    assert "certainty 99.90%" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agrees": True}, "that fits the detected speech."),
        ({"agrees": None}, "could not be checked."),
        ({"agrees": False, "shift_s": 3.0}, "It would fit with this correction: moved by +3.00 s."),
    ],
)
def test_what_the_study_says_of_the_times_is_said_with_whether_it_fits(changes, words):
    text = said(check="as the study says", given_shift_s=2.0, **changes)
    assert "moved by +2 s, as the study says" in text
    assert words in text


def test_italics_are_said_to_decide_nothing_or_asked_to_be_measured():
    assert "Italics are evidence and decide nothing" in said()
    assert "draw a sample" in said(italics="narration")
    assert "talics are" not in said(n_italic=0)


def test_what_could_not_be_checked_is_said():
    assert "They are taken as they are." in said(check="could not be checked", agrees=None)
