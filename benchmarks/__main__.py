"""``python -m benchmarks [TOPIC...]``: medians beside peers at the same job, in the same run.

Each job runs warm, ours and the peer's in turn, so that a busy machine slows both. Each topic is a
module of this folder with ``lines(shared) -> list[Line]``. Fails if a ratio or a time misses its bar.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.line import Line

TOPICS: Final = ("muscles", "whole", "fit", "imu", "emg", "cycles", "curve_tests")
ROOT: Final = Path(__file__).resolve().parent.parent


def main(chosen: Sequence[str]) -> int:
    """Run the topics chosen, all without a choice, and print the table; 1 if a bar is missed."""
    unknown = sorted(set(chosen) - set(TOPICS))
    if unknown:
        print(f"expected topics among {', '.join(TOPICS)}; found {', '.join(unknown)}", file=sys.stderr)
        return 2
    shared = Path(os.environ.get("RESTRIDE_SHARED", str(ROOT.parent / "shared"))) / "data"
    if not shared.is_dir():
        print(
            "the published recordings are missing; set RESTRIDE_SHARED to the folder that holds data/", file=sys.stderr
        )
        return 2
    lines: list[Line] = []
    for topic in chosen or TOPICS:
        lines += importlib.import_module(f"benchmarks.{topic}").lines(shared)
    width, peer = (max(len(text) for text in texts) for texts in ([s.job for s in lines], [s.peer for s in lines]))
    print(f"\n{'':<{width}}  {'restride':>10}  {'peer':<{peer}}  {'figure':>12}  bar")
    for line in lines:
        verdict = "pass" if line.passed else "MISS"
        print(f"{line.job:<{width}}  {line.ours:>10}  {line.peer:<{peer}}  {line.figure:>12}  {line.bar:<8}  {verdict}")
    return 0 if all(line.passed for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
