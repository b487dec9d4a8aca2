"""Strips of on and off: one muscle above the other, the left leg above the right, along the stride."""

from collections.abc import Iterable
from html import escape
from itertools import pairwise
from typing import Final

import numpy as np

from restride.chapters.chapter import Chart
from restride.report.colours import LETTER, SIDE
from restride.report.svg import FONT, GRID, INK, LEFT, WIDTH, number_px, runs
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray

PLOT: Final = 300  # px, width of the plot
TOP: Final = 4
NAME: Final = 14  # of a muscle, above its strips
STRIP: Final = 8
PITCH: Final = 10
GAP: Final = 5
FOOT: Final = 32
HALO: Final = "stroke='#fff' stroke-width='2' paint-order='stroke'"
# usually on: in more than half of the strides; as good as off: in less than a quarter
USUAL, HARDLY = 0.5, 0.25
LACKS: Final = "#a8833a"
# points: a shorter line is an edge that wandered
LEAST_LACK: Final = 3


def strips_svg(chart: Chart) -> str:
    """The chart as one SVG element: the darker, the larger the share; underlined where only the other leg is usual.

    Parameters
    ----------
    chart : Chart
        ``series`` are called "left tibialis anterior", "right tibialis anterior"; shares from 0 to 1.
        ``marks`` holds the toe-off of each leg.
    """
    low, high = float(chart.x[0]), float(chart.x[-1])

    def x_px(value: float) -> float:
        return LEFT + (value - low) / (high - low) * PLOT

    body: list[str] = []
    names: list[str] = []
    top = TOP
    for name, legs in _by_name(chart).items():
        names.append(f"<text x='{LEFT}' y='{top + 10}' {HALO}>{escape(name)}</text>")
        top += NAME
        for side, share in legs.items():
            body += _strip(share, side, top)
            other = legs.get("right" if side == "left" else "left")
            if other is not None:
                body += _lacking(share, other, top)
            top += PITCH
        top += GAP
    marks = [_mark(side, x_px(chart.marks[side]), top) for side in SIDES if side in chart.marks]
    return "".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {top + FOOT}' role='img' "
            f"aria-label='{escape(chart.words, quote=True)}' {FONT} fill='{INK}'>",
            *body,
            *marks,
            *names,
            *_axis(chart, low, high, top),
            "</svg>",
        ]
    )


def strips_legend(chart: Chart) -> tuple[tuple[str, str], ...]:
    """What a strip of each leg that is drawn looks like, and the line below one.

    Parameters
    ----------
    chart : Chart
        As in ``strips_svg``.
    """
    drawn = [side for side in SIDES if any(side in legs for legs in _by_name(chart).values())]
    legs = tuple((side, f"<rect x='2' y='3' width='29' height='8' fill='{SIDE[side]}'/>") for side in drawn)
    lacks = ("only the other leg is usually on", f"<path d='M2 8H31' stroke='{LACKS}' stroke-width='2'/>")
    return (*legs, lacks) if len(drawn) > 1 else legs


def _by_name(chart: Chart) -> dict[str, dict[Side, FloatArray]]:
    """Muscle to the shares of each leg, in the order of the series."""
    found: dict[str, dict[Side, FloatArray]] = {}
    for label, values in chart.series.items():
        side, _, name = label.partition(" ")
        found.setdefault(name, {})["left" if side == "left" else "right"] = values
    return found


def _strip(share: FloatArray, side: Side, top: int) -> list[str]:
    steps = np.round(np.nan_to_num(share), 1)
    edges = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), steps.size]
    out = [f"<path d='M{LEFT} {top + STRIP // 2}H{LEFT + PLOT}' stroke='{GRID}'/>"]
    for start, end in pairwise(edges):
        if steps[start] > 0:
            x, width = _place(start, end, share.size)
            out.append(
                f"<rect x='{number_px(x)}' y='{top}' width='{number_px(width)}' height='{STRIP}' fill='{SIDE[side]}' "
                f"fill-opacity='{number_px(float(steps[start]))}'/>"
            )
    letter = f"<text x='{LEFT + PLOT + 5}' y='{top + STRIP}' font-size='9' font-weight='700' fill='{SIDE[side]}'>"
    return [*out, f"{letter}{LETTER[side]}</text>"]


def _lacking(share: FloatArray, other: FloatArray, top: int) -> Iterable[str]:
    """A line below a strip where the other leg is usually on and this one hardly ever."""
    for start, end in runs((other > USUAL) & (share < HARDLY)):
        if end - start < LEAST_LACK:
            continue
        x, width = _place(start, end, share.size)
        yield f"<path d='M{number_px(x)} {top + STRIP + 0.5}h{number_px(width)}' stroke='{LACKS}' stroke-width='1.5'/>"


def _place(start: int, end: int, size: int) -> tuple[float, float]:
    """Left edge and width of a half-open run of points; a point stands for half a step to either side."""
    per = PLOT / (size - 1)
    first, last = max(start - 0.5, 0.0), min(end - 0.5, size - 1.0)
    return LEFT + per * first, per * (last - first)


def _mark(side: Side, x: float, bottom: int) -> str:
    return f"<path d='M{number_px(x)} {TOP}V{bottom}' stroke='{SIDE[side]}' stroke-dasharray='3 3'/>"


def _axis(chart: Chart, low: float, high: float, bottom: int) -> list[str]:
    out = [f"<path d='M{LEFT} {bottom}H{LEFT + PLOT}' stroke='#8b929b'/>"]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = LEFT + share * PLOT
        label = f"{100 * (low + share * (high - low)):.0f}"
        out.append(
            f"<path d='M{number_px(x)} {bottom}v3' stroke='#8b929b'/>"
            f"<text x='{number_px(x)}' y='{bottom + 14}' text-anchor='middle'>{label}</text>"
        )
    words = f"{chart.x_words}, %; dashed: {chart.marks_words}" if chart.marks else f"{chart.x_words}, %"
    return [*out, f"<text x='{LEFT + PLOT / 2}' y='{bottom + 27}' text-anchor='middle'>{escape(words)}</text>"]
