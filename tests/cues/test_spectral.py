"""Copies that kept the song's spectrum and not its phase."""

import dataclasses
import itertools
from dataclasses import dataclass

import librosa
import numpy as np
import pytest
import soundfile as sf
import soxr

from ostinato.cues import CueParameters
from ostinato.cues.song_finds import Found
from ostinato.cues.spectral import SpectralParameters
from ostinato.cues.spectral.settle import is_piece, on_known_map, with_altered
from ostinato.cues.tiles import CONTEXT_FRAMES, HOP_LENGTH, N_BINS, band_powers, contrasts
from ostinato.media import open_working_copy
from ostinato.results import TimeMap
from ostinato.simulate import Level, PlannedOccurrence, PlannedSong

RATE_HZ = 48_000
PARAMETERS = SpectralParameters()
UNDER_TALK = Level(-3.0, re="speech")


@dataclass(frozen=True)
class Vocoder:
    """Another tempo and pitch by a phase vocoder, counted from the occurrence's start."""

    tempo: float
    pitch: float

    def apply(self, y, place):  # noqa: ARG002 - alike everywhere
        at_pitch = soxr.resample(y.T, RATE_HZ * self.pitch, RATE_HZ).T
        rate = self.tempo / self.pitch
        played = [librosa.effects.time_stretch(row, rate=rate) for row in at_pitch]
        fitted = [librosa.util.fix_length(row, size=y.shape[1]) for row in played]
        return np.stack(fitted).astype(np.float32)

    def gain(self, place):
        return np.ones(place.n_samples)


@pytest.fixture(scope="module", params=[(1.03, 1.0), (1.0, 0.95)], ids=["tempo", "pitch"])
def altered(search, song, request):
    tempo, pitch = request.param
    planned = PlannedOccurrence(
        song_id=song.id,
        film_start_s=8.0,
        song_start_s=4.0,
        duration_s=14.0,
        chain=(Vocoder(tempo, pitch),),
        level=UNDER_TALK,
    )
    _, found = search(planned, duration_s=40.0, parameters=CueParameters(speeds=(1.0,)))
    return tempo, pitch, found


def test_a_copy_at_another_tempo_or_pitch_is_found_whole(altered):
    tempo, pitch, found = altered
    (one,) = found
    assert one.speed == pytest.approx(tempo, abs=0.004)
    assert one.pitch == pytest.approx(pitch, abs=0.005)
    # the vocoder plays the song on from where the occurrence starts
    assert one.time_map.song_s(8.0) == pytest.approx(4.0, abs=0.1)
    assert abs(one.film_start_s - 8.0) <= one.start_error_s + 0.1
    assert abs(one.film_end_s - 22.0) <= one.end_error_s + 0.3


def test_what_only_the_spectrum_shows_says_so_and_has_no_level(altered):
    _, pitch, (one,) = altered
    # spliced at another tempo, pieces of the waveform are left; moved in pitch, none
    assert one.likeness == ("waveform" if pitch == 1.0 else "spectrum")
    assert (one.level_lufs is None) == (one.likeness == "spectrum")


def test_a_passage_that_comes_again_is_a_rival(search, song, working_copies, tmp_path):
    copy = open_working_copy(song.path, cache_dir=working_copies)
    verse = copy.read(0, 25 * copy.rate_hz).T
    sf.write(tmp_path / "twice.flac", np.concatenate([verse, verse]), copy.rate_hz)
    twice = PlannedSong(id="S1", title="Twice", path=tmp_path / "twice.flac")
    planned = PlannedOccurrence(
        song_id="S1",
        film_start_s=8.0,
        song_start_s=4.0,
        duration_s=14.0,
        chain=(Vocoder(1.0, 0.95),),
        level=UNDER_TALK,
    )
    _, (one,) = search(
        planned,
        duration_s=30.0,
        of=twice,
        songs=(twice,),
        parameters=CueParameters(speeds=(1.0,)),
    )
    assert one.likeness == "spectrum"
    starts_s = sorted((one.song_start_s, *one.rivals_song_s))
    assert np.diff(starts_s) == pytest.approx(25.0, abs=0.2)


def test_no_film_is_claimed_twice(altered):
    for before, after in itertools.pairwise(altered[2]):
        assert before.film_end_s <= after.film_start_s


def a_find(start_s, end_s, *, offset_s=0.0, speed=1.0, likeness="waveform", **how):
    return Found(
        start_s=start_s,
        end_s=end_s,
        time_map=TimeMap(offset_s, speed),
        evidence=100.0,
        p_value=1e-9,
        start_error_s=0.1,
        end_error_s=0.1,
        rivals_song_s=how.pop("rivals_song_s", ()),
        pitch=how.pop("pitch", speed),
        likeness=likeness,
        **how,
    )


def alike(*args, **how):
    return a_find(*args, likeness="spectrum", **how)


def altered_copy(start_s, end_s):
    return alike(start_s, end_s, offset_s=5.0, speed=1.04, pitch=1.0)


def piece_of(copy, start_s, end_s):
    return a_find(start_s, end_s, offset_s=start_s - copy.time_map.song_s(start_s))


