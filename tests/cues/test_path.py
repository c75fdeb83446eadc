"""The path along a line, held against what can be counted: noise of known gain, and loops."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.cues.path import (
    Stretch,
    TraceParameters,
    _best_path,
    _is_dropout,
    _parted,
    _without_faint_edges,
    follow,
)

RATE_HZ = 1000
FRAME = 20  # samples of a frame of the path
PARAMETERS = TraceParameters()
AS_HEARD = [(200, 500)]  # frames


def noise(seed, n_frames, n_views=2):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_views, n_frames * FRAME)).astype(np.float32)


def film_with(song, runs, gain=0.5, seed=1):
    """White noise of power 1, of which a song is a share in some runs of frames."""
    film = noise(seed, song.shape[1] // FRAME)
    for first, last in runs:
        at = slice(first * FRAME, last * FRAME)
        film[:, at] = gain * song[:, at] + np.sqrt(1 - gain**2) * film[:, at]
    return film


def heard_in(film, song, *, start=0, claimed=None, joins=None, **changes):
    return follow(
        film,
        song,
        start=start,
        claimed=np.zeros(10_000, bool) if claimed is None else claimed,
        parameters=TraceParameters(**changes),
        rate_hz=RATE_HZ,
        joins=joins,
    )


def frames_of(stretches):
    return [(one.start / FRAME, one.stop / FRAME) for one in stretches]


@pytest.mark.parametrize("gain", [0.25, 0.5, 0.9])
@pytest.mark.parametrize("loudness", [0.01, 1.0, 30.0])
def test_a_song_is_heard_where_it_is_however_loud_its_record_is(gain, loudness):
    song = noise(0, 900)
    (one,) = heard_in(film_with(song, AS_HEARD, gain), loudness * song)
    for at, error_s, truth in (
        (one.start, one.start_error_s, 200),
        (one.stop, one.end_error_s, 500),
    ):
        assert abs(at / FRAME - truth) * 0.02 < 4 * error_s
        assert 0.0057 < error_s < 1.0  # half a frame's, at least
    # of Gaussian noise: half a square for each sample, but for what it costs to come and to go
    expected = gain**2 / 2 * 2 * 300 * FRAME
    assert one.evidence == pytest.approx(expected - 2 * PARAMETERS.entry_cost, rel=0.15)


def test_nothing_is_heard_of_another_song_or_of_no_song():
    film = film_with(noise(0, 900), AS_HEARD)
    assert heard_in(film, noise(7, 900)) == ()
    assert heard_in(film, np.zeros_like(film)) == ()


def test_times_count_from_the_film_and_not_from_the_part_of_it():
    song = noise(0, 900)
    film = film_with(song, AS_HEARD)
    (here,) = heard_in(film, song)
    (there,) = heard_in(film, song, start=4000 * FRAME)
    assert (there.start, there.stop) == (here.start + 4000 * FRAME, here.stop + 4000 * FRAME)
    assert there.evidence == here.evidence


def test_what_is_claimed_is_left_out_to_the_frame_and_joined_over_never():
    song = noise(0, 900)
    film = film_with(song, AS_HEARD, 0.9)
    claimed = np.zeros(10_000, bool)
    claimed[1000 + 300 : 1000 + 330] = True  # in frames of the film
    stretches = heard_in(film, song, start=1000 * FRAME, claimed=claimed)
    assert frames_of(stretches) == [(1200, 1300), (1330, 1500)]
    assert frames_of(heard_in(film, song, start=1000 * FRAME, claimed=claimed[:1290])) == [
        (1200, 1500)
    ]


@pytest.mark.parametrize(("pause_frames", "n_stretches"), [(90, 1), (110, 2)])
def test_a_pause_of_less_than_two_seconds_is_a_dropout(pause_frames, n_stretches):
    song = noise(0, 900)
    film = film_with(song, [(100, 400), (400 + pause_frames, 800)], 0.9)
    stretches = heard_in(film, song, joins=lambda *_: True)
    assert len(stretches) == n_stretches
    parted = heard_in(film, song, joins=lambda *_: False)
    assert len(parted) == 2
    assert sum(one.evidence for one in stretches) == pytest.approx(sum(p.evidence for p in parted))
    assert stretches[0].start_error_s == parted[0].start_error_s
    assert stretches[-1].end_error_s == parted[-1].end_error_s
    assert parted == heard_in(film, song, joins=lambda *_: True, max_dropout_s=0.0)


def stretch(start, stop, evidence=20.0):
    return Stretch(start, stop, evidence, 0.0, 0.0)


@pytest.mark.parametrize(
    ("gap", "evidence", "is_taken", "is_dropout"),
    [
        (1999, 20.0, False, True),
        (2000, 20.0, False, False),
        (1999, 20.0, True, False),
        (1999, 0.0, False, False),
        (1999, 0.5, False, True),
    ],
)
def test_a_dropout_is_short_free_and_between_what_is_heard(gap, evidence, is_taken, is_dropout):
    for evidences in [(evidence, 20.0), (20.0, evidence)]:
        before, after = stretch(0, 500, evidences[0]), stretch(500 + gap, 5000, evidences[1])
        taken = np.array([False, is_taken])
        assert _is_dropout(before, after, taken, PARAMETERS, RATE_HZ) == is_dropout


def test_tones_that_correlate_with_any_tone_prove_little():
    n = np.arange(900 * FRAME)
    tone = np.stack([np.sin(0.3 * n), np.cos(0.3 * n)]).astype(np.float32)
    film = (0.5 * tone + 0.7 * noise(3, 900)).astype(np.float32)
    assert sum(one.evidence for one in heard_in(film, tone)) < 10
    song = noise(0, 900)
    assert sum(one.evidence for one in heard_in(film_with(song, AS_HEARD), song)) > 500


def cost(one, other):
    if one == other:
        return 0.0
    return PARAMETERS.entry_cost if 0 in (one, other) else PARAMETERS.step_cost * abs(one - other)


def worth(path, nats):
    """Score of a path that comes from absence and goes there: the definition, by a loop."""
    steps = itertools.pairwise([0, *path, 0])
    return sum(nats[i, state] for i, state in enumerate(path)) - sum(cost(*step) for step in steps)


@given(st.integers(0, 5), st.integers(2, 4), st.integers(0, 10_000))
def test_no_path_is_worth_more_than_the_best(n_frames, n_states, seed):
    nats = np.random.default_rng(seed).normal(0, 12, (n_frames, n_states))
    nats[:, 0] = 0
    path = _best_path(nats, PARAMETERS)
    assert path.shape == (n_frames,)
    every = itertools.product(range(n_states), repeat=n_frames)
    assert worth(path.tolist(), nats) == pytest.approx(max(worth(one, nats) for one in every))


@pytest.mark.parametrize("n_frames", [15, 16, 17, 120, 121, 122])
def test_a_film_that_is_followed_in_parts_has_the_path_of_the_whole(n_frames):
    nats = np.random.default_rng(n_frames).normal(0, 8, (n_frames, 4))
    nats[:, 0] = 0
    best = np.full(4, -np.inf)
    best[0] = 0.0
    costs = np.array([[cost(i, j) for j in range(4)] for i in range(4)])
    for row in nats:
        best = (best[:, None] - costs).max(axis=0) + row
    highest = (best - costs[:, 0]).max()
    assert worth(_best_path(nats, PARAMETERS).tolist(), nats) == pytest.approx(highest)


@pytest.mark.parametrize(
    ("n_faint", "beside", "nats_each", "is_parted"),
    [
        (15, 3, -0.1, True),
        (14, 3, -0.1, False),  # shorter than 0.3 s
        (15, 2, -0.1, False),  # what is beside is not plain
        (15, 3, 0.0, False),  # it does not speak against the song
    ],
)
def test_a_pause_between_what_is_plain_parts_it(n_faint, beside, nats_each, is_parted):
    for sides in [(beside, 4), (4, beside)]:
        path = np.array([0, *[sides[0]] * 30, *[1] * n_faint, *[sides[1]] * 30, 0])
        nats = np.zeros((path.size, 5))
        nats[:, 1] = nats_each
        parted = _parted(path, nats, PARAMETERS)
        expected = path.copy()
        expected[31 : 31 + n_faint] = 0 if is_parted else 1
        np.testing.assert_array_equal(parted, expected)


def test_what_the_path_begins_or_ends_with_is_no_pause():
    path = np.array([1] * 20 + [4] * 30 + [1] * 20)
    nats = np.full((path.size, 5), -0.1)
    np.testing.assert_array_equal(_parted(path, nats, PARAMETERS), path)


def test_evidence_is_less_what_it_costs_to_come_to_go_and_to_climb():
    song = noise(0, 900)
    film = film_with(song, [(200, 350)], 0.25)
    film[:, 350 * FRAME : 500 * FRAME] = film_with(song, AS_HEARD, 0.9)[
        :, 350 * FRAME : 500 * FRAME
    ]

    def evidence(**costs):
        return sum(one.evidence for one in heard_in(film, song, **costs))

    assert evidence(entry_cost=8.0) - evidence(entry_cost=8.5) == pytest.approx(2 * 0.5)
    # from a quarter to nine tenths it climbs two rungs at least
    assert evidence(step_cost=1.0) - evidence(step_cost=1.1) > 0.15


@pytest.mark.parametrize(
    ("before", "behind", "kept"),
    [
        (0.01, 0.01, (20, 60)),
        (0.07, 0.5, (20, 71)),  # 4 nats a second are .08 a frame
        (0.09, 0.07, (10, 60)),
    ],
)
def test_ends_that_prove_far_less_than_the_rest_are_left_out(before, behind, kept):
    gained = np.zeros(100)
    gained[10:20], gained[20:60], gained[60:71] = before, 1.0, behind
    edges = np.array([10, 71])
    assert _without_faint_edges(edges, gained, PARAMETERS) == [kept]
    # a twentieth of the mean counts where that is more
    loud = 100 * gained
    loud[10:20], loud[60:71] = 1.0, 5.0
    assert _without_faint_edges(edges, loud, PARAMETERS) == [(20, 71)]
    faint = np.full(100, 0.079)
    assert _without_faint_edges(edges, faint, PARAMETERS) == []
