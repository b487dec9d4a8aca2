"""A synthetic runner as situations: the true task and the excitation, cut and scaled as an analysis does."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from restride import cycles, emg, twin
from restride.findings.origin import Situation, situation
from restride.signals.filters import low_pass
from restride.signals.recording import Side
from restride.twin import steps

DELAY_S = 0.040
ENVELOPE_HZ = 6.0


def legs(ran: twin.Run, faults: Sequence[twin.Fault]) -> tuple[Situation, Situation]:
    """Left and right leg of one run."""
    return leg(ran, faults, "left"), leg(ran, faults, "right")


def leg(ran: twin.Run, faults: Sequence[twin.Fault], side: Side) -> Situation:
    """One leg of one run."""
    events = steps.events(ran.steps)
    table = cycles.segment(events[events["time_s"].between(0.0, ran.end_s)])
    return situation(
        side,
        emg=curves(ran, faults),
        task=ran.task,
        muscles=ran.body.muscles,
        cycles=table,
        delay_s=DELAY_S,
    )


def curves(ran: twin.Run, faults: Sequence[twin.Fault]) -> xr.DataArray:
    """Smoothed excitation per stride, shares of the higher leg's peak."""
    excited = twin.muscles(ran, faults).excitation.dropna("time")
    excited = excited.assign_coords(site=("channel", [str(c)[:-2] for c in excited["channel"].values]))
    smooth = low_pass(excited, cutoff_hz=ENVELOPE_HZ, order=2)
    events = steps.events(ran.steps)
    table = cycles.segment(events[events["time_s"].between(0.0, ran.end_s)])
    scaled, _ = emg.scaled(cycles.by_leg(smooth, table))
    return scaled.drop_vars("site", errors="ignore").rename(channel="site")


def rng() -> np.random.Generator:
    """The same draws each time."""
    return np.random.default_rng(0)
