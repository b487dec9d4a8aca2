"""One line of the table, and how it is timed: ours and a peer's in turn, warm, medians of both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

PEER_RUNS: Final = 3
OUR_RUNS_EACH: Final = 10  # between two runs of the peer


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a figure, what it is beside, and its bar."""

    job: str
    ours: str
    peer: str
    figure: str
    bar: str
    passed: bool


def against(
    job: str,
    ours: Callable[[], object],
    peer: Callable[[], float],
    bar: float,
    *,
    name: str,
    our_runs: int = OUR_RUNS_EACH,
) -> Line:
    """Medians of both, in turn, after one run of each to warm up; how many times faster we are.

    Parameters
    ----------
    job : str
    ours : callable
        One run, timed here.
    peer : callable
        One run; gives its own seconds.
    bar : float
        Least ratio.
    name : str
        Of the peer.
    our_runs : int
        Between two runs of the peer.
    """
    print(f"{job}, beside {name} ...", flush=True)
    ours()
    peer()
    our_seconds, peer_seconds = [], []
    for _ in range(PEER_RUNS):
        peer_seconds.append(peer())
        our_seconds += [timed(ours) for _ in range(our_runs)]
    us, them = statistics.median(our_seconds), statistics.median(peer_seconds)
    return ratio(job, us, them, bar, name=name)


def ratio(job: str, us: float, them: float, bar: float, *, name: str) -> Line:
    """The line of two times in seconds."""
    figure = them / us
    shown = f"{figure:.0f} times" if figure >= 10 else f"{figure:.1f} times"
    return Line(job, in_words(us), f"{in_words(them)} {name}", shown, f"≥ {bar:g}", figure >= bar)


def in_words(seconds: float) -> str:
    """Seconds or milliseconds with as many digits as mean something."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1e3 * seconds:.1f} ms"


def timed(job: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
