"""Write the texts in this folder again, from the results in tests/report/examples.py.

    python -m tests.golden.make_golden

Read every difference before it is committed: scholars cite these words.
"""

import inspect
import re
import runpy
from dataclasses import replace
from functools import cache
from pathlib import Path

from tests.report.claims import measured_claims
from tests.report.examples import a_feature_film, nothing_found
from tests.report.extremes import with_voices
from tests.report.reviewed import reviewed_film
from tests.report.silly import CREDITS, SILLY

import ostinato
from ostinato.report import (
    STYLES,
    caption_repetition_map,
    caption_timeline,
    caption_voices,
    citation,
    cite,
    describe,
    tables_alone,
)

FOLDER = Path(__file__).parent
ROW = re.compile(r"\| |  O\d|  \S+  O\d|  O\d+ to ")
"""Of tables, and transitions; of many like it only the first fourteen stand in a golden text."""


@cache
def golden_texts():
    """Name each golden file and the text that belongs in it."""
    feature = a_feature_film()
    claimed = measured_claims()
    reviewed = reviewed_film()
    named = replace(claimed, film=replace(claimed.film, **CREDITS))
    return {
        **{f"citation-{style}.txt": citation(named, style=style) for style in STYLES},
        "citation-untitled.txt": citation(claimed, style="mla"),
        **{
            f"table-{name}.txt": tables_alone(named, table_format=name)
            for name in ("csv", "latex", "html")
        },
        **{f"silly-{name}.txt": _silly(make()) for name, make in SILLY.items()},
        "describe.txt": describe(feature),
        "describe-claims.txt": describe(claimed),
        "describe-voices.txt": describe(with_voices(feature)),
        "describe-nothing.txt": describe(nothing_found(feature)),
        "describe-reviewed.txt": describe(reviewed),
        "cite-reviewed.txt": cite(reviewed),
        "cite.txt": cite(feature),
        "caption-repetition-map.txt": caption_repetition_map(feature),
        "caption-timeline.txt": caption_timeline(feature),
        "caption-voices.txt": caption_voices(with_voices(feature)),
        "library.txt": _library(),
    }


def _library():
    """Name all that a script may use, with what each function takes."""
    lines = []
    for name in ostinato.__all__:
        value = getattr(ostinato, name)
        if inspect.isfunction(value):
            parameters = inspect.signature(value).parameters.values()
            # annotations are written otherwise by other versions of Python
            bare = [one.replace(annotation=one.empty) for one in parameters]
            lines.append(f"{name}{inspect.Signature(bare)}")
        elif inspect.isclass(value):
            own = sorted(one for one in vars(value) if not one.startswith("_"))
            lines.append(f"{name}: {', '.join(own)}")
        else:
            lines.append(name)
    return "\n".join(lines)


def _silly(results):
    """Return all that is said of a film, short of what many rows repeat."""
    parts = {
        "citation, mla": citation(results, style="mla"),
        "citation, apa": citation(results, style="apa").partition("## References")[2],
        "voices": caption_voices(results),
        "terminal": describe(results),
    }
    parts["citation, apa"] = parts["citation, apa"].partition("## ")[0]
    text = "\n\n".join(f"=== {name}\n\n{part.strip()}" for name, part in parts.items())
    lines = text.splitlines()
    rows = [i for i, line in enumerate(lines) if ROW.match(line)]
    left_out = {i for i in rows if {i - n for n in range(1, 15)} <= {*rows}}
    return "\n".join(line for i, line in enumerate(lines) if i not in left_out)


if __name__ == "__main__":
    for name, text in golden_texts().items():
        (FOLDER / name).write_text(text + "\n", encoding="utf-8")
    # pages of the docs that are made from the code are golden texts as well
    runpy.run_path(str(FOLDER.parents[1] / "docs" / "make_reference.py"), run_name="__main__")
