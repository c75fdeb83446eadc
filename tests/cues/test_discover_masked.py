"""Whether a sound goes on between two stretches in which it is met, in films of noise."""

import numpy as np
import pytest

from ostinato.cues import DiscoverParameters, discover_cues
from ostinato.cues.tiles import band_powers
from ostinato.cues.tracks import Track
from ostinato.cues.views import RATE_HZ

SECONDS = 90
FIRST_S, SECOND_S = 10.0, 60.0
PARTS_S = ((0.0, 5.0), (6.2, 11.0))


@pytest.fixture
def cues(tmp_path):
    """What a film repeats that plays two stretches twice; between them, so many decibels more."""

    def repeated(between_db):
        rng = np.random.default_rng(1)
        film = rng.standard_normal(SECONDS * RATE_HZ).astype(np.float32)
        loud = np.ones_like(film)
        sounds = [
            rng.standard_normal(round((end_s - start_s) * RATE_HZ)) for start_s, end_s in PARTS_S
        ]
        for at_s, gain_db in ((FIRST_S, 0.0), (SECOND_S, between_db)):
            for (start_s, _), sound in zip(PARTS_S, sounds, strict=True):
                first = round((at_s + start_s) * RATE_HZ)
                film[first : first + sound.size] = sound
            first, last = (round((at_s + s) * RATE_HZ) for s in (PARTS_S[0][1], PARTS_S[1][0]))
            loud[first:last] = 10 ** (gain_db / 20)
        track = Track(tmp_path / "film.f32", ("mid",), film.size)
        film.tofile(track.path)
        band_powers((film * loud)[np.newaxis]).tofile(track.bands.path)
        return discover_cues(track, parameters=DiscoverParameters())

    return repeated


def test_two_sounds_with_talk_as_loud_between_them_are_two_cues(cues):
    found = cues(0.0)
    assert len(found.songs) == len(PARTS_S)
    stretches = sorted((one.film_start_s, one.film_end_s) for one in found.occurrences)
    expected = [(at + start, at + end) for at in (FIRST_S, SECOND_S) for start, end in PARTS_S]
    assert stretches == [pytest.approx(one, abs=0.1) for one in expected]


@pytest.mark.parametrize("between_db", [30.0, -40.0], ids=["drowned", "paused"])
def test_a_sound_that_is_drowned_or_pauses_for_a_moment_goes_on(cues, between_db):
    found = cues(between_db)
    stretches = [(one.film_start_s, one.film_end_s) for one in found.occurrences]
    length_s = PARTS_S[-1][1]
    assert stretches == [pytest.approx((at, at + length_s), abs=0.1) for at in (FIRST_S, SECOND_S)]
