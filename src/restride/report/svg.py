"""Small multiples as SVG, with every attribute inline so that they survive a copy.

A panel is one plot with the two legs and what was required, beneath it bars where a
muscle was switched on, and, where both legs were measured, a strip with left minus right.
Numbers are rounded to 0.1 px; one percent of the stride is 3 px, so that most are whole.
"""

from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from restride.findings.curve_tests import ALPHA
from restride.report.colours import LETTER, REQUIRED, SIDE
from restride.report.page import Band, Difference, Panel
from restride.signals.recording import Side
from restride.signals.schema import FloatArray

WIDTH: Final = 374
LEFT: Final = 42
PER_PERCENT: Final = 3
RIGHT: Final = LEFT + 100 * PER_PERCENT
TOP: Final = 8
HEIGHT: Final = 112
BARS_GAP: Final = 7
BAR: Final = 6
BAR_PITCH: Final = 9
STRIP_GAP: Final = 10
STRIP: Final = 46
FOOT: Final = 18
INK: Final = "#4b5563"
GRID: Final = "#e3e6ea"
APART: Final = "#f3d9a4"
APART_LINE: Final = "#a8833a"
FONT: Final = "font-family='system-ui,sans-serif' font-size='10.5'"
# letters at the line ends keep this distance, or they cover each other
LETTER_GAP: Final = 10.0
# percent of the stride: shorter stretches are neither shaded nor spoken of
LEAST_STRETCH: Final = 2
# the strip's axis spans at least this share of the panel's, either way
LEAST_STRIP: Final = 0.2

Scale = tuple[float, float, float, float]


def panel_svg(panel: Panel, *, sentence: str) -> str:
    """The panel as one SVG element; ``sentence`` is what a screen reader says."""
    scale = _scale(panel)
    end_of_plot = TOP + HEIGHT
    end_of_bars = end_of_plot + (BARS_GAP + BAR_PITCH * len(panel.active) if panel.active else 0)
    bottom = end_of_bars + (STRIP_GAP + STRIP if panel.difference is not None else 0)
    height = bottom + FOOT
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' role='img' "
        f"aria-label='{escape(sentence, quote=True)}' data-panel='{escape(panel.key, quote=True)}' "
        f"data-x0='{LEFT}' data-x1='{RIGHT}' {FONT} fill='{INK}'>",
        _grid(scale, panel.digits),
        *_toe_off(panel.toe_off, end_of_bars),
    ]
    for side, band in panel.required.items():
        parts += _required(band, side, scale)
    for side, band in panel.sides.items():
        parts += _leg(band, side, scale)
    parts += _letters(panel, scale)
    parts += _bars(panel.active, end_of_plot + BARS_GAP)
    if panel.difference is not None:
        least = LEAST_STRIP * (scale[1] - scale[0])
        parts += _strip(panel.difference, panel.digits, least=least, top=end_of_bars + STRIP_GAP)
    parts += [_phase_axis(bottom), _cursors(bottom), "</svg>"]
    return "".join(parts)


def path(x: FloatArray, y: FloatArray) -> str:
    """Path data of a line, to a tenth of a pixel; NaN lifts the pen. Steps are told, not places: that is shorter."""
    out: list[str] = []
    for start, end in runs(~(np.isnan(x) | np.isnan(y))):
        # steps between rounded places, so that no rounding adds up
        places = np.round(10 * np.column_stack([x[start:end], y[start:end]])).astype(int)
        steps = "".join(f"{_step(a)}{_step(b)}" for a, b in np.diff(places, axis=0).tolist())
        first = " ".join(number_px(v / 10) for v in places[0].tolist())
        out.append(f"M{first}l{steps.strip()}" if steps else f"M{first}")
    return "".join(out)


def area(x: FloatArray, low: FloatArray, high: FloatArray) -> str:
    """Path data of the area between two lines, one closed piece per unbroken run."""
    present = ~(np.isnan(low) | np.isnan(high))
    pieces = []
    for start, end in runs(present):
        there, back = slice(start, end), slice(start, end)
        edge = path(x[there], high[there]) + path(x[back][::-1], low[back][::-1]).replace("M", "L", 1)
        pieces.append(edge + "Z")
    return "".join(pieces)


