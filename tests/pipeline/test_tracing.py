"""What a person adds is followed in the film's sound, and the journal says by whom."""

from dataclasses import replace

import pytest
from tests.pipeline.conftest import a_study
from tests.small_films import SECOND_S, SECOND_SONG_S

from ostinato.pipeline import TRACER, trace_added
from ostinato.review import add_occurrence, edited, open_journal, read_journal


def test_what_is_added_is_traced_within_its_stretch(bar, results, tmp_path):
    folder = tmp_path / "results"
    program = replace(results, occurrences=results.occurrences[:1])  # it missed the second
    open_journal(folder, program.film).append([add_occurrence(program.songs[0], *SECOND_S)])
    assert trace_added(read_journal(folder), program, a_study(bar), cache_dir=bar.cache) == 1
    journal = read_journal(folder)
    _, found = edited(program, journal.state).results.occurrences
    assert (found.film_start_s, found.film_end_s) == SECOND_S
    # a few frames of the trace
    assert found.song_start_s == pytest.approx(SECOND_SONG_S, abs=0.1)
    assert found.speed == pytest.approx(1.0, abs=0.01)
    entry = journal.entries[-1]
    assert (entry.who, entry.act) == (TRACER, "move")
    assert entry.note.startswith("followed in the film's sound")
