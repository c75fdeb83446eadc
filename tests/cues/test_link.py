"""Copies whose tempo was changed without their pitch, and what only looks like them."""

from dataclasses import replace

import numpy as np
import pytest

from ostinato.cues.joins import LinkParameters, link_pieces
from ostinato.cues.search import Found
from ostinato.results import TimeMap
from ostinato.simulate import Level, PlannedOccurrence

PARAMETERS = LinkParameters()


def piece(start_s, end_s, song_start_s, *, pitch=1.0):
    return Found(
        start_s=start_s,
        end_s=end_s,
        time_map=TimeMap(offset_s=start_s - song_start_s / pitch, speed=pitch),
        evidence=100.0,
        p_value=1e-6,
        start_error_s=0.01,
        end_error_s=0.02,
        rivals_song_s=(3.0,),
        pitch=pitch,
    )


def staircase(*, tempo, pitch=1.0, n_pieces=6, every_s=3.0, length_s=2.0):
    """Pieces whose middles lie on a line of slope `tempo` from film 10 s and song 40 s on."""
    pieces = []
    for n in range(n_pieces):
        song_middle_s = 40.0 + tempo * (n * every_s + length_s / 2)
        start_s = 10.0 + n * every_s
        pieces.append(
            piece(start_s, start_s + length_s, song_middle_s - pitch * length_s / 2, pitch=pitch)
        )
    return pieces


@pytest.mark.parametrize(("tempo", "pitch"), [(25 / 24, 1.0), (0.9, 1.0), (1.0, 25 / 24)])
def test_a_staircase_is_one_occurrence_with_its_tempo_and_its_pitch(tempo, pitch):
    (one,) = link_pieces(staircase(tempo=tempo, pitch=pitch), parameters=PARAMETERS)
    assert one.time_map.speed == pytest.approx(tempo, rel=1e-6)
    assert one.pitch == pitch
    assert (one.start_s, one.end_s) == (10.0, 27.0)
    assert one.time_map.song_s(11.0) == pytest.approx(40.0 + tempo, abs=1e-6)
    assert len(one.pieces) == 6
    assert one.evidence == 600.0


def test_a_copy_may_go_on_beyond_its_pieces_as_far_as_between_them():
    near, far = (
        link_pieces(staircase(tempo=1.04, every_s=every_s), parameters=PARAMETERS)[0]
        for every_s in (2.0, 5.0)
    )
    assert (near.start_error_s, near.end_error_s) == (0.01, 0.02)
    # anywhere within three seconds
    assert far.start_error_s == pytest.approx(3 / 3**0.5, rel=1e-3)
    assert far.end_error_s == pytest.approx(far.start_error_s, rel=1e-3)


def test_a_rival_of_most_pieces_is_a_rival_of_the_whole():
    pieces = [
        replace(one, rivals_song_s=(one.time_map.song_s(one.start_s) + 50.0, 3.0 * n))
        for n, one in enumerate(staircase(tempo=1.04))
    ]
    (one,) = link_pieces(pieces, parameters=PARAMETERS)
    assert one.rivals_song_s == (pytest.approx(one.time_map.song_s(10.0) + 50.0, abs=0.1),)


@pytest.mark.parametrize(
    "pieces",
    [
        staircase(tempo=1.04, n_pieces=2),
        staircase(tempo=1.0),
        staircase(tempo=1.04, every_s=12.0),
        [piece(10 + 3 * n, 12 + 3 * n, 40.0) for n in range(5)],  # a loop
        [piece(10, 12, 40.0), piece(13, 15, 43.1), piece(16, 18, 46.9)],  # cuts
    ],
    ids=["two pieces", "one map", "far apart", "a loop", "cuts"],
)
def test_what_is_no_staircase_stays_as_it_is(pieces):
    assert link_pieces(pieces, parameters=PARAMETERS) == tuple(pieces)


def test_what_comes_before_and_after_a_staircase_stays_apart():
    before, after = piece(2.0, 8.0, 100.0), piece(40.0, 55.0, 5.0)
    linked = link_pieces([before, *staircase(tempo=1.04), after], parameters=PARAMETERS)
    assert len(linked) == 3
    assert (linked[0], linked[2]) == (before, after)


class Stretched:
    """Slower, at the same pitch: after every two seconds the last 80 ms come again."""

    tempo = 2.0 / 2.08

    def apply(self, y, place):
        length, again = 2 * place.sample_rate_hz, round(0.08 * place.sample_rate_hz)
        parts = []
        for start in range(0, y.shape[1], length):
            part = y[:, start : start + length]
            parts += [part, part[:, -again:]]
        return np.concatenate(parts, axis=1)

    def gain(self, place):
        return np.ones(place.n_samples)


def test_a_stretched_copy_under_talk_is_found_as_one(search):
    planned = PlannedOccurrence(
        song_id="S1",
        film_start_s=4.0,
        duration_s=20.0,
        song_start_s=30.0,
        level=Level(-5.0, re="speech"),
        chain=(Stretched(),),
    )
    _, found = search(planned, duration_s=30.0)
    (one,) = found
    assert one.speed == pytest.approx(Stretched.tempo, abs=0.004)
    assert one.pitch == pytest.approx(1.0, abs=1e-3)
    assert one.film_start_s == pytest.approx(4.0, abs=0.3)
    assert one.film_end_s == pytest.approx(24.8, abs=2.1)  # to within a piece
    assert one.song_start_s == pytest.approx(30.0, abs=0.1)
    assert one.level_lufs is not None


def test_pieces_of_another_pitch_do_not_join():
    pieces = staircase(tempo=1.04)
    odd = replace(pieces[2], pitch=1.05)
    assert len(link_pieces([*pieces[:2], odd, *pieces[3:]], parameters=PARAMETERS)) > 1
