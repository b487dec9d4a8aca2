"""Turns of the pedals as a chapter: from a crank table, from worn sensors, from a muscle. All made up."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.testing import assert_allclose
from scipy import signal
from tests.imu.rider import rider, sensors

from restride.chapters import worn
from restride.chapters.turns import chapters
from restride.pipeline import analyse
from restride.readers import read
from restride.readers.take import parsed
from restride.signals.recording import Conditions, Recording
from restride.signals.schema import SIDES, labelled

NONE = pd.DataFrame()
CYCLING = Conditions(pedalling=True)


def crank(*, left: float = 10.0, right: float = 12.0, seconds: float = 60.0) -> Recording:
    """Torque of each leg: its mean and a push at a quarter turn."""
    ride = rider(seconds)
    coords = {"time": ride.time_s, "side": list(SIDES)}
    noise = np.random.default_rng(0).normal(scale=0.5, size=ride.pedal.shape)
    torque = np.array([left, right]) * (1.0 + np.sin(ride.pedal)) + noise
    return Recording(
        {
            "pedal_angle": labelled(ride.pedal, dims=("time", "side"), units="rad", coords=coords),
            "crank_torque": labelled(torque, dims=("time", "side"), units="N m", coords=coords),
        }
    )


def test_the_stronger_leg_of_a_crank_table_is_named() -> None:
    for left, right, side in ((10.0, 12.0, "right"), (12.0, 10.0, "left")):
        (chapter,) = chapters(crank(left=left, right=right), NONE)
        told = re.search(r"the left leg did ([\d.]+) % of the work of a turn", chapter.sentences[0])
        assert told is not None
        assert float(told[1]) == pytest.approx(100 * left / (left + right), abs=0.2)
        assert chapter.sentences[1].startswith(f"The work of a turn of the {side} leg is 12.")
        drawn = next(c for c in chapter.charts if c.title.startswith("Torque"))
        assert_allclose(drawn.series["left"][25], 2 * left, rtol=0.03)  # a quarter turn after its own top
        assert_allclose(drawn.series["right"][25], 2 * right, rtol=0.03)


def test_equal_legs_do_not_differ() -> None:
    (chapter,) = chapters(crank(left=11.0, right=11.0), NONE)
    assert chapter.sentences[1].startswith("Work, effectiveness and smoothness of the legs do not differ")


@pytest.mark.parametrize("segment", ["foot", "shank", "crank"])
def test_sensors_of_a_ride_become_turns(segment: str) -> None:
    acc, gyr = sensors(rider(), on=(f"{segment}_left", f"{segment}_right")[: 1 if segment == "crank" else 2])
    (chapter,) = chapters(Recording({"acc": acc, "gyr": gyr}, conditions=CYCLING), NONE)
    turn = {m.side: m.value for m in chapter.measures if m.name == "time of a turn"}
    assert set(turn) == set(SIDES)
    assert_allclose(list(turn.values()), 1 / 1.4, rtol=0.05)  # the cadence wanders by a tenth
    assert segment in chapter.method
    assert any(c.title.startswith("Tilt of the foot") for c in chapter.charts) == (segment == "foot")


def test_sensors_of_a_ride_are_not_told_as_strides() -> None:
    acc, gyr = sensors(rider(20.0), on=("foot_left", "foot_right"))
    recording = Recording({"acc": acc, "gyr": gyr}, conditions=CYCLING)
    assert worn.chapters(recording, NONE) == []
    facts = worn.worn(recording)
    assert facts["shows"] == []
    assert "turns of the pedals, from the foot" in str(facts["can_answer"])


def test_sensors_that_nobody_says_were_on_a_bike_are_left_alone() -> None:
    acc, gyr = sensors(rider(20.0), on=("foot_left", "foot_right"))
    assert chapters(Recording({"acc": acc, "gyr": gyr}), NONE) == []


def pedalling_emg(seconds: float = 40.0, *, cadence_hz: float = 1.4) -> xr.DataArray:
    """Vastus lateralis of both legs, a burst a turn, half a turn apart."""
    rng = np.random.default_rng(2)
    time_s = np.arange(0.0, seconds, 1.0 / 1000.0)
    phase = (time_s * cadence_hz)[:, None] - np.array([0.5, 0.0])
    active = (phase % 1.0) < 0.3
    band = signal.butter(2, (30.0, 150.0), btype="bandpass", fs=1000.0, output="sos")
    volts = np.where(active, 200e-6, 4e-6) * signal.sosfilt(band, rng.normal(size=(time_s.size, 2)), axis=0)
    names = ["vastus_lateralis_l", "vastus_lateralis_r"]
    coords = {
        "time": time_s,
        "channel": names,
        "label": ("channel", names),
        "site": ("channel", ["vastus_lateralis"] * 2),
    }
    return labelled(volts, dims=("time", "channel"), units="V", coords=coords, name="emg")


def test_a_muscle_that_works_once_a_turn_cuts_turns_and_says_where_from() -> None:
    (chapter,) = chapters(Recording({"emg": pedalling_emg()}, conditions=CYCLING), NONE)
    assert "at 84 a minute" in chapter.sentences[0]
    assert "each onset of vastus lateralis, which is not the top of the pedal" in chapter.sureness


def test_a_ride_is_not_cut_into_strides(tmp_path: Path) -> None:
    for recording in (Recording({"emg": pedalling_emg()}, conditions=CYCLING), crank(seconds=20.0)):
        analysis = analyse(recording)
        assert not analysis.cycles["kept"].any()
        assert any(chapter.key == "pedal_turns" for chapter in analysis.chapters)


def test_a_crank_table_goes_all_the_way_to_its_chapter(tmp_path: Path) -> None:
    ride = rider(30.0)
    degrees = np.rad2deg(ride.pedal[:, 1]) % 360
    path = tmp_path / "crank.csv"
    rows = (f"{t:.3f},{a:.4f},10,10" for t, a in zip(ride.time_s, degrees, strict=True))
    path.write_text("time_s,crank_angle_deg,torque_left_nm,torque_right_nm\n" + "\n".join(rows) + "\n")
    (chapter,) = chapters(read(path, take=parsed({})), NONE)
    assert "the left leg did 50.0 % of the work" in chapter.sentences[0]
