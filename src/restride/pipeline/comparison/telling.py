"""The sentence on top of a comparison: what changed, on which leg, and how sure that is."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from scipy import stats

from restride.findings.between import LEFT_AGAINST_RIGHT
from restride.findings.effects import ALPHA
from restride.findings.finding import Finding, Summary
from restride.findings.own_error import Against
from restride.findings.pairs import SHAPE
from restride.findings.sides import ROTATIONS
from restride.findings.summary import DIRECTIONS, JOINTS
from restride.pipeline.analysis import Analysis
from restride.pipeline.comparison.records import MeasureChange
from restride.pipeline.comparison.rows import Rows
from restride.signals.recording import Doubt
from restride.signals.vocabulary import PELVIS_COORDINATES, SITES, listed, plain

Noise = Mapping[Finding | MeasureChange, Against]

# of an outing: what somebody does, not how the legs do it, and slopes against something else; they never top the page
NOT_OF_THE_LEGS: Final = ("speed", "heart rate", "power", "grade", "cadence", "change of")
# coordinate -> its positive and negative direction
WAYS: Final[Mapping[str, tuple[str, str]]] = {
    **DIRECTIONS,
    "pelvis_tilt": ("backward tilt", "forward tilt"),
    "pelvis_rotation": ("turning that side forward", "turning that side back"),
    "trunk_lean": ("forward lean", "backward lean"),
    "mtp_angle": ("toe extension", "toe flexion"),
}
# units of a row -> factor, decimals, words
SPOKEN: Final[Mapping[str, tuple[float, int, str]]] = {
    "deg": (1.0, 0, "°"),
    "N m": (1.0, 0, " N m"),
    "s": (1.0, 3, " s"),
    "1": (100.0, 0, " %"),
    "% of stride": (1.0, 1, " % of the stride"),
}
# units of a measure, and the one asked for -> factor, decimals, words
IN_WORDS: Final[Mapping[tuple[str, str], tuple[float, int, str]]] = {
    ("1", "%"): (100.0, 1, " %"),
    ("s", "ms"): (1e3, 0, " ms"),
    ("Hz", "per min"): (60.0, 0, " per minute"),
    ("m", "mm"): (1e3, 0, " mm"),
    ("m", "cm"): (1e2, 1, " cm"),
    ("m/s", "mm/s"): (1e3, 1, " mm/s"),
    ("m^2", "cm²"): (1e4, 1, " cm²"),
}


def summary_of(
    rows: Rows,
    measures: Sequence[MeasureChange],
    *,
    noise: Noise,
    names: tuple[str, str],
    analyses: tuple[Analysis, Analysis],
    warnings: Sequence[Doubt],
) -> Summary:
    """What changed most, or that nothing did beyond noise.

    Parameters
    ----------
    rows : Rows
    measures : sequence of MeasureChange
    noise : mapping
        Changes within the person's own noise are never named.
    names : tuple of str
    analyses : tuple of Analysis
    warnings : sequence of Doubt
    """
    lead = max((f for f in _leads(rows) if _counts(f, noise)), key=_telling, default=None)
    # no change of one leg is sure by itself, but that the legs changed differently may be
    lead = lead or max((f for f in rows.interactions if _counts(f, noise)), key=_telling, default=None)
    measure = None if lead or rows.changes else _strongest(measures, noise)
    if lead is not None:
        sentence = _of_change(lead, rows, noise, names) if lead in rows.changes else _of_interaction(lead, names)
    elif measure is not None:
        sentence = _of_measure(measure, names)
    else:
        sentence = _nothing(rows, measures, names)
    return Summary(
        sentence=sentence[:1].upper() + sentence[1:],
        sureness=_sureness(lead or measure, rows, noise, names, analyses, warnings),
        not_measured=_not_measured(analyses, names),
    )


def _counts(change: Finding, noise: Noise) -> bool:
    return change.strength > 0 and noise[change].verdict != "within"


def _leads(rows: Rows) -> list[Finding]:
    """Changes of one leg, and the shares that stand in for sizes of EMG where these cannot be compared."""
    shares = [f for f in rows.interactions if not f.name.endswith(LEFT_AGAINST_RIGHT)]
    sized = any(f.topic == "muscle" and not of_shape(f) for f in rows.changes)
    return [f for f in rows.changes if sized or not of_shape(f)] + ([] if sized else shares)


def of_shape(f: Finding) -> bool:
    """Whether a row compares how a leg's activity is spread over the stride, and not its size."""
    return f.topic == "muscle" and SHAPE.measure in f.name


