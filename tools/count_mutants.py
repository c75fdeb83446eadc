"""Count which small faults in a module its own tests catch.

    make mutants                                      each module that pyproject.toml names
    make mutants MUTANTS="timeline measures.ratio"    some of them
    make mutants MUTANTS="--sample 0 results*"        all mutants in place of a sample

mutmut changes one thing at a time: an operator, a number, a name, an argument. Here it is run
module by module, in a folder that is removed afterwards, and with the tests that ``[tool.mutants]``
in pyproject.toml names for the module; its own search through the whole suite for the tests that
reach a line does not end. A mutant that changes only a sentence for people is left out: words are
held by `tests/golden`. mutmut leaves out what is decorated, as properties are, and constants of a
module. Those that run for ever, or end Python, count as killed.
"""

import argparse
import ast
import json
import os
import random
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from fnmatch import fnmatch
from pathlib import Path

from mutmut.configuration import reset_config
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name

ROOT = Path(__file__).parents[1]
LINKED = ("src", "tests", "scripts", "benchmarks", "docs", "README.md", "constraints.txt")
SURVIVORS = {0: "survived", 33: "reached by no test", None: "was not run"}
"""By the code that mutmut keeps of each mutant."""


def main() -> None:
    """Print a line for each module, and the survivors."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutants"]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(table)}")
    parser.add_argument("--sample", type=int, default=40, help="mutants of a module; 0 for all")
    parser.add_argument("--seed", type=int, default=1994)
    options = parser.parse_args()
    wanted = [pattern.removeprefix("ostinato.") for pattern in options.modules] or ["*"]
    modules = [one for one in table if any(fnmatch(one, pattern) for pattern in wanted)]
    if not modules:
        parser.error(f"pyproject.toml names no tests for {' '.join(wanted)}")
    for module in modules:
        with tempfile.TemporaryDirectory() as folder:
            _count(module, table[module], Path(folder), options.sample, options.seed)


def _count(module: str, tests: list[str], folder: Path, n_wanted: int, seed: int) -> None:
    source = f"src/ostinato/{module.replace('.', '/')}.py"
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    _write_settings(folder / "pyproject.toml", source, tests)
    names = _mutants(folder, source)
    n = min(n_wanted, len(names)) or len(names)
    sample = random.Random(seed).sample(names, n)  # noqa: S311 - no secret
    code_of = _run(folder, source, sorted(sample))
    left = [name for name in sorted(sample) if code_of[name] in SURVIVORS]
    n_killed = len(sample) - len(left)
    share = 100 * n_killed / max(1, len(sample))
    print(f"{module}\t{len(sample)} of {len(names)} mutants, {n_killed} killed ({share:.0f} %)")
    for name in left:
        shown = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-m", "mutmut", "show", name],
            cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        print(f"{name}: {SURVIVORS[code_of[name]]}", *_changed_lines(shown.stdout), sep="\n")
    sys.stdout.flush()


def _write_settings(path: Path, source: str, tests: list[str]) -> None:
    settings = {
        "source_paths": ["src"],
        "only_mutate": [source],
        "also_copy": [name for name in LINKED if name not in {"src", "tests"}],
        "pytest_add_cli_args_test_selection": tests,
        "pytest_add_cli_args": ["-p", "no:randomly", "-n", "0", "-q", "-m", "not long"],
        "use_git_change_detection": False,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    path.write_text("\n".join([project, "[tool.mutmut]", *lines, ""]), "utf-8")


def _mutants(folder: Path, source: str) -> list[str]:
    """Return mutmut's names of those that change more than a sentence."""
    with chdir(folder):
        reset_config()
        mutated = mutate_file_contents(source, Path(source).read_text("utf-8"))
    code_of = dict(_functions(ast.parse(mutated.code)))
    return [
        get_mutant_name(Path(source), name)
        for name in mutated.mutant_names
        if code_of[name] != code_of[name.rpartition("_")[0] + "_orig"]
    ]


def _functions(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name:
            name, node.name = node.name, ""
            for part in ast.walk(node):
                _leave_out_words(part)
            yield name, ast.dump(node)


def _leave_out_words(part: ast.AST) -> None:
    """Blank sentences and what errors say; and `strict`, which changes no result of a sound zip."""
    if isinstance(part, ast.Constant) and " " in str(part.value):
        part.value = ""
    elif isinstance(part, ast.Call):
        part.keywords = [keyword for keyword in part.keywords if keyword.arg != "strict"]
        if ast.unparse(part.func).endswith("Error"):
            part.args = []


def _run(folder: Path, source: str, names: list[str]) -> dict[str, int | None]:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count()), *names],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return json.loads((folder / "mutants" / f"{source}.meta").read_text("utf-8"))[
        "exit_code_by_key"
    ]


def _changed_lines(diff: str) -> list[str]:
    return [
        f"    {line}"
        for line in diff.splitlines()
        if line[:1] in "+-" and line[:3] not in {"+++", "---"}
    ]


if __name__ == "__main__":
    main()
