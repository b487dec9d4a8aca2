"""Where the change of one leg between two recordings comes from."""

import numpy as np

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
    if any(x.body is None or x.task is None for x in (a, b)):
        return {}, ("where a change of the muscles comes from: that needs markers and force plates in both",)
    found: dict[Side, Origin] = {}
    reasons = []
    for side in SIDES:
        try:
            found[side] = _of_leg(side, (a, b), curves)
        except SchemaError as error:
            reasons.append(f"where the change of the {side} leg comes from: {error}")
    return found, tuple(reasons)


def _of_leg(side: Side, both: tuple[Analysis, Analysis], curves: Curves) -> Origin:
    situations = []
    for analysis, emg, letter in zip(both, curves["emg"], ("A", "B"), strict=True):
        assert analysis.body is not None  # ``origins`` saw to it
        assert analysis.task is not None
        if not (analysis.cycles["kept"] & (analysis.cycles["side"] == side)).any():
            raise SchemaError(f"expected strides of the {side} leg in {letter}, found none")
        situations.append(
            situation(
                side,
                emg=emg,
                task=analysis.task,
                muscles=analysis.body.muscles,
                cycles=analysis.cycles,
                delay_s=analysis.plan.delay_s,
                name=f"leg in {letter}",  # its side stands above, and this on narrow axes
            )
        )
    plan = both[0].plan
    rng = np.random.default_rng(plan.seed)
    return origin(situations[0], situations[1], envelope_hz=plan.envelope_hz, rng=rng)
