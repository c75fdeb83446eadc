import re
import shlex
from pathlib import Path

import pytest

from ostinato.cli.main import COMMANDS
from ostinato.cli.parser import parse

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", re.findall(r"^ {4,}ostinato (.+)$", README, flags=re.MULTILINE))
def test_the_command_takes_every_line_of_the_readme(line):
    arguments = parse(shlex.split(line), {name: name for name in COMMANDS})
    assert arguments.handler == shlex.split(line)[0]


def test_what_the_readme_links_to_is_there():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert "figures/repetition-map.png" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_names_every_script():
    named = set(re.findall(r"scripts/\w+\.py", README))
    assert named == {f"scripts/{path.name}" for path in (ROOT / "scripts").glob("*.py")}
