"""How Sphinx makes the site: pages in Markdown, docstrings, a gallery and a notebook.

Nothing is fetched from a network while it is built. Pages that stand elsewhere in the repository
are copied into `generated`, with their links turned to where the site has them.
"""

import re
from pathlib import Path

from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst

from ostinato.version import VERSION

HERE = Path(__file__).parent
ROOT = HERE.parent
GENERATED = HERE / "generated"

project = "Ostinato"
author = "The Ostinato developers"
copyright = author  # noqa: A001 - Sphinx asks for this name
version = release = VERSION
html_title = f"Ostinato {VERSION}"

extensions = [
    "myst_nb",  # Markdown, and a notebook that is run
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = [
    "sg_execution_times.rst",
    "examples/README.rst",
    "gallery/*.py",
    "gallery/*.ipynb",
    "gallery/*.json",
]
templates_path = ["_templates"]
html_theme = "furo"
html_static_path: list[str] = []
html_copy_source = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
nb_execution_mode = "force"
nb_execution_timeout = 180  # seconds of one cell
nb_execution_raise_on_error = True

autosummary_generate = True
autodoc_typehints = "none"  # the docstrings say them in words
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
# what is not ours is described elsewhere, and no list of it is fetched
nitpick_ignore_regex = [(r"py:.*", r"(?!ostinato\.).*")]
suppress_warnings = ["config.cache"]  # a scraper is a function, which is not kept

_ELSEWHERE = {
    "benchmarks/README.md": "measurements.md",
    "benchmarks/cues/README.md": "measurements-cues.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "reporting-a-weakness.md",
}
"""Pages that stand outside of this folder, and how `generated` calls them."""
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!\w+:|#)([^)#\s]*)(#[^)\s]*)?\)")


def with_links_of_the_site(text: str, *, of: Path, shown_in: Path) -> str:
    """Turn links between files of the repository into links between pages of the site.

    `of`: the file whose text it is; `shown_in`: the folder of the page that shows it. What the site
    does not have is named, and no link.
    """

    def turned(found: re.Match[str]) -> str:
        words, target, anchor = found[1], found[2], found[3] or ""
        path = (of.parent / target).resolve()
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""
        if name in _ELSEWHERE:
            path = GENERATED / _ELSEWHERE[name]
        elif not path.is_relative_to(HERE) and of.is_relative_to(HERE):
            return found[0]  # a dead link shows as one when the site is built
        elif not path.is_relative_to(HERE):
            return words
        return f"[{words}]({_from(shown_in, path)}{anchor})"

    return _LINK.sub(turned, text)


def _from(folder: Path, path: Path) -> str:
    up = 0
    while not path.is_relative_to(folder):
        folder, up = folder.parent, up + 1
    return "../" * up + path.relative_to(folder).as_posix()


def copy_pages() -> None:
    """Copy pages from elsewhere in the repository."""
    GENERATED.mkdir(exist_ok=True)
    for name, page in _ELSEWHERE.items():
        source = ROOT / name
        text = source.read_text(encoding="utf-8")
        turned = with_links_of_the_site(text, of=source, shown_in=GENERATED)
        target = GENERATED / page
        if not target.exists() or target.read_text(encoding="utf-8") != turned:
            target.write_text(turned, encoding="utf-8")


def turn_links(app, docname, source):
    """Turn the links of a page that lead out of this folder."""
    path = Path(app.env.doc2path(docname))
    if path.suffix == ".md" and GENERATED not in path.parents:
        source[0] = with_links_of_the_site(source[0], of=path, shown_in=path.parent)


def scrape_figures(_block, block_vars, gallery_conf):
    """Save each Figure that a block has made; no global state is needed for it."""
    shown = gallery_conf.setdefault("figures_shown", set())
    paths = []
    for value in block_vars["example_globals"].values():
        figures = value if isinstance(value, tuple) else (value,)
        for figure in figures:
            if isinstance(figure, Figure) and id(figure) not in shown:
                shown.add(id(figure))
                path = next(block_vars["image_path_iterator"])
                figure.savefig(path, dpi=110)
                paths.append(path)
    return figure_rst(paths, gallery_conf["src_dir"])


sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/draw_",
    "image_scrapers": (scrape_figures,),
    "reset_modules": (),
    "download_all_examples": False,
    "show_memory": False,
    "show_signature": False,
    "remove_config_comments": True,
    "within_subsection_order": "FileNameSortKey",
    "min_reported_time": 60,
    "abort_on_example_error": True,
}
copy_pages()


def setup(app):
    """Have the links of each page turned when it is read."""
    app.connect("source-read", turn_links)
    return {"parallel_read_safe": True}
