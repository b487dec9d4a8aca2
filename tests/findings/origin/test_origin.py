"""Planted causes come back on their leg; like legs give nothing; exchanging them exchanges all signs."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose
from tests.findings.origin.runner import ENVELOPE_HZ, curves, leg, legs, rng

from restride import twin
from restride.errors import SchemaError
from restride.findings.origin import Origin, Situation, origin
from restride.signals.recording import Side

WHOLE = (0.0, 100.0)


@pytest.fixture(scope="module")
def ran() -> twin.Run:
    return twin.run(seed=11, strides=10)


def found(first: Situation, second: Situation) -> Origin:
    return origin(first, second, envelope_hz=ENVELOPE_HZ, rng=rng())


@pytest.fixture(scope="module")
def quiet(ran: twin.Run) -> Origin:
    return found(*legs(ran, [twin.Fault("quiet", ("vastus_lateralis",), "right", WHOLE, 0.2)]))


def test_like_legs_name_no_cause(ran: twin.Run) -> None:
    result = found(*legs(ran, []))
    assert result.named is None
    assert result.odds < 20
    assert {m.verdict for m in result.muscles} <= {"alike", "cannot tell"}


def test_a_quiet_muscle_is_named_on_its_leg_with_what_is_left(quiet: Origin) -> None:
    assert quiet.named is not None
    assert (quiet.named.kind, quiet.named.what, quiet.named.situation) == (
        "too quiet",
        ("vastus_lateralis",),
        "right leg",
    )
    assert quiet.named.size == pytest.approx(0.2, abs=0.1)
    assert quiet.named.probability > 0.9
    verdict = next(m for m in quiet.muscles if m.site == "vastus_lateralis")
    assert (verdict.verdict, verdict.situation) == ("too quiet", "right leg")
    assert verdict.measured.value > 0


def test_the_three_differences_add_up(quiet: Origin) -> None:
    parts = quiet.curves
    assert_allclose(parts["measured"], parts["required"] + parts["unexplained"], atol=1e-12)
    for m in quiet.muscles:
        assert m.measured.value == pytest.approx(m.required.value + m.unexplained.value, abs=1e-9)
        assert m.unexplained.interval is not None
        assert m.unexplained.interval[0] < m.unexplained.value < m.unexplained.interval[1]


def test_exchanged_situations_give_the_same_with_the_other_sign(ran: twin.Run, quiet: Origin) -> None:
    left, right = legs(ran, [twin.Fault("quiet", ("vastus_lateralis",), "right", WHOLE, 0.2)])
    turned = found(right, left)
    assert turned.named is not None
    assert turned.named.situation == "right leg"
    assert turned.named.kind == "too quiet"
    assert_allclose(turned.curves["measured"], -quiet.curves["measured"], atol=1e-12)


@pytest.mark.parametrize("side", ["left", "right"])
def test_co_contraction_is_named_on_the_leg_that_has_it(ran: twin.Run, side: Side) -> None:
    together = ("rectus_femoris", "vastus_lateralis", "vastus_medialis", "biceps_femoris", "medial_hamstrings")
    result = found(*legs(ran, [twin.Fault("cocontraction", together, side, (60.0, 90.0), 0.6)]))
    assert result.named is not None
    assert result.named.kind == "too busy"
    assert set(result.named.what) == set(together)
    assert result.named.situation == f"{side} leg"


def test_who_answers_a_weak_group_is_not_called_the_cause(ran: twin.Run) -> None:
    weak = twin.Fault("wasted", ("gluteus_medius_and_minimus",), "left", WHOLE, 0.25)
    result = found(*legs(ran, [weak]))
    assert result.named is not None
    assert (result.named.kind, result.named.situation) == ("weak", "left leg")
    assert "glmed1" in result.named.what
    by_site = {m.site: m.verdict for m in result.muscles}
    assert by_site["tensor_fasciae_latae"] == "answers"
    assert not {"too busy", "late", "early"} & set(by_site.values())


def test_a_late_muscle_is_late(ran: twin.Run) -> None:
    result = found(*legs(ran, [twin.Fault("late", ("soleus",), "left", WHOLE, 0.11)]))
    assert result.named is not None
    assert (result.named.kind, result.named.what, result.named.situation) == ("late", ("soleus",), "left leg")
    assert result.named.size == pytest.approx(11, abs=3)


def test_the_scale_of_the_emg_changes_no_verdict(ran: twin.Run, quiet: Origin) -> None:
    pair = legs(ran, [twin.Fault("quiet", ("vastus_lateralis",), "right", WHOLE, 0.2)])
    halved = [replace(s, emg=s.emg * xr.DataArray([0.8] * s.emg.sizes["site"], dims="site")) for s in pair]
    again = found(halved[0], halved[1])
    assert again.named is not None
    assert quiet.named is not None
    assert (again.named.kind, again.named.situation) == (quiet.named.kind, quiet.named.situation)


def test_a_muscle_of_one_leg_only_cannot_be_told_and_says_why(ran: twin.Run) -> None:
    left, right = legs(ran, [])
    without = replace(left, emg=left.emg.where(left.emg["site"] != "soleus"))
    verdict = next(m for m in found(without, right).muscles if m.site == "soleus")
    assert verdict.verdict == "cannot tell"
    assert "left leg" in verdict.reason


def test_without_moments_there_is_no_origin(ran: twin.Run) -> None:
    left, right = legs(ran, [])
    blind = replace(left, task=replace(left.task, moments=np.full_like(left.task.moments, np.nan)))
    with pytest.raises(SchemaError, match="moments for a quarter"):
        found(blind, right)


def test_what_the_movement_asks_for_is_no_fault(ran: twin.Run) -> None:
    """Legs that move differently: the left carries a heavier task, and its muscles do what it asks."""
    person = replace(twin.AS_MODELLED, motion_spread=0.08)
    uneven = twin.run(seed=5, strides=10, person=person)
    result = found(*legs(uneven, []))
    measured = np.abs(result.curves["measured"]).max().item()
    assert measured > 0.2  # the legs do differ
    assert result.named is None
    assert curves(uneven, []).sizes["cycle"] == 20


def test_one_leg_on_two_days_is_one_body_with_its_electrodes_in_place(ran: twin.Run) -> None:
    fault = twin.Fault("quiet", ("tibialis_anterior",), "left", WHOLE, 0.3)
    today, before = (
        replace(leg(ran, faults, "left"), name=name) for faults, name in (([fault], "leg today"), ([], "leg before"))
    )
    result = found(today, before)
    assert result.named is not None
    assert (result.named.kind, result.named.situation) == ("too quiet", "leg today")
    assert "tibialis_anterior" in result.named.what
    assert "between the legs" not in result.method
    assert found(before, replace(before, name="leg earlier")).named is None
