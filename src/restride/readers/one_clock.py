"""Sensors of several files into one recording: on the clock they share, or one after the other."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import ReadError
from restride.readers.take import Take
from restride.signals.recording import Doubt, Recording
from restride.signals.schema import SPACE, FloatArray, labelled, sampling_rate_hz

KINDS: Final = ("acc", "gyr", "mag")
PAUSE_S: Final = 10.0  # between sensors that share no clock, so that no time of one is a time of the other
GRAIN: Final = 1e-3  # of a sample: rounding of times, not a shift
_CLOCK: Final = ("clock", "clock_start_s")


def joined(recordings: Sequence[Recording], take: Take) -> list[Recording]:
    """The recordings with all sensors in the first that holds nothing but sensors.

    Parameters
    ----------
    recordings : sequence of Recording
    take : Take
        ``sensors: {one_clock: true}`` states that all were started together.

    Returns
    -------
    list of Recording
        As many as there were, those that gave theirs away without them. Sensors whose files share
        a clock lie where it says. Others follow each other with a pause, ``attrs["clocks"]`` is
        "apart" and a doubt says so: then nothing can be compared between them in time by mistake.

    Raises
    ------
    ReadError
        If take.yaml names a sensor that is in none of them, or two are on one segment and side.
    """
    _all_there(recordings, take)
    worn = [i for i, r in enumerate(recordings) if r.signals and set(r.signals) <= set(KINDS)]
    out = list(recordings)
    if len(worn) > 1:
        chosen = [recordings[i] for i in worn]
        starts, doubts = _starts(chosen, one_clock=take.sensors.one_clock)
        signals = _together(chosen, starts, apart=any(d.about == "clock" for d in doubts))
        for i in worn:
            out[i] = replace(recordings[i], signals=signals if i == worn[0] else {})
        out[worn[0]] = out[worn[0]].replaced(doubts=(*out[worn[0]].doubts, *doubts))
    for recording in out:
        for array in recording.signals.values():
            for key in _CLOCK:
                array.attrs.pop(key, None)
    return out


def _all_there(recordings: Sequence[Recording], take: Take) -> None:
    """Raise if a sensor that take.yaml names is in none of the files."""
    arrays = [r[kind] for r in recordings for kind in KINDS if kind in r and "label" in r[kind].coords]
    found = {str(label) for array in arrays for label in array["label"].values}
    missing = sorted(set(take.sensors.worn) - found)
    if arrays and missing:
        raise ReadError(
            f"expected the sensors {', '.join(missing)} that take.yaml names, found {', '.join(sorted(found))}"
        )


def _starts(recordings: Sequence[Recording], *, one_clock: bool) -> tuple[list[float], list[Doubt]]:
    """When each recording begins, and what is doubtful about it."""
    arrays = [next(iter(r.signals.values())) for r in recordings]
    clocks = [str(a.attrs.get("clock", "")) for a in arrays]
    own = [float(a.attrs.get("clock_start_s", 0.0)) for a in arrays]
    first = [float(a["time"].values[0]) for a in arrays]
    last = [max(float(a["time"].values[-1]) for a in r.signals.values()) for r in recordings]
    if one_clock:
        return first, []
    shared = [f + o - min(own) for f, o in zip(first, own, strict=True)]
    until = [s + b - a for s, a, b in zip(shared, first, last, strict=True)]
    if clocks[0] and len(set(clocks)) == 1 and max(shared) < min(until):
        return shared, []  # recorded together; files of two days also share a clock, but no time
    kinds = [set(r.signals) for r in recordings]
    if sum(map(len, kinds)) == len(set().union(*kinds)):
        text = "The files of one sensor state no common clock; they were taken to begin together."
        return first, [Doubt("sensors", text, "State sensors: {one_clock: true} if they do.")]
    starts, end_s = [first[0]], last[0]
    for begin, end in zip(first[1:], last[1:], strict=True):
        starts.append(end_s + PAUSE_S)
        end_s = starts[-1] + end - begin
    text = (
        "The files of the sensors share no clock, or no time on it; each follows the one before after a pause. What "
        "each foot does is compared, when it does so against the other is not."
    )
    return starts, [Doubt("clock", text, "If they began together, add to take.yaml: sensors: {one_clock: true}.")]


def _together(recordings: Sequence[Recording], starts: Sequence[float], *, apart: bool) -> dict[str, xr.DataArray]:
    """All sensors on one even time axis at the rate of the first; NaN where a sensor was not recording."""
    step_s = 1 / sampling_rate_hz(next(iter(recordings[0].signals.values())))
    shifted = [
        (start - float(next(iter(r.signals.values()))["time"].values[0]), r)
        for start, r in zip(starts, recordings, strict=True)
    ]
    spans = [(a["time"].values[[0, -1]] + by) for by, r in shifted for a in r.signals.values()]
    begin_s, end_s = min(s[0] for s in spans), max(s[1] for s in spans)
    time_s = begin_s + step_s * np.arange(round((end_s - begin_s) / step_s) + 1)
    out: dict[str, xr.DataArray] = {}
    for kind in KINDS:
        arrays = [(by, r[kind]) for by, r in shifted if kind in r]
        if arrays:
            out[kind] = _side_by_side(kind, arrays, time_s, step_s, apart=apart)
    return out


def _side_by_side(
    kind: str, arrays: Sequence[tuple[float, xr.DataArray]], time_s: FloatArray, step_s: float, *, apart: bool
) -> xr.DataArray:
    values: list[FloatArray] = []
    names: list[str] = []
    along: dict[str, list[str]] = {key: [] for key in ("segment", "side", "label")}
    for by, array in arrays:
        values.append(_at(time_s, array["time"].values + by, array.values, GRAIN * step_s))
        for key, gathered in along.items():
            gathered += [str(v) for v in array[key].values]
        names += [str(v) for v in array["sensor"].values]
    placed = [name for name, segment in zip(names, along["segment"], strict=True) if segment]
    if len(set(placed)) < len(placed):
        raise ReadError(f"expected one sensor per segment and side, found {', '.join(placed)}; correct sensors: worn")
    names = [name if names.index(name) == i else f"{name} {i + 1}" for i, name in enumerate(names)]
    frames = {str(array.attrs.get("frame")) for _, array in arrays}
    out = labelled(
        np.concatenate(values, axis=1),
        dims=("time", "sensor", "space"),
        units=str(arrays[0][1].attrs["units"]),
        coords={"time": time_s, "sensor": names, "space": list(SPACE)}
        | {key: ("sensor", gathered) for key, gathered in along.items()},
        name=kind,
        frame=frames.pop() if len(frames) == 1 else "sensor",
    )
    if apart:
        out.attrs["clocks"] = "apart"
    return out


def _at(time_s: FloatArray, own_s: FloatArray, values: FloatArray, grain_s: float) -> FloatArray:
    """Values at other times, by straight lines; NaN before the first and after the last."""
    inside = (time_s >= own_s[0] - grain_s) & (time_s <= own_s[-1] + grain_s)
    flat = values.reshape(len(values), -1)
    out = np.full((len(time_s), flat.shape[1]), np.nan)
    for i, column in enumerate(flat.T):
        out[inside, i] = np.interp(time_s[inside], own_s, column)
    return out.reshape(len(time_s), *values.shape[1:])
