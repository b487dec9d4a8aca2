"""Strides of two feet with sensors, beside gaitmap: warm, and in a fresh process.

gaitmap is given the borders of the strides, which we find ourselves: what finds them there is of
``gaitmap_mad``, under another licence. Its own way from there: ``HerzerEventDetection``, Madgwick's
filter with ``ForwardBackwardIntegration``, temporal and spatial parameters.
"""

import itertools
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from benchmarks.line import PEER_RUNS, Line, against, ratio, timed
from benchmarks.peer import ROOT, from_pypi
from restride import imu
from restride.readers import read
from restride.readers.take import Take, parsed
from restride.signals.recording import Recording
from restride.signals.schema import SIDES

WARM_RATIO: Final = 1.0
COLD_RATIO: Final = 5.0
HEALTHY_HZ, PATIENT_HZ = 204.8, 102.4
FOLDER: Final = "imu-foot-shimmer"
HEALTHY: Final = "imu_sample.csv"


def lines(shared: Path) -> list[Line]:
    """A healthy walker and a person with multiple sclerosis, warm; the healthy walker cold."""
    folder = shared / FOLDER
    borders = folder / "stride_borders_sample.csv"
    found = []
    walk = healthy(folder / HEALTHY)
    with from_pypi("feet", folder / HEALTHY, borders) as peer:
        job, name = "foot sensors, healthy, 39 s", peer.version
        found.append(against(job, lambda: strides([walk]), lambda: peer.seconds("run"), WARM_RATIO, name=name))
    with TemporaryDirectory() as work:
        files = [folder / f"imu_sample_ms_{side}.csv" for side in SIDES]
        feet = [
            worn(path, {"sensor": {"segment": "foot", "side": side}}, PATIENT_HZ)
            for path, side in zip(files, SIDES, strict=True)
        ]
        own = Path(work) / "borders.csv"
        from_swing_to_swing(feet).to_csv(own)
        with from_pypi("patient", *files, own) as peer:
            job = "foot sensors, MS, 68 s"
            found.append(
                against(job, lambda: strides(feet), lambda: peer.seconds("run"), WARM_RATIO, name=peer.version)
            )
    return [*found, *cold(folder / HEALTHY, borders, name)]


def cold(path: Path, borders: Path, name: str) -> list[Line]:
    """A fresh process each, the first on a machine and a later one: what the peer compiles at first it keeps."""
    print("foot sensors, cold ...", flush=True)
    us, first, later = [], [], []
    with TemporaryDirectory() as nothing:
        for run in range(PEER_RUNS):
            us.append(timed(lambda: own_process(path)))
            # another folder each time, so that nothing is found compiled
            empty = f"{nothing}/{run}"
            first.append(timed(lambda: one_run(path, borders, NUMBA_CACHE_DIR=empty)))  # noqa: B023  called at once
            later.append(timed(lambda: one_run(path, borders)))
    ours = statistics.median(us)
    return [
        ratio("foot sensors, fresh process, first on a machine", ours, statistics.median(first), COLD_RATIO, name=name),
        ratio(
            "foot sensors, fresh process, later",
            ours,
            statistics.median(later),
            WARM_RATIO,
            name=f"{name}, compiled before",
        ),
    ]


def healthy(path: Path) -> Recording:
    """Both feet of the healthy walker."""
    return worn(path, {f"{side}_sensor": {"segment": "foot", "side": side} for side in SIDES}, HEALTHY_HZ)


def worn(path: Path, places: dict[str, dict[str, str]], rate_hz: float) -> Recording:
    """A file of the set, whose header names neither rate nor units."""
    take: Take = parsed({"sensors": {"rate_hz": rate_hz, "acc_unit": "m/s^2", "gyr_unit": "deg/s", "worn": places}})
    return read(path, take=take)


def strides(recordings: list[Recording]) -> list[imu.FootStrides]:
    """Events and strides of each recording."""
    return [imu.feet(recording["acc"], recording["gyr"]) for recording in recordings]


def from_swing_to_swing(recordings: list[Recording]) -> pd.DataFrame:
    """Borders of strides as gaitmap takes them, from toe-off to toe-off, in samples."""
    rows: list[tuple[int, str, int, int]] = []
    for found in strides(recordings):
        for side, own in found.strides.groupby("side"):
            leaves = (own["toe_off_s"].dropna() * PATIENT_HZ).round().astype(int).tolist()
            rows += [(len(rows) + k, str(side), a, b) for k, (a, b) in enumerate(itertools.pairwise(leaves))]
    table = pd.DataFrame(rows, columns=["s_id", "foot", "start", "end"]).set_index("s_id")
    return table[table["end"] - table["start"] < 3 * PATIENT_HZ]


def own_process(path: Path) -> None:
    """Ours from nothing: a fresh interpreter reads the file and finds the strides."""
    subprocess.run([sys.executable, "-m", "benchmarks.imu", str(path)], cwd=ROOT, check=True)


def one_run(path: Path, borders: Path, **environment: str) -> None:
    """The peer's from nothing."""
    with from_pypi("feet", path, borders, environment=environment) as peer:
        peer.seconds("run")


if __name__ == "__main__":
    strides([healthy(Path(sys.argv[1]))])
