"""One leg in two recordings as SVG: A solid in the leg's colour, B dashed in grey, A minus B beneath."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np

from restride.report.colours import SIDE
from restride.report.compared_page import LegPair, PairPanel
from restride.report.page import Band, Difference
from restride.report.svg import (
    APART,
    APART_LINE,
    FONT,
    GRID,
    HEIGHT,
    INK,
    LEAST_STRIP,
    LEFT,
    LETTER_GAP,
    PER_PERCENT,
    RIGHT,
    STRIP,
    STRIP_GAP,
    TOP,
    WIDTH,
    apart,
    area,
    beyond,
    number_px,
    path,
    ticks,
)
from restride.report.words import capital, number, strides
from restride.signals.recording import Side
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import listed

SECOND: Final = "#374151"
DASH: Final = "5 3"
STRIP_TOP: Final = TOP + HEIGHT + STRIP_GAP
BOTTOM: Final = STRIP_TOP + STRIP
FOOT: Final = 18


@dataclass(frozen=True, slots=True)
class Axes:
    """Ends of the plot, and half the height of the strip, common to both legs."""

    low: float
    high: float
    strip: float


def axes_of(panel: PairPanel) -> Axes:
    """The same axes for both legs and both recordings."""
    drawn = [v for leg in panel.legs.values() for b in (leg.first, leg.second) for v in (b.mean, b.low, b.high)]
    values = np.concatenate(drawn)
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    low = 0.0 if panel.from_zero else low
    air = 0.06 * max(high - low, 1e-9)
    low, high = (low if panel.from_zero else low - air), high + air
    parts = [v for leg in panel.legs.values() for v in (leg.difference.mean, leg.difference.low, leg.difference.high)]
    away = np.abs(np.concatenate(parts))
    away = away[np.isfinite(away)]
    least = LEAST_STRIP * (high - low)
    return Axes(low, high, max(float(away.max()) if away.size else 0.0, least) * 1.08)


def leg_svg(panel: PairPanel, side: Side, axes: Axes) -> str:
    """One leg of a panel as one SVG element."""
    leg = panel.legs[side]
    key = f"{panel.key}-{side}"
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {BOTTOM + FOOT}' role='img' "
        f"aria-label='{escape(leg_sentence(panel, side), quote=True)}' data-panel='{escape(key, quote=True)}' "
        f"data-x0='{LEFT}' data-x1='{RIGHT}' {FONT} fill='{INK}'>",
        *_grid(axes, panel.digits),
        *_toe_offs(leg, side),
        *_band(leg.second, axes, SECOND, DASH),
        *_band(leg.first, axes, SIDE[side], "none"),
        *_letters(leg, axes, side),
        *_strip(leg.difference, axes, panel.digits),
        *_phases(),
        f"<line class='cursor' x1='0' x2='0' y1='{TOP - 4}' y2='{BOTTOM}' stroke='#111827' stroke-width='1.2' "
        "visibility='hidden'/></svg>",
    ]
    return "".join(parts)


def series(leg: LegPair) -> Mapping[str, FloatArray]:
    """The curves by the short names of readouts and tables, each of shape (101,)."""
    return {"A": leg.first.mean, "B": leg.second.mean, "A−B": leg.difference.mean}


def leg_sentence(panel: PairPanel, side: Side) -> str:
    """The figure in words."""
    leg = panel.legs[side]
    unit = f" {panel.unit}" if panel.unit else ""
    parts = [f"{panel.title}, {side} leg."]
    for name, band in (("A", leg.first), ("B", leg.second)):
        top = int(np.nanargmax(band.mean))
        parts.append(
            f"{name}: peak {number(float(band.mean[top]), panel.digits)}{unit} at {top} % ({strides(band.n)})."
        )
    if not np.isfinite(leg.difference.low).any():
        return " ".join([*parts, "Too few strides for an interval of the difference."])
    clear, any_apart = beyond(leg.difference), apart(leg.difference)
    if clear:
        parts.append(f"A minus B, beyond what the method itself may differ: {_where(leg.difference, clear)}.")
    elif any_apart:
        parts.append(f"A minus B leaves zero by less than the method may differ: {_where(leg.difference, any_apart)}.")
    else:
        parts.append("The interval of A minus B holds zero throughout.")
    return capital(" ".join(parts))


def _where(difference: Difference, stretches: list[tuple[int, int]]) -> str:
    named = []
    for a, b in stretches:
        above = float(np.nanmean(difference.mean[a : b + 1])) > 0
        named.append(f"{'above' if above else 'below'} at {a}–{b} %")
    return listed(named)


def _x() -> FloatArray:
    return LEFT + PER_PERCENT * np.arange(101.0)


def _y(values: FloatArray, axes: Axes) -> FloatArray:
    px = TOP + HEIGHT - (values - axes.low) / (axes.high - axes.low) * HEIGHT
    return np.asarray(px.clip(TOP - 4, TOP + HEIGHT + 4))


def _grid(axes: Axes, digits: int) -> list[str]:
    values = ticks(axes.low, axes.high)
    step = values[1] - values[0] if len(values) > 1 else 1.0
    shown = max(0, min(digits + 1, int(np.ceil(-np.log10(step) - 1e-9))))
    out = []
    for value in values:
        y = number_px(float(_y(np.array([value]), axes)[0]))
        colour = "#b8bec6" if abs(value) < 1e-12 else GRID
        out.append(
            f"<path d='M{LEFT} {y}H{RIGHT}' stroke='{colour}'/><text x='{LEFT - 5}' y='{float(y) + 3.5}' "
            f"text-anchor='end'>{number(value, shown)}</text>"
        )
    return out


def _toe_offs(leg: LegPair, side: Side) -> list[str]:
    out = []
    for value, colour in zip(leg.toe_off, (SIDE[side], SECOND), strict=True):
        if value is not None:
            x = number_px(LEFT + PER_PERCENT * value)
            out.append(f"<path d='M{x} {TOP - 4}V{TOP + HEIGHT}' stroke='{colour}' stroke-dasharray='2 3'/>")
    return out


def _band(band: Band, axes: Axes, colour: str, dash: str) -> list[str]:
    spread = area(_x(), _y(band.low, axes), _y(band.high, axes))
    line = path(_x(), _y(band.mean, axes))
    return [
        f"<path d='{spread}' fill='{colour}' fill-opacity='0.14'/>" if spread else "",
        f"<path d='{line}' fill='none' stroke='{colour}' stroke-width='2' stroke-dasharray='{dash}'/>",
    ]


def _letters(leg: LegPair, axes: Axes, side: Side) -> list[str]:
    ends = {}
    for name, band in (("A", leg.first), ("B", leg.second)):
        last = np.flatnonzero(np.isfinite(band.mean))
        if last.size:
            ends[name] = float(_y(band.mean[last[-1:]], axes)[0])
    if len(ends) == 2 and abs(ends["A"] - ends["B"]) < LETTER_GAP:
        middle, way = (ends["A"] + ends["B"]) / 2, 1 if ends["B"] >= ends["A"] else -1
        ends = {"A": middle - way * LETTER_GAP / 2, "B": middle + way * LETTER_GAP / 2}
    colours = {"A": SIDE[side], "B": SECOND}
    return [
        f"<text x='{RIGHT + 5}' y='{number_px(y + 3.8)}' fill='{colours[name]}' font-weight='700'>{name}</text>"
        for name, y in ends.items()
    ]


def _strip(difference: Difference, axes: Axes, digits: int) -> list[str]:
    """A minus B with its interval; shaded beyond the floor, underlined where it leaves zero at all."""

    def y(values: FloatArray) -> FloatArray:
        px = STRIP_TOP + STRIP / 2 - values / axes.strip * STRIP / 2
        return np.asarray(px.clip(STRIP_TOP, BOTTOM))

    out = [f"<rect x='{LEFT}' y='{STRIP_TOP}' width='{RIGHT - LEFT}' height='{STRIP}' fill='#f7f8f9'/>"]
    for stretches, top, height, fill in (
        (beyond(difference), STRIP_TOP, STRIP, APART),
        (apart(difference), BOTTOM - 2, 2, APART_LINE),
    ):
        out += [
            f"<rect x='{LEFT + PER_PERCENT * a}' y='{top}' width='{PER_PERCENT * (b - a)}' height='{height}' "
            f"fill='{fill}'/>"
            for a, b in stretches
        ]
    band = area(_x(), y(difference.low), y(difference.high))
    label = f"{axes.strip / 1.08:.{max(digits, 1)}f}"
    middle = number_px(STRIP_TOP + STRIP / 2)
    out += [
        f"<path d='{band}' fill='#374151' fill-opacity='0.25'/>" if band else "",
        f"<path d='M{LEFT} {middle}H{RIGHT}' stroke='#8b929b'/>",
        f"<path d='{path(_x(), y(difference.mean))}' fill='none' stroke='#1f2937' stroke-width='1.6'/>",
        f"<text x='{LEFT - 5}' y='{STRIP_TOP + 9}' text-anchor='end'>+{label}</text>",
        f"<text x='{LEFT - 5}' y='{BOTTOM}' text-anchor='end'>−{label}</text>",
        f"<text x='{RIGHT + 5}' y='{float(middle) + 3.5}' font-weight='600'>A−B</text>",
    ]
    if not np.isfinite(difference.low).any():
        halo = "stroke='#f7f8f9' stroke-width='3' paint-order='stroke'"
        out.append(f"<text x='{LEFT + 4}' y='{BOTTOM - 4}' {halo}>too few strides for an interval</text>")
    return out


def _phases() -> list[str]:
    out = [f"<path d='M{LEFT} {BOTTOM}H{RIGHT}' stroke='#8b929b'/>"]
    for percent in (0, 25, 50, 75, 100):
        x, label = LEFT + PER_PERCENT * percent, "100 %" if percent == 100 else str(percent)
        out.append(
            f"<path d='M{x} {BOTTOM}v3' stroke='#8b929b'/><text x='{x}' y='{BOTTOM + 14}' "
            f"text-anchor='middle'>{label}</text>"
        )
    return out
