"""Output is UTF-8 on every system, and no title acts on a terminal."""

import errno
import os
import subprocess
import sys

import pytest
from tests.media.conftest import write_media
from tests.small_films import RATE_HZ, a_song

SCRIPT = "import sys; from ostinato.cli import main; sys.exit(main())"
SETTINGS = (
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
)


def run_in(environment, *given):
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", SCRIPT, *map(str, given)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )


@pytest.mark.long
@pytest.mark.parametrize("environment", SETTINGS)
def test_both_streams_are_utf_8_whatever_the_system_says(environment, tmp_path):
    made = run_in(environment, "init", tmp_path / "重慶森林")
    refused = run_in(environment, "doctor", tmp_path / "夢中人.mkv")
    assert (made.returncode, refused.returncode) == (0, 2)
    assert "重慶森林" in made.stdout.decode()
    assert "夢中人.mkv: there is no such file" in refused.stderr.decode()


def test_a_name_that_is_no_text_is_written_out(tmp_path):
    refused = run_in({}, "doctor", os.fsdecode(os.fsencode(tmp_path / "x") + b"\xff.mkv"))
    assert refused.returncode == 2
    assert rb"x\xff.mkv: there is no such file" in refused.stderr


def test_the_title_of_a_stream_cannot_forge_a_line(bar, ostinato):
    path = bar.path("\x1b[31mfilm\n\u202e.mka")
    write_media(
        path,
        [0.1 * a_song(duration_s=3, seed=4)[None]],
        "flac",
        sample_rate_hz=RATE_HZ,
        layout="mono",
    )
    outcome = ostinato("doctor", path)
    assert outcome.status == 0
    assert r"\x1b[31mfilm\n\u202e.mka" in outcome.out
    assert not set(outcome.out) & set("\x1b\u202e")
    assert len(outcome.out.splitlines()) == 2


def test_a_message_is_one_line_whatever_it_quotes(ostinato, tmp_path):
    outcome = ostinato("doctor", tmp_path / "a\n\x9bb\u2028\u202e.mkv")
    assert outcome.err.count("\n") == 1
    assert r"a\n\x9bb\u2028\u202e.mkv: there is no such file" in outcome.err


@pytest.mark.parametrize("command", [("figures",), ("init",)])
def test_an_option_is_advised_only_where_there_is_one(bar, ostinato, command, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    folder = bar.path("first") if command == ("figures",) else bar.path("new")
    outcome = ostinato(*command, folder)
    assert outcome.status == 2
    assert "Free some space or give another folder" in outcome.err
    assert "--out" not in outcome.err
