"""Speed from the feet, with a closed form and on belts of known speed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import restride as rs
from restride import cycles
from restride.cycles.speed import speed

STRIDE_S = 0.8
CONTACT_S = 0.32


def walker(*, ground_m_s: float, belt_m_s: float) -> xr.DataArray:
    """Feet that rest on the belt during contact and catch up in swing; the person goes ``ground_m_s`` in the lab."""
    time_s = np.arange(0.0, 4.0, 0.005)
    marks = {}
    for letter, shift in (("L", 0.0), ("R", 0.5)):
        phase = (time_s / STRIDE_S + shift) % 1.0 * STRIDE_S
        number = np.floor(time_s / STRIDE_S + shift)
        start = ground_m_s * STRIDE_S * (number - shift)
        planted = start - belt_m_s * phase
        landed, lifted = start + ground_m_s * STRIDE_S, start - belt_m_s * CONTACT_S
        swing = (phase - CONTACT_S) / (STRIDE_S - CONTACT_S)
        smooth = swing - np.sin(2 * np.pi * swing) / (2 * np.pi)
        x = np.where(phase < CONTACT_S, planted, lifted + (landed - lifted) * smooth)
        lift = np.where(phase < CONTACT_S, 0.0, 0.1 * np.sin(np.pi * np.clip(swing, 0, 1)) ** 2)
        for name, ahead in (("HEE", 0.0), ("TOE", 0.2)):
            across = np.full_like(x, 0.1 if letter == "R" else -0.1)
            marks[letter + name] = np.column_stack([x + ahead, 0.05 + lift, across])
    return xr.DataArray(
        np.stack(list(marks.values()), axis=1),
        dims=("time", "marker", "space"),
        coords={"time": time_s, "marker": list(marks), "space": ["x", "y", "z"]},
        attrs={"units": "m", "frame": "lab"},
    )


def table(side: str = "left") -> pd.DataFrame:
    shift = 0.0 if side == "left" else 0.5
    start = STRIDE_S * (np.arange(1, 4) - shift)
    columns = {"start_s": start, "end_s": start + STRIDE_S, "toe_off_s": start + CONTACT_S}
    return pd.DataFrame({**columns, "side": side, "kept": True, "reason": ""})


@given(st.floats(0.0, 5.0), st.floats(0.0, 5.0))
def test_speed_is_that_of_the_person_less_that_of_the_belt(ground: float, belt: float) -> None:
    for side in ("left", "right"):
        found = speed(walker(ground_m_s=ground, belt_m_s=belt), table(side))
        np.testing.assert_allclose(found, ground + belt, atol=0.02 * (ground + belt) + 0.01)


def test_without_a_toe_off_or_a_marker_it_is_not_known() -> None:
    bare = table().assign(toe_off_s=np.nan)
    assert np.isnan(speed(walker(ground_m_s=1.0, belt_m_s=0.0), bare)).all()
    heels = walker(ground_m_s=1.0, belt_m_s=0.0).sel(marker=["LHEE", "RHEE"])
    assert np.isnan(speed(heels, table())).all()


@pytest.mark.parametrize(("run", "belt_m_s"), [("run200", 2.0), ("run300", 3.0), ("run400", 4.0), ("run500", 5.0)])
def test_a_runner_on_a_belt_goes_as_fast_as_the_belt(shared: Path, run: str, belt_m_s: float) -> None:
    recording = cycles.detect(rs.read([shared / "run-four-speeds" / run / name for name in ("grf.mot", "markers.trc")]))
    found = speed(recording["markers"], cycles.segment(recording.events))
    assert np.nanmedian(found) == pytest.approx(belt_m_s, rel=0.03)
