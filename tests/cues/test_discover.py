"""What a film repeats, found without a recording, in films that are mixed from recordings."""

import numpy as np
import pytest

from ostinato.cues import DiscoverParameters, cue_recording, discover_cues, write_track
from ostinato.media import open_working_copy
from ostinato.simulate import FilmPlan, Level, PlannedOccurrence, PlannedSpeech, Radio, make_film

# film seconds of each stretch, and where in the song it starts
ALONE, UNDER_TALK, ON_THE_RADIO = (3.0, 18.0, 40.0), (32.0, 52.0, 45.0), (63.0, 78.0, 50.0)
ONCE = (80.0, 92.0, 10.0)  # another song
FILM_S = 94.0
HEARD_TWICE = ((8.0, 18.0), (32.0, 52.0), (63.0, 78.0))


def an_excerpt(where, level, *, song_id="S1", chain=()):
    start_s, end_s, song_start_s = where
    return PlannedOccurrence(
        song_id=song_id,
        film_start_s=start_s,
        duration_s=end_s - start_s,
        song_start_s=song_start_s,
        level=level,
        chain=chain,
    )


@pytest.fixture(scope="module")
def held_against_itself(tmp_path_factory, working_copies, shipped, song, other_song):
    """Mix a film in which somebody reads from 0:28 to 1:18; return it and what it repeats."""

    def held(*occurrences):
        folder = tmp_path_factory.mktemp("film")
        plan = FilmPlan(
            duration_s=FILM_S,
            songs=(song, other_song),
            speech=(
                PlannedSpeech(
                    path=shipped / "sonnet.opus", film_start_s=28.0, kind="narration", end_s=50.0
                ),
            ),
            occurrences=occurrences,
        )
        make_film(plan, folder / "film.mka", cache_dir=working_copies)
        film = open_working_copy(folder / "film.mka", cache_dir=working_copies)
        track = write_track(folder / "track.f32", film)
        return film, discover_cues(track, parameters=DiscoverParameters())

    return held


@pytest.fixture(scope="module")
def thrice(held_against_itself):
    """One song three times, the last on a radio 10 dB below the reader; another song once."""
    return held_against_itself(
        an_excerpt(ALONE, Level(-23.0)),
        an_excerpt(UNDER_TALK, Level(-5.0, re="speech")),
        an_excerpt(ON_THE_RADIO, Level(-10.0, re="speech"), chain=(Radio(),)),
        an_excerpt(ONCE, Level(-23.0), song_id="S2"),
    )


def test_a_song_heard_three_times_is_one_cue_without_a_name_or_a_file(thrice):
    (cue,) = thrice[1].songs
    assert (cue.id, cue.title, cue.sha256, cue.pcm_sha256) == ("D1", "Unnamed 1", None, None)
    assert [one.playing_id for one in thrice[1].occurrences] == ["P1", "P2", "P3"]


def test_a_cue_is_heard_where_what_is_heard_there_is_heard_elsewhere_too(thrice):
    stretches = [(one.film_start_s, one.film_end_s) for one in thrice[1].occurrences]
    # 0.3 s, as for songs: what masked edges are good for
    assert stretches == [pytest.approx(stretch, abs=0.3) for stretch in HEARD_TWICE]


def test_all_stretches_lie_on_one_time_axis(thrice):
    offsets_s = [one.time_map.offset_s for one in thrice[1].occurrences]
    expected_s = [start_s - song_s for start_s, _, song_s in (ALONE, UNDER_TALK, ON_THE_RADIO)]
    # 5 ms: what a position is good for
    assert np.diff(offsets_s) == pytest.approx(np.diff(expected_s), abs=5e-3)
    assert min(one.song_start_s for one in thrice[1].occurrences) == 0.0


def test_chance_does_not_explain_a_cue_and_its_level_is_not_known(thrice):
    for one in thrice[1].occurrences:
        assert 0 < one.p_value < 1e-6
        assert one.score > 9
        assert (one.level_lufs, one.level_re_speech_lu, one.low_hz) == (None, None, None)


def test_a_film_that_repeats_nothing_has_no_cue(held_against_itself):
    _, found = held_against_itself(
        an_excerpt(ALONE, Level(-23.0)), an_excerpt(ONCE, Level(-23.0), song_id="S2")
    )
    assert found.songs == ()
    assert found.occurrences == ()


def test_a_recording_of_a_cue_is_the_film_where_the_cue_is_clearest(thrice):
    film, found = thrice
    (cue,) = found.songs
    rate_hz = film.rate_hz
    y = cue_recording(film, found.occurrences, duration_s=cue.duration_s)
    assert y.shape == (2, round(cue.duration_s * rate_hz))
    alone = found.occurrences[0]
    inside = slice(rate_hz, 9 * rate_hz)  # of its ten seconds: the fades at its ends are left out
    first = round((alone.film_start_s - alone.song_start_s) * rate_hz)
    heard = film.read(first + inside.start, first + inside.stop)
    np.testing.assert_allclose(y[:, inside], heard, atol=1e-4)
