"""What the page of a comparison shows, as records: gathered once, then only drawn."""

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.findings.between import LEFT_AGAINST_RIGHT
from restride.findings.conditions import FACTORS
from restride.findings.finding import Finding
from restride.findings.own_error import FEWEST_SESSIONS, Against
from restride.pipeline.comparison import Comparison, MeasureChange
from restride.report.gather import METHODS, SHOWN
from restride.report.origin import origin_part
from restride.report.page import Band, Difference, OriginPart, Table
from restride.report.panels import DEGREES, JOINTS, PELVIS, bands, toe_offs
from restride.report.shown import shown
from restride.report.words import ANGLES, MOMENTS, capital, number, site_title, typeset
from restride.signals.recording import Doubt, Side
from restride.signals.schema import SIDES
from restride.signals.vocabulary import listed, plain

NOISE: Final[Mapping[str, str]] = {"beyond": "yes", "within": "no", "unsure": "not sure", "not known": "not known"}
EXPLAINED: Final[Mapping[str, str]] = {
    "unsure": "beyond the noise as far as these sessions show it, but so few leave open how large it is.",
    "not known": "fewer than three of the baseline sessions measured this, in this way.",
}
ROLES: Final[Mapping[str, str]] = {
    "asked": "this is the question",
    "confounds": "can make a difference by itself",
    "not known": "not known",
}
_WHOSE: Final[Mapping[str, str]] = {"": "–", "both": "both legs", "one, not stated which": "one leg, not stated which"}


@dataclass(frozen=True, slots=True, eq=False)
class LegPair:
    """One leg in both recordings, their difference, and each one's toe-off in percent."""

    first: Band
    second: Band
    difference: Difference
    toe_off: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class PairPanel:
    """One quantity: each leg's two recordings over each other, both legs on the same axes."""

    key: str
    title: str
    axis: str
    unit: str
    digits: int
    from_zero: bool
    legs: Mapping[Side, LegPair]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPage:
    """Everything on the page of a comparison, in the order a reader meets it."""

    synthetic: bool
    names: tuple[str, str]
    warnings: tuple[Doubt, ...]
    sentence: str
    sureness: str
    not_measured: tuple[str, ...]
    conditions: Table
    changes: Table
    interactions: Table
    shares: Table
    groups: tuple[tuple[str, tuple[PairPanel, ...]], ...]
    measures: Table
    origins: Mapping[Side, OriginPart]
    notes: tuple[str, ...]
    doubts: tuple[tuple[str, Doubt], ...]
    methods: Table
    sources: tuple[tuple[str, ...], tuple[str, ...]]
    version: str


def compared_page(comparison: Comparison) -> ComparedPage:
    """Everything the page shows."""
    analyses = (comparison.first, comparison.second)
    summary = comparison.summary
    letters = ("A", "B")
    between = [f for f in comparison.interactions if f.name.endswith(LEFT_AGAINST_RIGHT)]
    shares = [f for f in comparison.interactions if not f.name.endswith(LEFT_AGAINST_RIGHT)]
    return ComparedPage(
        synthetic=any(a.synthetic for a in analyses),
        names=comparison.names,
        warnings=tuple(w for w in comparison.warnings if w.severity == "warning"),
        sentence=typeset(summary.sentence),
        sureness=typeset(summary.sureness),
        not_measured=tuple(typeset(capital(text)) for text in summary.not_measured),
        conditions=_conditions(comparison),
        changes=_rows("changes", "Changes of each leg, largest first", comparison, comparison.changes),
        interactions=_rows("interactions", "Left against right, clearest first", comparison, between),
        shares=_rows("shares", "The left leg's share of each muscle's activity", comparison, shares),
        groups=_groups(comparison),
        measures=_measures(comparison),
        origins={side: origin_part(o, reference=comparison.emg_axis) for side, o in comparison.origin.items()},
        notes=_notes(comparison),
        doubts=(
            *(("both", w) for w in comparison.warnings if w.severity != "warning"),
            *((letter, d) for letter, a in zip(letters, analyses, strict=True) for d in a.doubts),
        ),
        methods=_methods(comparison),
        sources=tuple(tuple(f"{s.format}, sha256 {s.sha256[:16]}…" for s in a.recording.sources) for a in analyses),  # type: ignore[arg-type]
        version=importlib.metadata.version("restride"),
    )


def _conditions(comparison: Comparison) -> Table:
    rows = tuple(
        (
            capital(FACTORS[d.factor].words if d.factor in FACTORS else d.factor),  # type: ignore[index]
            typeset(d.first),
            typeset(d.second),
            ROLES[d.role],
        )
        for d in comparison.conditions
    )
    head = ("In what they differ", *comparison.names, "What it is here")
    return Table("conditions", "In what the two recordings differ", head, rows)


