"""Small files of known content for the readers."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

FloatArray = npt.NDArray[np.float64]
WriteTrc = Callable[..., Path]


def walker(frames: int = 7, *, speed_m_s: float = 1.2, rate_hz: float = 100.0) -> dict[str, FloatArray]:
    """Markers (frame, 3) in m of a stiff figure that glides along +x, y up, z right."""
    still = {
        "RASI": (0.10, 1.00, 0.12),
        "LASI": (0.10, 1.00, -0.12),
        "RPSI": (-0.10, 1.02, 0.05),
        "LPSI": (-0.10, 1.02, -0.05),
        "RKNE": (0.02, 0.52, 0.14),
        "LKNE": (0.02, 0.52, -0.14),
        "RANK": (0.00, 0.09, 0.13),
        "LANK": (0.00, 0.09, -0.13),
        "RHEE": (-0.06, 0.04, 0.10),
        "LHEE": (-0.06, 0.04, -0.10),
        "RTOE": (0.16, 0.04, 0.11),
        "LTOE": (0.16, 0.04, -0.11),
        "C7": (-0.08, 1.50, 0.0),
    }
    way = np.arange(frames)[:, None] * np.array([[speed_m_s / rate_hz, 0.0, 0.0]])
    return {name: np.array([place]) + way for name, place in still.items()}


@pytest.fixture
def markers_of_a_walker() -> Callable[..., dict[str, FloatArray]]:
    """The function ``walker``."""
    return walker


@pytest.fixture
def write_trc(tmp_path: Path) -> WriteTrc:
    """Writes markers (frame, 3), numbers as given, to a TRC file."""

    def write(
        markers: Mapping[str, FloatArray],
        *,
        name: str = "markers.trc",
        unit: str = "m",
        rate_hz: float = 100.0,
        start_s: float = 0.0,
    ) -> Path:
        frames = len(next(iter(markers.values())))
        head = [
            "PathFileType\t4\t(X/Y/Z)\tx.trc",
            "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
            f"{rate_hz}\t{rate_hz}\t{frames}\t{len(markers)}\t{unit}\t{rate_hz}\t1\t{frames}",
            "Frame#\tTime\t" + "\t\t\t".join(markers) + "\t\t",
            "\t\t" + "\t".join(f"{axis}{k + 1}" for k in range(len(markers)) for axis in "XYZ"),
            "",
        ]
        table = np.concatenate(list(markers.values()), axis=1)
        rows = [
            "\t".join([str(i + 1), f"{start_s + i / rate_hz:.5f}", *("" if np.isnan(v) else f"{v:.6f}" for v in row)])
            for i, row in enumerate(table)
        ]
        path = tmp_path / name
        path.write_text("\n".join([*head, *rows]) + "\n")
        return path

    return write


@pytest.fixture
def write_table(tmp_path: Path) -> Callable[..., Path]:
    """Writes columns to an OpenSim table."""

    def write(columns: Mapping[str, FloatArray], *, name: str = "table.mot", header: str = "inDegrees=no") -> Path:
        table = np.column_stack(list(columns.values()))
        rows = ["\t".join(f"{v:.8f}" for v in row) for row in table]
        path = tmp_path / name
        path.write_text(
            "\n".join(["name", f"nRows={len(table)}", header, "endheader", "\t".join(columns), *rows]) + "\n"
        )
        return path

    return write
