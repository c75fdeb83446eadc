"""Of damaged media: right, told, or refused in words; no crash, no endless loop, in bounds."""

from collections import Counter

import pytest
from tests.attack.mutants import SOURCES, is_pcm, is_told, make_source
from tests.attack.processes import attacked

from ostinato.errors import MediaError
from ostinato.media import container, open_working_copy

pytestmark = pytest.mark.long

SEED, N = 14, 200
MOST_UNTOLD = 0.03


@pytest.fixture(scope="module")
def verdicts():
    """What became of the mutants; those that are read in a process that crashes are named."""
    return attacked(seed=SEED, n=N, n_processes=2)


def test_every_mutant_has_its_verdict(verdicts):
    assert len(verdicts) == N
    assert len({verdict.source for verdict in verdicts}) == len(SOURCES)


def test_none_ends_in_a_traceback_a_crash_or_never(verdicts):
    failed = [one for one in verdicts if one.outcome in {"traceback", "crash", "hang"}]
    assert failed == []


def test_sound_that_is_lost_or_moved_is_told(verdicts):
    heard = [one for one in verdicts if one.outcome != "refused" and not is_pcm(one.source)]
    lost = [one for one in heard if one.lost_s >= 1]
    assert len(lost) > N / 4  # the damage is not for show
    untold = [one for one in lost if one.outcome == "untold"]
    assert len(untold) <= MOST_UNTOLD * len(lost), Counter(
        (one.source, one.damage) for one in untold
    )


@pytest.mark.parametrize("source", SOURCES)
def test_of_a_whole_film_nothing_is_told(tmp_path, source):
    copy = open_working_copy(make_source(tmp_path, source), cache_dir=tmp_path / "cache")
    assert not is_told(copy)
    assert copy.duration_s == pytest.approx(10, abs=0.1)  # the codecs' own padding


def test_streams_that_come_up_on_the_way_are_passed_over():
    class Container:
        """Gives two packets, fails as PyAV does, and goes on where it was."""

        packets = iter(("a", "b", None, "c"))

        def demux(self):
            for packet in self.packets:
                if packet is None:
                    raise IndexError("list index out of range")
                yield packet

    assert list(container.demuxed(Container())) == ["a", "b", "c"]


def test_a_film_whose_header_knows_no_channels_is_refused(tmp_path, monkeypatch):
    from ostinato.media import decode  # noqa: PLC0415 - patched here alone

    monkeypatch.setattr(decode, "_speakers", lambda _name: ())
    path = make_source(tmp_path, "mka-flac")
    with pytest.raises(MediaError, match="its sound has no channels"):
        open_working_copy(path, cache_dir=tmp_path / "cache")
