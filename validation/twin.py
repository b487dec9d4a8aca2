"""The synthetic runner: what was planted has to be found, on the right side and at the right time.

Each fault alone and no fault at all, 20 seeds each; even seeds plant on the left, odd seeds
on the right. Files are written, read and analysed as any user's files.

When a fault counts as found: among the findings of strength above 0 there is one of topic
"muscle" that compares the legs, is about the planted muscle (for co-contraction about
"thigh_cocontraction"), has the planted leg as the quieter one (as the busier one for
co-contraction), and whose window lies for at least half of its length within the planted
window. It counts as wrong if such a finding names the other leg.

Size: the strength of the strongest such finding of a run. A healthy run fails if any of its
findings, of whatever topic, is as strong as the weakest planted one of all runs.
"""

import os
import tempfile
from collections.abc import Iterable
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

SEEDS: Final = 20
STRIDES: Final = 12
FAULTS: Final = {
    "tibialis anterior at 15 % in swing": twin.QUIET_TIBIALIS,
    "gluteus medius at 40 %, answered by others": twin.WEAK_GLUTEUS,
    "thigh co-contraction in early swing": twin.BUSY_THIGH,
}
HEALTHY: Final = "healthy"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: strength of the strongest finding that matches what was planted, and of those that do not.

    Attributes
    ----------
    name : str
    right, wrong : float
        Strongest matching finding that names the planted leg, and the other leg; 0: none.
    strongest : float
        Strongest finding of any topic.
    raised : tuple of str
        Names of all findings of strength above 0.
    """

    name: str
    right: float
    wrong: float
    strongest: float
    raised: tuple[str, ...]


def rows(shared: Path) -> list[Row]:
    """Found, wrong and false findings over all runs; ``shared`` is not needed, the files are made here."""
    del shared
    jobs = list(product((*FAULTS, HEALTHY), range(SEEDS)))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(outcome, *zip(*jobs, strict=True)))
    by_name = {name: [o for o in outcomes if o.name == name] for name in (*FAULTS, HEALTHY)}
    found = [row for name in FAULTS for row in _fault_rows(name, by_name[name])]
    weakest = min(o.right for name in FAULTS for o in by_name[name])
    return found + _healthy_rows(by_name[HEALTHY], weakest)


def outcome(name: str, seed: int) -> Outcome:
    """Write, read and analyse one take, and hold its findings against what was planted."""
    fault = FAULTS.get(name)
    planted = None if fault is None else fault if seed % 2 == 0 else fault.mirrored()
    with tempfile.TemporaryDirectory() as folder:
        twin.write(folder, faults=[planted] if planted else [], seed=seed, strides=STRIDES)
        findings = analyse(read(folder)).findings
    sure = [f for f in findings if f.strength > 0]
    about = [f for f in sure if planted is not None and _about(f, planted)]
    return Outcome(
        name,
        right=max((f.strength for f in about if planted and _leg(f, planted) == planted.side), default=0.0),
        wrong=max((f.strength for f in about if planted and _leg(f, planted) != planted.side), default=0.0),
        strongest=max((f.strength for f in sure), default=0.0),
        raised=tuple(f"{f.name}, {f.window_name}" for f in sure),
    )


def _about(found: Finding, planted: twin.Fault) -> bool:
    """Whether a finding is about the planted muscles and mostly within the planted window."""
    sites = ("thigh_cocontraction",) if planted.kind == "cocontraction" else planted.sites
    start, end = found.window
    shared = min(end, planted.window[1]) - max(start, planted.window[0])
    compares = found.topic == "muscle" and found.compared_with == "right leg"
    return compares and found.what in sites and shared >= 0.5 * (end - start)


def _leg(found: Finding, planted: twin.Fault) -> Side:
    """The leg a finding names: the busier one for co-contraction, otherwise the quieter one."""
    left = found.this > found.other if planted.kind == "cocontraction" else found.this < found.other
    return "left" if left else "right"


def _fault_rows(name: str, runs: list[Outcome]) -> list[Row]:
    right, wrong = sum(o.right > 0 for o in runs), sum(o.wrong > 0 for o in runs)
    sizes = [o.right for o in runs]
    note = f"strength {min(sizes):.2f} to {max(sizes):.2f}, {STRIDES} strides a leg"
    return [
        Row(f"twin, {name}: found on its leg and in its window", right, f"of {len(runs)}", len(runs), "min", note),
        Row(f"twin, {name}: said of the other leg", wrong, f"of {len(runs)}", 0, "max"),
    ]


def _healthy_rows(runs: list[Outcome], weakest: float) -> list[Row]:
    strongest = [o.strongest for o in runs]
    as_strong = sum(s >= weakest for s in strongest) if weakest > 0 else len(runs)
    any_at_all = sum(s > 0 for s in strongest)
    said = f"strongest of each run: median {np.median(strongest):.2f}, largest {max(strongest):.2f}"
    return [
        Row(
            "twin, healthy: runs with a finding of the size of a planted one",
            as_strong,
            f"of {len(runs)}",
            0,
            "max",
            f"as strong as {weakest:.2f}, the weakest planted one; {said}",
        ),
        Row(
            "twin, healthy: runs with any finding above its floor",
            any_at_all,
            f"of {len(runs)}",
            None,
            "max",
            _most_often(name for run in runs for name in run.raised),
        ),
    ]


def _most_often(names: Iterable[str]) -> str:
    """The findings raised most often, with how often."""
    listed = list(names)
    counts = sorted(((listed.count(name), name) for name in set(listed)), reverse=True)
    return "; ".join(f"{name} ({count})" for count, name in counts[:4])
