"""Whose foot stood on which plate: force per plate to force per foot, NaN where it was not measured."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from restride.cycles.drift import zeroed
from restride.cycles.feet import middle_of
from restride.cycles.force_events import LEAST_PEAK_N, contacts
from restride.cycles.loads import (
    BESIDE_S,
    MARGIN_S,
    NOBODY,
    REACH_M,
    TOO_LONG,
    Contact,
    distance,
    double_support,
    in_turns,
    loads,
    overlap,
    soles,
)
from restride.cycles.marker_events import events_from_markers
from restride.cycles.movement import movement_of
from restride.errors import CycleError
from restride.signals.recording import STANDING, Doubt, Recording, Side
from restride.signals.schema import SIDES, SPACE, FloatArray, labelled, sampling_rate_hz

# below this the centre of pressure is the ratio of two noises
LEAST_FOR_COP_N: Final = 25.0

VECTORS: Final = ("grf", "cop", "free_moment")
UNITS: Final = {"grf": "N", "cop": "m", "free_moment": "N m"}


def assign_plates(recording: Recording) -> Recording:
    """The recording with force, centre of pressure and free moment per foot.

    Parameters
    ----------
    recording : Recording
        With ``plate_grf, plate_cop`` and ``markers``, and ``plate_free_moment`` or ``plate_moment`` if
        known; or with ``grf`` already sorted by foot, which is then only checked against the markers.

    Returns
    -------
    Recording
        ``grf``, ``cop`` and ``free_moment`` (time, side, space) in the lab frame. Each
        sample is one of three: the force of that foot, if the whole of it stood on
        plates of its own; 0 in swing; NaN where the foot was on the ground and its force was not
        (wholly) measured, or nobody saw the foot. ``cop`` is NaN in swing too. Plates are
        zeroed by their unloaded phases; with ``plate_moment`` so are their centres of pressure.
        A doubt tells of each contact left out.

    Notes
    -----
    A contact goes to the foot over whose sole its centre of pressure lies. It is left out
    if the markers see that foot land or leave more than 50 ms apart from the plate: then
    it stood partly beside the plate. A foot on two plates gets their sum about the common centre
    of pressure. Where both feet stood on one plate in turns, as on a belt, each has the force while the
    markers see it stand alone; in double support nobody knows whose it is. Which plate it was never says
    which foot, unless the markers cannot and take.yaml does (coordinate ``side`` along ``plate``): then
    every load of a plate is that foot's, and it is in the air while its plates are not loaded.
    """
    if "plate_grf" not in recording and "grf" not in recording:
        return recording
    if recording.conditions.test in STANDING and "markers" not in recording and not _stated(recording):
        return recording  # nobody walks, so nobody expects the plates sorted
    stances, lost = _stances(recording)
    if "plate_grf" not in recording:
        return _checked(recording, stances)
    if not stances and _stated(recording):
        return _as_stated(recording)
    if not stances:
        doubt = Doubt("grf", f"The plates cannot be sorted by foot: {lost}.", "Give heel and toe markers of both feet.")
        return recording.replaced(doubts=(*recording.doubts, doubt))
    if "plate_cop" not in recording:
        text = "The plates cannot be sorted by foot: no centre of pressure."
        doubt = Doubt("grf", text, "Export the centre of pressure or the moments of the plates.")
        return recording.replaced(doubts=(*recording.doubts, doubt))
    force = zeroed(recording["plate_grf"])
    recording = recording.replaced(signals=_centres(recording, force))
    found = _sorted_contacts(recording, force, stances)
    if recording.conditions.test in STANDING and not _a_plate_each(found):
        return recording  # who stands with both feet on one plate loads it between them
    arrays = _per_foot(recording, force, found, stances)
    return recording.replaced(signals=arrays, doubts=(*recording.doubts, *_doubts(found, force)))


def _stated(recording: Recording) -> bool:
    return "plate_grf" in recording and "side" in recording["plate_grf"].coords


def _as_stated(recording: Recording) -> Recording:
    """Force of each foot from plates whose foot take.yaml states."""
    force = zeroed(recording["plate_grf"])
    recording = recording.replaced(signals=_centres(recording, force))
    found = [
        Contact(plate, run, "left" if side == "left" else "right")
        for plate, side in enumerate(force["side"].values)
        for run in loads(force[:, plate].sel(space="y", drop=True))
    ]
    return recording.replaced(signals=_per_foot(recording, force, found, {}))


def _centres(recording: Recording, force: xr.DataArray) -> dict[str, xr.DataArray]:
    """Centre of pressure and free moment of zeroed plates; those of the file where no moment tells them anew."""
    if "plate_moment" not in recording:
        return {}
    moment = zeroed(recording["plate_grf"], like=recording["plate_moment"]).values
    values, up = force.values, SPACE.index("y")
    with np.errstate(invalid="ignore", divide="ignore"):
        vertical = np.where(values[:, :, up] >= LEAST_FOR_COP_N, values[:, :, up], np.nan)
        cop = np.stack([moment[..., 2] / vertical, 0 * vertical, -moment[..., 0] / vertical], axis=-1)
    twist = np.zeros_like(values)
    twist[..., up] = np.nan_to_num((moment - np.cross(cop, values))[..., up])
    return {
        "plate_cop": recording["plate_cop"].copy(data=cop),
        "plate_free_moment": recording["plate_moment"].copy(data=twist).rename("plate_free_moment"),
    }


def complete_force(grf: xr.DataArray, cycles: pd.DataFrame) -> "pd.Series[bool]":
    """For each stride, whether the force of both feet is known from its start to its end.

    Parameters
    ----------
    grf : DataArray, dims (time, side, space)
        As from ``assign_plates``.
    cycles : DataFrame as from ``segment``

    Returns
    -------
    Series of bool, index = cycle number
        Joint moments of the stride are complete only where this is True.
    """
    time_s = grf["time"].values
    known = ~np.isnan(grf.values).any(axis=(1, 2)) if grf.sizes["side"] == len(SIDES) else np.zeros(time_s.size, bool)
    step_s = 1.0 / sampling_rate_hz(grf)
    out = []
    for start_s, end_s in zip(cycles["start_s"], cycles["end_s"], strict=True):
        inside = (time_s >= start_s) & (time_s < end_s)
        covered = bool(time_s[0] <= start_s + step_s and time_s[-1] >= end_s - step_s)
        out.append(bool(covered and inside.any() and known[inside].all()))
    return pd.Series(out, index=cycles.index, dtype=bool, name="complete_force")


def _stances(recording: Recording) -> tuple[dict[Side, list[tuple[float, float]]], str]:
    """For each foot the spans on the ground as markers see them (open at the edges), or why there are none."""
    if "markers" not in recording:
        return {}, "no markers"
    if recording.conditions.test in STANDING:
        # each foot may stand where it is at any time
        feet = soles(recording["markers"], recording["markers"]["time"].values)
        return {side: [(-np.inf, np.inf)] for side in feet}, "no heel and toe markers"
    try:
        events = events_from_markers(recording["markers"], movement=movement_of(recording))
    except CycleError as error:
        return {}, str(error)
    spans: dict[Side, list[tuple[float, float]]] = {}
    for side in SIDES:
        own = events[events["side"] == side]
        if not own.empty:
            spans["left" if side == "left" else "right"] = _spans(own)
    return spans, "" if spans else "the markers show no step"


def _spans(events: pd.DataFrame) -> list[tuple[float, float]]:
    """Spans on the ground; a border before or after all events is infinite.

    Where an event is missing between two of one name, the foot counts as on the ground
    all the while, so that nothing is taken for swing that was not seen as such.
    """
    times, names = events["time_s"].to_numpy(dtype=np.float64), events["name"].tolist()
    spans = [(-np.inf, float(times[0]))] if names[0] == "toe_off" else []
    swing = ("toe_off", "initial_contact")
    spans += [
        (float(times[k]), float(times[k + 1])) for k in range(len(names) - 1) if (names[k], names[k + 1]) != swing
    ]
    if names[-1] == "initial_contact":
        spans.append((float(times[-1]), np.inf))
    return spans


def _sorted_contacts(
    recording: Recording, force: xr.DataArray, stances: dict[Side, list[tuple[float, float]]]
) -> list[Contact]:
    """Every load on every plate with its foot, or what is wrong with it."""
    time_s = force["time"].values
    feet = soles(recording["markers"], time_s)
    cop = recording["plate_cop"].sel(plate=force["plate"]).values
    found = []
    for plate in range(force.sizes["plate"]):
        for run in loads(force[:, plate].sel(space="y")):
            heavy = np.flatnonzero(force.values[run, plate, SPACE.index("y")] > LEAST_PEAK_N) + run.start
            away = {s: float(np.nanmedian(distance(cop[heavy, plate], *ends[:, heavy]))) for s, ends in feet.items()}
            near = {side: d for side, d in away.items() if d <= REACH_M and side in stances}
            side = min(near.items(), key=lambda pair: pair[1])[0] if near else None
            found.append(Contact(plate, run, side))
    judged = [_judged(contact, found, time_s, stances) for contact in found]
    return [part for contact in judged for part in in_turns(contact, cop[:, contact.plate], feet, time_s, stances)]


def _a_plate_each(found: list[Contact]) -> bool:
    """Whether each foot has plates of its own, and no plate was loaded by both or by nobody."""
    whose = {plate: {c.side for c in found if c.plate == plate} for plate in {c.plate for c in found}}
    return all(len(sides) == 1 for sides in whose.values()) and set.union(set(), *whose.values()) == set(SIDES)


def _judged(
    contact: Contact, found: list[Contact], time_s: FloatArray, stances: dict[Side, list[tuple[float, float]]]
) -> Contact:
    """The contact with its fault, from the foot's stance as the markers see it."""
    if contact.side is None:
        return Contact(contact.plate, contact.run, None, NOBODY)
    # plates under the same foot at overlapping times are judged together
    runs = [c.run for c in found if c.side == contact.side and overlap(c.run, contact.run)]
    start_s, end_s = time_s[min(r.start for r in runs)], time_s[max(r.stop for r in runs) - 1]
    spans = stances[contact.side]
    shared = [min(end_s, stop) - max(start_s, start) for start, stop in spans]
    if not shared or max(shared) <= 0:
        return Contact(contact.plate, contact.run, contact.side, "the markers see that foot in the air")
    stance = spans[int(np.argmax(shared))]
    fault = ""
    if start_s > stance[0] + BESIDE_S and np.isfinite(stance[0]):
        fault = f"it landed beside the plate {1e3 * (start_s - stance[0]):.0f} ms earlier"
    elif end_s < stance[1] - BESIDE_S and np.isfinite(stance[1]):
        fault = f"it left the ground beside the plate {1e3 * (stance[1] - end_s):.0f} ms later"
    elif start_s < stance[0] - BESIDE_S or end_s > stance[1] + BESIDE_S:
        fault = TOO_LONG
    return Contact(contact.plate, contact.run, contact.side, fault)


