"""``python -m benchmarks``: medians beside OpenSim 4.6 on the same walking stride, in the same run.

Each job runs warm, ours and the peer's in turn, so that a busy machine slows both. Fails if a
ratio or a time misses its bar.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import cold, stride
from benchmarks.peer import opensim

ROOT: Final = Path(__file__).resolve().parent.parent
PEER_RUNS: Final = 3
OUR_RUNS_EACH: Final = 10  # between two runs of the peer

REQUIRED_RATIO: Final = 300.0
KINEMATICS_RATIO: Final = 10.0
COLD_S: Final = 10.0
PAGE_MB: Final = 2.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a figure, what it is beside, and its bar."""

    job: str
    ours: str
    peer: str
    figure: str
    bar: str
    passed: bool


def main() -> int:
    """Run all, print the table; 1 if a bar is missed."""
    shared = Path(os.environ.get("RESTRIDE_SHARED", str(ROOT.parent / "shared"))) / "data"
    data = shared / "walk-emg-mocap-grf"
    if not data.is_dir():
        print(
            "the published recordings are missing; set RESTRIDE_SHARED to the folder that holds data/", file=sys.stderr
        )
        return 2
    walk = stride.load(data)
    with opensim(data) as peer:
        print(f"OpenSim {peer.version}, one walking stride, {walk.frames} frames")
        lines = [
            against(
                "required activation, from read signals",
                lambda: stride.required(walk),
                lambda: peer.seconds("static_optimisation"),
                REQUIRED_RATIO,
            ),
            against(
                f"inverse kinematics, {len(walk.tracked)} markers",
                lambda: stride.kinematics(walk),
                lambda: peer.seconds("inverse_kinematics", markers=walk.tracked),
                KINEMATICS_RATIO,
            ),
        ]
    lines += cold_lines(data)
    width = max(len(line.job) for line in lines)
    print(f"\n{'':<{width}}  {'restride':>10}  {'OpenSim':>10}  {'figure':>12}  bar")
    for line in lines:
        verdict = "pass" if line.passed else "MISS"
        print(f"{line.job:<{width}}  {line.ours:>10}  {line.peer:>10}  {line.figure:>12}  {line.bar:<8}  {verdict}")
    return 0 if all(line.passed for line in lines) else 1


def against(job: str, ours: Callable[[], object], peer: Callable[[], float], bar: float) -> Line:
    """Medians of both, in turn, after one run of each to warm up."""
    print(f"{job} ...", flush=True)
    ours()
    peer()
    our_seconds, peer_seconds = [], []
    for _ in range(PEER_RUNS):
        peer_seconds.append(peer())
        our_seconds += [timed(ours) for _ in range(OUR_RUNS_EACH)]
    us, them = statistics.median(our_seconds), statistics.median(peer_seconds)
    return Line(
        job, f"{us * 1e3:.1f} ms", f"{them * 1e3:.0f} ms", f"{them / us:.0f} times", f"≥ {bar:g}", them / us >= bar
    )


def cold_lines(data: Path) -> list[Line]:
    """A whole analysis in a fresh process, and the size of its page."""
    print("whole analysis, cold ...", flush=True)
    seconds, page_mb = cold.analyse(data, runs=PEER_RUNS)
    return [
        Line(
            "whole restride analyse, cold",
            f"{seconds:.1f} s",
            "",
            f"{seconds:.1f} s",
            f"< {COLD_S:g} s",
            seconds < COLD_S,
        ),
        Line("its page", f"{page_mb:.2f} MB", "", f"{page_mb:.2f} MB", f"< {PAGE_MB:g} MB", page_mb < PAGE_MB),
    ]


def timed(job: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