def _telling(change: Finding) -> tuple[bool, float]:
    """By strength; what skin markers show worst, and co-contraction, lead only where nothing else does."""
    plainly = change.what in SITES if change.topic == "muscle" else change.what not in ROTATIONS
    return plainly, change.strength


def _of_change(f: Finding, rows: Rows, noise: Noise, names: tuple[str, str]) -> str:
    """The change of one leg, and what the other did in the same."""
    other = next((g for g in rows.changes if _cell(g) == _cell(f) and g.side != f.side), None)
    told = _leg(f, names)
    if other is None:
        return f"{told}; the other leg was not measured in both."
    if other.interval is None:
        return f"{told}; of the {other.side} leg there are too few strides to tell ({_numbers(other)})."
    name = f.name + LEFT_AGAINST_RIGHT
    between = next((i for i in rows.interactions if (i.name, i.window_name) == (name, f.window_name)), None)
    apart = between is not None and _counts(between, noise)
    both = _counts(other, noise) and other.value * f.value > 0
    if apart and not _counts(other, noise):
        apart_words = "and that difference between them is itself sure"
        return f"{told}; the {other.side} leg was not ({_numbers(other)}), {apart_words}."
    if apart and both:
        return f"{told}; the {other.side} leg changed the same way, but not by as much ({_numbers(other)})."
    if apart:
        return f"{told}; the {other.side} leg changed the other way ({_numbers(other)})."
    if both:
        return f"{told}; the {other.side} leg changed the same way ({_numbers(other)})."
    return f"{told}; of the {other.side} leg it cannot be told ({_numbers(other)})."


def _leg(f: Finding, names: tuple[str, str]) -> str:
    """One leg's change in plain words."""
    a, b = names
    where = "through the whole stride" if f.window_name == "whole stride" else f"in {f.window_name}"
    if f.topic == "joint":
        # the pelvis belongs to both legs: a row of it is that of one leg's strides
        own = f"{f.side} {JOINTS.get(f.what, plain(f.what))}"
        joint = f"{plain(f.what)} over {f.side} strides" if f.what in PELVIS_COORDINATES else own
        if f.name.endswith("range"):
            return f"the {joint} moved {'more' if f.value > 0 else 'less'} in {a} than in {b} ({_numbers(f)})"
        ways = WAYS.get(f.what)
        way = f"further into {ways[f.value < 0]}" if ways else "larger" if f.value > 0 else "smaller"
        return f"the {joint} was {abs(f.value):.0f}° {way} in {a} than in {b} {where}"
    if f.topic == "timing":
        when = "later" if f.value > 0 else "earlier"
        return f"the {f.side} {plain(f.what)} fired {abs(f.value):.0f} % of the stride {when} in {a} than in {b}"
    if f.topic == "stride":
        way = "longer" if f.value > 0 else "shorter"
        return f"the {f.side} {f.name} was {way} in {a} than in {b} ({_numbers(f)})"
    if of_shape(f):
        more = "more" if f.value > 0 else "less"
        return f"{more} of the {f.side} {plain(f.what)}'s activity lay {where} in {a} than in {b} ({_numbers(f)})"
    if f.topic == "muscle":
        way = "busier" if f.value > 0 else "quieter"
        return f"the {f.side} {plain(f.what)} was {way} in {a} than in {b} {where} ({_numbers(f)})"
    way = "larger" if f.value > 0 else "smaller"
    return f"the {f.side} {f.name} was {way} in {a} than in {b} {where} ({_numbers(f)})"


def _of_interaction(f: Finding, names: tuple[str, str]) -> str:
    a, b = names
    where = "through the whole stride" if f.window_name == "whole stride" else f"in {f.window_name}"
    if not f.name.endswith(LEFT_AGAINST_RIGHT):
        way = "larger" if f.value > 0 else "smaller"
        return f"the left leg's share of {plain(f.what)} activity was {way} in {a} than in {b} {where} ({_numbers(f)})."
    name = f.name.removesuffix(LEFT_AGAINST_RIGHT)
    changed = [f"{side} {_value(v, f.units, signed=True)}" for side, v in (("left", f.this), ("right", f.other))]
    return f"the legs changed differently from {b} to {a} in {name} {where}: {listed(changed)}."


def _of_measure(m: MeasureChange, names: tuple[str, str]) -> str:
    whose = f"on the {m.side} leg, " if m.side in ("left", "right") else ""
    way = "higher" if m.value > 0 else "lower"
    numbers = [_in_units(v, m.units, m.shown_in) for v in (m.this, m.other)]
    return f"{whose}{m.name} was {way} in {names[0]} than in {names[1]} ({numbers[0]} against {numbers[1]})."


