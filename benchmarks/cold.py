"""A whole ``restride analyse`` of the walking take in a fresh process."""

import math
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stride import TAKE


def analyse(data: Path, *, runs: int) -> tuple[float, float]:
    """Median seconds from the command to the written page, and the page's size in MB; NaN if it failed.

    Parameters
    ----------
    data : Path
        The folder ``walk-emg-mocap-grf``.
    runs : int
    """
    command = [str(Path(sys.executable).with_name("restride")), "analyse", str(data.resolve()), "--take", str(TAKE)]
    seconds = []
    with TemporaryDirectory() as out:
        for run in range(runs):
            folder = Path(out) / str(run)
            start = time.perf_counter()
            done = subprocess.run(
                [*command, "--out", str(folder)], cwd=out, check=False, capture_output=True, text=True
            )
            if done.returncode:
                print(done.stderr, file=sys.stderr)
                return math.nan, math.nan
            seconds.append(time.perf_counter() - start)
        page_mb = (folder / "report.html").stat().st_size / 1e6
    return statistics.median(seconds), page_mb
