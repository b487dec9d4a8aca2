"""Where the change of one leg between two recordings comes from."""

from collections.abc import Sequence

import numpy as np

from restride.body import Task, task
from restride.errors import SchemaError
from restride.findings.origin import Origin, origin, situation
from restride.pipeline.analysis import Analysis
from restride.pipeline.comparison.curves import Curves
from restride.signals.recording import Side
from restride.signals.schema import SIDES


def origins(a: Analysis, b: Analysis, curves: Curves, *, sticking: bool) -> tuple[dict[Side, Origin], tuple[str, ...]]:
    """Each leg in the first recording against the same leg in the second.

    Parameters
    ----------
    a, b : Analysis
    curves : mapping of kind to pair of DataArray
        As from ``on_one_scale``.
    sticking : bool
        No electrode was moved; else sizes say nothing and nothing is asked.

    Returns
    -------
    mapping of side to Origin
        Empty without EMG, or where a reason stands against it.
    tuple of str
        Reasons, as what was not measured.
    """
    if "emg" not in curves:
        return {}, ()
    if not sticking:
        return {}, ("where a change of the muscles comes from: the electrodes were not left in place",)
    tasks = [_task(x) for x in (a, b)]
    if any(task is None for task in tasks):
        return {}, ("where a change of the muscles comes from: that needs markers and force plates in both",)
    found: dict[Side, Origin] = {}
    reasons = []
    for side in SIDES:
        try:
            found[side] = _of_leg(side, (a, b), curves, tasks)
        except SchemaError as error:
            reasons.append(f"where the change of the {side} leg comes from: {error}")
    return found, tuple(reasons)


def _task(analysis: Analysis) -> Task | None:
    """What the movement set both legs to do; None without a body, or with moments that no plate measured."""
    recording, derived = analysis.recording, analysis.method.get("force", "").startswith("derived")
    if analysis.body is None or derived or any(kind not in recording for kind in ("angles", "root", "moments")):
        return None
    return task(analysis.body, recording["angles"], recording["root"], recording["moments"])


def _of_leg(side: Side, both: tuple[Analysis, Analysis], curves: Curves, tasks: Sequence[Task | None]) -> Origin:
    situations = []
    for analysis, emg, asked, letter in zip(both, curves["emg"], tasks, ("A", "B"), strict=True):
        assert analysis.body is not None  # ``origins`` saw to it
        assert asked is not None
        if not (analysis.cycles["kept"] & (analysis.cycles["side"] == side)).any():
            raise SchemaError(f"expected strides of the {side} leg in {letter}, found none")
        situations.append(
            situation(
                side,
                emg=emg,
                task=asked,
                muscles=analysis.body.muscles,
                cycles=analysis.cycles,
                delay_s=analysis.plan.delay_s,
                name=f"leg in {letter}",  # its side stands above, and this on narrow axes
            )
        )
    plan = both[0].plan
    rng = np.random.default_rng(plan.seed)
    return origin(situations[0], situations[1], envelope_hz=plan.envelope_hz, rng=rng)
