"""A recording keeps its promises and is never changed."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from restride.errors import SchemaError, UnitsError
from restride.signals.recording import EVENT_COLUMNS, Doubt, Recording, no_events
from restride.signals.schema import labelled


def emg(*, units: str = "V") -> xr.DataArray:
    coords = {"time": np.arange(5) / 1000, "channel": ["soleus_l", "soleus_r"]}
    return labelled(np.ones((5, 2)), dims=("time", "channel"), coords=coords, units=units)


def table(*rows: tuple[float, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(*r, "made up") for r in rows], columns=list(EVENT_COLUMNS))


def test_a_signal_of_the_wrong_unit_cannot_get_in() -> None:
    with pytest.raises(UnitsError, match="emg"):
        Recording(signals={"emg": emg(units="N")})


def test_a_signal_that_is_not_there_is_answered_with_what_is() -> None:
    recording = Recording(signals={"emg": emg()})
    assert "emg" in recording
    assert "grf" not in recording
    with pytest.raises(SchemaError, match=r"'grf'.*\['emg'\]"):
        recording["grf"]


def test_events_are_sorted_by_time() -> None:
    events = table((1.0, "left", "toe_off"), (0.5, "right", "initial_contact"))
    assert Recording(signals={}, events=events).events["time_s"].tolist() == [0.5, 1.0]


@pytest.mark.parametrize("bad", [(1.0, "Left", "toe_off"), (1.0, "left", "heel_strike")])
def test_an_unknown_side_or_event_is_refused(bad: tuple[float, str, str]) -> None:
    with pytest.raises(SchemaError, match="expected sides"):
        Recording(signals={}, events=table(bad))


def test_events_without_a_method_are_refused() -> None:
    with pytest.raises(SchemaError, match="method"):
        Recording(signals={}, events=no_events().drop(columns="method"))


def test_replacing_gives_a_copy_and_leaves_the_first_alone() -> None:
    first = Recording(signals={"emg": emg()})
    doubt = Doubt("mass", "expected a mass, found none")
    second = first.replaced(events=table((1.0, "left", "toe_off")), doubts=(doubt,))
    assert first.events.empty
    assert first.doubts == ()
    assert second.doubts == (doubt,)
    assert second["emg"] is first["emg"] or second["emg"].identical(first["emg"])


def test_nothing_can_be_assigned() -> None:
    recording = Recording(signals={"emg": emg()})
    with pytest.raises(dataclasses.FrozenInstanceError):
        recording.doubts = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        recording.signals["emg"] = emg()  # type: ignore[index]
