"""The sentence on top names the right leg."""

from dataclasses import replace

import numpy as np
import pytest
from tests.findings.curves import bump, curves, noisy, strides, swapped

from restride.findings import ACTIVITY, ANGLE, Finding, Window, against_required, matched, ordered, sides, summary
from restride.signals.schema import FloatArray

WHOLE = Window("whole stride", 0.0, 100.0)
SWING = Window("late swing", 70.0, 100.0)


def _quiet_left_tibialis(*, exchanged: bool = False) -> list[Finding]:
    shape = bump(85, width=10)
    made = curves({"tibialis_anterior": (noisy(0.1 * shape, 6), noisy(shape, 6, seed=1))})
    return sides(swapped(made) if exchanged else made, [WHOLE, SWING], quantity=ACTIVITY)


def _still_left_ankle(*, exchanged: bool = False) -> list[Finding]:
    small, large = (np.deg2rad(size * bump(50)) for size in (6, 40))
    made = curves(
        {"ankle_angle": (noisy(small, 6, spread=0.005), noisy(large, 6, spread=0.005))}, units="rad", dim="coordinate"
    )
    return sides(swapped(made) if exchanged else made, [WHOLE], quantity=ANGLE)


@pytest.mark.parametrize(("exchanged", "quieter"), [(False, "left"), (True, "right")])
def test_sentence_names_the_quiet_leg_and_where(exchanged: bool, quieter: str) -> None:
    found = summary(_quiet_left_tibialis(exchanged=exchanged), cycles=strides(6), not_measured=["forces"])
    busier = "right" if quieter == "left" else "left"
    assert found.sentence.startswith(f"The {quieter} tibialis anterior is far quieter than the {busier} in late swing")
    assert found.not_measured == ("forces",)
    assert "6 left and 6 right strides" in found.sureness


@pytest.mark.parametrize(("exchanged", "still"), [(False, "left"), (True, "right")])
def test_sentence_names_the_ankle_that_hardly_moves(exchanged: bool, still: str) -> None:
    found = summary(_still_left_ankle(exchanged=exchanged), cycles=strides(6), not_measured=[])
    assert found.sentence.startswith(f"The {still} ankle hardly moves (6° of range against 40°)")


def test_muscle_and_joint_stand_in_one_sentence() -> None:
    rows = [*_still_left_ankle(), *_quiet_left_tibialis()]
    sentence = summary(rows, cycles=strides(6), not_measured=[]).sentence
    assert "tibialis anterior is far quieter" in sentence
    assert "; the left ankle hardly moves" in sentence


def test_angle_shift_is_named_by_its_direction() -> None:
    moving: FloatArray = np.deg2rad(40 * bump(60))
    made = curves({"knee_angle": (noisy(moving + 0.3, 5), noisy(moving, 5, seed=1))}, units="rad")
    rows = [r for r in sides(made, [WHOLE], quantity=ANGLE) if not r.name.endswith("range")]
    there = summary(rows, cycles=strides(5), not_measured=[]).sentence
    back = summary(sides(swapped(made), [WHOLE], quantity=ANGLE)[:1], cycles=strides(5), not_measured=[]).sentence
    assert "further into flexion than the right" in there
    assert "further into extension than the right" in back


def test_alike_legs_are_said_to_be_alike() -> None:
    made = curves({"soleus": (noisy(bump(20), 6), noisy(bump(20), 6, seed=1))})
    found = summary(sides(made, [WHOLE], quantity=ACTIVITY), cycles=strides(6), not_measured=[])
    assert found.sentence.startswith("No difference between the two legs' muscles")


def test_nothing_compared_is_said_plainly() -> None:
    assert "could not be compared" in summary([], cycles=strides(2), not_measured=[]).sentence


def test_one_leg_alone_is_named_and_not_compared() -> None:
    cycles = strides(2)
    right = cycles[cycles["side"] == "right"]
    assert summary([], cycles=right, not_measured=[]).sentence.startswith("Strides of the right leg only")


def test_few_strides_ask_for_another_recording() -> None:
    assert "repeat the recording" in summary(_quiet_left_tibialis(), cycles=strides(3), not_measured=[]).sureness


def test_findings_are_ordered_by_strength_and_equals_keep_their_order() -> None:
    row = _quiet_left_tibialis()[0]
    rows = [replace(row, strength=s, name=n) for s, n in ((0.0, "a"), (0.5, "b"), (0.0, "c"), (0.9, "d"))]
    assert [r.name for r in ordered(rows)] == ["d", "b", "a", "c"]


@pytest.mark.parametrize(("exchanged", "busier"), [(False, "left"), (True, "right")])
def test_leg_that_does_what_nobody_asked_for_is_named_as_the_busier(exchanged: bool, busier: str) -> None:
    asked, extra = bump(15), bump(85, width=10)
    required = curves({"soleus": (noisy(asked, 6, spread=0), noisy(asked, 6, spread=0))})
    emg = curves({"soleus": (noisy(asked + extra, 6), noisy(asked, 6, seed=1))})
    required, emg = (swapped(c) if exchanged else c for c in (required, emg))
    windows = [WHOLE, SWING]
    rows = [*sides(emg, windows, quantity=ACTIVITY), *against_required(emg, matched(required, emg)[0], windows)]
    quieter = "right" if busier == "left" else "left"
    sentence = summary(rows, cycles=strides(6), not_measured=[]).sentence
    assert sentence.startswith(f"The {busier} soleus is far busier than the {quieter} in late swing")


def test_quiet_and_busy_muscle_are_both_named() -> None:
    asked, extra = bump(15), bump(85, width=10)
    required = curves({site: ([asked] * 6, [asked] * 6) for site in ("soleus", "gluteus_medius")})
    emg = curves(
        {
            "soleus": (noisy(asked + extra, 6), noisy(asked, 6, seed=1)),
            "gluteus_medius": (noisy(0.2 * asked, 6, spread=0.01), noisy(asked, 6, spread=0.01, seed=1)),
        }
    )
    windows = [WHOLE, Window("early stance", 0.0, 30.0), SWING]
    rows = [*sides(emg, windows, quantity=ACTIVITY), *against_required(emg, matched(required, emg)[0], windows)]
    sentence = summary(rows, cycles=strides(6), not_measured=[]).sentence.lower()
    assert "the left soleus is far busier than the right in late swing" in sentence
    assert "the left gluteus medius is far quieter than the right in early stance" in sentence
