"""The same take as its mirror image: what was left is right, and nothing else has changed."""

import dataclasses

import numpy as np

from restride.signals.recording import Recording
from restride.signals.schema import FloatArray

_SWAP = {"left": "right", "right": "left"}
# a vector loses its sideways sign in the mirror, a moment keeps it and turns the other two
_VECTOR = np.array([1.0, 1.0, -1.0])
_MOMENT = np.array([-1.0, -1.0, 1.0])


def mirrored(recording: Recording) -> Recording:
    """Markers, plates, EMG channels and events in the mirror of the sagittal plane."""
    signals = {}
    for kind, array in recording.signals.items():
        values: FloatArray = array.values
        if "space" in array.dims:
            signs = _MOMENT if array.attrs["units"] == "N m" else _VECTOR
            array = array.copy(data=values * signs)
        for dim in ("marker", "channel", "side"):
            if dim in array.dims:
                array = array.assign_coords({dim: [_renamed(str(v)) for v in array[dim].values]})
        signals[kind] = array
    events = recording.events.assign(side=recording.events["side"].map(_SWAP))
    return dataclasses.replace(recording, signals=signals, events=events)


def _renamed(name: str) -> str:
    if name in _SWAP:
        return _SWAP[name]
    if name[-2:] in ("_l", "_r"):
        return name[:-1] + {"l": "r", "r": "l"}[name[-1]]
    return {"L": "R", "R": "L"}.get(name[0], name[0]) + name[1:]
