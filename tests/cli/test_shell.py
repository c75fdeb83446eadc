import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostinato.cli.output import command, option, shell_at_hand
from ostinato.legible import visible

BASH = shutil.which("bash")
words = st.text(
    st.one_of(
        st.sampled_from("'\"\\$`!*?[]{}()<>|&;#~=% \t\n\x1b\x07\u202e\u05d0é夢-"),
        st.characters(exclude_characters="\0", exclude_categories=("Cs",)),
    )
)


def split_for_windows(line):
    """Take a command apart as the C library of Windows does."""
    words, now, quoted, i = [], "", False, 0
    started = False
    while i < len(line):
        n = 0
        while i < len(line) and line[i] == "\\":
            n, i = n + 1, i + 1
        if i < len(line) and line[i] == '"':
            now += "\\" * (n // 2)
            started = True
            if n % 2:
                now += '"'
            else:
                quoted = not quoted
            i += 1
            continue
        now += "\\" * n
        started = started or n > 0
        if i < len(line):
            if line[i] == " " and not quoted:
                if started:
                    words.append(now)
                now, started = "", False
            else:
                now, started = now + line[i], True
            i += 1
    return [*words, now] if started else words


def after_cmd(line):
    """Take off what cmd takes off: a caret outside quotes lets the next character be itself."""
    out, quoted, i = "", False, 0
    while i < len(line):
        if line[i] == "^" and not quoted:
            i += 1
        elif line[i] == '"':
            quoted = not quoted
        assert line[i] != "%" or line[i - 1] == "^"
        out += line[i]
        i += 1
    return out


@pytest.mark.skipif(BASH is None, reason="no bash")
@given(st.lists(words, min_size=1, max_size=3))
@settings(max_examples=40)
def test_bash_gives_back_the_words(given_words):
    line = command("printf", "%s\\0", *given_words, quotes="posix")
    assert visible(line) == line
    done = subprocess.run([BASH, "-c", line], capture_output=True, check=True)  # noqa: S603
    assert done.stdout == b"".join(os.fsencode(word) + b"\0" for word in given_words)


@given(st.lists(st.text("ab'\"\\$%&|<>^() é夢=", min_size=1), min_size=1, max_size=3))
def test_a_program_under_cmd_gets_back_the_words(given_words):
    line = command("ostinato", *given_words, quotes="cmd")
    assert split_for_windows(after_cmd(line)) == ["ostinato", *given_words]


def test_powershell_gets_its_own_quotes_curly_ones_too():
    line = command("ostinato", "it's \u2018so\u2019, $HOME", quotes="powershell")
    assert line == "ostinato 'it''s \u2018\u2018so\u2019\u2019, $HOME'"


def test_a_path_with_a_dash_in_front_is_no_option():
    assert command("ostinato", "analyze", Path("-film.mkv"), quotes="posix") == (
        f"ostinato analyze .{os.sep}-film.mkv"
    )
    assert option("--song", "-x=song.flac") == ("--song=-x=song.flac",)
    assert option("--song", "x=song.flac") == ("--song", "x=song.flac")


@pytest.mark.parametrize(
    ("environment", "platform", "shell"),
    [
        ({}, "linux", "posix"),
        ({"PSModulePath": "/opt/microsoft/powershell/7/Modules"}, "linux", "posix"),
        ({"PSModulePath": r"C:\Windows\System32\WindowsPowerShell\v1.0\Modules"}, "win32", "cmd"),
        (
            {"PSModulePath": r"C:\Users\a\Documents\WindowsPowerShell\Modules"},
            "win32",
            "powershell",
        ),
        ({"SHELL": "/usr/bin/bash"}, "win32", "posix"),
    ],
)
def test_the_shell_is_told_by_what_it_leaves_in_the_environment(environment, platform, shell):
    assert shell_at_hand(environment, platform=platform) == shell
