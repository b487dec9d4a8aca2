"""Charts of a chapter as SVG: values over time or against each other, and paths over the floor."""

from html import escape
from itertools import pairwise
from typing import Final

import numpy as np

from restride.chapters.chapter import Chart
from restride.report.colours import LETTER, SIDE
from restride.report.shown import Shown, shown
from restride.report.strips import strips_legend, strips_svg
from restride.report.svg import FONT, GRID, INK, LEFT, WIDTH, number_px, path, ticks
from restride.signals.schema import FloatArray

PLOT: Final = 300  # px, width of the plot
HEIGHT: Final = 140
TALL: Final = 240  # of a path over the floor
TOP: Final = 10
FOOT: Final = 30
DOT: Final = 6.0
# of series that are no legs: told apart by line and by name as well
COLOURS: Final = ("#374151", "#b45309", "#2f7d4f", "#6b46c1", "#0e7490", "#9d174d")
DASHES: Final = ("none", "6 3", "2 3", "9 3 2 3", "none", "6 3")
LEAST_SPAN: Final = 1e-12


def chart_svg(chart: Chart) -> str:
    """The chart as one SVG element; its words are what a screen reader says."""
    if chart.style == "strips":
        return strips_svg(chart)
    height = TALL if chart.style == "path" else HEIGHT
    over, up = scales(chart)
    x_low, x_high, y_low, y_high = _ends(chart, over, up, height)

    # a drawing of a turn or a direction: its plane has no numbers
    measured = not (chart.style == "path" and chart.x_units == "1")

    def x_px(values: FloatArray) -> FloatArray:
        return LEFT + (over.factor * values - x_low) / (x_high - x_low) * PLOT

    def y_px(values: FloatArray) -> FloatArray:
        return TOP + height - (up.factor * values - y_low) / (y_high - y_low) * height

    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {TOP + height + FOOT}' role='img' "
        f"aria-label='{escape(chart.words, quote=True)}' {FONT} fill='{INK}'>",
        *(_y_axis(y_low, y_high, height) if measured else ()),
        *_x_axis(x_low, x_high, height, f"{chart.x_words}{_in(over)}", measured=measured),
    ]
    if chart.level is not None:
        y = number_px(float(y_px(np.array([chart.level]))[0]))
        parts.append(f"<path d='M{LEFT} {y}H{LEFT + PLOT}' stroke='#6b7280' stroke-dasharray='4 3'/>")
        if chart.level_words:
            halo = "stroke='#fff' stroke-width='3' paint-order='stroke'"
            place = f"x='{LEFT + PLOT}' y='{float(y) - 3}' text-anchor='end'"
            parts.append(f"<text {place} {halo}>{escape(chart.level_words)}</text>")
    for i, (name, values) in enumerate(chart.series.items()):
        parts.append(_series(chart.style, name, i, x_px(chart.x), y_px(values)))
    return "".join([*parts, "</svg>"])


def legend(chart: Chart) -> tuple[tuple[str, str], ...]:
    """Name and small drawing of each series; empty for a single one that is no leg."""
    if chart.style == "strips":
        return strips_legend(chart)
    if len(chart.series) == 1 and not set(chart.series) & set(SIDE):
        return ()
    return tuple((name, _sample(chart.style, name, i)) for i, name in enumerate(chart.series))


def scales(chart: Chart) -> tuple[Shown, Shown]:
    """How the numbers along and up are written."""
    stacked = [v[np.isfinite(v)] for v in chart.series.values()]
    size_y = max((float(np.abs(v).max()) for v in stacked if v.size), default=0.0)
    there = chart.x[np.isfinite(chart.x)]
    size_x = float(np.abs(there).max()) if there.size else 0.0
    if chart.style == "path":  # one scale, so one unit
        size_x = size_y = max(size_x, size_y)
    over = shown(chart.x_units, size_x, asked=chart.x_shown_in)
    return over, shown(chart.y_units, size_y, asked=chart.y_shown_in)


def axis_words(chart: Chart) -> str:
    """What up means, with its unit."""
    return f"{chart.y_words}{_in(scales(chart)[1])}"


def _in(scale: Shown) -> str:
    return f", {scale.unit}" if scale.unit else ""


def _ends(chart: Chart, over: Shown, up: Shown, height: int) -> tuple[float, float, float, float]:
    """Ends of both axes in the units shown, with some air; on one scale for a path."""
    level = [np.array([chart.level])] if chart.level is not None else []
    x_low, x_high = _span([over.factor * chart.x])
    y_low, y_high = _span([up.factor * v for v in (*chart.series.values(), *level)])
    if chart.style != "path":
        air = 0.06 * (y_high - y_low)
        return x_low, x_high, y_low - air, y_high + air
    per_px = 1.1 * max((x_high - x_low) / PLOT, (y_high - y_low) / height)
    x, y = (x_low + x_high) / 2, (y_low + y_high) / 2
    return x - per_px * PLOT / 2, x + per_px * PLOT / 2, y - per_px * height / 2, y + per_px * height / 2


