"""Cutting strides and bringing them to 101 points, beside pyomeca."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.emg import LENGTH_S, STRIDE_S, as_emg, bursts
from benchmarks.line import Line, against
from benchmarks.peer import from_pypi
from restride import cycles

RATIO: Final = 50.0
STRIDES: Final = 800


def lines(shared: Path) -> list[Line]:  # noqa: ARG001  a topic's signature
    """800 strides of 16 channels: as they are, and each from its own leg."""
    values = bursts()
    signal, table = as_emg(values), strides()
    with TemporaryDirectory() as work:
        data, borders = Path(work) / "emg.npy", Path(work) / "strides.csv"
        np.save(data, values)
        table.to_csv(borders)
        with from_pypi("cycles", data, borders) as peer:
            return [
                against(
                    f"{STRIDES} strides x {values.shape[1]} to 101 points",
                    lambda: cycles.normalise(signal, table),
                    lambda: peer.seconds("run"),
                    RATIO,
                    name=peer.version,
                ),
                against(
                    "the same, each stride from its own leg",
                    lambda: cycles.by_leg(signal, table),
                    lambda: peer.seconds("run"),
                    RATIO,
                    name=peer.version,
                ),
            ]


def strides() -> pd.DataFrame:
    """Strides of both legs in turn, of lengths that differ by two in a hundred."""
    rng = np.random.default_rng(0)
    start_s = 0.5 + (LENGTH_S - 3) * np.arange(STRIDES) / STRIDES
    return pd.DataFrame(
        {
            "start_s": start_s,
            "end_s": start_s + STRIDE_S * (1 + 0.02 * rng.standard_normal(STRIDES)),
            "toe_off_s": start_s + 0.4 * STRIDE_S,
            "side": np.where(np.arange(STRIDES) % 2, "left", "right"),
            "kept": True,
            "reason": "",
        }
    ).rename_axis("cycle")
