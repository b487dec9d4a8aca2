"""Left and right exchanged, where take.yaml states that the files have them the wrong way round."""

from collections.abc import Collection

import numpy as np
import xarray as xr

from restride.signals.landmarks import landmark
from restride.signals.recording import Doubt, Recording

_FORCES = ("grf", "cop", "free_moment")
PEDALS = (
    "torque_effectiveness",
    "pedal_smoothness",
    "platform_centre_offset",
    "power_phase",
    "power_phase_peak",
    "crank_torque",
)
_SHARES = ("left_share", "contact_left_share")


def with_sides_swapped(recording: Recording, what: Collection[str]) -> Recording:
    """The recording with left and right exchanged in what take.yaml names.

    Parameters
    ----------
    recording : Recording
    what : collection of "angles", "balance", "emg", "events", "forces", "markers"
        Markers are exchanged with the one of the same landmark on the other side.
    """
    if not what:
        return recording
    signals: dict[str, xr.DataArray] = {}
    for kind, array in recording.signals.items():
        if kind in ("markers", "static_markers") and "markers" in what:
            signals[kind] = array.assign_coords(marker=_other_markers([str(m) for m in array["marker"].values]))
        elif kind == "emg" and "emg" in what:
            signals[kind] = array.assign_coords(channel=[_other_name(str(c)) for c in array["channel"].values])
        elif (kind in _FORCES and "forces" in what) or (kind in PEDALS and "balance" in what):
            signals[kind] = _other_sides(array)
        elif kind in _SHARES and "balance" in what:
            signals[kind] = _other_share(array)
        elif kind in ("angles", "moments") and "angles" in what:
            names = [_other_name(str(c)) for c in array["coordinate"].values]
            signals[kind] = array.assign_coords(coordinate=names)
    events = recording.events
    if "events" in what:
        events = events.assign(side=[_other_side(s) for s in events["side"]])
    text = f"Left and right were exchanged in {', '.join(sorted(what))}, as take.yaml says."
    doubt = Doubt("sides", text, "Nothing to do if this is right.", severity="note")
    return recording.replaced(signals=signals, events=events, doubts=(*recording.doubts, doubt))


def with_shares_swapped(recording: Recording, *, power: bool, contact: bool) -> Recording:
    """The recording with left and right exchanged in what watches and pedals tell of each leg.

    Parameters
    ----------
    recording : Recording
    power : bool
        In the share of power and in all that pedals say of a side.
    contact : bool
        In the share of contact time.
    """
    turned: dict[str, xr.DataArray] = {}
    for kind in PEDALS if power else ():
        if kind in recording:
            turned[kind] = _other_sides(recording[kind])
    for kind, wanted in (("left_share", power), ("contact_left_share", contact)):
        if wanted and kind in recording:
            turned[kind] = _other_share(recording[kind])
    return recording.replaced(signals=turned)


def _other_sides(array: xr.DataArray) -> xr.DataArray:
    """With the columns of left and right exchanged."""
    return array.assign_coords(side=[_other_side(str(s)) for s in array["side"].values]).sel(side=array["side"].values)


def _other_share(share: xr.DataArray) -> xr.DataArray:
    """The share of the other leg; one whose leg is not known has no other way round."""
    known = share["side_known"].values if "side_known" in share.coords else True
    turned = share.copy(data=np.where(known, 1.0 - share.values, share.values))
    if "device_value" in share.attrs and share.attrs["device_side_known"]:
        turned.attrs["device_value"] = 1.0 - float(share.attrs["device_value"])
    return turned


def _other_side(side: str) -> str:
    return {"left": "right", "right": "left"}[side]


def _other_name(name: str) -> str:
    ends = {"_l": "_r", "_r": "_l"}
    return name[:-2] + ends[name[-2:]] if name[-2:] in ends else name


def _other_markers(labels: list[str]) -> list[str]:
    """Each label's fellow on the other side; those without one keep theirs."""
    known = {label: found for label in labels if (found := landmark(label)) is not None and found.side is not None}
    places = {(found.name, found.side): label for label, found in known.items()}
    fellows = {
        label: places.get((found.name, "left" if found.side == "right" else "right")) for label, found in known.items()
    }
    # exchanged only in pairs, so that no label is used twice
    return [other if (other := fellows.get(label)) and fellows.get(other) == label else label for label in labels]
