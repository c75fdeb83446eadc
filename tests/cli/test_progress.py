import io

import pytest

from ostinato.cli import progress as progress_of_cli
from ostinato.cli.progress import Course, plain_lines, progress


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.s = 0.0

    def __call__(self):
        return self.s


@pytest.fixture(autouse=True)
def ten_seconds(monkeypatch, any_machine):  # noqa: ARG001 - which sets it otherwise
    monkeypatch.setattr(progress_of_cli, "_FIRST_LINE_S", 10.0)


@pytest.fixture
def clock():
    return Clock()


EXPECTED = {"media": 10.0, "cues": 80.0, "measures": 10.0}


def test_the_share_is_that_of_the_whole_run_and_never_falls(clock):
    course = Course(EXPECTED, clock)
    shares = []
    for stage, share in [("media", 0), ("media", 1), ("cues", 0.5), ("cues", 0.25), ("cues", 1)]:
        course.take(stage, share)
        shares.append(round(course.share, 6))
    assert shares == [0.0, 0.1, 0.5, 0.5, 0.9]


def test_time_left_follows_the_pace_of_what_had_work_to_do(clock):
    expected = {name: 100 * s for name, s in EXPECTED.items()}
    course = Course(expected, clock)
    course.take("media", 0)
    clock.s = 1  # it came from the cache, which says nothing of how fast the machine is
    course.take("cues", 0)
    clock.s = 8001  # half of it took twice as long as it was expected to
    course.take("cues", 0.5)
    assert course.left_s == pytest.approx(2 * 5000, rel=0.01)


def test_lines_come_now_and_then_and_name_stage_share_and_time(clock):
    lines = []
    watch = plain_lines(Course(EXPECTED, clock), lines.append)
    watch("media", 1.0)
    for second in range(61):
        clock.s = second
        watch("cues", second / 80)
    assert len(lines) == 6  # from the tenth second on
    assert lines[-1] == ("ostinato: 70% of the whole (cues, stage 2 of 3), about 0:30 left")


def test_a_short_run_has_nothing_to_say(clock):
    lines = []
    watch = plain_lines(Course(EXPECTED, clock), lines.append)
    clock.s = 9
    watch("measures", 1.0)
    assert lines == []


class Terminal(io.StringIO):
    """A stream that is a terminal, and keeps what it is given."""

    def isatty(self):
        return True


@pytest.mark.parametrize("terminal", ["dumb", "xterm"])
@pytest.mark.parametrize("columns", ["20", "80"])
def test_a_terminal_that_cannot_draw_gets_lines(monkeypatch, terminal, columns):
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(progress_of_cli, "_FIRST_LINE_S", 0.0)
    monkeypatch.setattr(progress_of_cli.sys, "stderr", screen := Terminal())
    with progress(EXPECTED, is_quiet=False) as watch:
        watch("cues", 0.5)
    shown = screen.getvalue()
    assert ("\x1b" in shown) is (terminal == "xterm")
    assert "%" in shown
    assert ("of the whole" in shown) is (terminal == "dumb")


def test_no_colour_is_shown_where_none_is_wanted(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(progress_of_cli.sys, "stderr", screen := Terminal())
    with progress(EXPECTED, is_quiet=False) as watch:
        watch("cues", 0.5)
    assert "\x1b[3" not in screen.getvalue()


def test_quiet_is_quiet(monkeypatch):
    monkeypatch.setattr(progress_of_cli.sys, "stderr", screen := Terminal())
    with progress(EXPECTED, is_quiet=True) as watch:
        assert watch is None
    assert screen.getvalue() == ""
