"""What the pedals of a bicycle say about each leg, and whether they measured both."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from restride.readers.fit_fields import ARCS, PERCENT, SIDED, column, left_share_of_record, pairs
from restride.readers.fit_messages import Message
from restride.signals.recording import Doubt, Side
from restride.signals.schema import SIDES, FloatArray, labelled

# a share that never moves over this many records of pedalling was not measured
FEWEST_RECORDS: Final = 10
# pinned for longer than this is worth a word
SHORTEST_PINNED: Final = 5
NOT_A_DIFFERENCE: Final = (
    "It measures one leg and takes the other as equal, so this file holds no difference between the legs."
)
ONE_LEG_CHECK: Final = (
    "Pedal 10 s with the left leg alone and look which way the share goes, then add to take.yaml: "
    "balance: {share_of: left} (or right)."
)


def pedal_signals(
    rows: Sequence[Message], time_s: FloatArray, pedalling: np.ndarray, *, share_of: Side | None = None
) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """Signals that speak of one leg each, as far as both legs were measured, and the doubts.

    Parameters
    ----------
    rows : sequence of messages
        Records.
    time_s : array, shape (time,)
    pedalling : array of bool, shape (time,)
        Where there is power and cadence.
    share_of : "left", "right" or None
        Whose share it is where the device does not say; None: it stays unknown.

    Returns
    -------
    signals : dict
        ``left_share`` with the coordinate ``side_known`` along time; ``torque_effectiveness``,
        ``pedal_smoothness``, ``platform_centre_offset``, ``power_phase``, ``power_phase_peak``.
    doubts : list of Doubt
        One of them says "One-sided meter" where one leg was measured; no share then.
    """
    signals = _sided(rows, time_s) | _arcs(rows, time_s)
    one_sided, doubts = _silent_pedal(signals, pedalling)
    doubts += _still_platform(signals)
    share, known = left_share_of_record(column(rows, "left_right_balance"))
    spread = np.unique(share[pedalling & np.isfinite(share)])
    counted = int((pedalling & np.isfinite(share)).sum())
    if not one_sided and counted >= FEWEST_RECORDS and spread.size == 1:
        one_sided = f"the share is {100 * spread[0]:.0f} % in each of {counted} records of pedalling"
    if not one_sided and not signals and not np.isfinite(share).any() and _combined_only(rows):
        one_sided = "smoothness is stated for both legs together"
    if one_sided and spread.size <= 1:
        text = f"One-sided meter: {one_sided}. {NOT_A_DIFFERENCE}"
        return signals, [*doubts, Doubt("left_share", text, "Use pedals or a crank that measure both legs.")]
    if one_sided:
        text = f"One pedal is partly silent: {one_sided}, but the share of power moves. Only the share was kept of it."
        doubts.append(Doubt("pedal_smoothness", text, "Check battery and contact of that pedal."))
    if not np.isfinite(share).any():
        return signals, doubts
    share, known, more = _with_side(share, known, share_of)
    array = labelled(
        share, dims=("time",), units="1", coords={"time": time_s, "side_known": ("time", known)}, name="left_share"
    )
    return signals | {"left_share": array}, [*doubts, *more, *_share_doubts(share, known, pedalling)]


def _sided(rows: Sequence[Message], time_s: FloatArray) -> dict[str, xr.DataArray]:
    signals: dict[str, xr.DataArray] = {}
    for field in SIDED:
        both = np.column_stack([column(rows, f"{side}_{field.names[0]}") for side in SIDES]) * field.factor
        both[(both < field.low) | (both > field.high)] = np.nan
        if np.isfinite(both).any():
            signals[field.kind] = labelled(
                both,
                dims=("time", "side"),
                units=field.units,
                coords={"time": time_s, "side": list(SIDES)},
                name=field.kind,
            )
    return signals


def _still_platform(signals: dict[str, xr.DataArray]) -> list[Doubt]:
    """Offsets of 0 mm in every record of both pedals were not measured: feet move."""
    offset = signals.get("platform_centre_offset")
    if offset is None or (np.nan_to_num(offset.values) != 0).any():
        return []
    del signals["platform_centre_offset"]
    text = "The platform centre offset is 0 mm on both sides throughout: it was not measured and was left out."
    return [Doubt("platform_centre_offset", text, severity="note")]


def _arcs(rows: Sequence[Message], time_s: FloatArray) -> dict[str, xr.DataArray]:
    signals: dict[str, xr.DataArray] = {}
    for kind, name in ARCS:
        both = np.deg2rad(np.stack([pairs(rows, f"{side}_{name}") for side in SIDES], axis=1))
        if np.isfinite(both).any():
            coords = {"time": time_s, "side": list(SIDES), "bound": ["start", "end"]}
            signals[kind] = labelled(both, dims=("time", "side", "bound"), units="rad", coords=coords, name=kind)
    return signals


def _silent_pedal(signals: dict[str, xr.DataArray], pedalling: np.ndarray) -> tuple[str, list[Doubt]]:
    """Why one pedal measured nothing, empty if both did; zeros that were not measured become NaN."""
    reasons: list[str] = []
    doubts: list[Doubt] = []
    for kind in ("torque_effectiveness", "pedal_smoothness"):
        if kind not in signals:
            continue
        array = signals[kind]
        seen = array.values[pedalling & np.isfinite(array.values).any(axis=1)]
        silent = [bool(seen.size) and bool((np.nan_to_num(seen[:, i]) <= 0).all()) for i in range(len(SIDES))]
        words = kind.replace("_", " ")
        same = bool(seen.size) and not any(silent) and len(seen) >= FEWEST_RECORDS and _equal(seen)
        if all(silent) or same:
            found = (
                "is 0 on both sides throughout" if all(silent) else "is the same figure on both sides in every record"
            )
            text = f"The {words} {found}: it was not measured for each leg and was left out."
            doubts.append(Doubt(kind, text, severity="note"))
            del signals[kind]
        elif any(silent):
            side = SIDES[silent.index(True)]
            reasons.append(f"the {side} {words} is 0 in every record")
            signals[kind] = array.where(array["side"] != side)
            signals[kind].attrs = dict(array.attrs)
    return " and ".join(reasons), doubts


def _equal(seen: FloatArray) -> bool:
    return bool(np.allclose(seen[:, 0], seen[:, 1], rtol=0.0, atol=0.1 * PERCENT, equal_nan=True))


def _combined_only(rows: Sequence[Message]) -> bool:
    return bool(np.isfinite(column(rows, "combined_pedal_smoothness")).any())


def _with_side(
    share: FloatArray, known: np.ndarray, share_of: Side | None
) -> tuple[FloatArray, np.ndarray, list[Doubt]]:
    """The share of the left leg where take.yaml says whose share it was."""
    unknown = np.isfinite(share) & ~known
    if share_of is None or not unknown.any():
        return share, known, []
    turned = np.where(unknown & (share_of == "right"), 1.0 - share, share)
    text = f"The share of power is taken as the {share_of} leg's where the device does not say, as take.yaml states."
    return turned, known | unknown, [Doubt("left_share", text, severity="note")]


def _share_doubts(share: FloatArray, known: np.ndarray, pedalling: np.ndarray) -> list[Doubt]:
    used = pedalling & np.isfinite(share)
    doubts: list[Doubt] = []
    unknown = used & ~known
    if unknown.any():
        mean = 100 * float(share[unknown].mean())
        part = "" if unknown.sum() == used.sum() else f" in {unknown.sum()} of {used.sum()} records"
        text = (
            f"The device does not say whose share of power it wrote{part}: one leg gave {mean:.1f} % on the mean, "
            f"the other {100 - mean:.1f} %, and which is which is not known."
        )
        doubts.append(Doubt("left_share", text, ONE_LEG_CHECK))
    pinned = int((used & ((share <= 0) | (share >= 1))).sum())
    if pinned >= SHORTEST_PINNED:
        text = (
            f"In {pinned} records with power one leg is said to give all of it: a drill, or a pedal that dropped out."
        )
        doubts.append(Doubt("left_share", text, "Leave that time out if it was no drill."))
    return doubts
