"""The file formats the twin writes, as the field writes them."""

from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from restride.signals.schema import SPACE, sampling_rate_hz

# how OpenSim's own examples name the two feet
_FOOT: Final = {"right": "ground_force_r", "left": "ground_force_l"}
_TORQUE: Final = {"right": "ground_torque_r", "left": "ground_torque_l"}


def write_trc(path: Path, markers: xr.DataArray) -> None:
    """Markers (time, marker, space) in m as a TRC file in millimetres, to 1/100 mm."""
    names = [str(m) for m in markers["marker"].values]
    frames = markers.sizes["time"]
    rate = f"{sampling_rate_hz(markers):g}"
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{frames}\t{len(names)}\tmm\t{rate}\t1\t{frames}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{i}" for i in range(1, len(names) + 1) for axis in "XYZ"),
        "",
    ]
    points = 1e3 * markers.transpose("time", "marker", "space").sel(space=list(SPACE)).values.reshape(frames, -1)
    table = np.column_stack([np.arange(1, frames + 1), markers["time"].values, points])
    _write(path, head, table, ["%d", "%.4f"] + ["%.2f"] * points.shape[1], "\t")


def write_mot(path: Path, grf: xr.DataArray, cop: xr.DataArray) -> None:
    """Force (N), centre of pressure (m) and no free moment of both feet as an OpenSim table."""
    names, columns = ["time"], [grf["time"].values]
    for side in ("right", "left"):
        for kind, array in (("v", grf), ("p", cop)):
            names += [f"{_FOOT[side]}_{kind}{axis}" for axis in SPACE]
            columns += [np.nan_to_num(array.sel(side=side, space=axis).values) for axis in SPACE]
    for side in ("right", "left"):
        names += [f"{_TORQUE[side]}_{axis}" for axis in SPACE]
        columns += [np.zeros(grf.sizes["time"])] * 3
    table = np.column_stack(columns)
    head = [path.name, "version=1", f"nRows={len(table)}", f"nColumns={len(names)}", "inDegrees=yes", "endheader"]
    _write(path, [*head, "\t".join(names)], table, ["%.4f"] + ["%.4f"] * (len(names) - 1), "\t")


def write_emg(path: Path, emg: xr.DataArray) -> None:
    """EMG (time, channel) in V as a CSV table, to 1/10 microvolt."""
    names = [f"{channel} [V]" for channel in emg["channel"].values]
    table = np.column_stack([emg["time"].values, emg.transpose("time", "channel").values])
    _write(path, [",".join(["time_s", *names])], table, ["%.4f"] + ["%.7f"] * len(names), ",")


def _write(path: Path, head: list[str], table: np.ndarray, formats: list[str], separator: str) -> None:
    row = separator.join(formats)
    lines = [row % tuple(values) for values in table.tolist()]
    path.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
