"""Two small figures of an origin: what a muscle's difference is made of, and the order of departure."""

from collections.abc import Sequence
from html import escape
from typing import Final

from restride.findings.origin import Departure, MuscleOrigin
from restride.findings.statistics import Estimate
from restride.report.colours import ALIKE, BUSIER, EXPLAINED, OUTLINE, QUIETER
from restride.report.svg import GRID, INK, number_px
from restride.report.verdicts import STATES

WIDTH: Final = 340
# px: words on the left, numbers on the right, the plot between them
LEFT: Final = 72
RIGHT: Final = 284
ROW: Final = 21
BAR: Final = 11
TOP: Final = 6
FOOT: Final = 20
# larger than in the curves: here the words are the figure
FONT: Final = "font-family='system-ui,sans-serif' font-size='12'"
MEASURED: Final = "#374151"
# percent of the reference: figures of small differences do not fill their width
LEAST_SPAN: Final = 20.0
# names of joints and muscles are longer than "asked for"
STRIP_LEFT: Final = 150
# half of the words "100 %"
STRIP_FREE: Final = 22


def parts_svg(muscle: MuscleOrigin, *, situations: tuple[str, str], span: float, words: str) -> str:
    """Measured, asked for and left over as three bars from zero, each with its interval.

    Parameters
    ----------
    muscle : MuscleOrigin
    situations : tuple of str
        Right of zero is more in the first.
    span : float
        Percent of the reference at either end, common to all muscles.
    words : str
        The figure in words.
    """
    state = STATES[muscle.verdict]
    value = muscle.unexplained.value
    left_over = {"busier": BUSIER, "quieter": QUIETER, "explained": EXPLAINED}.get(
        state, (BUSIER if value > 0 else QUIETER) if state == "shifted" else "#fff"
    )
    rows = (
        ("measured", muscle.measured, MEASURED),
        ("asked for", muscle.required, EXPLAINED),
        ("left over", muscle.unexplained, left_over),
    )
    bottom = TOP + ROW * len(rows)
    zero = (LEFT + RIGHT) / 2
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {bottom + FOOT}' role='img' "
        f"aria-label='{escape(words, quote=True)}' {FONT} fill='{INK}'>",
        f"<rect x='{LEFT}' y='{TOP}' width='{RIGHT - LEFT}' height='{bottom - TOP}' fill='#f7f8f9'/>",
    ]
    for i, (name, estimate, colour) in enumerate(rows):
        parts.append(_row(name, estimate, colour, y=TOP + ROW * i, span=span))
    parts.append(f"<path d='M{number_px(zero)} {TOP}V{bottom}' stroke='#6b7280' stroke-width='1.2'/>")
    first, second = (escape(s) for s in situations)
    parts.append(
        f"<text x='{LEFT}' y='{bottom + 13}'>◂ {second} more</text>"
        f"<text x='{RIGHT}' y='{bottom + 13}' text-anchor='end'>{first} more ▸</text></svg>"
    )
    return "".join(parts)


def span_of(muscles: Sequence[MuscleOrigin]) -> float:
    """Percent of the reference that the figures of these muscles reach to either side."""
    values = [
        abs(number)
        for m in muscles
        for e in (m.measured, m.required, m.unexplained)
        for number in ((e.value,) if e.interval is None else (e.value, *e.interval))
        if number == number
    ]
    # a wide interval may run out of the figure; the values may not
    inside = [abs(e.value) for m in muscles for e in (m.measured, m.required, m.unexplained) if e.value == e.value]
    most = 100 * max(inside, default=0.0)
    return max(LEAST_SPAN, min(100 * max(values, default=0.0), 1.6 * most))


