"""Required activation: moments come back, nothing is invented, floors hold."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose
from scipy.optimize import linprog

from restride import emg
from restride.body.dynamics import moments
from restride.body.model import COORDINATES, Body, generic
from restride.body.muscles import moment_arms
from restride.body.pose import as_labelled
from restride.body.required import Required, at_sites, floors, required
from restride.body.scaling import scaled
from restride.body.task import JOINTS
from restride.errors import SchemaError
from restride.readers import read
from restride.readers.take import load
from restride.signals.schema import labelled
from restride.signals.vocabulary import GROUPS

FRAMES = 12
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "walk-emg-mocap-grf" / "take.yaml"


@pytest.fixture(scope="module")
def body() -> Body:
    return generic()


def _still(body: Body, moment: dict[str, float]) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    """A body at rest, slightly bent, with some moments held; the others zero."""
    time_s = np.arange(FRAMES) / 50
    q = np.zeros((FRAMES, 17))
    for name in ("knee_angle_r", "knee_angle_l"):
        q[:, COORDINATES.index(name)] = 0.35
    angles, root = as_labelled(body, q, np.zeros((FRAMES, 3)), time_s)
    values = np.zeros((FRAMES, 14))
    for name, value in moment.items():
        values[:, COORDINATES.index(name) - 3] = value
    held = labelled(
        values,
        dims=("time", "coordinate"),
        units="N m",
        coords={"time": time_s, "coordinate": list(COORDINATES[3:])},
    )
    return angles, root, held


@pytest.fixture(scope="module")
def on_toes(body: Body) -> Required:
    return required(body, *_still(body, {"ankle_angle_l": -60.0, "knee_angle_l": -10.0}))


def test_forces_times_levers_are_the_moments(body: Body, on_toes: Required) -> None:
    angles, _, held = _still(body, {"ankle_angle_l": -60.0, "knee_angle_l": -10.0})
    supplied = (moment_arms(body, angles) * on_toes.force).sum("muscle")
    wanted = [f"{joint}_{side}" for joint in JOINTS for side in "lr"]
    assert_allclose(supplied.sel(coordinate=wanted), held.sel(coordinate=wanted), atol=0.01)


def test_plantarflexion_asks_for_the_calf_of_that_leg(on_toes: Required) -> None:
    calf = on_toes.activation.sel(muscle=["soleus_l", "soleus_r"]).mean("time")
    assert calf.sel(muscle="soleus_l") > 0.05
    assert calf.sel(muscle="soleus_r") < 0.02
    assert on_toes.activation.sel(muscle="tibant_l").max() < 0.05


def test_the_mirrored_demand_gives_the_mirrored_answer(body: Body, on_toes: Required) -> None:
    mirrored = required(body, *_still(body, {"ankle_angle_r": -60.0, "knee_angle_r": -10.0}))
    left = [m for m in body.muscles.names if m.endswith("_l")]
    right = [m[:-2] + "_r" for m in left]
    assert_allclose(mirrored.activation.sel(muscle=right), on_toes.activation.sel(muscle=left), atol=5e-3)


def test_more_than_the_muscles_can_do_is_a_residual(body: Body) -> None:
    found = required(body, *_still(body, {"ankle_angle_l": -900.0}))
    assert found.residual.sel(coordinate="ankle_angle_l").max() < -100
    assert found.activation.max() <= 1.0


def test_a_leg_without_moments_has_no_activation(body: Body) -> None:
    angles, root, held = _still(body, {"ankle_angle_r": -30.0})
    held.loc[{"coordinate": "knee_angle_l"}] = np.nan
    found = required(body, angles, root, held)
    left = [m for m in body.muscles.names if m.endswith("_l")]
    assert found.activation.sel(muscle=left).isnull().all()
    assert found.activation.drop_sel(muscle=left).notnull().all()
    assert not found.converged.sel(side="left").any()


def test_a_missing_moment_is_refused(body: Body) -> None:
    angles, root, held = _still(body, {})
    with pytest.raises(SchemaError, match="hip_rotation_l"):
        required(body, angles, root, held.drop_sel(coordinate="hip_rotation_l"))


def test_floors_are_those_of_a_linear_programme(on_toes: Required) -> None:
    found = floors(on_toes, groups=("plantarflexors", "triceps_surae"))
    A = on_toes.moment_capacity.sel(side="left").values[5]
    b = on_toes.demand.sel(side="left").values[5]
    names = [str(m) for m in on_toes.moment_capacity["muscle"].values]
    for group in ("plantarflexors", "triceps_surae"):
        weight = np.where(np.isin(names, GROUPS[group]), on_toes.moment_capacity["max_isometric_force"].values, 0.0)
        cost = weight / weight.sum()
        exact = float(cost @ np.asarray(linprog(cost, A_eq=A, b_eq=b, bounds=(0.0, 1.0)).x))
        assert exact - 0.01 <= float(found.sel(group=f"{group}_l").values[5]) <= exact + 1e-4


def test_no_floor_is_above_the_least_effort(body: Body, on_toes: Required) -> None:
    found = floors(on_toes)
    strength = labelled(
        body.muscles.max_isometric_force, dims=("muscle",), units="N", coords={"muscle": list(body.muscles.names)}
    )
    for group, muscles in GROUPS.items():
        for side in "lr":
            own = [f"{m}_{side}" for m in muscles]
            mean = on_toes.activation.sel(muscle=own).weighted(strength.sel(muscle=own)).mean("muscle")
            assert (found.sel(group=f"{group}_{side}") <= mean + 1e-3).all()


def test_a_site_over_several_muscles_is_their_force_weighted_mean(body: Body, on_toes: Required) -> None:
    sites = at_sites(on_toes.activation, body, sites=("medial_hamstrings", "soleus"))
    assert list(sites["channel"].values) == ["medial_hamstrings_l", "soleus_l", "medial_hamstrings_r", "soleus_r"]
    strong = dict(zip(body.muscles.names, body.muscles.max_isometric_force, strict=True))
    two = ["semimem_r", "semiten_r"]
    by_hand = sum(on_toes.activation.sel(muscle=m).values * strong[m] for m in two) / sum(strong[m] for m in two)
    assert_allclose(sites.sel(channel="medial_hamstrings_r").values, by_hand, rtol=1e-12)


def test_least_effort_of_a_walk_agrees_with_the_measured_emg(shared: Path) -> None:
    folder = shared / "walk-emg-mocap-grf"
    take = read([folder / "markers_walk.trc", folder / "emg_walk_raw.anc"], take=load(EXAMPLE))
    motion = read([folder / "coordinates.sto", folder / "grf_walk.mot"])
    every = slice(0, None, 12)
    person = scaled(take)
    moved = moments(
        person,
        motion["angles"].isel(time=every),
        motion["root"].isel(time=every),
        grf=motion["grf"],
        cop=motion["cop"],
        free_moment=motion["free_moment"],
    )
    found = required(person, moved.angles, moved.root, moved.moments)
    assert bool(found.converged.all())
    measured = emg.envelope(emg.condition(take["emg"]), cutoff_hz=6)
    needed = at_sites(found.activation, person)
    agreement = []
    for channel in (str(c) for c in measured["channel"].values):
        earlier = np.interp(needed["time"].values - 0.04, measured["time"].values, measured.sel(channel=channel).values)
        agreement.append(np.corrcoef(earlier, needed.sel(channel=channel).values)[0, 1])
    assert len(agreement) == 10
    assert np.median(agreement) > 0.72
