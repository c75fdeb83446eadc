import numpy as np
import pytest

from ostinato.speech import MODEL_CLOCK, Activity, Annotation, SpeechParameters, moved, synchrony
from ostinato.speech.sync import Alignment
from ostinato.timeline import Interval

DURATION_S = 1500.0


def a_film(seed, *, n_lines=180):
    """Detected talk of a film and when its lines are spoken, shape (n, 2)."""
    rng = np.random.default_rng(seed)
    lengths_s = rng.uniform(0.8, 4.0, n_lines)
    gaps_s = rng.gamma(1.2, 2.0, n_lines) + 0.3
    gaps_s *= (DURATION_S - 20 - lengths_s.sum()) / gaps_s.sum()
    starts_s = np.cumsum(gaps_s + np.r_[0, lengths_s[:-1]])
    lines_s = np.column_stack([starts_s, starts_s + lengths_s])
    frames_s = np.arange(round(DURATION_S * 100)) / 100
    line = np.searchsorted(lines_s[:, 0], frames_s, side="right") - 1
    talks = (line >= 0) & (frames_s < lines_s[np.maximum(line, 0), 1])
    p = np.clip(np.where(talks, 0.9, 0.1) + rng.normal(0, 0.1, talks.size), 0, 1)
    none = np.zeros(talks.size, np.float32)
    activity = Activity(
        clock=MODEL_CLOCK,
        duration_s=DURATION_S,
        speech=p.astype(np.float32),
        singing=none,
        music=none,
    )
    return activity, lines_s


def subtitles_of(lines_s, *, seed=7, place=lambda s: s, share=0.8):
    """Cues that leave out some lines, begin about when they do, and linger."""
    rng = np.random.default_rng(seed)
    kept = lines_s[rng.random(len(lines_s)) < share]
    starts_s = kept[:, 0] + rng.normal(0, 0.1, len(kept))
    ends_s = kept[:, 1] + rng.uniform(0.2, 1.0, len(kept))
    ends_s[:-1] = np.minimum(ends_s[:-1], starts_s[1:] - 0.04)
    return cues(place(starts_s), place(ends_s))


def cues(starts_s, ends_s, mark="plain"):
    return tuple(
        Annotation(
            interval=Interval(max(0.0, round(a, 3)), round(b, 3)),
            kind=None,
            source="subtitles",
            mark=mark,
        )
        for a, b in zip(starts_s.tolist(), ends_s.tolist(), strict=True)
        if b > max(0.0, a)
    )


def compared(some, activity):
    return synchrony(some, activity, parameters=SpeechParameters())


@pytest.mark.parametrize("seed", range(4))
def test_subtitles_in_step_stay_as_they_are(seed):
    activity, lines_s = a_film(seed)
    found = compared(subtitles_of(lines_s), activity)
    assert found.verdict == "fits"
    assert found.certainty > 0.99


@pytest.mark.parametrize("shift_s", [-60.0, -5.0, 1.5, 3.0, 30.0])
def test_subtitles_that_are_shifted_are_moved_back(shift_s):
    activity, lines_s = a_film(1)
    found = compared(subtitles_of(lines_s, place=lambda s: s + shift_s), activity)
    assert found.verdict == "moved"
    assert found.alignment.speed == 1.0
    assert found.alignment.shifts_s == pytest.approx((-shift_s,), abs=0.3)


@pytest.mark.parametrize("speed", [25 / 24, 24 / 25, 25 / 23.976, 23.976 / 25])
def test_subtitles_of_another_speed_are_brought_to_the_films(speed):
    activity, lines_s = a_film(2)
    found = compared(subtitles_of(lines_s, place=lambda s: s / speed - 2.0), activity)
    assert found.verdict == "moved"
    film_s = found.alignment.film_s(np.array([[1000.0 / speed - 2.0, 1001.0]]))[0, 0]
    assert film_s == pytest.approx(1000.0, abs=0.8)


def test_a_break_in_the_middle_is_found():
    activity, lines_s = a_film(3)
    late = subtitles_of(lines_s, place=lambda s: np.where(s >= 700.0, s + 12.0, s))
    found = compared(late, activity)
    assert found.verdict == "moved"
    assert found.alignment.shifts_s == pytest.approx((0.0, -12.0), abs=0.3)
    assert found.alignment.starts_s[1] == pytest.approx(712.0, abs=25.0)


@pytest.mark.parametrize("seed", range(5, 9))
def test_subtitles_of_another_film_are_recognised(seed):
    activity, _ = a_film(0)
    _, others_s = a_film(seed)
    assert compared(subtitles_of(others_s), activity).verdict == "another film"


@pytest.mark.parametrize("n", [0, 1, 8])
def test_a_few_cues_are_no_ground_to_move_or_refuse_them(n):
    activity, lines_s = a_film(0)
    assert compared(subtitles_of(lines_s[:n] + 30.0), activity).verdict == "unknown"


def test_a_film_without_speech_leaves_subtitles_as_they_are():
    activity, lines_s = a_film(0)
    silent = Activity(
        clock=MODEL_CLOCK,
        duration_s=DURATION_S,
        speech=np.zeros_like(activity.speech),
        singing=activity.singing,
        music=activity.music,
    )
    assert compared(subtitles_of(lines_s), silent).verdict == "unknown"


def test_lyrics_and_sounds_do_not_count():
    activity, lines_s = a_film(0)
    sounds_s = np.arange(5.0, 1400.0, 7.3)
    sounds = cues(sounds_s, sounds_s + 3.0, mark="nothing")
    assert compared((*subtitles_of(lines_s), *sounds), activity).verdict == "fits"
    assert compared(sounds, activity).verdict == "unknown"


def test_cues_are_moved_by_piece_and_those_before_the_film_are_left_out():
    some = cues(np.array([1.0, 10.0, 20.0]), np.array([2.0, 11.0, 21.0]))
    alignment = Alignment(speed=2.0, starts_s=(-np.inf, 15.0), shifts_s=(-5.0, 1.0))
    placed = [(one.interval.start_s, one.interval.end_s) for one in moved(some, alignment)]
    assert placed == [(15.0, 17.0), (41.0, 43.0)]