def _per_foot(
    recording: Recording, force: xr.DataArray, found: list[Contact], stances: dict[Side, list[tuple[float, float]]]
) -> dict[str, xr.DataArray]:
    """Force, centre of pressure and free moment of each foot at the plates' times."""
    time_s = force["time"].values
    total = {kind: np.full((time_s.size, len(SIDES), len(SPACE)), np.nan) for kind in VECTORS}
    cop = np.full_like(force.values, np.nan)
    if "plate_cop" in recording:
        cop = recording["plate_cop"].sel(plate=force["plate"]).values
    known = "plate_free_moment" in recording
    twist = recording["plate_free_moment"].sel(plate=force["plate"]).values if known else np.zeros_like(force.values)
    for s, side in enumerate(SIDES):
        own = [c for c in found if c.side == side]
        mask = np.zeros((time_s.size, force.sizes["plate"]), dtype=bool)
        for contact in own:
            if not contact.fault:
                mask[contact.run, contact.plate] = True
        loaded = np.asarray(mask.any(axis=1))
        parts = np.where(mask[:, :, None], force.values, 0.0)
        grf, centre, moment = _summed(parts, cop, np.where(mask[:, :, None], twist, 0.0), mask)
        for kind, values in zip(VECTORS, (grf, centre, moment), strict=True):
            total[kind][loaded, s] = values[loaded]
        spans = next((v for k, v in stances.items() if k == side), [])
        if _stated(recording) and not stances:
            swing = ~loaded & (side in force["side"].values)
        else:
            swing = ~loaded & ~_unmeasured(time_s, spans, loaded) & _seen(recording["markers"], side, time_s)
            swing &= bool(spans)
        for kind in ("grf", "free_moment"):
            total[kind][swing, s] = 0.0
        unparted = double_support(time_s, found, spans, side)
        for kind in VECTORS:
            total[kind][unparted, s] = np.nan
    dims, coords = ("time", "side", "space"), {"time": time_s, "side": list(SIDES), "space": list(SPACE)}
    return {
        kind: labelled(total[kind], dims=dims, coords=coords, units=UNITS[kind], name=kind, frame="lab")
        for kind in VECTORS
        if known or kind != "free_moment"
    }


