"""``python -m validation [TOPIC...]``: every figure beside its bar; fails if one misses.

Reads the recordings under ``RESTRIDE_SHARED`` (default ``../shared``). Each topic is a module of
this folder with ``rows(shared) -> list[Row]``, where ``shared`` is the folder ``data`` in it.
"""

import importlib
import math
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from restride.errors import RestrideError
from validation.row import Row

TOPICS: Final = (
    "forces",
    "events",
    "tracking",
    "moments",
    "required",
    "twin",
    "origin",
    "fit",
    "turns",
    "emg_exports",
    "onsets",
    "synergies",
    "patterns",
    "emg_alone",
    "clocks",
    "history",
    "compare",
    "trials",
    "imu",
    "trunk",
    "video",
    "standing",
    "legs",
    "session",
    "curve_tests",
    "pages",
    "fuzz",
)
# still being built: shown and counted like the others, but a miss here fails only when the topic is asked for
UNFINISHED: Final[tuple[str, ...]] = ()
ROOT: Final = Path(__file__).resolve().parent.parent


def main(chosen: Sequence[str]) -> int:
    """Print the topics chosen, all without a choice; 1 if a figure misses its bar."""
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
    judged = [(topic, row) for topic in (chosen or TOPICS) for row in run(topic, shared) if row.bar is not None]
    missed = [(topic, row) for topic, row in judged if not row.passed]
    print(f"\n{len(judged) - len(missed)} of {len(judged)} figures clear their bar")
    for topic, row in missed:
        state = ", not finished" if topic in UNFINISHED else ""
        print(f"  misses ({topic}{state}): {row.name}: {figure(row)}, bar {bar(row)}; {row.note}")
    return 1 if any(chosen or topic not in UNFINISHED for topic, _ in missed) else 0


def run(topic: str, shared: Path) -> list[Row]:
    """The rows of one topic, printed as a table as soon as they are there."""
    print(f"\n{topic} ...", end="", flush=True)
    start = time.perf_counter()
    try:
        rows: list[Row] = importlib.import_module(f"validation.{topic}").rows(shared)
    except (RestrideError, ImportError) as error:  # one topic that cannot run does not hide the others
        rows = [Row(topic, math.nan, "", 0.0, note=str(error))]
    print(f"\r{topic} ({time.perf_counter() - start:.0f} s)")
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        verdict = "" if row.bar is None else "pass" if row.passed else "MISS"
        print(f"  {row.name:<{width}}  {figure(row):>14}  {bar(row):>14}  {verdict:<4}  {row.note}".rstrip())
    return rows


def figure(row: Row) -> str:
    """The value with its unit; a number without a dimension stands alone."""
    if math.isnan(row.value):
        return "not measured"
    return f"{row.value:.4g} {row.units.removeprefix('1')}".rstrip()


def bar(row: Row) -> str:
    """The bar as a condition; empty without one."""
    if row.bar is None:
        return ""
    return f"{'≥' if row.kind == 'min' else '≤'} {row.bar:.4g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
