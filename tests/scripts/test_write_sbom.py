"""What is installed is listed, with licences, in a form that programs and people read."""

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def written(tmp_path):
    def write(name):
        command = [sys.executable, str(ROOT / "scripts/write_sbom.py"), "--out", tmp_path / name]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own
        return (tmp_path / name).read_text(encoding="utf-8")

    return write


def test_the_list_names_what_is_imported_and_ffmpeg(written):
    document = json.loads(written("sbom.json"))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    assert document["metadata"]["component"]["name"] == "ostinato"
    known = {one["name"]: one for one in document["components"]}
    for name in ("av", "numpy", "scipy", "librosa", "soundfile"):
        assert known[name]["version"] == version(name)
    assert "LGPL" in known["FFmpeg libavcodec"]["licenses"][0]["license"]["name"]
    references = {one["ref"] for one in document["dependencies"]}
    assert all(set(one["dependsOn"]) <= references for one in document["dependencies"])


def test_the_same_environment_gives_the_same_bytes(written):
    assert written("one.json") == written("other.json")


def test_the_licences_in_the_documents_are_of_what_is_installed(written):
    rows = re.compile(r"^\| ([\w. -]+) \| ", re.MULTILINE)
    documented = set(rows.findall((ROOT / "docs/licences.md").read_text(encoding="utf-8")))
    # a version of Python or of a package may need one more or one fewer
    assert len(documented ^ set(rows.findall(written("l.md")))) < 8
