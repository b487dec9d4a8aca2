"""Muscles pull the way they lie, and their pulls add up to the moment."""

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from restride import body
from restride.body import Required
from restride.errors import SchemaError
from restride.signals.schema import labelled

PHASE = np.linspace(0, 100, 101)


def _required(**at_knee: float) -> Required:
    """Three frames of both legs: moments at full activation about the knee; the left leg's frame 1 unmeasured."""
    joints, sides, muscles = ["hip_flexion", "knee_angle", "ankle_angle"], ["left", "right"], list(at_knee)
    able = np.zeros((3, 2, 3, len(muscles)))
    able[:, :, 1, :] = list(at_knee.values())
    demand = np.zeros((3, 2, 3))
    demand[1, 0] = np.nan
    coords = {"time": [0.0, 0.1, 0.2], "side": sides, "joint": joints}
    nothing = xr.DataArray()
    return Required(
        activation=nothing,
        force=nothing,
        residual=nothing,
        converged=nothing,
        moment_capacity=labelled(
            able, dims=("time", "side", "joint", "muscle"), units="N m", coords=coords | {"muscle": muscles}
        ),
        demand=labelled(demand, dims=("time", "side", "joint"), units="N m", coords=coords),
        method="",
    )


def test_capacities_name_leg_joint_and_muscle_and_know_what_was_not_measured() -> None:
    found = body.capacities(_required(vaslat=-100.0, bflh=40.0), sites=["vastus_lateralis"])
    assert found["pull"].values.tolist() == ["knee_angle:vaslat_l", "knee_angle:vaslat_r"]
    assert_allclose(found.values, np.array([[-100, -100], [np.nan, -100], [-100, -100]]))


def _cut(capacities: dict[str, float], activation: dict[str, float]) -> tuple[xr.DataArray, xr.DataArray]:
    coords = {"cycle": [0, 1], "side": ("cycle", ["left", "right"]), "phase": PHASE}

    def made(values: dict[str, float], dim: str, units: str) -> xr.DataArray:
        data = np.broadcast_to(list(values.values()), (2, 101, len(values)))
        return labelled(data, dims=("cycle", "phase", dim), units=units, coords=coords | {dim: list(values)})

    return made(activation, "muscle", "1"), made(capacities, "pull", "N m")


def test_opposed_moments_are_never_negative_and_add_up_to_the_joint() -> None:
    able = {"knee_angle:vaslat": -100.0, "knee_angle:vasmed": -50.0, "knee_angle:bflh": 40.0, "hip_flexion:bflh": -60.0}
    found = body.opposed(*_cut(able, {"vaslat": 0.5, "vasmed": 0.2, "bflh": 1.0}))
    # the hip has a muscle on one side only
    assert found["direction"].values.tolist() == ["knee_extension", "knee_flexion"]
    assert_allclose(found.isel(cycle=0, phase=50), [60.0, 40.0])


def test_muscle_without_activation_is_left_out() -> None:
    able = {"knee_angle:vaslat": -100.0, "knee_angle:bflh": 40.0}
    assert body.opposed(*_cut(able, {"vaslat": 0.5})).sizes["direction"] == 0


def test_other_strides_are_refused() -> None:
    active, able = _cut({"knee_angle:vaslat": -100.0}, {"vaslat": 0.5})
    with pytest.raises(SchemaError, match="same strides"):
        body.opposed(active.assign_coords(cycle=[5, 6]), able)
