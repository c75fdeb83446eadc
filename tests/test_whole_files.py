"""What is read as a whole is a file, and no pipe, device or file without an end."""

import os
import subprocess
import sys

import pytest

from ostinato.whole_files import read_whole

DEVICES = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


def test_a_file_is_read_to_its_end(tmp_path):
    content = bytes(range(256)) * 9000
    (tmp_path / "file").write_bytes(content)
    assert read_whole(tmp_path / "file") == content


@DEVICES
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a pipe or a device"):
        read_whole(tmp_path / "pipe")


@DEVICES
def test_a_device_without_an_end_is_not_read(tmp_path):
    (tmp_path / "link").symlink_to("/dev/zero")
    with pytest.raises(OSError, match="a pipe or a device"):
        read_whole(tmp_path / "link")


def test_a_folder_is_none(tmp_path):
    with pytest.raises(OSError, match=r"(?i)is a directory|permission denied"):
        read_whole(tmp_path)


def test_more_than_such_a_file_holds_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(bytes(3_000_001))
    with pytest.raises(OSError, match="it is longer than 3 MB"):
        read_whole(tmp_path / "file", most_bytes=3_000_000)


def test_a_name_with_a_nul_is_an_error_of_the_system_like_any_other(tmp_path):
    with pytest.raises(OSError, match="null"):
        read_whole(tmp_path / "a\0b")


@DEVICES
def test_no_more_memory_is_asked_for_than_a_file_has_bytes(tmp_path):
    (tmp_path / "file").write_bytes(b"small")
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from ostinato.whole_files import read_whole\n"
        "size = int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (size + 20_000_000,) * 2)\n"
        f"print(read_whole(Path({str(tmp_path / 'file')!r}), most_bytes=10**9).decode())\n"
    )
    if not os.path.exists("/proc/self/statm"):  # noqa: PTH110 - a device
        pytest.skip("the system does not say how large a process is")
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "small\n"
