"""How muscles are used, on the synthetic runner: what was planted is found, and a healthy one raises nothing.

Seeds that nothing was developed on (the rules were on seeds 0 to 107). Even seeds plant on the left, odd
ones on the right. Files are written, read and analysed as any user's files.

Found: a row of topic "pattern" with strength above 0 names the planted muscle (of co-contraction the knee or one of
the busy muscles) and the planted leg: as the one that lacks the burst, or as the one that is busier.
"""

import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np

from restride import twin
from restride.findings import Finding
from restride.pipeline import analyse
from restride.readers import read
from restride.signals.recording import Side
from validation.row import Row

SEEDS: Final = range(200, 204)
STRIDES: Final = 8
FAULTS: Final = {"quiet": twin.QUIET_TIBIALIS, "busy": twin.BUSY_THIGH}
NEW: Final = ("pattern", "timing")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: whether the planted leg and the other one were named, and the rows raised."""

    name: str
    right: bool
    wrong: bool
    raised: tuple[str, ...]
    alike: float


def rows(shared: Path) -> list[Row]:
    """Found, wrong and false rows; ``shared`` is not needed, the files are made here."""
    del shared
    jobs = list(product((*FAULTS, "healthy"), SEEDS))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(outcome, *zip(*jobs, strict=True)))
    by_name = {name: [o for o in outcomes if o.name == name] for name in (*FAULTS, "healthy")}
    n = len(SEEDS)
    planted = {"quiet": "missing burst of a tibialis at 15 %", "busy": "thigh busy in early swing"}
    found = []
    for name, words in planted.items():
        runs = by_name[name]
        found += [
            Row(f"patterns, {words}: found on its leg", sum(o.right for o in runs), f"of {n}", n),
            Row(f"patterns, {words}: said of the other leg", sum(o.wrong for o in runs), f"of {n}", 0, "max"),
            Row(f"synergies, {words}: likeness of the legs, median", _median(runs), "1", None),
        ]
    healthy = by_name["healthy"]
    names = "; ".join(sorted({name for o in healthy for name in o.raised}))
    return [
        *found,
        Row(
            "patterns, healthy: runs with any row above its floor",
            sum(bool(o.raised) for o in healthy),
            f"of {n}",
            0,
            "max",
            names,
        ),
        Row("synergies, healthy: likeness of the legs, median", _median(healthy), "1", None),
    ]


def outcome(name: str, seed: int) -> Outcome:
    """Write, read and analyse one take, and hold its rows against what was planted."""
    fault = FAULTS.get(name)
    planted = None if fault is None else fault if seed % 2 == 0 else fault.mirrored()
    with tempfile.TemporaryDirectory() as folder:
        twin.write(folder, faults=[planted] if planted else [], seed=seed, strides=STRIDES)
        analysis = analyse(read(folder))
    sure = [f for f in analysis.findings if f.strength > 0 and f.topic in NEW]
    about = [
        f for f in sure if planted and f.topic == "pattern" and (f.what in planted.sites or f.what == "knee_angle")
    ]
    chapter = next(c for c in analysis.chapters if c.key == "patterns")
    alike = next(m.value for m in chapter.measures if "weights between the legs" in m.name)
    return Outcome(
        name,
        right=any(planted is not None and _leg(f, planted) == planted.side for f in about),
        wrong=any(planted is not None and _leg(f, planted) != planted.side for f in about),
        raised=tuple(f"{f.name}, {f.window_name}" for f in sure),
        alike=alike,
    )


def _leg(found: Finding, planted: twin.Fault) -> Side:
    """The leg a row names: that lacks a burst, is on for less, or holds more; of busy muscles the other one."""
    left_is_more = found.value > 0
    less = "missing" not in found.name
    lacks: Side = "left" if left_is_more != less else "right"
    if planted.kind == "quiet":
        return lacks
    return "right" if lacks == "left" else "left"


def _median(runs: list[Outcome]) -> float:
    return float(np.median([o.alike for o in runs]))
