"""A spliced copy in another tempo, asked for its waveform in windows along its map."""

from dataclasses import replace

import numpy as np
import pytest

from ostinato.cues.song_finds import Found
from ostinato.cues.spectral.staircase import Staircase
from ostinato.cues.tracks import Track, whitened_reference
from ostinato.cues.views import RATE_HZ
from ostinato.results import TimeMap

TEMPO = 0.96
FILM_S = (8.0, 20.0)
MAP = TimeMap(8.0 - 5.0 / TEMPO, TEMPO)
SPLICE_S = 0.12


def spliced(song, rng):
    """30 s of noise; in it a copy: each splice is the recording, and the next is a step on."""
    film = 0.7 * rng.standard_normal(30 * RATE_HZ)
    length = round(SPLICE_S * RATE_HZ)
    for at_s in np.arange(*FILM_S, SPLICE_S):
        first, start = round(at_s * RATE_HZ), round(MAP.song_s(at_s) * RATE_HZ)
        film[first : first + length] += song[start : start + length]
    return film


@pytest.fixture
def asked(tmp_path):
    """Ask a film that is made of a song, and of noise."""
    rng = np.random.default_rng(4)
    song = rng.standard_normal(30 * RATE_HZ)

    def ask(made):
        film = made(song, rng).astype(np.float32)
        film.tofile(tmp_path / "track.f32")
        track = Track(tmp_path / "track.f32", ("mid",), film.size)
        reference = whitened_reference({"mid": song.astype(np.float32)}, speed=1.0)
        return Staircase(track, reference, reach_s=0.15)

    return ask


def shown(start_s, end_s, time_map=MAP):
    """What the spectrum shows."""
    return Found(
        start_s, end_s, time_map, 400.0, 1e-9, 0.1, 0.1, (), pitch=1.0, likeness="spectrum"
    )


def piece(start_s, end_s):
    middle_s = (start_s + end_s) / 2
    exact = TimeMap(middle_s - MAP.song_s(middle_s), 1.0)
    return replace(shown(start_s, end_s, exact), likeness="waveform")


@pytest.mark.parametrize(("start_s", "end_s"), [(4.6, 20.0), (8.0, 17.5), (9.9, 22.0)])
def test_a_spliced_copy_begins_and_ends_where_its_waveform_does(asked, start_s, end_s):
    late = replace(MAP, offset_s=MAP.offset_s + 0.06)
    one = asked(spliced).placed(shown(start_s, end_s, late), ())
    assert one.start_s == pytest.approx(FILM_S[0], abs=2 * one.start_error_s)
    assert one.end_s == pytest.approx(FILM_S[1], abs=2 * one.end_error_s)
    assert max(one.start_error_s, one.end_error_s) <= 0.05
    for at_s in FILM_S:
        assert one.time_map.song_s(at_s) == pytest.approx(MAP.song_s(at_s), abs=0.02)


def test_a_copy_of_which_no_waveform_is_left_stays_as_the_spectrum_shows_it(asked):
    staircase = asked(lambda _, rng: rng.standard_normal(30 * RATE_HZ))
    one = shown(7.0, 21.0)
    assert staircase.placed(one, ()) == one
    assert not staircase.goes_on_beside(one, ())


def test_a_spliced_copy_goes_on_beside_its_pieces(asked):
    pieces = [piece(9.0, 12.0), piece(12.5, 15.0)]
    assert asked(spliced).goes_on_beside(shown(*FILM_S), pieces)


def test_dry_cues_on_a_line_do_not_go_on_between_them(asked):
    cues = [piece(8.0, 11.0), piece(14.0, 17.0)]

    def played(song, rng):
        film = 0.7 * rng.standard_normal(30 * RATE_HZ)
        for one in cues:
            first, last = round(one.start_s * RATE_HZ), round(one.end_s * RATE_HZ)
            start = round(one.time_map.song_s(one.start_s) * RATE_HZ)
            film[first:last] += song[start : start + last - first]
        return film

    staircase = asked(played)
    assert not staircase.goes_on_beside(shown(8.0, 17.0), cues)
    assert not staircase.fits_better(shown(8.0, 17.0), cues)


def test_a_copy_fits_better_than_two_finds_that_are_several_splices_each(asked):
    pieces = [piece(8.0, 14.0), piece(14.0, 20.0)]
    assert asked(spliced).fits_better(shown(*FILM_S), pieces)
