"""Small EMG exports of known content, as each vendor's program writes them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import ezc3d
import h5py
import numpy as np
import numpy.typing as npt
import pyedflib

# what a still accelerometer reads in g, another number on each axis
GRAVITY = {"X": 0.6, "Y": 0.0, "Z": -0.8}

FloatArray = npt.NDArray[np.float64]


def wave(samples: int, *, size: float = 1e-4, step: float = 0.7) -> FloatArray:
    """A signal that swings both ways."""
    return np.asarray(size * np.sin(step * np.arange(samples)))


def trigno(
    path: Path, sensors: Mapping[str, FloatArray], *, rate_hz: float = 1259.259, promised: int | None = None
) -> Path:
    """EMGworks: per sensor EMG in V and an accelerometer with a tenth of the samples."""
    labels: list[str] = []
    header: list[str] = []
    columns: list[list[str]] = []
    for k, (sensor, values) in enumerate(sensors.items()):
        slow_hz = rate_hz / 8.5
        for label, samples, rate, unit in (
            (f"{sensor}: EMG {k}", values, rate_hz, "V"),
            *(
                (f"{sensor}: ACC.{axis} {k}", np.full(len(values) // 10, g), slow_hz, "g")
                for axis, g in GRAVITY.items()
            ),
        ):
            count = len(samples) if promised is None else promised
            header.append(
                f"Label: {label} Sampling frequency: {rate:e} Number of points: {count} "
                f"start: 0.000000e+000 Unit: {unit} Domain Unit: s"
            )
            labels += ["X[s]", f'"{label}"']
            columns += [[f"{i / rate:.7g}" for i in range(len(samples))], [f"{v:.7g}" for v in samples]]
    rows = [[c[i] if i < len(c) else "" for c in columns] for i in range(max(map(len, columns)))]
    lines = [*header, "Start Trigger Method: None", "", ",".join(labels), *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def discover(path: Path, sensors: Mapping[str, tuple[float, FloatArray]]) -> Path:
    """Trigno Discover: EMG in mV, each sensor with a rate and times of its own."""
    names = [cell for name in sensors for cell in (name, "")]
    length_s = max(len(values) / rate for rate, values in sensors.values())
    modes = ["sensor mode: 50", ""] * len(sensors)
    channels = ["EMG 1 Time Series (s)", "EMG 1 (mV)"] * len(sensors)
    rates = [cell for rate, _ in sensors.values() for cell in ("", f"{rate:.4f} Hz")]
    columns: list[list[str]] = []
    for rate, values in sensors.values():
        columns += [[f"{i / rate:.6f}" for i in range(len(values))], [f"{v:.7g}" for v in values]]
    rows = [[c[i] if i < len(c) else "" for c in columns] for i in range(max(map(len, columns)))]
    head = [
        ["Application:", "Trigno Discover (1.7.0)"],
        ["Date/Time:", "x"],
        ["Collection Length (seconds):", f"{length_s:.4f}"],
    ]
    table = [*head, names, modes, channels, rates, *rows]
    path.write_text("\n".join(",".join(row) for row in table) + "\n", encoding="utf-8")
    return path


def noraxon(
    path: Path, columns: Mapping[str, FloatArray], *, rate_hz: float = 1500.0, marked: Sequence[int] = ()
) -> Path:
    """MR3: two rows about the record, a blank one, then time, Activity, Marker and the channels."""
    count = len(next(iter(columns.values())))
    head = ["type,begin_time,frequency,count,created with version", f"record,0,{rate_hz:g},{count},Noraxon MR 3.18", ""]
    names = ",".join(["time", "Activity", "Marker", *(f'"{name}"' for name in columns)])
    rows = [
        ",".join([f"{i / rate_hz:.5f}", "", "M" if i in marked else "", *(f"{c[i]:.6g}" for c in columns.values())])
        for i in range(count)
    ]
    path.write_text("\n".join([*head, names, *rows]) + "\n", encoding="utf-8")
    return path


def opensignals_text(
    path: Path, counts: npt.NDArray[np.int64], *, device: str = "biosignalsplux", sequence: Sequence[int] = ()
) -> Path:
    """Text with an EMG channel of 16 bits (10 with a BITalino) and one of another sensor, 1000 Hz."""
    bits = 10 if device.startswith("bitalino") else 16
    header = {
        "00:07:80:00:00:00": {
            "sensor": ["EMG", "EDA"],
            "column": ["nSeq", "DI", "R_TA", "palm"],
            "label": ["R_TA", "palm"],
            "resolution": [4, 1, bits, 8],
            "sampling rate": 1000,
            "device": device,
            "position": 0,
        }
    }
    numbers = sequence or range(len(counts))
    rows = [f"{n}\t0\t{value}\t7" for n, value in zip(numbers, counts, strict=True)]
    lines = ["# OpenSignals Text File Format. Version 1", f"# {json.dumps(header)}", "# EndOfHeader", *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def opensignals_hdf5(path: Path, counts: npt.NDArray[np.int64], *, device: str = "biosignalsplux") -> Path:
    """HDF5 with one EMG channel of 16 bits at 1000 Hz."""
    with h5py.File(path, "w") as file:
        group = file.create_group("00:07:80:00:00:00")
        group.attrs.update({"sampling rate": 1000, "resolution": np.array([16]), "device": device})
        raw = group.create_group("raw")
        channel = raw.create_dataset("channel_2", data=counts.astype("<u2")[:, None])
        channel.attrs.update({"label": "R_TA", "sensor": "EMG"})
        raw.create_dataset("nSeq", data=np.arange(len(counts), dtype="<u2")[:, None])
    return path


def c3d(path: Path, channels: Sequence[tuple[str, FloatArray]]) -> Path:
    """C3D without points: EMG in V at 1000 Hz, ten samples per frame."""
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [100.0]
    file["parameters"]["ANALOG"]["RATE"]["value"] = [1000.0]
    file["parameters"]["ANALOG"]["LABELS"]["value"] = [label for label, _ in channels]
    file["parameters"]["ANALOG"]["UNITS"]["value"] = ["V"] * len(channels)
    file["data"]["points"] = np.ones((4, 0, len(channels[0][1]) // 10))
    file["data"]["analogs"] = np.array([values for _, values in channels])[None]
    file.write(str(path))
    return path


def edf(
    path: Path,
    signals: Mapping[str, tuple[int, str, FloatArray]],
    *,
    marks: Sequence[tuple[float, str]] = (),
    bdf: bool = False,
) -> Path:
    """EDF+ or BDF+ written by pyedflib: label -> rate, unit and values within +-1000."""
    kind = pyedflib.FILETYPE_BDFPLUS if bdf else pyedflib.FILETYPE_EDFPLUS
    most = 2**23 - 1 if bdf else 2**15 - 1
    with pyedflib.EdfWriter(str(path), len(signals), file_type=kind) as writer:
        writer.setSignalHeaders(
            [
                {
                    "label": label,
                    "dimension": unit,
                    "sample_frequency": rate,
                    "physical_min": -1000.0,
                    "physical_max": 1000.0,
                    "digital_min": -most - 1,
                    "digital_max": most,
                    "transducer": "",
                    "prefilter": "",
                }
                for label, (rate, unit, _) in signals.items()
            ]
        )
        writer.writeSamples([values for _, _, values in signals.values()])
        for onset_s, text in marks:
            writer.writeAnnotation(onset_s, -1, text)
    return path