def _span(values: list[FloatArray]) -> tuple[float, float]:
    stacked = np.concatenate(values)
    stacked = stacked[np.isfinite(stacked)]
    if not stacked.size:
        return 0.0, 1.0
    low, high = float(stacked.min()), float(stacked.max())
    if high - low > LEAST_SPAN * max(abs(high), 1.0):
        return low, high
    return low - max(abs(low), 1.0) * 0.05, high + max(abs(high), 1.0) * 0.05


def _series(style: str, name: str, i: int, x: FloatArray, y: FloatArray) -> str:
    colour = _colour(name, i)
    if style == "dots":
        present = np.isfinite(x) & np.isfinite(y)
        # dots that would lie on one another are drawn once
        spots = np.unique(np.round(np.column_stack([x[present], y[present]])), axis=0)
        data = "".join(f"M{number_px(a)} {number_px(b)}h0" for a, b in spots.tolist())
        dots = f"<path d='{data}' fill='none' stroke='{colour}' stroke-width='{DOT}' stroke-linecap='round'/>"
        inner = f"<path d='{data}' fill='none' stroke='#fff' stroke-width='{DOT - 2.6}' stroke-linecap='round'/>"
        return dots + (inner if _open(name, i) else "")
    if style == "line":
        x, y = thinned(x, y)
    dash = "none" if name in SIDE else DASHES[i % len(DASHES)]
    width = 1.0 if x.size > 2 * PLOT and style == "path" else 1.7
    line = f"<path d='{path(x, y)}' fill='none' stroke='{colour}' stroke-width='{width}' stroke-dasharray='{dash}'/>"
    ends = np.flatnonzero(np.isfinite(y))
    if name in SIDE and ends.size:
        last = int(ends[-1])
        line += f"<text x='{number_px(float(x[last]) + 4)}' y='{number_px(float(y[last]) + 3.5)}' fill='{colour}' "
        line += f"font-weight='700'>{LETTER['left' if name == 'left' else 'right']}</text>"
    return line


def _open(name: str, i: int) -> bool:
    """Whether dots are rings: those of the left leg, and every other series that is no leg."""
    return name == "left" or (name not in SIDE and i % 2 == 1)


def thinned(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The line's lowest and highest point of every pixel column, in order; gaps stay gaps.

    Parameters
    ----------
    x, y : ndarray, shape (n,), px, x not decreasing
    """
    if x.size <= 4 * PLOT:
        return x, y
    column = np.floor(x).astype(int)
    starts = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    chosen: list[int] = []
    for start, stop in pairwise([*starts.tolist(), x.size]):
        span = y[start:stop]
        if np.isnan(span).any():  # the pen is lifted here
            chosen.append(start + int(np.flatnonzero(np.isnan(span))[0]))
        if np.isfinite(span).any():
            chosen += [start + int(np.nanargmin(span)), start + int(np.nanargmax(span))]
    order = np.unique(chosen)
    return x[order], y[order]


def _colour(name: str, i: int) -> str:
    if name == "left":
        return SIDE["left"]
    return SIDE["right"] if name == "right" else COLOURS[i % len(COLOURS)]


def _sample(style: str, name: str, i: int) -> str:
    colour = _colour(name, i)
    if style == "dots":
        inner = "<circle cx='17' cy='7' r='2' fill='#fff'/>" if _open(name, i) else ""
        return f"<circle cx='17' cy='7' r='4' fill='{colour}'/>{inner}"
    dash = "none" if name in SIDE else DASHES[i % len(DASHES)]
    return f"<path d='M0 7H33' stroke='{colour}' stroke-width='2.2' stroke-dasharray='{dash}'/>"


def _y_axis(low: float, high: float, height: int) -> list[str]:
    values = ticks(low, high)
    out = []
    for value, label in zip(values, _labels(values), strict=True):
        y = number_px(TOP + height - (value - low) / (high - low) * height)
        out.append(
            f"<path d='M{LEFT} {y}H{LEFT + PLOT}' stroke='{GRID}'/>"
            f"<text x='{LEFT - 5}' y='{float(y) + 3.5}' text-anchor='end'>{label}</text>"
        )
    return out


def _x_axis(low: float, high: float, height: int, words: str, *, measured: bool) -> list[str]:
    values, bottom = ticks(low, high, count=5) if measured else [], TOP + height
    out = [f"<path d='M{LEFT} {bottom}H{LEFT + PLOT}' stroke='#8b929b'/>"]
    for value, label in zip(values, _labels(values), strict=True):
        x = number_px(LEFT + (value - low) / (high - low) * PLOT)
        out.append(
            f"<path d='M{x} {bottom}v3' stroke='#8b929b'/>"
            f"<text x='{x}' y='{bottom + 13}' text-anchor='middle'>{label}</text>"
        )
    out.append(f"<text x='{LEFT + PLOT / 2}' y='{bottom + 26}' text-anchor='middle'>{escape(words)}</text>")
    return out


def _labels(values: list[float]) -> list[str]:
    """With enough decimals to tell neighbours apart, and no more."""
    step = values[1] - values[0] if len(values) > 1 else 1.0
    digits = max(0, int(np.ceil(-np.log10(step) - 1e-9)))
    return [f"{value:.{digits}f}".replace("-", "−") for value in values]
