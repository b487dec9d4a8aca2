"""Peers from PyPI beside us, each timed warm on a job of its own.

A script of its own for an environment of its own; it imports nothing of restride. Started with the
name of a job and its inputs, it loads them, and then answers each line on its standard input with
one line of JSON, ``{"seconds": ...}``: the time of one run. Starting Python, importing the peer and
loading the inputs are left out, all in the peer's favour. The libraries are called as their own
documentation calls them.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version

import numpy as np
import pandas as pd

Run = Callable[[], object]
EMG_HZ = 2000
SHIMMER_HZ, PATIENT_HZ = 204.8, 102.4
PERMUTATIONS = 1000


def main(arguments: Sequence[str]) -> None:
    """Answer each line of standard input."""
    warnings.simplefilter("ignore")
    job, *inputs = arguments
    name, prepare = JOBS[job]
    run = prepare(*inputs)
    print(json.dumps({"version": f"{name} {version(name)}"}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        run()
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


def fit(*paths: str) -> Run:
    """Every record of FIT files, message by message, into one table per file."""
    import fitdecode

    def run() -> list[pd.DataFrame]:
        tables = []
        for path in paths:
            with fitdecode.FitReader(path) as reader:
                rows = [
                    {field.name: field.value for field in frame.fields}
                    for frame in reader
                    if frame.frame_type == fitdecode.FIT_FRAME_DATA and frame.name == "record"
                ]
            tables.append(pd.DataFrame(rows))
        return tables

    return run


def feet(imu: str, borders: str) -> Run:
    """Strides of two feet: events, paths and parameters; the borders of the strides are given."""
    table = pd.read_csv(borders, index_col=0)
    columns = [name for name in ("start", "end") if name in table]
    strides = {f"{foot}_sensor": part[columns].reset_index() for foot, part in table.groupby("foot")}
    data = pd.read_csv(imu, header=[0, 1], index_col=0)
    return _gaitmap({str(foot): pd.DataFrame(data[foot]) for foot in strides}, strides, SHIMMER_HZ)


def patient(left: str, right: str, borders: str) -> Run:
    """As ``feet``, of one file for each foot."""
    table = pd.read_csv(borders, index_col=0)
    strides = {f"{foot}_sensor": part[["start", "end"]].reset_index() for foot, part in table.groupby("foot")}
    files = {"left_sensor": left, "right_sensor": right}
    data = {foot: pd.read_csv(path, index_col=0).drop(columns="index") for foot, path in files.items()}
    return _gaitmap({foot: data[foot] for foot in strides}, strides, PATIENT_HZ)


def _gaitmap(data: dict[str, pd.DataFrame], strides: dict[str, pd.DataFrame], rate_hz: float) -> Run:
    # BarthDtw and RamppEventDetection are of gaitmap_mad, whose licence is not free enough to be beside us
    from gaitmap.event_detection import HerzerEventDetection  # type: ignore[import-not-found]
    from gaitmap.parameters import SpatialParameterCalculation, TemporalParameterCalculation  # type: ignore[import-not-found]
    from gaitmap.trajectory_reconstruction import ForwardBackwardIntegration, MadgwickAHRS, StrideLevelTrajectory  # type: ignore[import-not-found]
    from gaitmap.utils.coordinate_conversion import convert_to_fbf  # type: ignore[import-not-found]

    def run() -> object:
        body = convert_to_fbf(data, left_like="left_", right_like="right_")
        events = HerzerEventDetection().detect(data=body, stride_list=strides, sampling_rate_hz=rate_hz)
        resting = events.min_vel_event_list_
        paths = StrideLevelTrajectory(ori_method=MadgwickAHRS(), pos_method=ForwardBackwardIntegration()).estimate(
            data=data, stride_event_list=resting, sampling_rate_hz=rate_hz
        )
        times = TemporalParameterCalculation().calculate(stride_event_list=resting, sampling_rate_hz=rate_hz)
        lengths = SpatialParameterCalculation().calculate(
            stride_event_list=resting,
            positions=paths.position_,
            orientations=paths.orientation_,
            sampling_rate_hz=rate_hz,
        )
        return times.parameters_, lengths.parameters_

    return run


def emg(values: str) -> Run:
    """Cleaned EMG and its amplitude, channel by channel."""
    import neurokit2  # type: ignore[import-not-found]

    channels = np.ascontiguousarray(np.load(values).T)

    def run() -> list[np.ndarray]:
        return [neurokit2.emg_amplitude(neurokit2.emg_clean(channel, sampling_rate=EMG_HZ)) for channel in channels]

    return run


def cycles(values: str, strides: str) -> Run:
    """Each stride cut from the signal and brought to 101 points."""
    import pyomeca  # type: ignore[import-not-found]

    data, table = np.load(values), pd.read_csv(strides)
    time_s = np.arange(len(data)) / EMG_HZ
    signal = pyomeca.Analogs(data.T, channels=[f"c{k}" for k in range(data.shape[1])], time=time_s)

    def run() -> list[object]:
        normalised = []
        for start_s, end_s in zip(table["start_s"], table["end_s"], strict=True):
            stride = signal.sel(time=slice(start_s, end_s))
            # its default, without a vector of times, fails with the xarray of this year
            wanted = np.linspace(float(stride.time[0]), float(stride.time[-1]), 101)
            normalised.append(stride.meca.time_normalize(time_vector=wanted))
        return normalised

    return run


def curves(this: str, other: str) -> Run:
    """Whole-curve two-sample test by permutation."""
    import spm1d  # type: ignore[import-not-found]

    a, b = np.load(this), np.load(other)

    def run() -> object:
        return spm1d.stats.nonparam.ttest2(a, b).inference(0.05, two_tailed=True, iterations=PERMUTATIONS)

    return run


JOBS: dict[str, tuple[str, Callable[..., Run]]] = {
    "fit": ("fitdecode", fit),
    "feet": ("gaitmap", feet),
    "patient": ("gaitmap", patient),
    "emg": ("neurokit2", emg),
    "cycles": ("pyomeca", cycles),
    "curves": ("spm1d", curves),
}

if __name__ == "__main__":
    main(sys.argv[1:])
