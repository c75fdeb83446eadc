"""Who speaks when: a lane for each voice, in which each kind of speech has a height of its own."""

from collections.abc import Iterable
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ostinato.report.answers import leading_voices, unknown_voice_s, voice_name
from ostinato.report.figures.lanes import LOOKS, Bars, Lane, draw_lanes, lanes_figure
from ostinato.report.figures.layout import Look
from ostinato.report.figures.sheet import PAGE, Sheet
from ostinato.report.wording import count
from ostinato.results import Kind, Results, SpeechSegment

_LOOKS: dict[Kind, Look] = {
    "narration": LOOKS["narration"],
    "dialogue": replace(LOOKS["dialogue"], stripes=((0.22, 0.78),)),
    "soliloquy": replace(LOOKS["soliloquy"], stripes=((0.0, 0.3), (0.7, 1.0))),
    "undetermined": replace(LOOKS["undetermined"], stripes=((0.4, 0.6),)),
}


def voice_lanes(results: Results) -> tuple[Lane, ...]:
    """Return a lane for each voice, in the order in which they are first heard."""
    shown = leading_voices(results)
    ids = {voice.id for voice in shown}
    rest = [s for s in results.speech if s.voice is not None and s.voice not in ids]
    lanes = [
        Lane(
            voice_name(voice),
            _bars(s for s in results.speech if s.voice == voice.id),
            voice.speech_s,
        )
        for voice in shown
    ]
    if rest:
        lanes.append(Lane(count(len({s.voice for s in rest}), "other voice"), _bars(rest), None))
    unknown = [s for s in results.speech if s.voice is None]
    if lanes and unknown:
        lanes.append(Lane("voice not known", _bars(unknown), unknown_voice_s(results)))
    return tuple(lanes)


def draw_voices(ax: Axes, results: Results, *, sheet: Sheet = PAGE) -> Axes:
    """Draw who speaks when, and whether it is narration or dialogue.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Drawn on in place; x is film time in seconds, lanes count downwards from 0.
    results : Results
        What to draw.
    sheet : Sheet, optional
        How wide.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.
    """
    return draw_lanes(ax, results, voice_lanes(results), sheet=sheet)


def voices_figure(results: Results, *, sheet: Sheet = PAGE) -> Figure:
    """Lay out who speaks when.

    Parameters
    ----------
    results : Results
        With at least one voice.
    sheet : Sheet, optional
        How wide.

    Returns
    -------
    matplotlib.figure.Figure
        As high as its lanes need.
    """
    kinds = [kind for kind in _LOOKS if any(s.kind == kind for s in results.speech)]
    legend = [(_LOOKS[kind], str(kind)) for kind in kinds]
    return lanes_figure(results, voice_lanes(results), sheet=sheet, legend=legend)


def _bars(speech: Iterable[SpeechSegment]) -> tuple[Bars, ...]:
    own = list(speech)
    return tuple(
        Bars(look, tuple(s.interval for s in own if s.kind == kind))
        for kind, look in _LOOKS.items()
    )
