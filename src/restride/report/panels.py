"""From curves per stride to the panels of the page, joint by joint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.pipeline.analysis import Analysis
from restride.report.page import Band, Column, Difference, Panel
from restride.report.svg import LEAST_STRETCH, runs
from restride.report.words import ANGLES, MOMENTS, capital, ended, site_title
from restride.signals.recording import Side
from restride.signals.schema import SIDES, FloatArray
from restride.signals.units import GRAVITY_M_S2
from restride.signals.vocabulary import SUFFIX, listed, plain

DEGREES: Final = 180 / np.pi

# joint -> its coordinates, and the electrode sites whose muscles move it most
JOINTS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "Hip": (
        ("hip_flexion", "hip_adduction", "hip_rotation"),
        (
            "gluteus_medius",
            "gluteus_maximus",
            "tensor_fasciae_latae",
            "iliopsoas",
            "adductor_longus",
            "gracilis",
            "sartorius",
        ),
    ),
    "Knee": (
        ("knee_angle",),
        (
            "rectus_femoris",
            "vastus_lateralis",
            "vastus_medialis",
            "biceps_femoris",
            "medial_hamstrings",
            "semitendinosus",
            "semimembranosus",
        ),
    ),
    "Ankle": (
        ("ankle_angle", "subtalar_angle"),
        (
            "tibialis_anterior",
            "extensor_digitorum_longus",
            "extensor_hallucis_longus",
            "soleus",
            "gastrocnemius",
            "gastrocnemius_medialis",
            "gastrocnemius_lateralis",
            "peroneus_longus",
            "peroneus_brevis",
            "tibialis_posterior",
        ),
    ),
}
PELVIS: Final = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")
# a certain minimum below a hundredth of full activation says nothing
LEAST_FLOOR: Final = 0.01
NO_FORCE: Final = " (ground force missing)"
AXIS_REQUIRED: Final = "required activation of the body model, 1 = full"


def columns(analysis: Analysis) -> tuple[Column, ...]:
    """Hip, knee, ankle and foot, each with its angle, the EMG of its muscles, and its moment; then the rest."""
    toe_off = toe_offs(analysis.cycles)
    out = []
    for title, (coordinates, sites) in JOINTS.items():
        panels = [*_angles(analysis, coordinates[:1], toe_off), *_emg(analysis, sites, toe_off)]
        panels += _moments(analysis, coordinates, toe_off) + _angles(analysis, coordinates[1:], toe_off)
        out.append(Column(title, tuple(panels)))
    out.append(Column("Foot", tuple(_feet(analysis, toe_off))))
    known = {site for _, sites in JOINTS.values() for site in sites}
    others = [s for s in _names(analysis.curves.get("emg"), "site") if s not in known]
    rest = [*_angles(analysis, PELVIS, toe_off), *_ground_force(analysis, toe_off), *_emg(analysis, others, toe_off)]
    out.append(Column("Pelvis, ground and other muscles", tuple(rest)))
    out.append(_floors(analysis, toe_off))
    return tuple(column for column in out if column.panels)


def absent(analysis: Analysis) -> tuple[str, ...]:
    """What the page has no panels of, with its reason."""
    out = []
    if not _known(analysis, "emg"):
        tried = len(analysis.quality) > 0
        out.append(
            "EMG: not known: " + ("no usable channel has a muscle and a leg." if tried else "none was recorded.")
        )
    # each step needs the one before, so that the first that failed is the reason for the rest
    steps = {"angles": "joint angles", "moments": "joint moments", "required": "required activation"}
    missing = [words for kind, words in steps.items() if not _known(analysis, kind)]
    if missing and of_a_body(analysis):
        reason = next((f": {d.message}" for d in analysis.doubts if d.about in missing), "")
        out.append(ended(f"{capital(listed(missing))}: not known{reason}"))
    return tuple(out)


def of_a_body(analysis: Analysis) -> bool:
    """Whether anything was recorded, or tried, that a body could be computed from."""
    tried = any(kind in analysis.recording for kind in ("markers", "angles", "grf", "emg"))
    return tried or analysis.body is not None or bool(analysis.curves.keys() & {"angles", "moments"})


def _known(analysis: Analysis, kind: str) -> bool:
    curve = analysis.curves.get(kind)
    return curve is not None and bool(np.isfinite(curve.values).any())


def toe_offs(cycles: pd.DataFrame) -> dict[Side, float]:
    """Mean toe-off of the kept strides, in percent of each side's own stride."""
    kept = cycles[cycles["kept"]]
    percent = 100 * (kept["toe_off_s"] - kept["start_s"]) / (kept["end_s"] - kept["start_s"])
    means = percent.groupby(kept["side"]).mean()
    return {side: float(means[side]) for side in ("left", "right") if side in means and np.isfinite(means[side])}


