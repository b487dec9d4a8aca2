"""The chapter of foot sensors: each foot's strides, and left against right beyond what the method repeats to."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from restride import imu
from restride.chapters.chapter import Chapter, Chart, Measure, Whose
from restride.errors import RestrideError
from restride.findings.blocks import Median, beside, blocks, difference, median
from restride.imu import FootStrides
from restride.signals.recording import Recording, Side
from restride.signals.schema import SIDES, FloatArray, sampling_rate_hz

SEED: Final = 0
BOUT_GAP_S: Final = 2.5  # a pause between contacts after which a person walks anew
FEWEST: Final = 3  # strides of one foot to speak of
TIME_FLOOR_S: Final = 0.010  # of two cameras' sides, contacts differed by 4 ms in bias; never less than two samples
MOST_NAMES: Final = 3  # in one sentence; the table of measures holds them all
RAD: Final = np.pi / 180


@dataclass(frozen=True, slots=True)
class Quantity:
    """One column of the strides and how it is spoken of.

    Attributes
    ----------
    column, name, units : str
    shown_in : str
        Unit of sentences and tables: "ms", "cm", "°", ...
    floor : float
        Up to which left and right may differ by the method alone; its reason in ``floor_reason``.
    floor_reason : str
    more, less : str
        What is said of the left foot where it has more or less, with ``{}`` for how much; empty
        for what two feet that walk together cannot differ in, which is shown as a check.
    """

    column: str
    name: str
    units: str
    shown_in: str
    floor: float
    floor_reason: str
    more: str = ""
    less: str = ""


_EVENTS: Final = "contacts of the two feet differed by 4 ms in bias from cameras; an event falls on a sample"
_ANGLES: Final = "angles against cameras: bias 0.6 to 1.6 degrees, SD 0.6 to 1.8"
_HEIGHTS: Final = "toe clearance against cameras: 0.5 and 0.8 cm too low, SD 0.8 cm"
# floors from validation/imu.py (one walker, both feet, cameras); twice the error of one stride where sides share a bias
QUANTITIES: Final = (
    Quantity(
        *("contact_s", "contact time", "s", "ms", TIME_FLOOR_S, _EVENTS),
        "The left foot stays on the ground {} longer than the right",
        "The left foot stays on the ground {} shorter than the right",
    ),
    Quantity(
        *("swing_s", "swing time", "s", "ms", TIME_FLOOR_S, _EVENTS),
        "The left foot swings {} longer than the right",
        "The left foot swings {} shorter than the right",
    ),
    Quantity(
        *("pitch_contact_rad", "foot pitch at contact, toes up", "rad", "°", 2 * RAD, _ANGLES),
        "The left foot lands with its toes {} higher than the right",
        "The left foot lands with its toes {} lower than the right",
    ),
    Quantity(
        *("pitch_toe_off_rad", "foot pitch at toe-off, toes up", "rad", "°", 3 * RAD, _ANGLES),
        "The left foot leaves the ground tipped {} less than the right",
        "The left foot leaves the ground tipped {} further than the right",
    ),
    Quantity(
        *("pitch_swing_rad", "foot pitch in mid-swing, toes up", "rad", "°", 3 * RAD, _ANGLES),
        "In mid-swing the toes of the left foot are {} higher than those of the right",
        "In mid-swing the toes of the left foot hang {} lower than those of the right",
    ),
    Quantity(
        *("clearance_m", "toe clearance in mid-swing", "m", "cm", 0.01, _HEIGHTS),
        "In mid-swing the toes of the left foot pass {} higher above the ground than those of the right",
        "In mid-swing the toes of the left foot pass {} nearer to the ground than those of the right",
    ),
    Quantity(
        *("whip_rad", "whip in swing, toes outward", "rad", "°", 3 * RAD),
        "against cameras: bias 0.0 and -1.1 degrees, SD 1.4 and 1.7",
        "In swing the toes of the left foot turn {} further outward than those of the right",
        "In swing the toes of the left foot turn {} less outward than those of the right",
    ),
    Quantity("stride_s", "stride time", "s", "ms", TIME_FLOOR_S, _EVENTS),
    Quantity("stride_length_m", "stride length", "m", "cm", 0.03, "twice the mean error of one stride, 1.6 cm"),
    Quantity("speed_m_s", "speed", "m/s", "m/s", 0.03, "as stride length, over a stride of about a second"),
)
_FACTOR: Final = {"ms": 1e3, "cm": 1e2, "°": 1 / RAD, "m/s": 1.0}
_METHOD: Final = "foot IMU, strapdown from rest to rest (restride.imu.feet)"


@dataclass(frozen=True, slots=True)
class _Compared:
    """One quantity of both feet."""

    quantity: Quantity
    floor: float
    of: dict[Side, Median]
    apart: Median

    @property
    def rank(self) -> float:
        """How often the floor goes into the least difference allowed; above 1 it is told."""
        return self.apart.least / self.floor if self.quantity.more else 0.0


def feet_chapter(recording: Recording) -> list[Chapter]:
    """What foot sensors show of each foot and of their difference; empty without strides.

    Parameters
    ----------
    recording : Recording
    """
    acc = recording.signals.get("acc")
    if acc is None or "gyr" not in recording or "foot" not in set(acc.coords.get("segment", acc["sensor"]).values):
        return []
    try:
        found = imu.feet(acc, recording["gyr"])
    except RestrideError:
        return []  # the doubts of the recording say why
    kept = found.strides[found.strides["kept"]]
    sides = [side for side in SIDES if (kept["side"] == side).sum() >= FEWEST]
    if not sides:
        return []
    rows = compared(kept, rate_hz=sampling_rate_hz(acc), one_clock=acc.attrs.get("clocks") != "apart")
    return [
        Chapter(
            key="feet",
            title="Feet, from the sensors on them",
            sentences=tuple(_sentences(rows, sides, found.strides)),
            sureness=_sureness(rows, sides),
            measures=tuple(_measures(rows, sides)),
            charts=tuple(_charts(kept, sides)),
            not_measured=tuple(_not_measured(found, sides)),
            method=f"{_METHOD}; medians over kept strides, intervals from blocks of five neighbouring strides.",
        )
    ]


def compared(kept: pd.DataFrame, *, rate_hz: float, one_clock: bool) -> list[_Compared]:
    """Every quantity of both feet with its interval, its difference and its floor.

    Parameters
    ----------
    kept : DataFrame
        Strides of ``imu.feet`` that are kept.
    rate_hz : float
        Two samples are the least a time can be known to.
    one_clock : bool
        Whether left and right share their times. Then each stride is compared with the other foot's
        just before and after it, so that a change of pace shows in neither; else medians are.
    """
    rng = np.random.default_rng(SEED)
    of = {side: kept[kept["side"] == side] for side in SIDES}
    time_s = {side: t["initial_contact_s"].to_numpy(dtype=float) for side, t in of.items()}
    block = {side: blocks(time_s[side], gap_s=BOUT_GAP_S) for side in SIDES}
    rows = []
    for quantity in QUANTITIES:
        values = {s: (t[quantity.column].to_numpy(dtype=float), block[s]) for s, t in of.items()}
        each = {s: median(*values[s], rng=rng) for s in SIDES}
        floor = max(quantity.floor, 2 / rate_hz) if quantity.units == "s" else quantity.floor
        if one_clock and len(time_s["left"]) and len(time_s["right"]):
            left, right = ((time_s[s], values[s][0]) for s in SIDES)
            # draws of its own, so that exchanged feet give the very same numbers
            apart = beside(left, right, gap_s=BOUT_GAP_S, rng=np.random.default_rng(SEED))
            rows.append(_Compared(quantity, floor, each, apart))
        else:
            rows.append(_Compared(quantity, floor, each, difference(values["left"], values["right"], rng=rng)))
    return rows


def _sentences(rows: list[_Compared], sides: list[Side], strides: pd.DataFrame) -> list[str]:
    if len(sides) < 2:
        return [_one_foot(rows, sides[0]), *_left_out(strides)]
    told = sorted((row for row in rows if row.rank > 1), key=lambda row: -row.rank)
    return [*(_difference(row) for row in told), *([] if told else [_alike(rows)]), *_left_out(strides)]


def _difference(row: _Compared) -> str:
    q, left, right = row.quantity, row.of["left"], row.of["right"]
    words = (q.more if row.apart.value > 0 else q.less).format(_text(abs(row.apart.value), q))
    low, high = sorted(abs(end) for end in row.apart.interval or (np.nan, np.nan))
    return (
        f"{words} ({q.name} {_text(left.value, q, bare=True)} against {_text(right.value, q)}, medians of {left.n} and "
        f"{right.n} strides; 95 % interval of the difference {_text(low, q, bare=True)} to {_text(high, q)}); "
        f"up to {_text(row.floor, q)} the sensors alone may differ."
    )


def _alike(rows: list[_Compared]) -> str:
    """What is said where no difference is sure: that the feet are alike only where that is shown."""
    told = [row for row in rows if row.quantity.more]
    row = next(row for row in told if row.quantity.column == "contact_s")
    each = [_text(row.of[side].value, row.quantity) for side in SIDES]
    contact = f"the left foot is on the ground {each[0]} of each stride, the right {each[1]}"
    if row.apart.interval is None:
        return f"The strides are too few to compare the feet: {contact}."
    unlike = [row for row in told if row.apart.interval and max(map(abs, row.apart.interval)) > row.floor]
    if not unlike:
        return f"Left and right foot move alike in all {len(told)} measures, as far as such sensors can see: {contact}."
    names = ", ".join(row.quantity.name.partition(",")[0] for row in unlike)
    open_still = names if len(unlike) <= MOST_NAMES else f"{len(unlike)} of the {len(told)} measures"
    return f"No difference between the feet is sure ({contact}); not shown to be alike: {open_still}."


def _one_foot(rows: list[_Compared], side: Side) -> str:
    by = {row.quantity.column: row for row in rows}
    stands, lands = by["contact_s"], by["pitch_contact_rad"]
    pitch_rad, n = lands.of[side].value, by["swing_s"].of[side].n
    other = "right" if side == "left" else "left"
    return (
        f"The {side} foot is on the ground {_text(stands.of[side].value, stands.quantity)} of each stride, goes "
        f"{by['stride_length_m'].of[side].value:.2f} m and lands with its toes {_text(abs(pitch_rad), lands.quantity)} "
        f"{'up' if pitch_rad > 0 else 'down'} (medians of {n} strides); no stride of the {other} foot was measured, "
        "so the legs are not compared."
    )


def _left_out(strides: pd.DataFrame) -> list[str]:
    out = strides[~strides["kept"]]
    if out.empty:
        return []
    turned = int(out["reason"].str.startswith("turned").sum())
    rest = len(out) - turned
    no_steps = f"{rest} that {'was no step' if rest == 1 else 'were no steps'} or could not be followed"
    parts = [f"{turned} in turns"] * (turned > 0) + [no_steps] * (rest > 0)
    return [f"{len(out)} of {len(strides)} movements of the feet were left out: {', '.join(parts)}."]


def _sureness(rows: list[_Compared], sides: list[Side]) -> str:
    if len(sides) < 2:
        return "Medians over one recording; how they repeat from day to day was not measured."
    if any(row.rank > 1 for row in rows):
        return (
            "Sure for this recording: also the 99.5 % interval lies beyond what the sensors alone may differ by. "
            "The sides are those the file or take.yaml states."
        )
    return "A difference smaller than the floors beside each measure cannot be seen with such sensors."


def _measures(rows: list[_Compared], sides: list[Side]) -> list[Measure]:
    out = []
    for row in rows:
        q = row.quantity
        named: list[tuple[str, Whose, Median, str]] = [
            (q.name, side, row.of[side], f"{_METHOD}; {q.floor_reason}") for side in sides
        ]
        if len(sides) == 2:
            check = "" if q.more else "; feet that walk together cannot differ in it, so this is a check"
            said = f"left minus right, median over strides; floor {_text(row.floor, q)}: {q.floor_reason}{check}"
            named.append((f"{q.name}, left minus right", "both", row.apart, said))
        for name, side, found, method in named:
            reason = found.reason
            unit = "" if q.shown_in in ("°", "m/s") else q.shown_in
            out.append(
                Measure(name, side, found.value, q.units, found.interval, reason, found.n, "strides", method, unit)
            )
    return out


def _charts(kept: pd.DataFrame, sides: list[Side]) -> list[Chart]:
    time_s = kept["initial_contact_s"].to_numpy(dtype=float)
    wanted = {"contact_s": "s", "clearance_m": "m", "pitch_contact_rad": "rad"}
    names = {row.column: row for row in QUANTITIES}
    charts = []
    for column, units in wanted.items():
        q = names[column]
        series: dict[str, FloatArray] = {
            str(side): np.where(kept["side"] == side, kept[column], np.nan).astype(float) for side in sides
        }
        ends = "; ".join(f"{side} {_range(values, q)}" for side, values in series.items())
        charts.append(
            Chart(
                title=f"{q.name[0].upper()}{q.name[1:]}, stride by stride",
                x=time_s,
                x_words="time",
                x_units="s",
                series=series,
                y_words=q.name,
                y_units=units,
                style="dots",
                words=f"{q.name} of each stride over the recording: {ends}.",
                y_shown_in="" if q.shown_in == "°" else q.shown_in,
            )
        )
    return charts


def _range(values: FloatArray, q: Quantity) -> str:
    if not np.isfinite(values).any():
        return "not measured"
    low, high = np.nanquantile(values, [0.05, 0.95])
    return f"mostly {_text(float(low), q, bare=True)} to {_text(float(high), q)}"


def _not_measured(found: FootStrides, sides: list[Side]) -> list[str]:
    out = [
        "how far the toes point out, because forward is taken from where the foot goes",
        "how high the toes pass above the ground to better than a centimetre",
        "force, and which muscle does what",
    ]
    if len(sides) < 2:
        out.insert(0, "how the legs differ: it takes a sensor on each foot")
    if not len(found.events):
        out.append("when the feet touch and leave the ground")
    return out


def _text(value: float, q: Quantity, *, bare: bool = False) -> str:
    """A number as it is spoken: whole milliseconds, tenths of a centimetre and of a degree."""
    if not np.isfinite(value):
        return "not measured"
    digits = {"ms": 0, "cm": 1, "°": 1, "m/s": 2}[q.shown_in]
    number = f"{_FACTOR[q.shown_in] * value:.{digits}f}".replace("-", "−")
    unit = "°" if q.shown_in == "°" else f" {q.shown_in}"
    return number if bare else f"{number}{unit}"
