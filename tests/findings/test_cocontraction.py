"""What opposing muscles do together."""

import numpy as np
from numpy.testing import assert_allclose
from tests.findings.curves import bump, curves

from restride.findings import cocontraction


def test_shared_activity_is_the_smaller_of_the_two_groups() -> None:
    made = curves(
        {
            "tibialis_anterior": ([np.full(101, 0.3)], [np.full(101, 0.9)]),
            "soleus": ([np.full(101, 0.8)], [np.full(101, 0.2)]),
            "gastrocnemius_medialis": ([np.full(101, 0.4)], [np.full(101, 0.4)]),
        }
    )
    found = cocontraction(made).sel(site="shank_cocontraction")
    assert_allclose(found.sel(cycle=0), 0.3)
    assert_allclose(found.sel(cycle=1), 0.3)


def test_muscles_that_take_turns_share_nothing() -> None:
    made = curves({"tibialis_anterior": ([bump(20, width=3)], [bump(20)]), "soleus": ([bump(70, width=3)], [bump(20)])})
    found = cocontraction(made).sel(site="shank_cocontraction")
    assert float(found.sel(cycle=0).max()) < 1e-6
    assert_allclose(found.sel(cycle=1), bump(20))


def test_joint_without_both_groups_is_left_out() -> None:
    made = curves({"soleus": ([bump(20)], [bump(20)]), "vastus_lateralis": ([bump(20)], [bump(20)])})
    assert cocontraction(made).sizes["site"] == 0


def test_group_not_measured_on_one_leg_is_nan_there() -> None:
    made = curves({"tibialis_anterior": ([np.nan * bump(20)], [bump(20)]), "soleus": ([bump(20)], [bump(20)])})
    found = cocontraction(made).sel(site="shank_cocontraction")
    assert bool(found.sel(cycle=0).isnull().all())
    assert not bool(found.sel(cycle=1).isnull().any())


def test_bad_channel_does_not_empty_its_group() -> None:
    made = curves(
        {
            "tibialis_anterior": ([bump(20)], [bump(20)]),
            "soleus": ([np.nan * bump(20)], [bump(20)]),
            "gastrocnemius_medialis": ([0.5 * bump(20)], [bump(20)]),
        }
    )
    found = cocontraction(made).sel(site="shank_cocontraction")
    assert_allclose(found.sel(cycle=0), 0.5 * bump(20))


def test_sides_of_the_strides_are_kept() -> None:
    made = curves({"tibialis_anterior": ([bump(20)], [bump(20)] * 2), "soleus": ([bump(20)], [bump(20)] * 2)})
    assert list(cocontraction(made)["side"].values) == ["left", "right", "right"]


def test_hip_opponents_share_too() -> None:
    made = curves(
        {
            "gluteus_maximus": ([np.full(101, 0.5)], [np.full(101, 0.5)]),
            "tensor_fasciae_latae": ([np.full(101, 0.2)], [np.full(101, 0.9)]),
        }
    )
    found = cocontraction(made)
    assert found["site"].values.tolist() == ["hip_cocontraction"]
    assert_allclose(found.isel(phase=0, site=0), [0.2, 0.5])