def _rows(key: str, caption: str, comparison: Comparison, findings: Sequence[Finding]) -> Table:
    between, of_a_leg = key == "interactions", key == "changes"
    numbers = ("Left", "Right") if between else comparison.names
    head = (
        "Quantity",
        "Where in the stride",
        *(("Leg",) if of_a_leg else ()),
        *numbers,
        "Left − right" if between else "A − B",
        "95 % interval",
        "Beyond the method's floor?",
        "Bigger than your day-to-day noise?",
        "Strides",
        "Method",
    )
    letter = {m: chr(ord("a") + i) for i, m in enumerate(dict.fromkeys(f.method for f in findings))}
    rows = tuple(_row(f, comparison.own_noise[f], letter[f.method], of_a_leg=of_a_leg) for f in findings)
    notes = (*(f"Method {mark}: {method}." for method, mark in letter.items()), *_noise_notes(comparison, findings))
    return Table(key, caption, head, rows, notes)


def _row(f: Finding, noise: Against, method: str, *, of_a_leg: bool) -> tuple[str, ...]:
    unit, factor, digits = SHOWN.get(f.units, (f.units, 1.0, 2))
    unit = f" {unit}" if unit and unit != "°" else unit

    def text(value: float) -> str:
        return f"{number(factor * value, digits)}{unit}"

    interval = f"{number(factor * f.interval[0], digits)} to {text(f.interval[1])}" if f.interval else f.interval_reason
    return (
        capital(f.name.removesuffix(LEFT_AGAINST_RIGHT)),
        f"{f.window_name}, {f.window[0]:.0f}–{f.window[1]:.0f} %",
        *((f.side,) if of_a_leg else ()),
        text(f.this),
        text(f.other),
        text(f.value),
        interval,
        "yes" if f.strength > 0 else "no" if f.interval else "not known",
        NOISE[noise.verdict],
        f"{f.n[0]} and {f.n[1]}",
        method,
    )


def _noise_notes(comparison: Comparison, changed: Sequence[Finding | MeasureChange]) -> tuple[str, ...]:
    if comparison.baseline < FEWEST_SESSIONS:
        return ("Your own day-to-day noise is not known: fewer than three baseline sessions were given (--baseline).",)
    seen = {comparison.own_noise[f].verdict for f in changed}
    told = (f"“{capital(NOISE[verdict])}”: {text}" for verdict, text in EXPLAINED.items() if verdict in seen)
    return (f"Your own day-to-day noise comes from {comparison.baseline} baseline sessions.", *told)


def _measures(comparison: Comparison) -> Table:
    head = ("Measure", "Side", *comparison.names, "A − B", "95 % interval", "Bigger than your day-to-day noise?")
    rows = tuple(_measure_row(m, comparison.own_noise[m]) for m in comparison.measures)
    notes: tuple[str, ...] = ()
    if comparison.measures:
        notes = (f"Difference: {comparison.measures[0].method}.", *_noise_notes(comparison, comparison.measures))
    return Table("measures", "Numbers that both recordings hold", head, rows, notes)


def _measure_row(m: MeasureChange, noise: Against) -> tuple[str, ...]:
    way = shown(m.units, max(abs(m.this), abs(m.other)), asked=m.shown_in)
    interval = f"{way.text(m.interval[0])} to {way.with_unit(m.interval[1])}" if m.interval else m.interval_reason
    return (
        f"{m.chapter}: {m.name}",
        _WHOSE.get(m.side, m.side),
        way.with_unit(m.this),
        way.with_unit(m.other),
        way.with_unit(m.value),
        interval,
        NOISE[noise.verdict],
    )


def _notes(comparison: Comparison) -> tuple[str, ...]:
    """What holds for the curves and rows of this comparison."""
    if "emg" not in comparison.curves:
        return ()
    if comparison.one_sticking:
        return ("No electrode was moved between the two, so EMG of both is drawn and compared on one scale.",)
    return (
        "The electrodes were stuck on anew between the two, or nobody said that they were not. So the size of one "
        "leg's EMG is not compared. What is compared of each leg is when it fires and how its activity is spread over "
        "the stride; and of both legs how they share it, with a floor for the electrodes.",
    )


def _methods(comparison: Comparison) -> Table:
    a, b = comparison.first.method, comparison.second.method
    keys = [key for key in dict.fromkeys((*a, *b)) if a.get(key) or b.get(key)]
    rows = tuple((METHODS.get(k, capital(plain(k))), a.get(k) or "–", b.get(k) or "–") for k in keys)
    return Table("methods", "How each quantity was obtained", ("Quantity", *comparison.names), rows)


