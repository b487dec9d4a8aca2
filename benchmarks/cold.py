"""A whole ``restride analyse`` of the walking take in a fresh process."""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

TAKE: Final = Path(__file__).resolve().parent.parent / "examples" / "walk-emg-mocap-grf" / "take.yaml"
FILES: Final = ("markers_walk.trc", "grf_walk.mot", "electromyography.sto")


def analyse(data: Path, *, runs: int) -> tuple[float, float]:
    """Median seconds from the command to the written page, and the page's size in MB.

    Parameters
    ----------
    data : Path
        The folder ``walk-emg-mocap-grf``.
    runs : int
    """
    command = [str(Path(sys.executable).with_name("restride")), "analyse", *(str(data / name) for name in FILES)]
    seconds = []
    with TemporaryDirectory() as out:
        for run in range(runs):
            folder = Path(out) / str(run)
            start = time.perf_counter()
            subprocess.run(
                [*command, "--take", str(TAKE), "--out", str(folder)], cwd=out, check=True, stdout=subprocess.DEVNULL
            )
            seconds.append(time.perf_counter() - start)
        page_mb = (folder / "report.html").stat().st_size / 1e6
    return statistics.median(seconds), page_mb