def bands(curve: xr.DataArray, name: str, *, factor: float = 1.0) -> dict[Side, Band]:
    """Mean and spread over strides of one column, for each side that was measured.

    Parameters
    ----------
    curve : DataArray, dims (cycle, phase, name), with coordinate ``side`` along cycle
    name : str
    factor : float
        From the curve's unit to the panel's.
    """
    dim = _name_dim(curve)
    values = factor * curve.sel({dim: name}).transpose("cycle", "phase").values
    side = curve["side"].values
    found = {s: _band(values[side == s]) for s in SIDES}
    return {s: band for s, band in found.items() if band is not None}


def _band(values: FloatArray) -> Band | None:
    present = values[np.isfinite(values).any(axis=1)]
    if not len(present):
        return None
    mean = _mean(present)
    if len(present) < 2:
        return Band(mean, np.full(mean.size, np.nan), np.full(mean.size, np.nan), 1)
    counts = np.isfinite(present).sum(axis=0)
    squares = np.nansum((present - mean) ** 2, axis=0)
    spread = np.sqrt(np.divide(squares, counts - 1, out=np.full(mean.size, np.nan), where=counts > 1))
    return Band(mean, mean - spread, mean + spread, len(present))


def _mean(values: FloatArray) -> FloatArray:
    counts = np.isfinite(values).sum(axis=0)
    mean: FloatArray = np.full(values.shape[1], np.nan)
    np.divide(np.nansum(values, axis=0), counts, out=mean, where=counts > 0)
    return mean


def _emg(analysis: Analysis, sites: Sequence[str], toe_off: Mapping[Side, float]) -> list[Panel]:
    """One panel per site that has a channel, usable or not, or a required curve beside other EMG."""
    emg, required, active = (analysis.curves.get(kind) for kind in ("emg", "required_sites", "active"))
    tried = {str(c)[:-2] for c in analysis.quality["channel"]} if len(analysis.quality) else set()
    shown = [s for s in sites if s in tried or s in _names(emg, "site")]
    if not tried and required is not None:  # no EMG at all: what the motion asks for still says something
        shown = [s for s in sites if s in _names(required, "site")]
    panels = []
    for site in shown:
        measured = bands(emg, site) if emg is not None and site in _names(emg, "site") else {}
        needed = bands(required, site) if required is not None and site in _names(required, "site") else {}
        on = bands(active, site) if active is not None and site in _names(active, "site") else {}
        panels.append(
            Panel(
                key=f"emg-{site}",
                title=f"{site_title(site)}",
                axis=f"EMG, {analysis.emg_axis}" if measured else AXIS_REQUIRED if needed else "EMG",
                unit="",
                digits=2,
                sides=measured,
                required=needed,
                active={side: band.mean for side, band in on.items()},
                difference=_difference(analysis, "emg", site),
                toe_off=toe_off,
                notes=_absent(analysis, site, measured) + _gaps(needed, NO_FORCE, "required, "),
                from_zero=True,
            )
        )
    return panels


def _absent(analysis: Analysis, site: str, measured: Mapping[Side, Band]) -> tuple[str, ...]:
    """Why a side is not drawn: not usable with its reason, or not measured."""
    notes = []
    rows = {str(r["channel"]): r for r in analysis.quality.to_dict("records")}
    for side in ("left", "right"):
        row = rows.get(site + SUFFIX[side])
        if row is not None and not row["usable"]:
            notes.append(f"{capital(side)}: not usable: {row['reason']}.")
        elif row is None:
            notes.append(f"{capital(side)}: not measured.")
        elif side not in measured:
            notes.append(f"{capital(side)}: no whole stride was measured.")
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class _Look:
    """How one column of a kind of curve is shown; ``factor`` leads from its unit to the panel's."""

    kind: str
    name: str
    title: str
    axis: str
    unit: str
    factor: float
    digits: int


def _angles(analysis: Analysis, names: Sequence[str], toe_off: Mapping[Side, float]) -> list[Panel]:
    looks = [
        _Look("angles", name, ANGLES[name][0], f"degrees, {ANGLES[name][1]}", "°", DEGREES, 0)
        for name in names
        if name in ANGLES
    ]
    return _panels(analysis, looks, toe_off)


def _moments(analysis: Analysis, names: Sequence[str], toe_off: Mapping[Side, float]) -> list[Panel]:
    mass = _mass_kg(analysis)
    unit, factor, digits = ("N·m/kg", 1 / mass, 2) if mass else ("N·m", 1.0, 0)
    looks = [
        _Look("moments", name, MOMENTS[name][0], f"internal, {unit}, {MOMENTS[name][1]}", unit, factor, digits)
        for name in names
        if name in MOMENTS
    ]
    return _panels(analysis, looks, toe_off)