def _summed(
    parts: FloatArray, cop: FloatArray, twist: FloatArray, mask: npt.NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sum over plates (time, plate, 3): force, its centre on the ground, and the free moment about it."""
    grf = parts.sum(axis=1)
    up = SPACE.index("y")
    weight = parts[:, :, up] / np.where(grf[:, up] != 0, grf[:, up], np.nan)[:, None]
    place = np.where(mask[:, :, None], np.nan_to_num(cop), 0.0)
    centre = (weight[:, :, None] * place).sum(axis=1)
    arm = np.where(mask[:, :, None], place - centre[:, None], 0.0)
    moment = twist.sum(axis=1)
    moment[:, up] += np.cross(arm, parts)[:, :, up].sum(axis=1)
    return grf, centre, moment


def _unmeasured(
    time_s: FloatArray, spans: list[tuple[float, float]], loaded: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Samples at which the foot stands (with a margin) in a stance of which no load was measured."""
    out = np.zeros(time_s.size, dtype=bool)
    for start_s, stop_s in spans:
        inside = (time_s >= start_s) & (time_s <= stop_s)
        if not loaded[inside].any():
            out |= (time_s >= start_s - MARGIN_S) & (time_s <= stop_s + MARGIN_S)
    return out


def _seen(markers: xr.DataArray, side: str, time_s: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether the heel was seen around each time."""
    heel = middle_of(markers, ("heel",), side="left" if side == "left" else "right")
    if heel is None:
        return np.zeros(time_s.size, dtype=bool)
    seen: npt.NDArray[np.bool_] = ~np.isnan(np.interp(time_s, markers["time"].values, heel[:, 1], np.nan, np.nan))
    return seen


def _checked(recording: Recording, stances: dict[Side, list[tuple[float, float]]]) -> Recording:
    """Force that came sorted by foot: NaN where the markers see a foot stand and nothing was measured."""
    if not stances:
        return recording
    grf = recording["grf"]
    time_s = grf["time"].values
    values = grf.values.copy()
    lost: list[str] = []
    for s, side in enumerate(str(v) for v in grf["side"].values):
        spans = next((v for k, v in stances.items() if k == side), [])
        vertical = values[:, s, SPACE.index("y")]
        loaded = np.zeros(time_s.size, dtype=bool)
        for run in contacts(time_s, vertical):
            loaded[run] = True
        missing = _unmeasured(time_s, spans, loaded) & ~loaded
        if missing.any():
            values[missing, s] = np.nan
            lost.append(f"{side} for {missing.sum() / sampling_rate_hz(grf):.2f} s")
    if not lost:
        return recording
    doubt = Doubt(
        "grf",
        f"Markers show a foot on the ground where no force was measured ({', '.join(lost)}); joint moments are left "
        "out there.",
        severity="note",
    )
    return recording.replaced(signals={"grf": grf.copy(data=values)}, doubts=(*recording.doubts, doubt))


def _doubts(found: list[Contact], force: xr.DataArray) -> list[Doubt]:
    doubts = []
    time_s = force["time"].values
    shared = sorted({(c.plate, c.shared.start, c.shared.stop) for c in found if c.shared is not None})
    for number, first, stop in shared:
        name, start_s, stop_s = str(force["plate"].values[number]), time_s[first], time_s[stop - 1]
        text = (
            f"Both feet stood on the plate {name} in turns from {start_s:.2f} to {stop_s:.2f} s: while both were down, "
            "their forces cannot be parted and are left out."
        )
        doubts.append(Doubt("grf", text, "Step on two plates or run to know them.", severity="note"))
    for contact in found:
        if contact.fault:
            plate, at_s = str(force["plate"].values[contact.plate]), force["time"].values[contact.run.start]
            plate = plate if "plate" in plate else f"plate {plate}"
            whose = f"the {contact.side} foot" if contact.side else "nobody"
            doubts.append(
                Doubt(
                    "grf",
                    f"{plate[0].upper()}{plate[1:]} at {at_s:.2f} s ({whose}): {contact.fault}; its force is not used.",
                    "Check the video, or leave the stride out.",
                )
            )
    return doubts
