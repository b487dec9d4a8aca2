"""A whole analysis from nothing: ``restride analyse`` in a fresh process, and the size of its page."""

from pathlib import Path
from typing import Final

from benchmarks import cold
from benchmarks.line import PEER_RUNS, Line, in_words

COLD_S: Final = 10.0
PAGE_MB: Final = 2.0


def lines(shared: Path) -> list[Line]:
    """Seconds and megabytes of the walking take."""
    print("whole analysis, cold ...", flush=True)
    seconds, page_mb = cold.analyse(shared / "walk-emg-mocap-grf", runs=PEER_RUNS)
    size = f"{page_mb:.2f} MB"
    return [
        Line(
            "whole restride analyse, cold",
            in_words(seconds),
            "",
            in_words(seconds),
            f"< {COLD_S:g} s",
            seconds < COLD_S,
        ),
        Line("its page", size, "", size, f"< {PAGE_MB:g} MB", page_mb < PAGE_MB),
    ]
