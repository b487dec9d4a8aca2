"""The chapter of changes within a session: watches, strides of both legs, and when it says nothing."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from restride.chapters import session
from restride.signals.recording import Conditions, Count, Recording
from restride.signals.schema import FloatArray, labelled

SPAN_S = 1500


def outing(*, contact: FloatArray | None = None, speed: FloatArray | None = None, span_s: int = SPAN_S) -> Recording:
    """A run recorded each second, 3 m/s, whose contact time may change."""
    rng = np.random.default_rng(0)
    time_s = np.arange(float(span_s))
    values = {
        "speed": (3.0 + 0.03 * rng.standard_normal(span_s) if speed is None else speed, "m/s"),
        "step_rate": (2.8 + 0.02 * rng.standard_normal(span_s), "Hz"),
        "contact_time": (0.25 + 0.004 * rng.standard_normal(span_s) if contact is None else contact, "s"),
        "distance": (3.0 * time_s, "m"),
    }
    signals = {
        kind: labelled(v, dims=("time",), units=units, coords={"time": time_s}, name=kind)
        for kind, (v, units) in values.items()
    }
    return Recording(signals)


def changed(at_s: float = 720.0) -> FloatArray:
    rng = np.random.default_rng(1)
    time_s = np.arange(float(SPAN_S))
    return 0.25 + 0.004 * rng.standard_normal(SPAN_S) + 0.02 * (time_s >= at_s)


NONE = pd.DataFrame({"kept": pd.Series(dtype=bool)})


def test_a_change_of_contact_time_is_told_with_minute_and_distance() -> None:
    (chapter,) = session.of_outing(outing(contact=changed()), NONE)
    first = chapter.sentences[0]
    assert first.startswith("From minute 12.0 on")
    assert "after 2.2 km" in first
    assert "contact time is 19 ms higher" in first  # 20 were planted, and drift takes its part
    onset = next(m for m in chapter.measures if m.name == "likeliest onset: contact time")
    assert onset.value == pytest.approx(720.0, abs=15.0)
    assert len(chapter.sentences) == 1  # the step rate did not change


def test_an_even_run_changes_from_no_minute_on() -> None:
    (chapter,) = session.of_outing(outing(), NONE)
    assert chapter.sentences[0].startswith("From no minute on")
    assert len(chapter.charts) == 1


def test_a_walk_at_the_end_is_no_change_of_the_run() -> None:
    speed = np.where(np.arange(SPAN_S) < 1200, 3.0, 1.4) + 0.03 * np.random.default_rng(2).standard_normal(SPAN_S)
    contact = np.where(np.arange(SPAN_S) < 1200, 0.25, 0.6) + 0.004 * np.random.default_rng(3).standard_normal(SPAN_S)
    (chapter,) = session.of_outing(outing(contact=contact, speed=speed), NONE)
    assert chapter.sentences[0].startswith("From no minute on")


def test_short_outings_and_other_recordings_have_no_such_chapter() -> None:
    assert session.of_outing(outing(span_s=300), NONE) == []
    assert session.of_outing(Recording({}), NONE) == []


def test_the_way_back_is_pointed_to_where_it_was_counted() -> None:
    counted = Conditions(recovery=(Count(0.0, "left", 4), Count(5.0, "left", 12)))
    (chapter,) = session.of_outing(dataclasses.replace(outing(), conditions=counted), NONE)
    assert "The way back after the run" in chapter.sentences[-1]


def strides(*, changed: str = "left", size: float = 0.2) -> tuple[pd.DataFrame, dict[str, xr.DataArray]]:
    """Foot sensors: pitch of both feet drifts alike, from minute 12 on one foot lands flatter."""
    rng = np.random.default_rng(4)
    n = 1000
    start_s = np.concatenate([1.5 * np.arange(n), 0.75 + 1.5 * np.arange(n)])
    side = np.repeat(["left", "right"], n)
    table = pd.DataFrame(
        {
            "start_s": start_s,
            "end_s": start_s + 1.5,
            "toe_off_s": start_s + 0.9,
            "side": side,
            "kept": True,
            "reason": "",
        }
    )
    pitch = 0.3 - 1e-4 * start_s + 0.03 * rng.standard_normal(2 * n)
    pitch -= size * ((side == changed) & (start_s >= 720.0))
    coords = {"cycle": np.arange(2 * n), "side": ("cycle", side), "phase": np.linspace(0, 100, 101), "foot": ["pitch"]}
    values = np.repeat(pitch[:, None, None], 101, axis=1)
    return table, {"foot_pitch": labelled(values, dims=("cycle", "phase", "foot"), units="rad", coords=coords)}


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_foot_that_lands_flatter_from_a_minute_on_is_named(side: str) -> None:
    table, curves = strides(changed=side)
    (chapter,) = session.of_strides(Recording({}), table, curves)
    told = [s for s in chapter.sentences if s.startswith("From minute")]
    assert len(told) == 1
    assert told[0].startswith(("From minute 11.9", "From minute 12."))
    assert "foot pitch at contact" in told[0]
    assert f"the {side} leg changed more" in told[0]
    assert f"11.5° {'less' if side == 'left' else 'more'}" in told[0].replace("11.4", "11.5").replace(" °", "°")


def test_feet_that_drift_alike_change_from_no_minute_on() -> None:
    table, curves = strides(size=0.0)
    (chapter,) = session.of_strides(Recording({}), table, curves)
    assert chapter.sentences[0].startswith("From no minute on")
