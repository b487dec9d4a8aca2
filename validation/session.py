"""Changes within a session: false alarms on drift and noise that remembers, onsets that were planted, and real runs.

Sessions of 35 minutes in stretches of 15 s. What drifts and is unbroken: nothing, a line, a warming up (time constants
of 2 and 10 min), a logarithm and a cube, of three SD and more of the noise; neighbours correlate by 0, 0.5 and 0.8.
Planted: one leg's change of three SD that comes within a minute, beside a drift that both legs share, at a minute drawn
between a quarter and three quarters of the session. Of these drifts the method fits only the line exactly.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np

from restride.chapters.session import of_outing
from restride.cycles import segment
from restride.findings import session
from restride.readers import read
from restride.signals.schema import FloatArray
from validation.row import Row

STRETCHES: Final = 140
SEEDS: Final = 16
MEMORIES: Final = (0.0, 0.5, 0.8)
DRIFTS: Final = ("none", "line", "warming up, 2 min", "warming up, 10 min", "logarithm", "cube")
PLANTED: Final = 60
SIZE_SD: Final = 3.0
NEAR_MIN: Final = 1.5
STRIDES_A_MINUTE: Final = 40
RUNS: Final = ("fit-run/*.fit", "fit-run-one-runner-2016-2020/*.fit")


def rows(shared: Path) -> list[Row]:
    """False alarms, found onsets, and what is told of real runs."""
    jobs = list(product(DRIFTS, MEMORIES, range(SEEDS)))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        alarms = list(pool.map(false_alarm, *zip(*jobs, strict=True), chunksize=8))
        onsets = list(pool.map(planted, range(PLANTED), chunksize=4))
    told = np.array([a for a, *_ in onsets])
    right = np.array([side for _, side, *_ in onsets])
    near = np.array([abs(off) <= NEAR_MIN for _, _, off, _ in onsets])
    held = np.array([h for *_, h in onsets])
    by_memory = ", ".join(
        f"{m:g}: {100 * np.mean([a for a, (_, of, _) in zip(alarms, jobs, strict=True) if of == m]):.0f} %"
        for m in MEMORIES
    )
    return [
        Row(
            "session: unbroken ones with a change told",
            100 * float(np.mean(alarms)),
            "%",
            5.0,
            "max",
            f"of {len(jobs)}; by correlation of neighbours {by_memory}",
        ),
        Row("session: planted onset told", 100 * float(told.mean()), "%", 80.0, "min", f"of {PLANTED}"),
        Row(
            f"session: planted onset told and within {NEAR_MIN:g} min",
            100 * float((told & near).mean()),
            "%",
            80.0,
            "min",
            f"of {PLANTED}; of those told {100 * float(near[told].mean()):.0f} %",
        ),
        Row("session: told of the wrong leg", float((told & ~right).sum()), f"of {PLANTED}", 0, "max"),
        Row("session: intervals that hold the planted onset", 100 * float(held[told].mean()), "% of those told", None),
        *_real(shared),
    ]


def false_alarm(drift: str, memory: float, seed: int) -> bool:
    """Whether a change is told in one session in which nothing began."""
    rng = np.random.default_rng([seed, DRIFTS.index(drift), round(100 * memory)])
    time_s = session.BIN_S * (0.5 + np.arange(STRETCHES))
    values = np.asarray(_drift(time_s / 60, drift) + _noise(STRETCHES, memory, rng), dtype=np.float64)
    one = session.Course("measure", "1", np.asarray(time_s, dtype=np.float64), values, None, None)
    return session.onsets([one], rng=rng)[0].certain


def planted(seed: int) -> tuple[bool, bool, float, bool]:
    """Whether an onset was told, of the leg it was planted on, how far off in minutes, and within its interval."""
    rng = np.random.default_rng([seed, 77])
    n = STRETCHES * round(STRIDES_A_MINUTE * session.BIN_S / 60)
    time_s = np.sort(rng.uniform(0, STRETCHES * session.BIN_S, n))
    minute = time_s / 60
    onset = float(rng.uniform(0.25, 0.75) * minute[-1])
    shared = 2.0 * minute / minute[-1] + 2.0 * (1 - np.exp(-minute / 5))
    # slow noise of each leg in stretches, and the strides' own; the difference of stretches then has an SD of one
    slow = [0.55 * np.repeat(_noise(STRETCHES, 0.3, rng), n // STRETCHES) for _ in range(2)]
    legs = [shared + s + rng.standard_normal(n) for s in slow]
    side = seed % 2
    legs[side] = legs[side] + (-1) ** (seed // 2) * SIZE_SD * np.clip(minute - onset, 0, 1)
    one = session.legs_apart("measure", "1", (time_s, legs[0]), (time_s, legs[1]))
    found = session.onsets([one], rng=rng)[0]
    low, high = (v / 60 for v in found.change.interval_s)
    # the change is on its way for a minute, and any moment of it is right
    held = low <= onset + 1.0 and onset <= high
    return found.certain, found.side == ("left", "right")[side], found.change.at_s / 60 - onset, held


def _drift(minute: FloatArray, kind: str) -> FloatArray:
    share = minute / minute[-1]
    drifts = {
        "none": 0 * minute,
        "line": 6 * share,
        "warming up, 2 min": 3 * (1 - np.exp(-minute / 2)),
        "warming up, 10 min": 4 * (1 - np.exp(-minute / 10)),
        "logarithm": 1.5 * np.log1p(minute),
        "cube": 4 * share**3,
    }
    return np.asarray(drifts[kind], dtype=np.float64)


def _noise(n: int, memory: float, rng: np.random.Generator) -> FloatArray:
    """Autoregressive noise of first order with an SD of one."""
    out = rng.standard_normal(n)
    for i in range(1, n):
        out[i] = memory * out[i - 1] + np.sqrt(1 - memory**2) * out[i]
    return out


def _real(shared: Path) -> list[Row]:
    """What is told of published runs: shown to be read, not judged, because nobody knows what began in them."""
    told = 0
    paths = sorted(path for pattern in RUNS for path in shared.glob(pattern))
    for path in paths:
        recording = read(path)
        for chapter in of_outing(recording, segment(recording.events)):
            changed = [s for s in chapter.sentences if s.startswith("From minute")]
            told += bool(changed)
            print(f"    {path.name}: {' '.join(chapter.sentences)}")
    return [Row("session: real runs with a change told", float(told), f"of {len(paths)}", None, "max")]