def _feet(analysis: Analysis, toe_off: Mapping[Side, float]) -> list[Panel]:
    looks = [
        _Look("foot_pitch", "foot_pitch", "Foot pitch", "degrees against the flat foot, toes up", "°", DEGREES, 0),
        _Look("foot_lift", "foot_lift", "Height of the foot sensor", "mm above where it rests", "mm", 1e3, 0),
    ]
    return _panels(analysis, looks, toe_off)


def _gaps(found: Mapping[Side, Band], why: str, what: str = "") -> tuple[str, ...]:
    """A note for each side of which a curve, or a part of it, is missing; none if there is no curve at all."""
    notes, state = [], "not known" if why else "not measured"
    for side in SIDES if found else ():
        if side not in found:
            notes.append(f"{capital(what + side)}: {state}{why}.")
            continue
        holes = [f"{a}–{b - 1} %" for a, b in runs(np.isnan(found[side].mean)) if b - a > LEAST_STRETCH]
        if holes:
            notes.append(f"{capital(what + side)}: {state} at {listed(holes)}{why}.")
    return tuple(notes)


def _ground_force(analysis: Analysis, toe_off: Mapping[Side, float]) -> list[Panel]:
    mass = _mass_kg(analysis)
    weight = mass * GRAVITY_M_S2 if mass else 1.0
    unit = "BW" if mass else "N"
    words = "body weights, upward" if mass else "N, upward"
    look = _Look("grf", "y", "Vertical ground force", words, unit, 1 / weight, 2 if mass else 0)
    return _panels(analysis, [look], toe_off)


def _panels(analysis: Analysis, looks: Sequence[_Look], toe_off: Mapping[Side, float]) -> list[Panel]:
    """A panel for each look whose column was measured on either side."""
    panels = []
    for look in looks:
        curve = analysis.curves.get(look.kind)
        if curve is None or look.name not in _names(curve, _name_dim(curve)):
            continue
        sides = bands(curve, look.name, factor=look.factor)
        if not sides:
            continue
        panels.append(
            Panel(
                key=f"{look.kind}-{look.name}",
                title=look.title,
                axis=look.axis,
                unit=look.unit,
                digits=look.digits,
                sides=sides,
                difference=_difference(analysis, look.kind, look.name, factor=look.factor),
                toe_off=toe_off,
                notes=_gaps(sides, "" if look.kind == "angles" else NO_FORCE),
            )
        )
    return panels


def _difference(analysis: Analysis, kind: str, name: str, *, factor: float = 1.0) -> Difference | None:
    """Left minus right of one column; None where one side is missing."""
    table = analysis.differences.get(kind)
    if table is None:
        return None
    dim = next(str(d) for d in table["mean"].dims if d != "phase")
    if name not in _names(table["mean"], dim):
        return None
    mean, low, high = (factor * table[k].sel({dim: name}).values for k in ("mean", "low", "high"))
    floor = factor * table["floor"].sel({dim: name}).values if "floor" in table else np.full(mean.shape, np.inf)
    p = table["p"].sel({dim: name}).values if "p" in table else np.full(mean.shape, np.nan)
    return Difference(mean, low, high, floor, p) if np.isfinite(mean).any() else None


def _floors(analysis: Analysis, toe_off: Mapping[Side, float]) -> Column:
    """The certain minimum of each muscle group; groups that could rest throughout are only named."""
    curve = analysis.curves.get("floors")
    found = {g: bands(curve, g) for g in _names(curve, "group")} if curve is not None else {}
    found = {group: sides for group, sides in found.items() if sides}
    highest = {group: max(float(np.nanmax(b.mean)) for b in sides.values()) for group, sides in found.items()}
    panels = tuple(
        Panel(
            key=f"floors-{group}",
            title=site_title(group),
            axis="certain minimum of the group's mean activation, 1 = full",
            unit="",
            digits=2,
            sides={},
            required=sides,
            toe_off=toe_off,
            from_zero=True,
        )
        for group, sides in found.items()
        if highest[group] >= LEAST_FLOOR
    )
    words = (
        "However the muscles share the work of this motion, each group's mean activation cannot stay below its line; "
        "the single muscles above are only the way with the least effort."
    )
    free = [plain(group) for group in found if highest[group] < LEAST_FLOOR]
    if free:
        words += f" Others could do all the work of these: {listed(free)}."
    return Column("Certain in any case: the least that each muscle group must do", panels, words)


def _mass_kg(analysis: Analysis) -> float | None:
    return analysis.recording.subject.mass_kg or (analysis.body.mass_kg if analysis.body else None)


def _name_dim(curve: xr.DataArray) -> str:
    return next(str(d) for d in curve.dims if d not in ("cycle", "phase"))


def _names(curve: xr.DataArray | None, dim: str) -> tuple[str, ...]:
    return tuple(map(str, curve[dim].values)) if curve is not None and dim in curve.dims else ()