@dataclass(frozen=True)
class Asked:
    """What the film would say, looked at again."""

    stands: bool = True
    as_near: bool = False

    def left(self, one, without):
        end_s = min([one.end_s, *(o.start_s for o in without if o.start_s > one.start_s)])
        return dataclasses.replace(one, end_s=end_s) if self.stands else None

    def is_as_near(self, piece, one):  # noqa: ARG002 - alike everywhere
        return self.as_near

    def placed(self, one, pieces):  # noqa: ARG002 - known by its spectrum alone
        return one

    def goes_on_beside(self, one, pieces):  # noqa: ARG002 - as above
        return False

    def fits_better(self, one, pieces):  # noqa: ARG002 - as above
        return False


def together(found, altered, **how):
    return with_altered(found, altered, witness=Asked(**how), parameters=PARAMETERS)


def test_pieces_that_agree_are_part_of_the_copy():
    whole = altered_copy(10.0, 30.0)
    pieces = [piece_of(whole, 12.0, 13.5), piece_of(whole, 20.0, 21.5)]
    (one,) = together(pieces, [whole])
    assert (one.start_s, one.end_s, one.time_map) == (10.0, 30.0, whole.time_map)
    assert one.likeness == "spectrum"
    pieces.append(piece_of(whole, 26.0, 27.5))
    (one,) = together(pieces, [whole])
    assert one.likeness == "waveform"
    assert one.pieces == tuple(pieces)


@pytest.mark.parametrize("length_s", [2.0, 11.0])
def test_a_waveform_that_disagrees_stands_and_the_spectrum_yields(length_s):
    elsewhere = a_find(12.0, 12.0 + length_s, offset_s=-60.0)
    whole = altered_copy(10.0, 30.0)
    assert together([elsewhere], [whole], stands=False) == (elsewhere,)
    before, exact = together([elsewhere], [whole])
    assert exact == elsewhere
    assert before.end_s <= elsewhere.start_s


def test_a_copy_explains_a_splice_whose_waveform_is_met_there_as_well():
    whole = altered_copy(10.0, 30.0)
    (one,) = together([a_find(12.0, 14.0, offset_s=-60.0)], [whole], as_near=True)
    assert (one.start_s, one.end_s, one.time_map) == (10.0, 30.0, whole.time_map)


def test_cues_that_happen_to_lie_on_a_line_are_no_copy():
    whole = altered_copy(10.0, 30.0)
    cues = (piece_of(whole, 10.0, 14.0), piece_of(whole, 26.0, 30.0))
    assert together(cues, [whole], stands=False) == cues


def test_a_piece_agrees_if_one_of_its_rivals_does():
    whole = altered_copy(10.0, 30.0)
    rival_s = whole.time_map.song_s(12.0)
    piece = a_find(12.0, 14.0, offset_s=-60.0, rivals_song_s=(rival_s,))
    (one,) = together([piece, piece_of(whole, 16.0, 17.0), piece_of(whole, 18.0, 19.0)], [whole])
    assert piece in one.pieces


def test_a_copy_grows_by_pieces_that_carry_it_on():
    whole = altered_copy(10.0, 20.0)
    (one,) = together([piece_of(whole, 23.0, 24.0)], [whole])
    assert (one.start_s, one.end_s) == (10.0, 24.0)


def test_a_find_near_a_known_map_takes_it_over():
    exact = a_find(10.0, 13.0, offset_s=5.0)
    near = alike(14.0, 20.0, offset_s=5.03, speed=1.001)
    far = alike(40.0, 50.0, offset_s=5.03, speed=1.001)
    assert on_known_map(near, [exact], parameters=PARAMETERS).time_map == exact.time_map
    assert on_known_map(far, [exact], parameters=PARAMETERS) == far


def test_only_short_finds_may_be_pieces():
    assert is_piece(a_find(0.0, 2.0), parameters=PARAMETERS)
    assert not is_piece(a_find(0.0, 13.0), parameters=PARAMETERS)


def test_part_of_the_tiles_is_that_of_the_whole():
    y = np.random.default_rng(0).standard_normal((2, 300 * HOP_LENGTH)).astype(np.float32)
    powers = band_powers(y)
    whole = contrasts(powers)
    first, last = 80, 140
    part = contrasts(powers[first - CONTEXT_FRAMES : last + CONTEXT_FRAMES])
    assert whole.shape == (powers.shape[0], 2 * N_BINS)
    np.testing.assert_allclose(part[CONTEXT_FRAMES:-CONTEXT_FRAMES], whole[first:last], atol=2e-3)


def test_loudness_makes_no_difference_to_tiles():
    y = np.random.default_rng(1).standard_normal((1, 100 * HOP_LENGTH)).astype(np.float32)
    np.testing.assert_allclose(
        contrasts(band_powers(y)), contrasts(band_powers(0.01 * y)), atol=1e-3
    )


def test_variants_hold_each_family_once():
    variants = PARAMETERS.variants()
    assert len(set(variants)) == len(variants)
    assert (1.0, 0) in variants
    few = dataclasses.replace(PARAMETERS, tempo_steps=1, pitch_steps=1, speed_steps=1)
    assert len(few.variants()) == 7
