"""Weak groups: who answers, what nobody can supply, and that one leg never touches the other."""

import pytest
from numpy.testing import assert_allclose

from restride import twin
from restride.body import WEAK_GROUPS, MuscleSet, Task, activations, muscles_by_leg, sweep, weakened
from restride.body.parameters import MUSCLE_PARAMETERS


@pytest.fixture(scope="module")
def ran() -> twin.Run:
    return twin.run(seed=3, strides=2)


@pytest.fixture(scope="module")
def few(ran: twin.Run) -> Task:
    """Every twentieth frame of a run."""
    whole = ran.task
    return Task(whole.time_s[::20], whole.length[::20], whole.arms[::20], whole.moments[::20])


@pytest.fixture(scope="module")
def legs(ran: twin.Run) -> MuscleSet:
    return muscles_by_leg(ran.body.muscles)


def test_every_muscle_belongs_to_one_weak_group() -> None:
    assert sorted(m for group in WEAK_GROUPS.values() for m in group) == sorted(MUSCLE_PARAMETERS)


def test_full_strength_changes_nothing(few: Task, ran: twin.Run) -> None:
    found = sweep(few, ran.body.muscles, groups=["vasti"], shares=[1.0])
    assert_allclose(found["change"], 0.0, atol=1e-9)
    assert_allclose(found["effort"], 1.0)


def test_the_neighbours_answer_a_weak_gluteus_medius(few: Task, ran: twin.Run) -> None:
    found = sweep(few, ran.body.muscles, groups=["gluteus_medius_and_minimus"], shares=[0.2]).squeeze()
    change = found["change"].sel(muscle="tfl")
    assert (change > 0.02).all()
    assert (found["effort"] > 1.05).all()


def test_without_triceps_surae_a_moment_is_missing(few: Task, ran: twin.Run) -> None:
    missing = sweep(few, ran.body.muscles, groups=["triceps_surae"], shares=[1.0, 0.05])["missing"].squeeze()
    ankle = missing.sel(joint="ankle_angle")
    assert (ankle.sel(share=0.05) > 50).all()
    assert (ankle.sel(share=1.0) < ankle.sel(share=0.05)).all()


def test_many_sets_at_once_are_the_sets_one_by_one(few: Task, legs: MuscleSet) -> None:
    groups, shares = ["vasti", "hamstrings"], [0.5, 0.2]
    together, _ = activations(few, weakened(legs, groups, shares))
    alone, _ = activations(few, weakened(legs, ["hamstrings"], [0.2]))
    assert_allclose(together[3], alone[0], atol=1e-6)


def test_weakness_of_one_leg_leaves_the_other_alone(ran: twin.Run) -> None:
    wasted = twin.Fault("wasted", ("vasti",), "right", (0.0, 100.0), 0.3)
    healthy, weak = (twin.muscles(ran, faults).activation for faults in ([], [wasted]))
    names = [str(m) for m in healthy["muscle"].values]
    apart = abs(weak - healthy).max("time").to_numpy()
    assert max(a for a, n in zip(apart, names, strict=True) if n.endswith("_l")) < 1e-9
    assert max(a for a, n in zip(apart, names, strict=True) if n.endswith("_r")) > 0.05