def strip_svg(departures: Sequence[Departure], *, words: str) -> str:
    """When each joint or muscle leaves the other situation, one line each, along the stride."""
    bottom = TOP + ROW * len(departures)
    across = (WIDTH - STRIP_FREE - STRIP_LEFT) / 100
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {bottom + FOOT + 12}' role='img' "
        f"aria-label='{escape(words, quote=True)}' {FONT} fill='{INK}'>"
    ]
    for percent in (0, 25, 50, 75, 100):
        x = number_px(STRIP_LEFT + across * percent)
        label = "100 %" if percent == 100 else str(percent)
        parts.append(
            f"<path d='M{x} {TOP}V{bottom}' stroke='{GRID}'/>"
            f"<text x='{x}' y='{bottom + 13}' text-anchor='middle'>{label}</text>"
        )
    for i, departure in enumerate(departures):
        y = TOP + ROW * i + ROW / 2
        low, high, at = (
            number_px(STRIP_LEFT + across * min(100.0, max(0.0, v))) for v in (*departure.interval, departure.at)
        )
        parts.append(
            f"<text x='{STRIP_LEFT - 8}' y='{number_px(y + 3.5)}' text-anchor='end'>{escape(departure.name)}</text>"
            f"<path d='M{low} {number_px(y)}H{high}' stroke='{MEASURED}' stroke-width='2'/>"
            f"<circle cx='{at}' cy='{number_px(y)}' r='4.5' fill='{ALIKE}'/>"
        )
    middle = number_px((STRIP_LEFT + WIDTH - STRIP_FREE) / 2)
    parts.append(f"<text x='{middle}' y='{bottom + 26}' text-anchor='middle'>percent of the stride</text></svg>")
    return "".join(parts)


def bar_svg(probability: float, *, colour: str = MEASURED) -> str:
    """A probability as the filled part of a bar."""
    width = number_px(100 * min(1.0, max(0.0, probability)))
    return (
        "<svg class='chance' viewBox='0 0 100 10' preserveAspectRatio='none' aria-hidden='true'>"
        f"<rect width='100' height='10' fill='#e3e6ea'/><rect width='{width}' height='10' fill='{colour}'/></svg>"
    )


def _row(name: str, estimate: Estimate, colour: str, *, y: float, span: float) -> str:
    """One bar from zero with its whisker, its name before and its number behind."""
    middle = number_px(y + ROW / 2 + 3.5)
    out = f"<text x='{LEFT - 8}' y='{middle}' text-anchor='end'>{name}</text>"
    if estimate.value != estimate.value:
        return out + f"<text x='{number_px((LEFT + RIGHT) / 2 + 8)}' y='{middle}'>not known</text>"
    zero, at = _x(0.0, span), _x(estimate.value, span)
    top = number_px(y + (ROW - BAR) / 2)
    out += (
        f"<rect x='{number_px(min(zero, at))}' y='{top}' width='{number_px(max(abs(at - zero), 1.0))}' "
        f"height='{BAR}' fill='{colour}' stroke='{OUTLINE}' stroke-width='.8'/>"
    )
    if estimate.interval is not None:
        out += _whisker(estimate.interval, y + ROW / 2, span)
    return out + f"<text x='{RIGHT + 6}' y='{middle}' font-weight='600'>{percent(estimate.value)}</text>"


def _whisker(interval: tuple[float, float], y: float, span: float) -> str:
    """The interval as a line, white beneath so that it shows on its bar; an arrow where it runs out of the figure."""
    low, high = (_x(v, span) for v in interval)
    line = f"M{number_px(low)} {number_px(y)}H{number_px(high)}"
    out = f"<path d='{line}' stroke='#fff' stroke-width='4'/><path d='{line}' stroke='#111827' stroke-width='1.6'/>"
    for value, end, way in ((interval[0], low, 5), (interval[1], high, -5)):
        if 100 * abs(value) > span:
            tip = f"M{number_px(end + way)} {number_px(y - 3.5)}l{-way} 3.5l{way} 3.5"
            out += f"<path d='{tip}' fill='none' stroke='#111827' stroke-width='1.6'/>"
    return out


def percent(share: float) -> str:
    """A difference in percent of the reference, with its sign."""
    if share != share:  # NaN
        return "not known"
    text = f"{100 * share:+.0f}"
    return "0 %" if not float(text) else f"{text.replace('-', '−')} %"


def _x(value: float, span: float) -> float:
    """Place of a share of the reference, inside the plot."""
    share = min(1.0, max(-1.0, 100 * value / span))
    return (LEFT + RIGHT) / 2 + share * (RIGHT - LEFT) / 2
