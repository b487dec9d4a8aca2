"""Times and lengths of strides whose answer is known."""

import numpy as np
import pandas as pd
from tests.cycles.walker import FOOT_M, WIDTH_M, Walker

from restride.cycles import segment, spatiotemporal
from restride.signals.recording import EVENT_COLUMNS


def strides(*, contact: float, stride_s: float = 1.0) -> pd.DataFrame:
    rows = []
    for side, shift in (("left", 0.0), ("right", 0.45)):
        for k in range(3):
            start_s = (shift + k) * stride_s
            rows += [(start_s, side, "initial_contact", ""), (start_s + contact * stride_s, side, "toe_off", "")]
    return segment(pd.DataFrame(rows, columns=list(EVENT_COLUMNS)))


def test_a_walk_has_double_support_and_no_flight() -> None:
    out = spatiotemporal(strides(contact=0.6))
    left = out[out["side"] == "left"].iloc[1]
    assert np.isclose(left["contact_time_s"], 0.6)
    assert np.isclose(left["swing_time_s"], 0.4)
    assert np.isclose(left["duty_factor"], 0.6)
    assert np.isclose(left["cadence_per_min"], 120.0)
    # the right foot leaves 0.05 s after the left landed and lands 0.15 s before the left leaves
    assert np.isclose(left["double_support_s"], 0.05 + 0.15)
    assert np.isnan(left["flight_time_s"])


def test_a_run_has_flight_and_no_double_support() -> None:
    out = spatiotemporal(strides(contact=0.35, stride_s=0.7))
    left = out[out["side"] == "left"].iloc[0]
    assert np.isclose(left["flight_time_s"], (0.45 - 0.35) * 0.7)
    assert np.isnan(left["double_support_s"])
    assert np.isclose(left["cadence_per_min"], 120 / 0.7)


def test_a_step_belongs_to_the_foot_that_lands_at_its_end() -> None:
    out = spatiotemporal(strides(contact=0.6))
    assert np.allclose(out.loc[out["side"] == "left", "step_time_s"], 0.55)
    assert np.allclose(out.loc[out["side"] == "right", "step_time_s"], 0.45)


def test_step_length_and_width_of_a_walker_are_those_it_was_made_with() -> None:
    for belt in (False, True):
        walker = Walker(belt=belt, turned_rad=0.4)
        rows = []
        for side in ("left", "right"):
            for at_s in walker.landing_s(side):
                toe_off_s = at_s + walker.contact * walker.stride_s
                rows += [(at_s, side, "initial_contact", ""), (toe_off_s, side, "toe_off", "")]
        cycles = segment(pd.DataFrame(rows, columns=list(EVENT_COLUMNS)))
        out = spatiotemporal(cycles, markers=walker.markers()).dropna(subset="step_length_m")
        assert len(out) >= 4
        np.testing.assert_allclose(out["step_length_m"], walker.speed_m_s * walker.stride_s / 2, atol=0.02 * FOOT_M)
        np.testing.assert_allclose(out["step_width_m"], 2 * WIDTH_M, atol=0.002)
