"""The devices of an OpenSignals HDF5 file, read in an interpreter of its own.

A damaged file can hold the HDF5 library in an endless loop that nothing in the same process
can end. Run as a script, this module writes what it found to its standard output;
``devices`` starts it, waits for a limited time, and takes the answer.
"""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

# a sound file takes less; the second figure is for reading and handing over
LIMIT_S: Final = 4.0
BYTES_PER_S: Final = 10e6
# samples a compressed file may hold per byte; a damaged size is larger
MOST_SAMPLES_PER_BYTE: Final = 100

Found = tuple[dict[str, object], list[np.ndarray]]


def devices(path: Path, *, limit_s: float | None = None) -> list[Found]:
    """Header and columns of each device: its channels, and last the numbers in sequence if it has them.

    Parameters
    ----------
    path : Path
    limit_s : float, optional
        How long reading may take; left out: by the size of the file.

    Raises
    ------
    ValueError
        If the file is damaged, or takes longer than a sound one.
    """
    limit_s = LIMIT_S + path.stat().st_size / BYTES_PER_S if limit_s is None else limit_s
    command = [sys.executable, "-I", str(Path(__file__).resolve()), str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limit_s, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise ValueError("the HDF5 library could not read the file") from error
    with np.load(io.BytesIO(done.stdout), allow_pickle=False) as answer:
        headers = json.loads(answer["headers"].tobytes())
        return [
            (header, [answer[f"{k}_{column}"] for column in range(int(header["columns"]))])
            for k, header in enumerate(headers)
        ]


def _answer(path: str) -> bytes:
    """What ``devices`` waits for."""
    import h5py

    most = MOST_SAMPLES_PER_BYTE * Path(path).stat().st_size
    headers: list[dict[str, object]] = []
    columns: dict[str, np.ndarray] = {}
    with h5py.File(path, "r") as file:
        for group in file.values():
            if not (isinstance(group, h5py.Group) and "raw" in group):
                continue
            raw = group["raw"]
            names = sorted((n for n in raw if n.startswith("channel_")), key=lambda n: int(n.rpartition("_")[2]))
            stored = [raw[name] for name in [*names, *(["nSeq"] if "nSeq" in raw else [])]]
            if len({array.size for array in stored}) != 1 or stored[0].size > most:
                raise ValueError("channels of different or impossible sizes")
            columns |= {f"{len(headers)}_{k}": np.ravel(array[()]) for k, array in enumerate(stored)}
            headers.append(
                {
                    "columns": len(stored),
                    "sampling rate": float(np.ravel(group.attrs["sampling rate"])[0]),
                    "resolution": np.ravel(group.attrs["resolution"]).astype(float).tolist(),
                    "device": _text(group.attrs.get("device", "")),
                    "date": _text(group.attrs.get("date", "")),
                    "time": _text(group.attrs.get("time", "")),
                    "label": [_text(raw[name].attrs.get("label", "")) or name for name in names],
                    "sensor": [_text(raw[name].attrs.get("sensor", "")) for name in names],
                }
            )
    answer = io.BytesIO()
    np.savez(answer, headers=np.frombuffer(json.dumps(headers).encode(), np.uint8), **columns)  # type: ignore[arg-type]
    return answer.getvalue()


def _text(value: object) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    sys.stdout.buffer.write(_answer(sys.argv[1]))
