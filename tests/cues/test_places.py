"""Where in the song a find is: cues near each other, speeds that drift, faint and shared sound."""

from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile as sf
import soxr
from scipy.interpolate import CubicSpline
from tests.cues.conftest import AS_RECORDED

from ostinato.cues import CueParameters, find_occurrences, write_track
from ostinato.cues.spectral import SpectralParameters
from ostinato.errors import ParameterError
from ostinato.media import open_working_copy
from ostinato.simulate import Level, PlannedOccurrence, score_occurrences

DATA = Path(__file__).parent.parent / "data" / "cues"


def tried(*, tempos, pitches, speeds):
    """Parameters that try fewer tempos and pitches than a film is searched for."""
    spectral = SpectralParameters(tempo_steps=tempos, pitch_steps=pitches, speed_steps=speeds)
    return CueParameters(speeds=(1.0,), spectral=spectral)


@pytest.fixture(scope="session")
def found_in(tmp_path_factory, working_copies):
    """What is found of a recording in another, both files."""

    def found(film, song, parameters=AS_RECORDED):
        folder = tmp_path_factory.mktemp("track")
        copies = [open_working_copy(path, cache_dir=working_copies) for path in (film, song)]
        track = write_track(folder / "track.f32", copies[0])
        return find_occurrences(copies[0], track, copies[1], song_id="S1", parameters=parameters)

    return found


@dataclass(frozen=True)
class Drifting:
    """A tape whose speed is off by so many parts in a million, first one way, then the other."""

    before_ppm: float
    after_ppm: float
    turns_s: float

    def apply(self, y, place):
        t = np.arange(y.shape[1]) / place.sample_rate_hz
        read_at = t + 1e-6 * (
            self.before_ppm * np.minimum(t, self.turns_s)
            + self.after_ppm * np.maximum(t - self.turns_s, 0)
        )
        return CubicSpline(t, y, axis=1)(np.minimum(read_at, t[-1])).astype(np.float32)

    def gain(self, place):
        return np.ones(place.n_samples)


def an_excerpt(film_start_s, song_start_s, duration_s, **how):
    return PlannedOccurrence(
        song_id="S1",
        film_start_s=film_start_s,
        song_start_s=song_start_s,
        duration_s=duration_s,
        level=Level(-3.0, re="speech"),
        **how,
    )


def test_a_speed_that_drifts_is_one_occurrence_whose_map_bends(search):
    tape = Drifting(before_ppm=200.0, after_ppm=-200.0, turns_s=14.0)
    _, found = search(an_excerpt(3.0, 20.0, 28.0, chain=(tape,)), duration_s=34.0)
    (one,) = found
    assert one.film_start_s == pytest.approx(3.0, abs=0.1)
    assert one.film_end_s == pytest.approx(31.0, abs=0.3)
    assert one.song_start_s == pytest.approx(20.0 + one.film_start_s - 3.0, abs=0.002)
    film_s, song_s = zip(*one.knots, strict=True)
    # midway it is 2.8 ms ahead of where a steady tape would be
    assert np.interp(17.0, film_s, song_s) == pytest.approx(34.0028, abs=0.0012)
    assert one.song_error_s < 0.003


def test_cues_that_happen_to_lie_on_a_line_stay_cues(search):
    # as far apart in the song as at a tempo of 1.04, with another passage between them
    places = ((4.0, 20.0, 3.5), (10.0, 90.0, 3.5), (16.0, 32.48, 3.5), (22.0, 70.0, 3.5))
    truth, found = search(
        *(an_excerpt(*place) for place in places),
        duration_s=30.0,
        parameters=tried(tempos=2, pitches=1, speeds=0),
    )
    score = score_occurrences(truth, found)
    assert score.false == ()
    assert len(found) == len(places)
    for match in score.matches:
        assert abs(match.song_error_s) < 0.005
        assert match.found[0].likeness == "waveform"


def test_faint_ambience_that_comes_again_is_at_its_place(found_in):
    cues = found_in(DATA / "big_buck_bunny_clip.mp3", DATA / "big_buck_bunny_intro.mp3")
    errors_s = {
        film_s: min(abs(one.time_map.song_s(film_s) - song_s) for one in cues.occurrences)
        for film_s, song_s in ((1.76, 0.5253), (5.0, 0.0), (34.88, 17.2920))
    }
    assert max(errors_s.values()) < 0.005, errors_s
    (last,) = (one for one in cues.occurrences if one.film_start_s > 30)
    assert last.high_hz > 1000  # birds are above it


def test_a_theme_that_shares_a_drum_track_is_of_the_lower_grade(found_in):
    cues = found_in(DATA / "c_win.m4a", DATA / "lose_theme.ogg")
    for one in cues.occurrences:
        assert one.likeness == "shared material?"
        assert one.explained_share < 0.5


def test_a_song_of_less_than_a_second_is_refused(found_in, tmp_path):
    y = np.random.default_rng(0).standard_normal(40_000).astype(np.float32)
    sf.write(tmp_path / "film.wav", 0.1 * y, 8000)
    sf.write(tmp_path / "song.wav", 0.1 * y[:7000], 8000)
    with pytest.raises(ParameterError, match="shorter than a second"):
        found_in(tmp_path / "film.wav", tmp_path / "song.wav")


@pytest.mark.parametrize("speed", [1.018])
def test_a_speed_between_the_listed_ones_is_found_by_the_waveform(search, speed):
    truth, found = search(
        an_excerpt(3.0, 20.0, 14.0, speed=speed),
        duration_s=20.0,
        parameters=tried(tempos=1, pitches=1, speeds=2),
    )
    (match,) = score_occurrences(truth, found).matches
    (one,) = match.found
    assert one.likeness == "waveform"
    assert one.speed == pytest.approx(speed, rel=1e-4)
    assert abs(match.song_error_s) < 0.005


@dataclass(frozen=True)
class Raised:
    """Notes a semitone higher by a phase vocoder, attacks where they are."""

    def apply(self, y, place):
        ratio, rate_hz = 2 ** (1 / 12), place.sample_rate_hz
        out = []
        for row in y:
            notes, attacks = librosa.effects.hpss(row)
            higher = soxr.resample(notes, rate_hz * ratio, rate_hz)
            kept = librosa.effects.time_stretch(higher, rate=1 / ratio)
            out.append(librosa.util.fix_length(kept, size=row.size) + attacks)
        return np.stack(out).astype(np.float32)

    def gain(self, place):
        return np.ones(place.n_samples)


def test_attacks_that_stay_where_notes_were_raised_are_no_waveform(search):
    _, found = search(
        an_excerpt(4.0, 10.0, 14.0, chain=(Raised(),)),
        duration_s=22.0,
        parameters=tried(tempos=1, pitches=5, speeds=0),
    )
    (one,) = found
    assert one.likeness == "spectrum"
    assert one.pitch == pytest.approx(2 ** (1 / 12), abs=0.01)
    assert one.speed == pytest.approx(1.0, abs=0.005)
