"""The device's own means stand beside our signals, with the right unit and on the right side."""

from pathlib import Path

import numpy as np
from numpy.testing import assert_allclose

from restride.chapters.watch.shares import shares
from restride.readers import read
from restride.readers.fit_messages import Message
from restride.readers.fit_sessions import laps, with_device_values
from restride.readers.take import parsed
from restride.signals.recording import Lap
from restride.signals.schema import SIDES, labelled

TIME_S = np.arange(3.0)


def test_means_of_the_session_are_in_si_and_on_their_side() -> None:
    plain = labelled(np.full(3, 0.25), dims=("time",), units="s", coords={"time": TIME_S}, name="contact_time")
    coords = {"time": TIME_S, "side": list(SIDES), "bound": ["start", "end"]}
    arc = labelled(np.ones((3, 2, 2)), dims=("time", "side", "bound"), units="rad", coords=coords, name="power_phase")
    effect = labelled(np.ones((3, 2)), dims=("time", "side"), units="1", coords={"time": TIME_S, "side": list(SIDES)})
    session: Message = {
        "avg_stance_time": 251.0,
        "avg_left_torque_effectiveness": 82.5,
        "avg_right_torque_effectiveness": 83.0,
        "avg_left_power_phase": (340.0, 194.0, 212.0, 87.0),
        "avg_right_power_phase": (345.0, 200.0, 213.0, 91.0),
    }
    signals = {"contact_time": plain, "power_phase": arc, "torque_effectiveness": effect}
    found, doubts = with_device_values(signals, [session], share_of=None)
    assert doubts == []
    assert_allclose(found["contact_time"].attrs["device_value"], 0.251)
    assert_allclose(found["torque_effectiveness"]["device_value"].sel(side=list(SIDES)), [0.825, 0.83])
    assert_allclose(np.rad2deg(found["power_phase"]["device_value"].sel(side="right")), [345.0, 200.0])


def test_two_sessions_that_disagree_state_nothing() -> None:
    plain = labelled(np.full(3, 0.25), dims=("time",), units="s", coords={"time": TIME_S}, name="contact_time")
    sessions = [{"avg_stance_time": 251.0}, {"avg_stance_time": 260.0}]
    found, _ = with_device_values({"contact_time": plain}, sessions, share_of=None)
    assert "device_value" not in found["contact_time"].attrs


def test_a_field_of_a_developer_has_no_mean_of_the_watch() -> None:
    plain = labelled(np.full(3, 250.0), dims=("time",), units="W", coords={"time": TIME_S}, name="power")
    plain.attrs["developer_field"] = "Power"
    found, _ = with_device_values({"power": plain}, [{"avg_power": 300.0}], share_of=None)
    assert "device_value" not in found["power"].attrs


def test_the_pedals_session_is_met_on_each_side(shared: Path) -> None:
    found = read(shared / "fit-power-pedals/fenix6_turbo_power_phase.fit", take=parsed({}))
    assert_allclose(found["torque_effectiveness"]["device_value"].values, [0.825, 0.83])
    stated = np.rad2deg(found["power_phase"]["device_value"].values)
    assert_allclose(stated, [[340.31, 194.06], [344.53, 199.69]], atol=0.01)
    assert "platform_centre_offset" not in found
    assert any(d.about == "platform_centre_offset" for d in found.doubts)


def test_laps_stand_on_the_clock_of_the_records() -> None:
    first: Message = {"start_time": 1000.0, "total_elapsed_time": 60.0}
    then: Message = {"start_time": 1060.0, "total_elapsed_time": 100.0}
    elsewhere: Message = {"start_time": 5000.0, "total_elapsed_time": 10.0}
    assert laps([then, first, elsewhere, first], 1010.0, 1150.0) == (Lap(0.0, 50.0), Lap(50.0, 140.0))
    assert laps([first], 1000.0, 1150.0) == ()


def test_a_ride_with_laps_has_a_share_of_each(shared: Path) -> None:
    found = read(shared / "fit-power-pedals/edge810_vector_balance.fit", take=parsed({}))
    assert len(found.laps) == 8
    (lap,) = (m for m in shares(found)[0].measures if m.name.startswith("share in lap 1,"))
    assert_allclose(lap.value, 1 - 0.5083, atol=4e-4)  # the device: 37851, right 50.83 %
