"""Time on one leg, planted and found again: by force and by a sensor on the free foot."""

import numpy as np
import pytest
import xarray as xr

from restride.errors import GapError, SchemaError
from restride.signals.schema import labelled
from restride.standing import held_by_force, held_by_height, held_by_sensor, on_plate

RATE_HZ, WEIGHT_N = 200.0, 700.0
TIME_S = np.arange(round(30 * RATE_HZ)) / RATE_HZ


def forces(free: np.ndarray, *, standing: str = "left") -> xr.DataArray:
    """The free foot's load is given, the other foot carries the rest."""
    values = np.zeros((TIME_S.size, 2, 3))
    own, other = (0, 1) if standing == "left" else (1, 0)
    values[:, other, 1], values[:, own, 1] = free, WEIGHT_N - free
    coords = {"time": TIME_S, "side": ["left", "right"], "space": ["x", "y", "z"]}
    return labelled(values, dims=("time", "side", "space"), units="N", coords=coords)


def lifted(start_s: float, end_s: float) -> np.ndarray:
    in_the_air = (start_s <= TIME_S) & (end_s > TIME_S)
    return np.where(in_the_air, 0.0, WEIGHT_N / 2)


@pytest.mark.parametrize("standing", ["left", "right"])
def test_the_leg_that_stands_and_its_time_are_found(standing: str) -> None:
    found = held_by_force(forces(lifted(4.0, 21.5), standing=standing))
    assert found["stands_on"].tolist() == [standing]
    np.testing.assert_allclose(found[["start_s", "end_s", "held_s"]], [[4.0, 21.5, 17.5]])
    assert found["ended"].tolist() == ["touch-down"]


def test_a_leg_held_to_the_end_says_so() -> None:
    (row,) = held_by_force(forces(lifted(4.0, 99.0))).itertuples()
    assert row.ended == "end of the recording"
    assert row.held_s == pytest.approx(26.0, abs=0.01)


def test_a_touch_of_the_floor_parts_two_spells() -> None:
    free = lifted(4.0, 21.0)
    free[(TIME_S >= 10.0) & (TIME_S < 10.3)] = 60.0
    rows = held_by_force(forces(free))
    np.testing.assert_allclose(rows["held_s"], [6.0, 10.7], atol=0.01)


def test_sway_of_the_standing_leg_ends_nothing() -> None:
    grf = forces(lifted(4.0, 21.0)).copy()
    hop = (TIME_S > 9.0) & (TIME_S < 9.1)
    grf.values[hop, 0, 1] *= 0.5
    assert held_by_force(grf)["held_s"].tolist() == [pytest.approx(17.0, abs=0.01)]


def test_one_foot_alone_is_refused() -> None:
    with pytest.raises(SchemaError, match="both feet"):
        held_by_force(forces(lifted(4.0, 21.0)).isel(side=[0]))


def sensor(
    *, away: tuple[float, float], hit_s: float | None = None, seed: int = 0
) -> tuple[xr.DataArray, xr.DataArray]:
    """A foot that pitches 30 degrees down while it is in the air, and rests before and after."""
    rng = np.random.default_rng(seed)
    ramp = np.interp(TIME_S, [away[0], away[0] + 0.3, away[1] - 0.3, away[1]], [0.0, 1.0, 1.0, 0.0])
    angle = np.deg2rad(30) * ramp
    q, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    felt = 9.81 * np.stack([-np.sin(angle), np.cos(angle), 0 * angle], axis=1)
    felt += 0.02 * rng.standard_normal(felt.shape)
    if hit_s is not None:
        felt[np.abs(TIME_S - hit_s) < 0.01, 1] += 12.0
    turn = np.stack([0 * angle, 0 * angle, np.gradient(angle, 1 / RATE_HZ)], axis=1)
    turn += 0.01 * rng.standard_normal(turn.shape)
    coords = {"time": TIME_S, "space": ["x", "y", "z"]}
    acc, gyr = (
        labelled(v @ q.T, dims=("time", "space"), units=u, coords=coords) for v, u in ((felt, "m/s^2"), (turn, "rad/s"))
    )
    return acc, gyr


@pytest.mark.parametrize("seed", range(5))
def test_a_free_foot_that_hangs_is_off_the_floor(seed: int) -> None:
    (row,) = held_by_sensor(*sensor(away=(5.0, 17.0), seed=seed), stands_on="right").itertuples()
    assert row.stands_on == "right"
    assert row.held_s == pytest.approx(12.0, abs=0.4)
    assert row.ended == "touch-down"


def test_a_foot_that_brushes_the_floor_has_touched_down() -> None:
    rows = held_by_sensor(*sensor(away=(5.0, 17.0), hit_s=11.0), stands_on="left")
    np.testing.assert_allclose(rows["held_s"], [6.0, 6.0], atol=0.4)


def test_a_foot_that_never_leaves_the_floor_gives_no_spell() -> None:
    acc, gyr = sensor(away=(50.0, 60.0))
    assert held_by_sensor(acc, gyr, stands_on="left").empty


def test_a_free_foot_that_moves_at_first_is_refused() -> None:
    acc, gyr = sensor(away=(0.0, 10.0))
    with pytest.raises(SchemaError, match="rest on the floor"):
        held_by_sensor(acc, gyr, stands_on="left")


def test_a_foot_whose_markers_leave_the_floor_is_off_it() -> None:
    height = np.interp(TIME_S, [5.0, 5.2, 17.0, 17.2], [0.0, 0.15, 0.15, 0.0])
    height += 0.002 * np.random.default_rng(0).standard_normal(TIME_S.size)
    found = held_by_height(labelled(height, dims=("time",), units="m", coords={"time": TIME_S}), stands_on="left")
    assert found["stands_on"].tolist() == ["left"]
    # 2 cm are passed 27 ms after the foot leaves and before it is back
    np.testing.assert_allclose(found[["start_s", "end_s"]], [[5.027, 17.173]], atol=0.02)


def test_the_whole_weight_is_on_the_plate_until_the_foot_beside_it_takes_some() -> None:
    load = np.where((TIME_S > 3.0) & (TIME_S < 20.0), WEIGHT_N, 0.6 * WEIGHT_N)
    load += 5 * np.random.default_rng(0).standard_normal(TIME_S.size)
    force = labelled(load, dims=("time",), units="N", coords={"time": TIME_S})
    start_s, end_s = on_plate(force)
    np.testing.assert_allclose([start_s, end_s], [3.0, 20.0], atol=0.1)
    with pytest.raises(GapError, match="found nobody"):
        on_plate(force.copy(data=0 * load))
