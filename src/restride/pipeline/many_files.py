"""One function over many files, several at a time where it pays."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

# starting a process takes seconds, reading a file of a watch a tenth of one
FEWEST_FOR_PROCESSES: Final = 100

T = TypeVar("T")


def each(
    look: Callable[[Path], T],
    paths: Sequence[Path],
    *,
    processes: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Iterator[tuple[Path, T]]:
    """Each file with what ``look`` finds in it, in the order of the files.

    Parameters
    ----------
    look : callable
        At the top of a module, so that another process can find it.
    paths : sequence of Path
    processes : int
        How many files are looked at at a time.
    progress : callable, optional
        Told in words how far it is.
    """
    for k, pair in enumerate(zip(paths, _found(look, paths, processes), strict=True), start=1):
        if progress:
            progress(f"file {k} of {len(paths)}")
        yield pair


def _found(look: Callable[[Path], T], paths: Sequence[Path], processes: int) -> Iterator[T]:
    if processes < 2 or len(paths) < FEWEST_FOR_PROCESSES:
        yield from map(look, paths)
        return
    # a fresh interpreter each, the same on every system
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(look, paths, chunksize=4)