def _strongest(measures: Sequence[MeasureChange], noise: Noise) -> MeasureChange | None:
    """Of what leaves zero: numbers of one leg first, then the largest sure share.

    The more numbers are looked at, the further one has to leave zero to top the page (Bonferroni).
    """
    asked = [m for m in measures if m.interval is not None and not any(word in m.name for word in NOT_OF_THE_LEGS)]
    wider = float(stats.norm.ppf(1 - ALPHA / 2 / max(len(asked), 1)) / stats.norm.ppf(1 - ALPHA / 2))

    def sure_by(m: MeasureChange) -> float:
        assert m.interval is not None  # chosen so above
        low, high = (m.value + wider * (end - m.value) for end in m.interval)
        return max(low, -high) / max(abs(m.this), abs(m.other), np.finfo(float).tiny)

    sure = [m for m in asked if sure_by(m) > 0 and noise[m].verdict != "within"]
    return max(sure, key=lambda m: (m.side in ("left", "right"), sure_by(m)), default=None)


def _nothing(rows: Rows, measures: Sequence[MeasureChange], names: tuple[str, str]) -> str:
    between = f"between {names[0]} and {names[1]}"
    if rows.changes and not any(f.interval for f in rows.changes):
        return f"there are too few strides to tell a change {between} from chance."
    if rows.changes:
        return f"nothing changed {between} by more than the strides' spread and the method's floor."
    if not any(m.interval for m in measures):
        return f"no number of these recordings has an interval, so a change {between} cannot be told from chance."
    return f"nothing that both recordings measured of the legs changed {between} by more than its interval."


def _sureness(
    lead: Finding | MeasureChange | None,
    rows: Rows,
    noise: Noise,
    names: tuple[str, str],
    analyses: tuple[Analysis, Analysis],
    warnings: Sequence[Doubt],
) -> str:
    parts = []
    if rows.changes:
        counts = [a.cycles.loc[a.cycles["kept"], "side"].value_counts() for a in analyses]
        strides = [
            f"{int(n.get('left', 0))} left and {int(n.get('right', 0))} right strides of {name}"
            for n, name in zip(counts, names, strict=True)
        ]
        parts.append(f"From {listed(strides)}.")
    if lead is not None and lead.interval is not None:
        low, high = (_shown(lead, v) for v in lead.interval)
        of = (
            "left change minus right change"
            if isinstance(lead, Finding) and lead.name.endswith(LEFT_AGAINST_RIGHT)
            else f"{names[0]} minus {names[1]}"
        )
        over = "strides" if isinstance(lead, Finding) else "minutes or trials"
        parts.append(
            f"{of[:1].upper()}{of[1:]} lies between {low} and {high} (95 % interval over {over}, not over days)."
        )
    if lead is not None:
        known = noise[lead]
        parts.append(
            "Whether that is more than your own day-to-day noise is not known."
            if known.verdict == "not known"
            else known.words
        )
    along = [w.about for w in warnings if w.severity == "warning" and w.about != "baseline"]
    if along and (lead is not None):
        parts.append(f"The two also differ in {listed(along)}, so the change cannot be told from an effect of that.")
    return " ".join(parts)


def _not_measured(analyses: tuple[Analysis, Analysis], names: tuple[str, str]) -> tuple[str, ...]:
    one, other = (analysis.summary.not_measured for analysis in analyses)
    return (
        *(text for text in one if text in other),
        *(f"in {names[0]}: {text}" for text in one if text not in other),
        *(f"in {names[1]}: {text}" for text in other if text not in one),
    )


def _cell(f: Finding) -> tuple[str, str, str]:
    return f.topic, f.name, f.window_name


def _numbers(f: Finding) -> str:
    return f"{_value(f.this, f.units)} against {_value(f.other, f.units)}"


def _shown(change: Finding | MeasureChange, value: float) -> str:
    if isinstance(change, MeasureChange):
        return _in_units(value, change.units, change.shown_in, signed=True)
    return _value(value, change.units, signed=True)


def _value(value: float, units: str, *, signed: bool = False) -> str:
    factor, digits, unit = SPOKEN.get(units, (1.0, 2, ""))
    return f"{factor * value:{'+' if signed else ''}.{digits}f}{unit}"


def _in_units(value: float, units: str, shown_in: str, *, signed: bool = False) -> str:
    sign = "+" if signed else ""
    if (units, shown_in) in IN_WORDS:
        factor, digits, unit = IN_WORDS[units, shown_in]
        return f"{factor * value:{sign}.{digits}f}{unit}"
    return f"{value:{sign}.3g}{'' if units == '1' else ' ' + units}"
