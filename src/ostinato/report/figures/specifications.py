"""A specification curve for each claim: its value under every choice, and which choices those are.

Specifications stand side by side in the order of their values. A filled circle supports the claim,
a cross speaks against it, and a ring leaves it open; the line through the panel is the study's own.
Below, a stroke marks what was chosen, so that a choice that moves the value shows as a run.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ostinato.report.claim_notes import CHOICES, by_claim, in_words, options
from ostinato.report.figures.layout import TOP, WIDTH, Page
from ostinato.report.figures.style import (
    INK,
    RULE,
    RULE_WIDTH,
    SMALL_SIZE,
    SOFT_INK,
    TEXT_SIZE,
    THIN_WIDTH,
)
from ostinato.results import Results, Specification, Verdict

MARKS: dict[Verdict, dict[str, object]] = {
    "supported": {"marker": "o", "markerfacecolor": INK},
    "not supported": {"marker": "x"},
    "cannot be decided from this": {"marker": "o", "markerfacecolor": "1.0"},
}
"""How each verdict is drawn."""
_LEFT, _RIGHT = 2.3, 0.15
_TITLE, _PANEL, _ROW, _BETWEEN, _LEGEND = 0.24, 0.85, 0.125, 0.2, 0.3
_MARK_SIZE = 2.4


def specifications_figure(results: Results) -> Figure:
    """Lay out a specification curve for each claim, one below the other.

    Parameters
    ----------
    results : Results
        With claims that were decided under several choices.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its claims need.
    """
    rows = by_claim(results)
    heights = [_TITLE + _PANEL + _ROW * _n_rows(own) + _BETWEEN for own in rows.values()]
    figure = Figure(figsize=(WIDTH, TOP + sum(heights) + _LEGEND))
    page, top = Page(figure, _LEFT, _RIGHT), TOP
    for (claim_id, own), height in zip(rows.items(), heights, strict=True):
        ordered = sorted(own, key=_place)
        panel = page.axes(top=top + _TITLE, height=_PANEL)
        draw_specifications(panel, ordered)
        n_same = sum(one.verdict == own[0].verdict for one in own)
        panel.set_title(
            f"{claim_id}: {_short(own[0].verdict)} in {n_same:,} of {len(own):,}",
            fontsize=TEXT_SIZE,
            loc="left",
            pad=3.0,
            parse_math=False,
        )
        below = page.axes(top=top + _TITLE + _PANEL, height=_ROW * _n_rows(own))
        _draw_choices(below, ordered, tried=own)
        top += height
    _draw_key(page, top)
    return figure


def draw_specifications(ax: Axes, rows: Sequence[Specification]) -> Axes:
    """Draw the value of one claim under each specification, with its interval.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x counts specifications from 0, y is what the claim measures.
    rows : sequence of Specification
        Of one claim, in the order in which they are to stand.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    for x, one in enumerate(rows):
        if one.low is not None and one.high is not None:
            ax.plot([x, x], [one.low, one.high], color="0.75", linewidth=THIN_WIDTH, zorder=1)
        if one.is_main:
            ax.axvline(x, color=SOFT_INK, linewidth=THIN_WIDTH, linestyle=(0, (2, 1)), zorder=0)
    for verdict, mark in MARKS.items():
        own = [(x, _middle(one)) for x, one in enumerate(rows) if one.verdict == verdict]
        known = [(x, y) for x, y in own if y is not None]
        ax.plot(
            [x for x, _ in known],
            [y for _, y in known],
            linestyle="none",
            color=INK,
            markersize=_MARK_SIZE,
            markeredgewidth=RULE_WIDTH,
            **mark,  # type: ignore[arg-type]
        )
    ax.set_xlim(-1, len(rows))
    ax.set_xticks([])
    ax.tick_params(labelsize=SMALL_SIZE, width=RULE_WIDTH, length=2.0)
    for side in ("top", "right", "bottom"):
        ax.spines[side].set_visible(False)
    ax.spines["left"].set_linewidth(RULE_WIDTH)
    return ax


def _draw_choices(
    ax: Axes, rows: Sequence[Specification], *, tried: Sequence[Specification]
) -> None:
    """Draw a row for each choice, with a stroke where it was made."""
    labels, y = [], 0
    for column in CHOICES:
        for option in options(tried, column):
            chosen = [x for x, one in enumerate(rows) if getattr(one, column) == option]
            ax.vlines(chosen, y - 0.32, y + 0.32, color=INK, linewidth=_stroke(len(rows)))
            labels.append(in_words(column, option))
            y += 1
        if options(rows, column):
            ax.axhline(y - 0.5, color=RULE, linewidth=RULE_WIDTH)
    ax.set_xlim(-1, len(rows))
    ax.set_ylim(max(y, 1) - 0.5, -0.5)
    ax.set_xticks([])
    ax.set_yticks(range(y), labels, fontsize=SMALL_SIZE)
    ax.tick_params(length=0.0, pad=2.0)
    for side in ax.spines.values():
        side.set_visible(False)


def _draw_key(page: Page, top: float) -> None:
    key = page.axes(top=top, height=_LEGEND - 0.1)
    key.set_axis_off()
    for verdict, mark in MARKS.items():
        key.plot(
            [],
            [],
            linestyle="none",
            color=INK,
            markersize=_MARK_SIZE * 1.5,
            markeredgewidth=RULE_WIDTH,
            label=_short(verdict),
            **mark,  # type: ignore[arg-type]
        )
    key.legend(ncols=len(MARKS), loc="center left", fontsize=SMALL_SIZE, frameon=False)


def _short(verdict: Verdict) -> str:
    return "undecided" if verdict == "cannot be decided from this" else verdict


def _stroke(n: int) -> float:
    """Return a width at which strokes of n specifications do not run into each other, in points."""
    return min(2.0, max(0.3, 0.6 * (WIDTH - _LEFT - _RIGHT) * 72.0 / (n + 1)))


def _n_rows(rows: Sequence[Specification]) -> int:
    return max(1, sum(len(options(rows, column)) for column in CHOICES))


def _place(one: Specification) -> tuple[bool, float]:
    middle = _middle(one)
    return middle is None, 0.0 if middle is None else middle


def _middle(one: Specification) -> float | None:
    """Return a claim's value, or the middle of its bounds where no single number is known."""
    if one.value is not None or one.low is None or one.high is None:
        return one.value
    return (one.low + one.high) / 2
