"""What cannot be is refused in one line, at once: no traceback, no waiting, nothing left behind."""

import errno
import json
import os
import subprocess
import sys

import pytest
from tests.cli.desk import make_desk

from ostinato.cli import folder_commands, main
from ostinato.results import write_results

LONG = "n" * 300  # a file's name has 255 bytes at most
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


@pytest.fixture
def desk(tmp_path, monkeypatch, some_results):
    return make_desk(tmp_path, monkeypatch, some_results)


@pytest.fixture
def results(tmp_path, some_results):
    """A folder of results that no command has written: it might be anybody's."""
    write_results(tmp_path / "given", some_results)
    return tmp_path / "given"


@pytest.fixture
def told(ostinato):
    """Run a command that must be refused; return its one message."""

    def ran(*arguments):
        outcome = ostinato(*arguments)
        assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1), outcome
        assert outcome.err.startswith("ostinato: ")
        assert outcome.err.endswith(".\n")
        return outcome.err

    return ran


@pytest.mark.parametrize(
    "arguments",
    [
        ["cite", LONG],
        ["figures", LONG],
        ["label", LONG],
        ["excerpts", LONG],
        ["init", LONG],
        ["demo", "--out", LONG],
        ["doctor", LONG],
        ["doctor", "--clear-cache", "--cache", LONG],
        ["analyze", LONG, "--song", "a=b.flac", "--out", "results"],
        ["analyze", "film.wav", "--song", f"a={LONG}", "--out", "results"],
        ["analyze", "film.wav", "--song", "a=b.flac", "--out", LONG],
        *(
            ["analyze", "film.wav", "--song", "a=song.flac", f"--{kind}", LONG, "--out", "results"]
            for kind in ("labels", "subtitles", "scenes", "study")
        ),
    ],
    ids=lambda arguments: " ".join(arguments).replace(LONG, "LONG"),
)
def test_a_name_that_is_too_long_is_told(desk, told, monkeypatch, arguments):
    monkeypatch.chdir(desk.film.parent)
    if "film.wav" in arguments:
        monkeypatch.undo()  # of what is made up: the real reader
        monkeypatch.chdir(desk.film.parent)
    told(*arguments)
    assert not desk.out.exists()


@POSIX
@pytest.mark.parametrize("kind", ["--labels", "--subtitles", "--scenes", "--study"])
@pytest.mark.parametrize("device", ["pipe", "/dev/zero"])
def test_a_pipe_or_a_device_is_no_text(bar, refused, kind, device):
    if device == "pipe":
        os.mkfifo(bar.path("pipe"))
        device = bar.path("pipe")
    assert "a pipe or a device, not a file" in refused(kind, device)


@POSIX
@pytest.mark.parametrize("command", ["cite", "figures", "label", "excerpts"])
@pytest.mark.parametrize("name", ["results.json", "ostinato-manifest.json"])
def test_results_of_a_stranger_may_hold_pipes(told, results, command, name):
    (results / name).unlink(missing_ok=True)
    os.mkfifo(results / name)
    assert "a pipe or a device, not a file" in told(command, results)


@POSIX
@pytest.mark.parametrize("name", ["drawn.json", "sample.tsv"])
def test_a_sample_that_is_a_pipe_is_told(told, results, name):
    (results / "labels").mkdir()
    os.mkfifo(results / "labels" / name)
    assert "a pipe or a device, not a file" in told("label", results)


def test_more_songs_than_anybody_looks_for_are_refused_unopened(desk, told):
    songs = "".join(f'[[songs]]\ntitle = "{n}"\npath = "song.flac"\n' for n in range(10_000))
    study = desk.write("study.toml", f'[film]\npath = "film.wav"\n{songs}')
    assert "songs: there are 10,000 of them. Give 1,000 at most" in told(
        "analyze", "--study", study, "--out", desk.out
    )


def test_more_voices_than_a_film_has_are_refused_at_once(desk, told):
    voices = "".join(f'[[voices]]\nname = "{n}"\nheard = ["{n} - {n}.5"]\n' for n in range(10_000))
    study = desk.write("study.toml", f'[film]\npath = "film.wav"\n{voices}')
    assert "there are 10,000 of them. Name 200 at most" in told(
        "analyze", "--study", study, "--out", desk.out
    )


@pytest.mark.parametrize("title", ["", "  ", "\\t"])
def test_a_title_that_is_empty_is_refused(desk, told, title):
    text = f'[film]\npath = "film.wav"\n[[songs]]\ntitle = "{title}"\npath = "song.flac"\n'
    study = desk.write("study.toml", text)
    assert "its title is empty. Give each song a title" in told(
        "analyze", "--study", study, "--out", desk.out
    )


