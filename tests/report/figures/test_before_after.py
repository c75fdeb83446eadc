import dataclasses

import numpy as np
import pytest
from matplotlib.figure import Figure

from ostinato.report import write_figures
from ostinato.report.figures import draw_before_after
from ostinato.results import MomentaryLevel


def levels(occurrence_id, *, n=40, first_s=100.0):
    """A song that goes down by 12 dB half way, under talk that comes and goes."""
    return tuple(
        MomentaryLevel(
            occurrence_id=occurrence_id,
            start_s=first_s + 0.4 * k,
            level_lufs=-30.0 - 12.0 * (k >= n // 2),
            error_lu=0.2,
            gain_db=0.0,
            film_lufs=-24.0,
            remainder_lufs=-25.0 if k % 7 else None,
        )
        for k in range(n)
    )


@pytest.fixture
def taken_out(some_results):
    first = some_results.occurrences[0]
    rows = levels(first.id, first_s=first.film_start_s)
    return dataclasses.replace(some_results, song_levels=rows)


def test_levels_are_drawn_as_they_stand_in_the_results():
    ax = draw_before_after(Figure().subplots(), levels("O1"))
    lines = {line.get_gid(): line for line in ax.lines}
    assert set(lines) == {"film", "song", "remainder"}
    np.testing.assert_allclose(lines["song"].get_ydata()[[0, -1]], [-30, -42])
    np.testing.assert_allclose(lines["song"].get_xdata()[:2], [100.2, 100.6])
    # what is not known leaves a gap
    assert np.isnan(lines["remainder"].get_ydata()[0])


def test_the_longest_cue_is_shown(some_results):
    one, other = some_results.occurrences[:2]
    rows = (*levels(one.id), *levels(other.id))
    cue, shown = dataclasses.replace(some_results, song_levels=rows).longest_cancelled()
    assert cue.film.duration_s == max(one.film.duration_s, other.film.duration_s)
    assert {row.occurrence_id for row in shown} == {cue.id}


def test_levels_that_were_kept_without_the_film_are_not_drawn(taken_out):
    bare = tuple(dataclasses.replace(row, film_lufs=None) for row in taken_out.song_levels)
    assert dataclasses.replace(taken_out, song_levels=bare).longest_cancelled() is None


def test_the_figure_is_written_where_a_song_was_cancelled_the_same_each_time(taken_out, tmp_path):
    for name in ("one", "two"):
        write_figures(taken_out, tmp_path / name, formats=("svg", "png"))
    for suffix in ("svg", "png", "txt"):
        one, two = (tmp_path / name / f"before-after.{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    caption = (tmp_path / "one" / "before-after.txt").read_text(encoding="utf-8")
    assert f"occurrence {taken_out.occurrences[0].id}" in caption


def test_no_figure_is_written_where_nothing_was_cancelled(some_results, tmp_path):
    write_figures(some_results, tmp_path, formats=("svg",))
    assert not (tmp_path / "before-after.svg").exists()
