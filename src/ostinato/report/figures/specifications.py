"""A specification curve for each claim: its value under every choice, and which choices those are.

Specifications stand side by side in the order of their values. A filled circle supports the claim,
a cross speaks against it, and a ring leaves it open; the line through the panel is the study's own.
Below, a stroke marks what was chosen, so that a choice that moves the value shows as a run.
"""

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ostinato.report.claim_notes import CHOICES, by_claim, in_words, options
from ostinato.report.figures.film_axis import points_wide
from ostinato.report.figures.layout import PAGE, TOP, Page, Sheet, Slot, stacked
from ostinato.report.figures.style import (
    INK,
    POINTS_PER_INCH,
    RULE,
    RULE_WIDTH,
    SMALL_SIZE,
    SOFT_INK,
    TEXT_SIZE,
    THIN_WIDTH,
    text_width,
)
from ostinato.report.wording import shorten
from ostinato.results import Results, Specification, Verdict

MARKS: dict[Verdict, dict[str, object]] = {
    "supported": {"marker": "o", "markerfacecolor": INK},
    "not supported": {"marker": "x"},
    "cannot be decided from this": {"marker": "o", "markerfacecolor": "1.0"},
}
"""How each verdict is drawn."""
_MARGINS = {False: (2.3, 0.15), True: (1.3, 0.1)}  # of a wide sheet and of a narrow one
_TITLE, _PANEL, _ROW, _BETWEEN, _KEY = 0.24, 0.85, 0.125, 0.2, 0.3
_MARK_SIZE = 2.4
_LABEL_GAP = 6.0  # points
_LEAST_COLUMN = 3.0  # points: strokes of narrower ones would make a hatching
_LEAST_SPAN = 0.1
"""Of the values of a panel: shares, LU and counts alike."""
_WIDE = 2.0  # inches of margin


def specifications_figure(
    results: Results, *, sheet: Sheet = PAGE, claims: Sequence[str] | None = None
) -> Figure:
    """Lay out a specification curve for each claim, one below the other.

    Parameters
    ----------
    results : Results
        With claims that were decided under several choices.
    sheet : Sheet, optional
        How wide.
    claims : sequence of str, optional
        Identifiers of the claims; all by default.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its claims need.
    """
    rows = {
        name: own for name, own in by_claim(results).items() if claims is None or name in claims
    }
    margins = _MARGINS[sheet.is_narrow]
    slots = [
        slot
        for index, own in enumerate(rows.values())
        for slot in (
            Slot(_TITLE + (_BETWEEN if index else 0.0), _PANEL),
            Slot(0.0, _ROW * _n_rows(own), is_elastic=False),
        )
    ]
    page, panels = stacked(sheet, slots, margins=margins, foot=_BETWEEN + _KEY)
    width = (sheet.width - sum(margins)) * POINTS_PER_INCH
    room = margins[0] * POINTS_PER_INCH - _LABEL_GAP
    pairs = zip(panels[::2], panels[1::2], strict=True)
    for (claim_id, own), (panel, below) in zip(rows.items(), pairs, strict=True):
        ordered = sorted(own, key=_place)
        draw_specifications(panel, ordered)
        n_same = sum(one.verdict == own[0].verdict for one in own)
        panel.set_title(
            f"{claim_id}: {_short(own[0].verdict)} in {n_same:,} of {len(own):,}",
            fontsize=TEXT_SIZE,
            loc="left",
            pad=3.0,
            parse_math=False,
        )
        _draw_choices(below, ordered, tried=own, room=room, width=width)
    _draw_key(page)
    return page.figure


def specifications_pages(results: Results, *, sheet: Sheet = PAGE) -> tuple[Figure, ...]:
    """Lay out the specification curves on as many pages as the claims need."""
    pages: list[list[str]] = [[]]
    left = room = sheet.most_height - TOP - _BETWEEN - _KEY
    for claim_id, own in by_claim(results).items():
        height = _TITLE + _PANEL + _ROW * _n_rows(own) + _BETWEEN
        if pages[-1] and height > left:
            pages.append([])
            left = room
        pages[-1].append(claim_id)
        left -= height
    return tuple(specifications_figure(results, sheet=sheet, claims=some) for some in pages)


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
    # columns that are too narrow to stand apart run into one another, and make a band
    column = points_wide(ax) / (len(rows) + 1)
    stroke = THIN_WIDTH if column > _LEAST_COLUMN else 1.3 * column
    for x, one in enumerate(rows):
        if one.low is not None and one.high is not None:
            ax.plot(
                *([x, x], [one.low, one.high]),
                color="0.75",
                linewidth=stroke,
                solid_capstyle="butt",
                zorder=0.5,
            )
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
    _set_values(ax, is_count=rows[0].claim_id == "C1")
    ax.tick_params(labelsize=SMALL_SIZE, width=RULE_WIDTH, length=2.0)
    for side in ("top", "right", "bottom"):
        ax.spines[side].set_visible(False)
    ax.spines["left"].set_linewidth(RULE_WIDTH)
    return ax


def _set_values(ax: Axes, *, is_count: bool) -> None:
    """Take no difference for one that nobody would report: what hardly moves stays level."""
    low, high = ax.get_ylim()
    lacking = _LEAST_SPAN - (high - low)
    if lacking > 0:
        ax.set_ylim(low - lacking / 2, high + lacking / 2)
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10], integer=is_count))


def _draw_choices(
    ax: Axes,
    rows: Sequence[Specification],
    *,
    tried: Sequence[Specification],
    room: float,
    width: float,
) -> None:
    """Draw a row for each choice, with a stroke where it was made.

    `room`: points at the left for names of choices; `width`: of the panel, in points.
    """
    labels, y = [], 0
    measure = partial(text_width, size=SMALL_SIZE)
    for column in CHOICES:
        for option in options(tried, column):
            chosen = [x for x, one in enumerate(rows) if getattr(one, column) == option]
            if width / (len(rows) + 1) > _LEAST_COLUMN:
                stroke = _stroke(len(rows), width)
                ax.vlines(chosen, y - 0.32, y + 0.32, color=INK, linewidth=stroke)
            else:
                bars = [(first - 0.5, n) for first, n in _runs(chosen)]
                ax.broken_barh(bars, (y - 0.32, 0.64), color=INK, linewidth=0)
            labels.append(shorten(in_words(column, option), room, measure=measure))
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


def _draw_key(page: Page) -> None:
    top = page.figure.get_figheight() - _KEY
    key = page.axes(top=top, height=_KEY - 0.1)
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
    # on a narrow sheet the key may begin left of the panels
    left = -page.left / (page.figure.get_figwidth() - page.left - page.right)
    key.legend(
        ncols=len(MARKS),
        loc="center left",
        bbox_to_anchor=(left if page.left < _WIDE else 0.0, 0.5),
        fontsize=SMALL_SIZE,
        frameon=False,
    )


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Join places that follow each other; returns the first of each run, and how many they are."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and place == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs


def _short(verdict: Verdict) -> str:
    return "undecided" if verdict == "cannot be decided from this" else verdict


def _stroke(n: int, width: float) -> float:
    """Return a width at which strokes of n specifications do not run into each other, in points."""
    return min(2.0, max(0.3, 0.6 * width / (n + 1)))


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