def test_a_number_of_thousands_of_digits_is_told_in_plain_words(desk, told):
    study = desk.write("study.toml", f'[film]\npath = "f"\nstream = {"9" * 5000}\n')
    message = told("analyze", "--study", study, "--out", desk.out)
    assert "a number in it has thousands of digits" in message
    assert "sys.set" not in message


def test_so_is_one_in_results(told, results):
    text = (results / "results.json").read_text()
    long = text.replace('"channels": 2', f'"channels": {"9" * 5000}')
    (results / "results.json").write_text(long)
    message = told("cite", results)
    assert "is a number of 5,000 digits" in message
    assert "sys.set" not in message


@pytest.mark.parametrize("command", ["cite", "figures", "label", "excerpts", "init", "doctor"])
def test_out_is_not_advised_where_it_is_no_option(told, command, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert "--out DIR" not in told(command, tmp_path / "file")


def test_a_file_in_the_place_of_a_folder_is_not_called_a_full_disk(told, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    message = told("init", tmp_path / "file")
    assert "it cannot be written" in message
    assert "space" not in message


def test_the_same_labels_twice_are_called_that(told, results):
    assert f"{results} is given twice" in told("label", results, "--compare", results, results)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MemoryError(), "ostinato: memory: this takes more memory than there is"),
        (
            MemoryError("Unable to allocate 3.50 GiB for an array with shape (9,)"),
            "ostinato: memory: this takes another 3.8 GB of memory, ",
        ),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "ostinato: memory: this takes more"),
        (RuntimeError("can't start new thread"), "ostinato: memory: another thread takes more"),
        (
            OSError(errno.EMFILE, "Too many open files", "film.wav"),
            "film.wav: the system refuses it (Too many open files). Raise the limit of open files",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "x"),
            "x: the system refuses it (No space left on device). Free some space",
        ),
    ],
)
def test_what_the_machine_refuses_is_no_defect(told, monkeypatch, results, error, message):
    def fail(_folder):
        raise error

    monkeypatch.setattr(folder_commands, "read_results", fail)
    assert message in told("cite", results)


@pytest.mark.parametrize("error", [RuntimeError("a defect"), OSError("no number"), KeyError("x")])
def test_a_defect_stays_one(monkeypatch, results, error):
    def fail(_folder):
        raise error

    monkeypatch.setattr(folder_commands, "read_results", fail)
    with pytest.raises(type(error)):
        main(["cite", str(results)])


@pytest.mark.long
@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="limits of Linux")  # noqa: PTH110
@pytest.mark.parametrize("megabytes", [20, 60])
def test_a_command_that_gets_no_memory_says_what_there_is(results, megabytes):
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "import ostinato.cli.folder_commands\n"
        "import numpy as np, scipy.linalg\n"
        "scipy.linalg.inv(np.eye(300) @ np.eye(300))\n"  # OpenBLAS ends a process by itself
        "from ostinato.cli import main\n"
        "size = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        f"resource.setrlimit(resource.RLIMIT_AS, (size + {megabytes} * 10**6,) * 2)\n"
        f"sys.exit(main(['figures', {str(results)!r}]))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 2}
    assert done.returncode == 0 or " free" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["doctor"], ["cache", "--cache", "none"], ["cite", "GIVEN"]]
    + [
        [command, "--help"]
        for command in ("demo", "analyze", "discover", "figures", "excerpts", "label", "init")
    ],
    ids=" ".join,
)
def test_a_full_disk_behind_the_output_is_said_by_every_command(tmp_path, results, arguments):
    words = [str(results) if word == "GIVEN" else word for word in arguments]
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "ostinato", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("ostinato: standard output: the disk is full.")
    assert done.stderr.count("\n") == 1


def test_a_draw_that_fails_after_its_table_can_be_repeated(ostinato, monkeypatch, results):
    from ostinato.export import annotation_editors  # noqa: PLC0415 - patched here alone
    from ostinato.report import label_files  # noqa: PLC0415 - as is this

    own = label_files.write_atomically
    seen = []

    def full(path, content):
        seen.append(path)
        if len(seen) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return own(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(label_files, "write_atomically", full)
        patch.setattr(annotation_editors, "write_atomically", full)
        assert ostinato("label", results, "-n", "2").status == 2
    assert not (results / "labels").exists()
    again = ostinato("label", results, "-n", "2")
    assert again.status == 0, again.err
    assert json.loads((results / "labels/drawn.json").read_text())["drawn"]