def runs(true: npt.NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    """Half-open index spans in which ``true`` holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def tested(difference: Difference) -> bool:
    """Whether there were strides enough for a whole-curve test of left minus right."""
    return bool(np.isfinite(difference.p).any())


def apart(difference: Difference) -> list[tuple[int, int]]:
    """Stretches, in percent with both ends included, that differ over the whole curve.

    With too few strides for that: where the interval of each phase by itself leaves zero.
    """
    if tested(difference):
        return _stretches(difference.p <= ALPHA)
    return _stretches(_leaves(difference, np.zeros_like(difference.mean)))


def beyond(difference: Difference) -> list[tuple[int, int]]:
    """Parts of those stretches where the interval leaves zero by more than the method's own floor."""
    sure = difference.p <= ALPHA if tested(difference) else np.full(difference.mean.shape, True)
    return _stretches(sure & _leaves(difference, difference.floor))


def _leaves(difference: Difference, size: FloatArray) -> npt.NDArray[np.bool_]:
    return np.asarray((difference.low > size) | (difference.high < -size))  # NaN is neither


def _stretches(true: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    return [(start, end - 1) for start, end in runs(true) if end - start > LEAST_STRETCH]


def ticks(low: float, high: float, *, count: int = 4) -> list[float]:
    """Round numbers between two ends, about ``count`` steps."""
    raw = (high - low) / count
    power = 10.0 ** np.floor(np.log10(raw))
    step = min((s * power for s in (1.0, 2.0, 5.0, 10.0) if s * power >= raw * 0.999), default=raw)
    first = np.ceil(low / step - 1e-9) * step
    # adding zero turns -0.0 into 0.0
    return [float(np.round(v / step) * step) + 0.0 for v in np.arange(first, high + step * 1e-6, step)]


def number_px(value: float) -> str:
    """A place in pixels, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def _step(tenths: int) -> str:
    """A step as path data, with its own separator: " 3", "-.4"."""
    text = f"{abs(tenths) // 10 or ''}{f'.{abs(tenths) % 10}' if tenths % 10 else ''}"
    return f"-{text}" if tenths < 0 else f" {text or '0'}"


def _phases() -> FloatArray:
    return LEFT + PER_PERCENT * np.arange(101.0)


def _scale(panel: Panel) -> Scale:
    """Value and pixel ends of the vertical axis: (low, high, bottom px, top px)."""
    bands = [*panel.sides.values(), *panel.required.values()]
    values = [v for b in bands for v in (b.mean, b.low, b.high)]
    stacked = np.concatenate(values) if values else np.array([0.0, 1.0])
    stacked = stacked[np.isfinite(stacked)]
    low, high = (float(stacked.min()), float(stacked.max())) if stacked.size else (0.0, 1.0)
    if panel.from_zero:
        low = 0.0
        high = max(high, 1e-6)
    spread = max(high - low, 1e-9)
    return (low if panel.from_zero else low - 0.06 * spread, high + 0.06 * spread, TOP + HEIGHT, TOP)


def _to_px(values: FloatArray, scale: Scale) -> FloatArray:
    low, high, bottom, top = scale
    return np.asarray(bottom + (values - low) / (high - low) * (top - bottom)).clip(top - 4, bottom + 4)


def _grid(scale: Scale, digits: int) -> str:
    low, high, _, _ = scale
    values = ticks(low, high)
    step = values[1] - values[0] if len(values) > 1 else 1.0
    # enough decimals to tell neighbouring labels apart, and no more
    shown = max(0, min(digits + 1, int(np.ceil(-np.log10(step) - 1e-9))))
    parts = []
    for value in values:
        y = float(_to_px(np.array([value]), scale)[0])
        label = f"{value:.{shown}f}".replace("-", "−")
        strong = abs(value) < 1e-12
        parts.append(
            f"<path d='M{LEFT} {number_px(y)}H{RIGHT}' stroke='{'#b8bec6' if strong else GRID}' stroke-width='1'/>"
            f"<text x='{LEFT - 5}' y='{number_px(y + 3.5)}' text-anchor='end'>{label}</text>"
        )
    return "".join(parts)


def _toe_off(percent: Mapping[Side, float], bottom: float) -> list[str]:
    out = []
    for side, value in percent.items():
        x = number_px(LEFT + PER_PERCENT * value)
        out.append(f"<path d='M{x} {TOP - 4}V{number_px(bottom)}' stroke='{SIDE[side]}' stroke-dasharray='3 3'/>")
    return out


def _required(band: Band, side: Side, scale: Scale) -> list[str]:
    dash = " stroke-dasharray='6 3'" if side == "left" else ""
    return [
        _area(band, scale, REQUIRED, 0.16),
        f"<path d='{path(_phases(), _to_px(band.mean, scale))}' fill='none' stroke='{REQUIRED}' "
        f"stroke-width='1.6'{dash}/>",
    ]


def _leg(band: Band, side: Side, scale: Scale) -> list[str]:
    y = _to_px(band.mean, scale)
    line = f"<path d='{path(_phases(), y)}' fill='none' stroke='{SIDE[side]}' stroke-width='2.2'/>"
    return [_area(band, scale, SIDE[side], 0.17), line]


def _area(band: Band, scale: Scale, colour: str, opacity: float) -> str:
    data = area(_phases(), _to_px(band.low, scale), _to_px(band.high, scale))
    return f"<path d='{data}' fill='{colour}' fill-opacity='{opacity}'/>" if data else ""


def _letters(panel: Panel, scale: Scale) -> list[str]:
    """L and R at the ends of the lines; the left one also has an open marker."""
    ends = [
        (side, which, int(np.flatnonzero(np.isfinite(band.mean))[-1]), _to_px(band.mean, scale))
        for which, bands in (("measured", panel.sides), ("required", panel.required))
        for side, band in bands.items()
        if np.isfinite(band.mean).any()
    ]
    out = []
    for column, which in enumerate(("measured", "required")):
        own = [end for end in ends if end[1] == which]
        places = _spread([float(y[last]) for _, _, last, y in own])
        for (side, _, last, y), place in zip(own, places, strict=True):
            colour = SIDE[side] if which == "measured" else REQUIRED
            end = LEFT + PER_PERCENT * last  # a curve may stop before 100 %
            x = end + 5 + 9 * column
            out.append(
                f"<text x='{x}' y='{number_px(place + 3.8)}' fill='{colour}' font-weight='700'>{LETTER[side]}</text>"
            )
            if side == "left" and which == "measured":
                out.append(
                    f"<circle cx='{end}' cy='{number_px(float(y[last]))}' r='2.8' fill='#fff' stroke='{colour}'/>"
                )
    return out


def _spread(heights: list[float]) -> list[float]:
    """The heights, moved apart until letters do not cover each other."""
    lowest = TOP + HEIGHT - 3.0  # the axis has its own letters
    if len(heights) != 2 or abs(heights[0] - heights[1]) >= LETTER_GAP:
        return [min(height, lowest) for height in heights]
    middle = min(sum(heights) / 2, lowest - LETTER_GAP / 2)
    first_above = heights[0] <= heights[1]
    up, down = middle - LETTER_GAP / 2, middle + LETTER_GAP / 2
    return [up, down] if first_above else [down, up]


def _bars(active: Mapping[Side, FloatArray], top: int) -> list[str]:
    """When each leg's muscle was switched on: the more strides agree, the darker."""
    out = []
    for row, (side, share) in enumerate(active.items()):
        y, colour = top + row * BAR_PITCH, SIDE[side]
        out += [_rect(a, b - 1, y + BAR // 2, 1, GRID) for a, b in runs(np.isfinite(share))]
        steps = np.round(np.nan_to_num(share), 1)
        edges = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), steps.size]
        out += [
            # a point stands for half a percent to either side
            _rect(max(a - 0.5, 0), min(b - 0.5, 100), y, BAR, colour, f" fill-opacity='{number_px(steps[a])}'")
            for a, b in pairwise(edges)
            if steps[a] > 0
        ]
        letter = f"<text x='{RIGHT + 5}' y='{y + BAR + 1}' font-size='9' font-weight='700' fill='{colour}'>"
        out.append(f"{letter}{LETTER[side]}</text>")
    if active:
        out.append(f"<text x='{LEFT - 5}' y='{top + BAR_PITCH * len(active)}' text-anchor='end'>on</text>")
    return out


def _strip(difference: Difference, digits: int, *, least: float, top: int) -> list[str]:
    """Left minus right with its interval; underlined where it differs over the whole curve, shaded beyond the floor.

    Its axis reaches at least ``least`` either way, so that a small difference looks small.
    """
    stacked = np.concatenate([difference.mean, difference.low, difference.high])
    size = float(np.nanmax(np.abs(stacked), initial=least)) if np.isfinite(stacked).any() else least
    scale = (-size * 1.08, size * 1.08, float(top + STRIP), float(top))
    out = [f"<rect x='{LEFT}' y='{top}' width='{RIGHT - LEFT}' height='{STRIP}' fill='#f7f8f9'/>"]
    pale = "" if tested(difference) else " fill-opacity='0.45'"  # of single phases only, which is less sure
    for start, end in beyond(difference):
        out.append(_rect(start, end, top, STRIP, APART, pale))
    for start, end in apart(difference):
        out.append(_rect(start, end, top + STRIP - 2, 2, APART_LINE))
    phases = _phases()
    data = area(phases, _to_px(difference.low, scale), _to_px(difference.high, scale))
    middle = number_px(top + STRIP / 2)
    label = f"{size:.{max(digits, 1)}f}"
    out += [
        f"<path d='{data}' fill='#374151' fill-opacity='0.25'/>" if data else "",
        f"<path d='M{LEFT} {middle}H{RIGHT}' stroke='#8b929b'/>",
        f"<path d='{path(phases, _to_px(difference.mean, scale))}' fill='none' stroke='#1f2937' stroke-width='1.6'/>",
        f"<text x='{LEFT - 5}' y='{top + 9}' text-anchor='end'>+{label}</text>",
        f"<text x='{LEFT - 5}' y='{top + STRIP}' text-anchor='end'>−{label}</text>",
        f"<text x='{RIGHT + 5}' y='{number_px(top + STRIP / 2 + 3.5)}' font-weight='600'>L−R</text>",
    ]
    sure = [float(np.nanmin(difference.p[start : end + 1])) for start, end in apart(difference) if tested(difference)]
    if sure:
        out.append(f"<text x='{RIGHT + 3}' y='{number_px(top + STRIP / 2 + 15)}' font-size='9'>{_p(min(sure))}</text>")
    if not np.isfinite(difference.low).any():
        halo = "stroke='#f7f8f9' stroke-width='3' paint-order='stroke'"
        out.append(f"<text x='{LEFT + 4}' y='{top + STRIP - 4}' {halo}>too few strides for an interval</text>")
    return out


def _p(p: float) -> str:
    """``p .012``, short enough for the margin."""
    return "p<.001" if p < 0.001 else f"p {p:.3f}".replace("0.", ".")


def _rect(start: float, end: float, y: int, height: int, fill: str, more: str = "") -> str:
    """A bar from one percent of the stride to another."""
    x, width = LEFT + PER_PERCENT * start, PER_PERCENT * (end - start)
    return f"<rect x='{number_px(x)}' y='{y}' width='{number_px(width)}' height='{height}' fill='{fill}'{more}/>"


def _phase_axis(bottom: float) -> str:
    parts = [f"<path d='M{LEFT} {bottom}H{RIGHT}' stroke='#8b929b'/>"]
    for percent in (0, 25, 50, 75, 100):
        x = LEFT + PER_PERCENT * percent
        label = "100 %" if percent == 100 else str(percent)
        parts.append(
            f"<path d='M{x} {bottom}v3' stroke='#8b929b'/>"
            f"<text x='{x}' y='{bottom + 14}' text-anchor='middle'>{label}</text>"
        )
    return "".join(parts)


def _cursors(bottom: float) -> str:
    """Lines the script moves; hidden until it does."""
    lines = [
        f"<line class='elsewhere-{side}' x1='0' x2='0' y1='{TOP}' y2='{bottom}' stroke='{SIDE[side]}' "
        "stroke-width='1.6' stroke-dasharray='1 3' visibility='hidden'/>"
        for side in ("left", "right")
    ]
    lines.append(
        f"<line class='cursor' x1='0' x2='0' y1='{TOP - 4}' y2='{bottom}' stroke='#111827' stroke-width='1.2' "
        "visibility='hidden'/>"
    )
    return "".join(lines)
