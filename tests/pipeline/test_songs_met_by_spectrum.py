"""A copy of a song at another pitch, of which no phase is left, is taken out as far as it goes."""

from dataclasses import dataclass

import librosa
import numpy as np
import pytest
import soundfile as sf
import soxr

from ostinato.cues import CueParameters
from ostinato.pipeline import analyze
from ostinato.simulate import (
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
    make_film,
)
from ostinato.study import Parameters, SongFile, Study

RATE_HZ = 48_000
PITCH = 0.95


@dataclass(frozen=True)
class Lowered:
    """Another pitch at the same tempo."""

    def apply(self, y, place):  # noqa: ARG002 - alike everywhere
        lower = soxr.resample(y.T, RATE_HZ * PITCH, RATE_HZ).T
        played = [librosa.effects.time_stretch(row, rate=1 / PITCH) for row in lower]
        fitted = [librosa.util.fix_length(row, size=y.shape[1]) for row in played]
        return np.stack(fitted).astype(np.float32)

    def gain(self, place):
        return np.ones(place.n_samples)


@pytest.fixture(scope="module")
def lowered(tmp_path_factory, working_copies, song, shipped):
    """Results of a film in which somebody talks, for a while over a song that was lowered."""
    folder = tmp_path_factory.mktemp("lowered")
    y, rate_hz = sf.read(song.path, frames=24 * RATE_HZ)
    sf.write(folder / "song.flac", y, rate_hz)
    plan = FilmPlan(
        duration_s=26.0,
        songs=(PlannedSong(id=song.id, title=song.title, path=folder / "song.flac"),),
        speech=(
            PlannedSpeech(
                path=shipped / "sonnet.opus", film_start_s=0.5, kind="narration", end_s=25.0
            ),
        ),
        occurrences=(
            PlannedOccurrence(
                song_id=song.id,
                film_start_s=6.0,
                song_start_s=4.0,
                duration_s=14.0,
                chain=(Lowered(),),
                level=Level(-3.0, re="speech"),
            ),
        ),
    )
    make_film(plan, folder / "film.mka", cache_dir=working_copies)
    study = Study(
        film=folder / "film.mka",
        songs=(SongFile(title=song.title, path=folder / "song.flac"),),
        stages=("cues", "separation"),
        parameters=Parameters(cues=CueParameters(speeds=(1.0,))),
    )
    return analyze(study, cache_dir=working_copies, stems_dir=folder / "stems")


def test_what_was_met_by_its_spectrum_alone_is_masked_and_has_no_level(lowered):
    (one,) = lowered.occurrences
    (separation,) = lowered.separations
    assert one.likeness == "spectrum"
    assert one.pitch == pytest.approx(PITCH, abs=0.005)
    assert separation.grade == "masked"
    assert separation.reduction_db is None
    assert one.level_lufs is None
    assert lowered.song_levels == ()
