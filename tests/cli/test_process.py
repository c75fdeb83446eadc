import os
import signal
import subprocess
import sys
import time

import pytest

COMMAND = [sys.executable, "-m", "ostinato"]
LINE = "ostinato: interrupted. Give the same command again to go on from the last stage.\n"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices of POSIX")


@pytest.fixture
def demo(tmp_path):
    """A demonstration under way, with a cache of its own."""
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    with subprocess.Popen(  # noqa: S603 - our own program
        [*COMMAND, "demo", "--out", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=env,
        text=True,
    ) as process:
        yield process
        process.kill()


def unfinished(folder):
    return [path for path in folder.rglob(".*") if path.name.startswith((".unfinished", ".mixing"))]


@pytest.mark.long
@POSIX
@pytest.mark.parametrize("delay_s", [0.0, 0.7])
def test_three_times_ctrl_c_ends_in_one_line(demo, tmp_path, delay_s):
    while not (tmp_path / "demo").exists():  # what it writes first: it has begun
        time.sleep(0.01)
        assert demo.poll() is None
    time.sleep(delay_s)
    for _ in range(3):
        demo.send_signal(signal.SIGINT)
        time.sleep(0.02)
    out, err = demo.communicate(timeout=120)
    assert (demo.returncode, out, err) == (130, "", LINE)
    assert unfinished(tmp_path) == []


@pytest.mark.long
@POSIX
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_wish_to_end_is_obeyed_as_tidily(demo, tmp_path, number, status):
    while not (tmp_path / "demo").exists():
        time.sleep(0.01)
        assert demo.poll() is None
    demo.send_signal(number)
    assert demo.communicate(timeout=120) == ("", LINE)
    assert demo.returncode == status
    assert unfinished(tmp_path) == []


def of_a_script(program):
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )


LOST = """
import signal, sys, time
from ostinato.cli import process

class Late:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
        time.sleep(0)

def work():
    Late()
    time.sleep(60)

process.main = work
sys.exit(process.run_process([]))
"""


@POSIX
def test_an_interruption_that_a_destructor_loses_comes_again():
    done = of_a_script(LOST)
    assert (done.returncode, done.stderr) == (130, LINE)


@POSIX
def test_an_interruption_waits_until_a_step_is_whole():
    done = of_a_script(
        "import signal, sys, time\n"
        "from ostinato.cli import process\n"
        "from ostinato.undivided_steps import undivided\n"
        "def work():\n"
        "    with undivided('a step'):\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "        time.sleep(0.1)\n"
        "        print('whole', flush=True)\n"
        "    time.sleep(60)\n"
        "process.main = work\n"
        "sys.exit(process.run_process([]))\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "whole\n", LINE)


@POSIX
@pytest.mark.parametrize("arguments", ["--help", "init new", "cite --help"])
def test_a_reader_who_leaves_ends_nothing(tmp_path, arguments):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as nobody:
        done = subprocess.run(  # noqa: S603 - our own program
            [*COMMAND, *arguments.split()],
            stdout=nobody,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
@pytest.mark.parametrize("arguments", ["--version", "init new"])
def test_a_full_disk_behind_the_output_is_said(tmp_path, arguments):
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(  # noqa: S603 - our own program
            [*COMMAND, *arguments.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == (
        "ostinato: standard output: the disk is full. Send what is printed to a file on another "
        "disk, or nowhere.\n"
    )
