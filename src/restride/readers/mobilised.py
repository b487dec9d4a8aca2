"""Mobilise-D recordings: a MATLAB file with trials of a lower-back sensor, of which take.yaml names one."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from restride.errors import ReadError
from restride.readers.imu_signals import sensor_signal
from restride.readers.matlab_file import variables
from restride.readers.take import Take
from restride.readers.text_rows import measurable
from restride.readers.worn import Worn
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray

# names of the sensor units in the consortium's files -> where they are worn
_PLACES: Final = {
    "LowerBack": Worn("pelvis"),
    "LeftFoot": Worn("foot", "left"),
    "RightFoot": Worn("foot", "right"),
}
# as the consortium's tools read them: g, degrees per second
_SIGNALS: Final = {"Acc": ("acc", "g"), "Gyr": ("gyr", "deg/s")}


def sniff(head: bytes) -> bool:
    """Whether a file begins as a MATLAB file of version 5."""
    return head.startswith(b"MATLAB 5.0 MAT-file")


def read_mobilised(path: Path, take: Take) -> Recording:
    """The sensors of one trial.

    Parameters
    ----------
    path : Path
        ``data.mat`` with ``data.<time>.<test>.<trial>.SU.<place>.Acc`` and ``Gyr``.
    take : Take
        ``sensors: {trial: Test5/Trial1}`` where the file holds several; sensors of other names than
        the consortium's need ``worn``.

    Returns
    -------
    Recording
        ``acc`` and ``gyr``, frame of the sensor.

    Raises
    ------
    ReadError
        If it is no such file, or several trials are in it and none is named.
    """
    content = path.read_bytes()
    trials = dict(_trials(variables(content).get("data")))
    if not trials:
        raise ReadError("expected trials with sensor units (SU), found none; is it a data.mat of Mobilise-D?")
    name, units = _chosen(trials, take.sensors.trial)
    worn = {label: place for label, place in _PLACES.items() if label in units} | dict(take.sensors.worn)
    signals: dict[str, xr.DataArray] = {}
    doubts: list[Doubt] = []
    for field, (kind, unit) in _SIGNALS.items():
        there = [label for label, unit_of in units.items() if _values(unit_of, field) is not None]
        rates = {_rate_hz(units[label], field) for label in there}
        lengths = {_samples(units[label], field) for label in there}
        if len(rates) > 1 or len(lengths) > 1:
            raise ReadError(f"expected one rate for all {field}, found {sorted(rates)}; state the trial of one device")
        if not there:
            continue
        numbers = np.concatenate(
            [np.asarray(_values(units[label], field), dtype=np.float64) for label in there], axis=1
        )
        axes = [(label, axis, unit) for label in there for axis in range(3)]
        time_s = take.sensors.starts_at_s + np.arange(len(numbers)) / rates.pop() * take.sensors.clock_factor
        notes = take.sensors.with_worn(worn)
        signals[kind], said = sensor_signal(kind, axes, measurable(numbers), time_s, notes)
        doubts += said
    if "acc" not in signals:
        raise ReadError(f"expected Acc of a sensor in {name}, found none")
    source = Source("Mobilise-D", hashlib.sha256(content).hexdigest(), device=name)
    return Recording(signals, sources=(source,), doubts=tuple(dict.fromkeys(doubts)))


def _trials(tree: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every mapping with sensor units in it, by test and trial."""
    if not isinstance(tree, Mapping) or len(path) > 4:
        return
    units = tree.get("SU")
    if isinstance(units, Mapping):
        yield "/".join(path), {str(k): v for k, v in units.items() if isinstance(v, Mapping)}
        return
    for key, below in tree.items():
        yield from _trials(below, (*path, str(key)))


def _chosen(trials: Mapping[str, Mapping[str, object]], wanted: str | None) -> tuple[str, Mapping[str, object]]:
    """The trial named, by its whole path or the end of it."""
    names = [name for name in trials if wanted is None or f"/{name}".endswith(f"/{wanted.strip('/')}")]
    if len(names) != 1:
        ends = ", ".join(name.partition("/")[2] or name for name in trials)
        raise ReadError(f"expected one trial, found {ends}; add to take.yaml: sensors: {{trial: ...}}")
    return names[0], trials[names[0]]


def _values(unit: object, field: str) -> FloatArray | None:
    found = unit.get(field) if isinstance(unit, Mapping) else None
    numeric = isinstance(found, np.ndarray) and found.ndim == 2 and found.shape[1] == 3 and found.dtype.kind in "fiu"
    return found if numeric and isinstance(found, np.ndarray) else None


def _samples(unit: object, field: str) -> int:
    values = _values(unit, field)
    return 0 if values is None else len(values)


def _rate_hz(unit: object, field: str) -> float:
    rates = unit.get("Fs") if isinstance(unit, Mapping) else None
    rate = rates.get(field) if isinstance(rates, Mapping) else None
    if not isinstance(rate, int | float | np.number) or not 0 < float(rate) < 1e5:
        raise ReadError(f"expected the rate of {field} in Fs, found none; is it a data.mat of Mobilise-D?")
    return float(rate)
