"""Conditions as factors: what differs, what is asked, and what a factor did to either leg."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from restride.errors import SchemaError
from restride.findings import differing, effects
from restride.signals.recording import Conditions


def roles(first: Conditions, second: Conditions, *, asked: Sequence[str] = ()) -> dict[str, str]:
    return {d.factor: d.role for d in differing(first, second, asked=asked)}


def test_the_only_stated_difference_is_the_question() -> None:
    assert roles(Conditions(shoe="flat"), Conditions(shoe="soft")) == {"shoe": "asked"}


def test_speed_and_incline_always_confound_unless_they_are_asked() -> None:
    slow, fast = Conditions(speed_m_s=2.0), Conditions(speed_m_s=3.0)
    assert roles(slow, fast) == {"speed": "confounds"}
    assert roles(slow, fast, asked=["speed"]) == {"speed": "asked"}
    assert roles(Conditions(incline_percent=0.0), Conditions(incline_percent=5.0)) == {"incline": "confounds"}


def test_what_is_not_asked_confounds() -> None:
    a = Conditions(shoe="flat", surface="belt")
    b = Conditions(shoe="soft", surface="road")
    assert roles(a, b) == {"shoe": "confounds", "surface": "confounds"}
    assert roles(a, b, asked=["shoe"]) == {"shoe": "asked", "surface": "confounds"}


def test_what_is_stated_in_one_only_is_not_known_and_nothing_said_is_no_difference() -> None:
    assert roles(Conditions(water="knee"), Conditions()) == {"water": "not known"}
    assert roles(Conditions(), Conditions()) == {}


def test_speeds_within_what_a_display_rounds_and_words_in_other_letters_are_alike() -> None:
    assert roles(Conditions(speed_m_s=3.0, shoe="Flat "), Conditions(speed_m_s=3.05, shoe="flat")) == {}


def test_a_word_that_is_no_factor_is_refused() -> None:
    with pytest.raises(SchemaError, match="expected factors among"):
        differing(Conditions(), Conditions(), asked=["weather"])


def sessions(
    left: float, right: float, *, n: int = 8, seed: int = 0, paired: bool = True, noise: float = 0.1
) -> pd.DataFrame:
    """Sessions forwards and backwards; going forwards adds so much to either leg."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        day = rng.normal(0, 1)
        for direction in ("backwards", "forwards") if paired else (("backwards", "forwards")[k % 2],):
            for side, added in (("left", left), ("right", right)):
                value = 5 + day * paired + noise * rng.normal() + added * (direction == "forwards")
                rows.append((k, side, direction, value))
    return pd.DataFrame(rows, columns=["session", "side", "direction", "value"])


def test_only_forwards_and_only_left_is_said_when_the_interaction_is_sure() -> None:
    (effect,) = effects(sessions(1.0, 0.0), factors=["direction"])
    assert effect.paired
    assert effect.left.value == pytest.approx(-1.0, abs=0.1)
    assert effect.interaction.value == pytest.approx(-1.0, abs=0.1)
    assert "on the left leg only" in effect.sentence


def test_mirrored_sessions_name_the_other_leg() -> None:
    rows = sessions(1.0, 0.0)
    other = rows.assign(side=rows["side"].map({"left": "right", "right": "left"}))
    (here,), (there,) = effects(rows, factors=["direction"]), effects(other, factors=["direction"])
    assert "on the right leg only" in there.sentence
    assert there.interaction.value == pytest.approx(-here.interaction.value)
    assert there.p == pytest.approx((here.p[1], here.p[0], here.p[2]))


def test_one_clear_leg_and_one_unclear_leg_are_no_interaction() -> None:
    # the right leg answers as much in the mean, but with far more noise: "only left" would be wrong
    rows = sessions(1.0, 0.0)
    right = rows["side"] == "right"
    wild = np.random.default_rng(3).normal(0.8, 2.0, int(right.sum())) * (rows.loc[right, "direction"] == "forwards")
    rows.loc[right, "value"] += wild
    (effect,) = effects(rows, factors=["direction"])
    assert effect.p[0] < 0.05 < effect.p[1]
    assert effect.p[2] > 0.05
    assert "only" not in effect.sentence
    assert "cannot be told" in effect.sentence


def test_both_legs_alike_are_said_so() -> None:
    (effect,) = effects(sessions(1.0, 1.0), factors=["direction"])
    assert "on both legs" in effect.sentence


def test_sessions_of_one_direction_each_are_exchanged_between_levels() -> None:
    (effect,) = effects(sessions(1.0, 0.0, n=12, paired=False), factors=["direction"])
    assert not effect.paired
    assert effect.sessions == 12
    assert "on the left leg only" in effect.sentence


def test_too_few_sessions_say_so_whatever_the_size() -> None:
    (effect,) = effects(sessions(100.0, 0.0, n=4), factors=["direction"])
    assert np.isnan(effect.p).all()
    assert "too few sessions" in effect.sentence


def test_more_questions_at_once_need_more_sessions() -> None:
    rows = sessions(3.0, 0.0, n=8)
    (alone,) = effects(rows, factors=["direction"])
    assert alone.p[2] < 0.05
    many = pd.concat([rows.assign(measure=f"measure {k}") for k in range(5)], ignore_index=True)
    found = effects(many, factors=["direction"])
    # 15 tests of 8 pairs: 15 times 2 / 2**8 is above 0.05, whatever the values
    assert [e.measure for e in found] == [f"measure {k}" for k in range(5)]
    assert all(np.isnan(e.p).all() and "too few sessions" in e.sentence for e in found)


def test_strides_of_one_session_count_once() -> None:
    rows = sessions(0.05, 0.0, n=3)
    (effect,) = effects(pd.concat([rows] * 50, ignore_index=True), factors=["direction"])
    assert effect.sessions == 3
    assert np.isnan(effect.p).all()


def test_speed_and_device_that_go_along_with_the_factor_are_warned_of() -> None:
    rows = sessions(1.0, 0.0)
    ahead = rows["direction"] == "forwards"
    rows["speed_m_s"] = np.where(ahead, 3.0, 1.5)
    rows["device"] = np.where(ahead, "one", "other")
    (effect,) = effects(rows, factors=["direction"])
    assert {d.about for d in effect.doubts} == {"speed", "device"}
    assert "speed effect" in effect.doubts[0].message


def test_without_an_effect_it_is_rarely_claimed() -> None:
    claimed = 0
    for seed in range(60):
        (effect,) = effects(sessions(0.0, 0.0, seed=seed), factors=["direction"])
        claimed += min(effect.p) < 0.05
    # three tests held together at 0.05: 60 tries give 8 or more in 1 of 100
    assert claimed <= 8


def test_missing_columns_and_sides_are_refused() -> None:
    rows = sessions(0.0, 0.0, n=2)
    with pytest.raises(SchemaError, match="shoe"):
        effects(rows, factors=["shoe"])
    with pytest.raises(SchemaError, match="expected sides"):
        effects(rows.assign(side="both"), factors=["direction"])
