"""What a study names is refused by its own times and lengths, at the boundary and not beside it."""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ostinato.errors import StudyError
from ostinato.pipeline.inputs import (
    Said,
    _checked_stem,
    check_double,
    check_length,
    check_times,
    is_same_recording,
)
from ostinato.results import Scene
from ostinato.speech import Annotation
from ostinato.timeline import Interval

RATE_HZ = 8000


def a_study(*, stages=("cues",), min_duration_s=1.0, songs=()):
    trace = SimpleNamespace(min_duration_s=min_duration_s)
    return SimpleNamespace(
        stages=stages,
        songs=songs,
        labels=Path("labels.tsv"),
        scenes=Path("scenes.tsv"),
        subtitles=Path("film.srt"),
        parameters=SimpleNamespace(cues=SimpleNamespace(trace=trace)),
    )


SONG = SimpleNamespace(title="Dreams", path=Path("dreams.flac"))


def test_a_song_of_the_least_length_is_looked_for_and_a_shorter_one_is_refused():
    check_length(a_study(), SONG, SimpleNamespace(duration_s=1.0))
    with pytest.raises(StudyError, match=r"lasts 0\.99 s, and what lasts less than 1 s cannot"):
        check_length(a_study(), SONG, SimpleNamespace(duration_s=0.99))
    check_length(a_study(stages=("speech",)), SONG, SimpleNamespace(duration_s=0.5))


def row_at(start_s, source="label"):
    return Annotation(interval=Interval(start_s, start_s + 50), kind="narration", source=source)


@pytest.mark.parametrize("name", ["labels", "scenes"])
def test_a_row_that_begins_with_the_films_end_is_of_another_edition(name):
    for start_s in (599.9, 600.0):
        scene = Scene(name="bar", start_s=start_s, end_s=start_s + 50)
        said = Said(**{name: (row_at(0.0) if name == "labels" else scene,)})
        said = Said(labels=(row_at(start_s),)) if name == "labels" else said
        if start_s < 600:
            check_times(a_study(), said, 600.0)
            continue
        message = rf"^{name}\.tsv, row at 0:10:00: the film ends at 0:10:00"
        with pytest.raises(StudyError, match=message):
            check_times(a_study(), said, 600.0)


@pytest.mark.parametrize(
    ("starts_s", "is_refused"),
    [
        ([700.0, 650.0], True),
        ([600.0], True),
        ([599.0, 700.0], False),
        ([650.0] * 19, True),
        ([650.0] * 20, False),  # so many may still be put in step
        ([], False),
    ],
)
def test_a_few_cues_that_all_come_after_the_film_are_of_another_edition(starts_s, is_refused):
    said = Said(cues=tuple(row_at(start_s, "subtitles") for start_s in starts_s))
    if not is_refused:
        check_times(a_study(), said, 600.0)
        return
    first = "0:10:50" if starts_s[0] != 600 else "0:10:00"
    with pytest.raises(StudyError, match=f"first cue is at {first} and the film ends at 0:10:00"):
        check_times(a_study(), said, 600.0)


@dataclass
class Copy:
    """A recording in memory."""

    y: np.ndarray
    sha256: str = ""
    pcm_sha256: str = ""
    rate_hz: int = RATE_HZ

    @property
    def duration_s(self):
        return self.y.size / self.rate_hz

    def mono(self, start, stop):
        return self.y[start:stop]


def noise(seed, n):
    return (0.1 * np.random.default_rng(seed).standard_normal(n)).astype(np.float32)


def recording(y, name):
    return Copy(np.asarray(y, np.float32), sha256=name, pcm_sha256=f"pcm of {name}")


def test_a_recording_is_the_same_whatever_its_level_and_its_first_milliseconds():
    y = noise(0, 20 * RATE_HZ)
    one = recording(y, "one")
    late = recording(np.concatenate([np.zeros(RATE_HZ // 2, np.float32), 0.3 * y]), "late")
    assert is_same_recording(one, late)
    assert not is_same_recording(one, recording(noise(1, 20 * RATE_HZ), "other"))
    much_later = np.concatenate([np.zeros(RATE_HZ + 1, np.float32), y])
    assert not is_same_recording(one, recording(much_later, "longer by more than a second"))
    silent = np.zeros(20 * RATE_HZ, np.float32)
    assert not is_same_recording(recording(silent, "one"), recording(silent, "other"))


@pytest.mark.parametrize(("n_spoilt", "is_same"), [(2, True), (4, False)])
def test_a_scratch_makes_no_other_recording_and_much_of_one_does(n_spoilt, is_same):
    # twenty-four pieces of two seconds, end to end
    y = noise(0, 48 * RATE_HZ)
    other = y.copy()
    other[: n_spoilt * 2 * RATE_HZ] = noise(2, n_spoilt * 2 * RATE_HZ)
    assert is_same_recording(recording(y, "one"), recording(other, "other")) == is_same


def test_a_song_is_compared_with_each_of_those_before_it():
    songs = [recording(noise(n, 4 * RATE_HZ), str(n)) for n in (0, 1, 0)]
    files = [SimpleNamespace(title=f"Song {n}", path=Path(f"{n}.flac")) for n in range(3)]
    study = a_study(songs=files)
    check_double(study, songs, 0)
    check_double(study, songs, 1)
    with pytest.raises(StudyError, match=r"^song 'Song 2' \(2\.flac\): it is the same .* 'Song 0'"):
        check_double(study, songs, 2)


@pytest.mark.parametrize(
    ("duration_s", "lag_s", "refusal"),
    [
        (600.5, 0.1, None),
        (599.5, -0.1, None),
        (600.0, None, None),
        (600.6, 0.0, r"it lasts 600\.6 s and the film 600\.0 s"),
        (599.4, 0.0, r"it lasts 599\.4 s and the film 600\.0 s"),
        (600.0, 0.11, r"its speech comes 0\.11 s later than that of the film"),
        (600.0, -0.11, r"its speech comes 0\.11 s earlier than that of the film"),
    ],
)
def test_a_stem_lasts_as_long_as_the_film_and_is_in_step_with_it(
    monkeypatch, duration_s, lag_s, refusal
):
    step = SimpleNamespace(is_of_film=True, lag_s=lag_s)
    monkeypatch.setattr("ostinato.pipeline.inputs.step_of_stem", lambda *_: step)
    stem = SimpleNamespace(
        path=Path("speech.wav"), sha256="a" * 64, duration_s=duration_s, rate_hz=48_000
    )
    study, film = SimpleNamespace(speech_stem_by="a separator"), SimpleNamespace(duration_s=600.0)
    if refusal is not None:
        with pytest.raises(StudyError, match=refusal):
            _checked_stem(study, film, stem)
        return
    told = _checked_stem(study, film, stem)
    assert (told.duration_s, told.lag_s, told.sample_rate_hz) == (duration_s, lag_s, 48_000)
    step.is_of_film = False
    with pytest.raises(StudyError, match="what is heard in it is not heard in the film"):
        _checked_stem(study, film, stem)
