"""Measures of legs and pelvis: sides, signs and sizes of what was planted."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from tests.findings.legs.runner import mirrored, runner

from restride import cycles
from restride.findings import legs
from restride.signals.recording import Recording


def measured(recording: Recording) -> pd.DataFrame:
    return legs.measures(recording, cycles.segment(recording.events))


def apart(recording: Recording, column: str) -> float:
    """Left minus right."""
    mean = measured(recording).groupby("side")[column].mean()
    return float(mean["left"] - mean["right"])


@pytest.fixture(scope="module")
def sound() -> Recording:
    return runner()


@pytest.mark.parametrize("side", ["left", "right"])
def test_pelvic_drop_is_that_of_the_leg_that_stands(sound: Recording, side: str) -> None:
    changed = runner(side, drop_deg=8.0)  # type: ignore[arg-type]
    sign = 1.0 if side == "left" else -1.0
    for column in ("pelvic_drop_rad", "pelvic_drop_peak_rad"):
        grown = np.rad2deg(apart(changed, column) - apart(sound, column))
        assert_allclose(grown, sign * 8.0, atol=0.8)  # the runner's own drop peaks a little elsewhere


def test_right_side_down_in_left_stance_is_a_drop_of_the_left_leg() -> None:
    recording = runner()
    angles = recording["angles"].copy()
    angles.loc[{"coordinate": "pelvis_list"}] = np.deg2rad(5.0)
    drop = measured(recording.replaced(signals={"angles": angles})).groupby("side")["pelvic_drop_rad"].mean()
    assert_allclose(np.rad2deg([drop["left"], drop["right"]]), [5.0, -5.0], atol=1e-9)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_foot_that_hangs_is_found_on_its_side(sound: Recording, side: str) -> None:
    changed = runner(side, foot_drop_deg=20.0)  # type: ignore[arg-type]
    sign = -1.0 if side == "left" else 1.0
    # sin^2 over swing has a mean of one half in its second half
    pitch = np.rad2deg(apart(changed, "foot_pitch_swing_rad") - apart(sound, "foot_pitch_swing_rad"))
    assert_allclose(pitch, sign * 10.0, atol=1.0)
    assert sign * (apart(changed, "clearance_m") - apart(sound, "clearance_m")) > 0.01


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_foot_set_further_in_is_placed_so_much_further_in(sound: Recording, side: str) -> None:
    changed = runner(side, inward_m=0.04)  # type: ignore[arg-type]
    sign = -1.0 if side == "left" else 1.0
    assert_allclose(apart(changed, "placement_m") - apart(sound, "placement_m"), sign * 0.04, atol=0.002)
    width = [measured(r)["step_width_m"].mean() for r in (sound, changed)]
    assert_allclose(width[1] - width[0], -0.04, atol=0.002)


def test_trunk_lean_is_towards_the_leg_that_stands(sound: Recording) -> None:
    changed = runner("right", lean_deg=6.0)
    assert_allclose(np.rad2deg(apart(changed, "trunk_lean_rad") - apart(sound, "trunk_lean_rad")), -6.0, atol=0.3)


def test_the_mirror_gives_the_same_numbers_to_the_other_leg() -> None:
    recording = runner("left", drop_deg=5.0, foot_drop_deg=10.0, inward_m=0.02, lean_deg=3.0)
    here, there = measured(recording), measured(mirrored(recording))
    for side, other in (("left", "right"), ("right", "left")):
        ours, theirs = (m[m["side"] == s].drop(columns="side") for m, s in ((here, side), (there, other)))
        assert ours.notna().any().all()
        assert_allclose(ours.to_numpy(dtype=float), theirs.to_numpy(dtype=float), atol=1e-9)


def test_a_heel_that_whips_inward_turns_the_toes_out(sound: Recording) -> None:
    markers = sound["markers"].copy()
    table = cycles.segment(sound.events)
    turn = np.zeros(markers.sizes["time"])
    time_s = markers["time"].values
    for _, stride in table[table["kept"] & (table["side"] == "left")].iterrows():
        inside = (time_s >= stride["toe_off_s"]) & (time_s < stride["end_s"])
        share = (time_s[inside] - stride["toe_off_s"]) / (stride["end_s"] - stride["toe_off_s"])
        turn[inside] = np.deg2rad(12.0) * np.sin(np.pi * share) ** 2
    # left toes outward is a turn to the left, about the upright through the heel
    heel = markers.sel(marker="LCAL").values
    for name in ("LTOE", "LMT5"):
        x, z = (markers.sel(marker=name, space=a).values - heel[:, i] for a, i in (("x", 0), ("z", 2)))
        markers.loc[{"marker": name, "space": "x"}] = heel[:, 0] + x * np.cos(turn) + z * np.sin(turn)
        markers.loc[{"marker": name, "space": "z"}] = heel[:, 2] - x * np.sin(turn) + z * np.cos(turn)
    whipped = apart(sound.replaced(signals={"markers": markers}), "whip_rad") - apart(sound, "whip_rad")
    assert_allclose(np.rad2deg(whipped), 6.0, atol=0.7)


def test_a_marker_a_little_off_its_place_makes_no_whip(sound: Recording) -> None:
    markers = sound["markers"].copy()
    # on a foot that points forward; 8 mm lower at its outer edge, 8 mm outward at the toe
    markers.loc[{"marker": "LMT5", "space": "y"}] -= 0.008
    markers.loc[{"marker": "LTOE", "space": "z"}] -= 0.008
    moved = apart(sound.replaced(signals={"markers": markers}), "whip_rad") - apart(sound, "whip_rad")
    assert abs(np.rad2deg(moved)) < 3.0


def test_strides_in_which_the_toe_marker_leaves_the_foot_are_left_out(sound: Recording) -> None:
    markers = sound["markers"].copy()
    table = cycles.segment(sound.events)
    chosen = table.index[table["kept"] & (table["side"] == "right")][2]
    stride = table.loc[chosen]
    inside = (markers["time"] >= stride["start_s"]) & (markers["time"] < stride["toe_off_s"])
    markers.loc[{"marker": "RTOE", "space": "x"}] += 0.06 * inside
    found = measured(sound.replaced(signals={"markers": markers}))
    columns = ["foot_pitch_contact_rad", "clearance_m", "whip_rad", "shortening"]
    assert found.index[found[columns].isna().all(axis=1)].tolist() == [chosen]
    assert found[columns].isna().sum().sum() == len(columns)
    assert found["pelvic_drop_rad"].notna().all()


@pytest.mark.parametrize("gone", [["LASI"], ["RPSI"], ["LTOE"], ["RCAL", "RTOE"], ["LASI", "RPSI"], ["RMT5"]])
@pytest.mark.parametrize("seen", [True, False])
def test_a_marker_missing_on_one_side_makes_no_difference_of_legs(
    sound: Recording, gone: list[str], seen: bool
) -> None:
    markers = sound["markers"].copy()
    if seen:
        markers.loc[{"marker": gone}] = np.nan
    else:
        markers = markers.sel(marker=[m for m in markers["marker"].values if m not in gone])
    found = legs.sides(measured(sound.replaced(signals={"markers": markers})))
    assert [row.sentence for row in found if row.strength > 0] == []


def test_speed_on_a_belt_is_that_of_the_belt(sound: Recording) -> None:
    assert_allclose(measured(sound)["speed_m_s"].median(), 3.4, atol=0.15)


def test_without_markers_and_angles_only_times_are_measured(sound: Recording) -> None:
    bare = Recording({}, sound.events)
    found = measured(bare)
    assert found["contact_time_s"].notna().all()
    assert found["pelvic_drop_rad"].isna().all()
    assert legs.sides(found) == []


def test_no_stride_gives_an_empty_table() -> None:
    recording = Recording({})
    assert measured(recording).empty