def _groups(comparison: Comparison) -> tuple[tuple[str, tuple[PairPanel, ...]], ...]:
    """Joint by joint: its angle, its muscles, its moment; then the rest."""
    found: list[tuple[str, list[PairPanel]]] = []
    known: set[str] = set()
    for joint, (coordinates, sites) in JOINTS.items():
        known |= set(sites)
        found.append(
            (
                joint,
                [
                    *_angles(comparison, coordinates),
                    *_of_kind(comparison, "emg", sites),
                    *_moments(comparison, coordinates),
                ],
            )
        )
    others = [site for site in _names(comparison, "emg") if site not in known]
    rest = [
        *_of_kind(comparison, "foot_pitch", ("foot_pitch",)),
        *_of_kind(comparison, "foot_lift", ("foot_lift",)),
        *_angles(comparison, PELVIS),
        *_of_kind(comparison, "grf", ("y",)),
        *_of_kind(comparison, "emg", others),
    ]
    found.append(("Feet, pelvis, ground and other muscles", rest))
    return tuple((title, tuple(panels)) for title, panels in found if panels)


@dataclass(frozen=True, slots=True)
class _Look:
    title: str
    axis: str
    unit: str = ""
    factor: float = 1.0
    digits: int = 2
    from_zero: bool = False


def _angles(comparison: Comparison, names: Sequence[str]) -> list[PairPanel]:
    return _of_kind(comparison, "angles", [name for name in names if name in ANGLES])


def _moments(comparison: Comparison, names: Sequence[str]) -> list[PairPanel]:
    return _of_kind(comparison, "moments", [name for name in names if name in MOMENTS])


def _look(comparison: Comparison, kind: str, name: str) -> _Look:
    if kind == "angles":
        return _Look(ANGLES[name][0], f"degrees, {ANGLES[name][1]}", "°", DEGREES, 0)
    if kind == "moments":
        return _Look(MOMENTS[name][0], f"internal, N·m, {MOMENTS[name][1]}", "N·m", 1.0, 0)
    if kind == "grf":
        return _Look("Vertical ground force", "N, upward", "N", 1.0, 0, from_zero=True)
    if kind == "foot_pitch":
        return _Look("Foot pitch", "degrees against the flat foot, toes up", "°", DEGREES, 0)
    if kind == "foot_lift":
        return _Look("Height of the foot sensor", "mm above where it rests", "mm", 1e3, 0)
    return _Look(site_title(name), f"EMG, {comparison.emg_axis}", from_zero=True)


def _of_kind(comparison: Comparison, kind: str, names: Sequence[str]) -> list[PairPanel]:
    there = _names(comparison, kind)
    return [panel for name in names if name in there and (panel := _panel(comparison, kind, name)) is not None]


def _panel(comparison: Comparison, kind: str, name: str) -> PairPanel | None:
    look = _look(comparison, kind, name)
    first, second = (bands(curves, name, factor=look.factor) for curves in comparison.curves[kind])
    offs = toe_offs(comparison.first.cycles), toe_offs(comparison.second.cycles)
    table = comparison.differences[kind]
    dim = next(str(d) for d in table["mean"].dims if d not in ("side", "phase"))
    legs: dict[Side, LegPair] = {}
    for side in SIDES:
        if side in first and side in second:
            one = table.sel({"side": side, dim: name})
            difference = _difference(one, look.factor)
            legs[side] = LegPair(first[side], second[side], difference, (offs[0].get(side), offs[1].get(side)))
    if not legs:
        return None
    return PairPanel(
        f"{kind}-{name}", look.title, look.axis, look.unit, look.digits, look.from_zero, legs, _missing(first, second)
    )


def _missing(first: Mapping[Side, Band], second: Mapping[Side, Band]) -> tuple[str, ...]:
    """Legs that cannot be compared, and in which recording they are missing."""
    lacking = {side: [n for n, known in (("A", first), ("B", second)) if side not in known] for side in SIDES}
    return tuple(f"{capital(side)}: not measured in {listed(where)}." for side, where in lacking.items() if where)


def _difference(table: xr.Dataset, factor: float) -> Difference:
    mean, low, high, floor = (factor * table[key].values for key in ("mean", "low", "high", "floor"))
    return Difference(mean, low, high, np.where(np.isfinite(floor), floor, np.inf), table["p"].values)


def _names(comparison: Comparison, kind: str) -> tuple[str, ...]:
    if kind not in comparison.curves:
        return ()
    found = []
    for curves in comparison.curves[kind]:
        dim = next(str(d) for d in curves.dims if d not in ("cycle", "phase"))
        found.append(list(map(str, curves[dim].values)))
    return tuple(name for name in found[0] if name in found[1])
