"""Feet on plates: the right foot, only when the whole foot was on it, and NaN where nobody measured."""

import numpy as np
import pytest
import xarray as xr
from tests.cycles.walker import WEIGHT_N, Walker

from restride.cycles import assign_plates, complete_force, detect, segment
from restride.cycles.drift import zeroed
from restride.readers.take import parsed
from restride.signals.recording import Recording
from restride.signals.schema import labelled

WALKER = Walker()


def vertical(recording: Recording, side: str, at_s: float) -> float:
    return float(recording["grf"].sel(side=side, space="y").interp(time=at_s))


def middle_s(side: str, number: int) -> float:
    return float(WALKER.landing_s(side)[number] + WALKER.contact * WALKER.stride_s / 2)


def test_each_plate_goes_to_the_foot_that_stood_on_it() -> None:
    out = assign_plates(WALKER.on_plates({"one": ("left", 1), "two": ("right", 1)}))
    assert vertical(out, "left", middle_s("left", 1)) > 0.9 * WEIGHT_N
    assert vertical(out, "right", middle_s("right", 1)) > 0.9 * WEIGHT_N
    assert not out.doubts


def test_the_name_of_the_plate_does_not_decide() -> None:
    out = assign_plates(WALKER.on_plates({"left_plate": ("right", 1)}))
    assert vertical(out, "right", middle_s("right", 1)) > 0.9 * WEIGHT_N


def test_a_foot_in_swing_has_no_force() -> None:
    out = assign_plates(WALKER.on_plates({"one": ("left", 1)}))
    assert vertical(out, "left", WALKER.landing_s("left")[2] - 0.15) == 0.0


def test_a_foot_on_the_ground_beside_the_plates_was_not_measured() -> None:
    out = assign_plates(WALKER.on_plates({"one": ("left", 1)}))
    assert np.isnan(vertical(out, "right", middle_s("right", 1)))
    assert np.isnan(vertical(out, "left", middle_s("left", 2)))


def test_a_foot_that_lands_before_the_plate_is_left_out_with_a_doubt() -> None:
    out = assign_plates(WALKER.on_plates({"one": ("left", 1)}, late_s=0.12))
    assert np.isnan(vertical(out, "left", middle_s("left", 1)))
    assert "beside the plate" in out.doubts[0].message
    assert "left foot" in out.doubts[0].message


def on_one_belt(numbers: range = range(4)) -> Recording:
    """All stances of both feet on one plate; its centre of pressure is that of all its forces, its moment too."""
    apart = WALKER.on_plates({f"{side}{n}": (side, n) for side in ("left", "right") for n in numbers})
    grf, cop = apart["plate_grf"], apart["plate_cop"]
    total = grf.values.sum(axis=1, keepdims=True)
    moment = np.cross(cop.values, grf.values).sum(axis=1, keepdims=True)
    up = np.where(total[..., 1] > 0, total[..., 1], np.nan)
    centre = np.stack([moment[..., 2] / up, 0 * up, -moment[..., 0] / up], axis=-1)
    twist = np.zeros_like(total)
    twist[..., 1] = np.nan_to_num((moment - np.cross(centre, total))[..., 1])
    one = {"plate_grf": total, "plate_cop": centre, "plate_free_moment": twist, "plate_moment": moment}
    return Recording(
        signals={"markers": apart["markers"]}
        | {
            kind: labelled(
                values,
                dims=("time", "plate", "space"),
                coords={"time": grf["time"].values, "plate": ["left"], "space": ["x", "y", "z"]},
                units={"plate_grf": "N", "plate_cop": "m"}.get(kind, "N m"),
            )
            for kind, values in one.items()
        }
    )


def test_one_plate_serves_both_feet_in_turns() -> None:
    out = assign_plates(on_one_belt())
    for side, other in (("left", "right"), ("right", "left")):
        at_s = middle_s(side, 1)
        assert vertical(out, side, at_s) > 0.9 * WEIGHT_N
        assert vertical(out, other, at_s) == 0.0
        heel, _ = WALKER.foot(side, np.array([at_s]))
        assert float(out["cop"].sel(side=side, space="z").interp(time=at_s)) == pytest.approx(heel[0, 2], abs=1e-6)


def test_double_support_on_one_plate_is_not_measured() -> None:
    out = assign_plates(on_one_belt())
    both_s = WALKER.landing_s("right")[1] + 0.06
    assert np.isnan(vertical(out, "left", both_s))
    assert np.isnan(vertical(out, "right", both_s))
    assert any("cannot be parted" in d.message and d.severity == "note" for d in out.doubts)


def test_a_foot_that_went_on_beside_the_shared_plate_is_left_out() -> None:
    whole = on_one_belt(range(1, 2))
    end_s = middle_s("right", 1)
    cut = {kind: whole[kind].where(whole[kind]["time"] < end_s, 0.0) for kind in ("plate_grf", "plate_moment")}
    out = assign_plates(whole.replaced(signals=cut))
    assert np.isnan(vertical(out, "right", end_s - 0.05))


def test_the_moment_tells_the_centre_of_pressure_of_a_belt_that_is_off_zero() -> None:
    true = on_one_belt(range(1, 2))
    # 25 N that act 0.4 m beside the origin move the centre of pressure by 14 mm
    offset = np.array([0.0, 25.0, 0.0])
    off = {
        kind: true[kind].copy(data=true[kind].values + add)
        for kind, add in (("plate_grf", offset), ("plate_moment", np.cross([0.0, 0.0, 0.4], offset)))
    }
    at = {"side": "right", "time": slice(middle_s("right", 1) - 0.1, middle_s("right", 1) + 0.1)}
    expected, ours = (assign_plates(recording)["cop"].sel(at) for recording in (true, true.replaced(signals=off)))
    xr.testing.assert_allclose(ours, expected, atol=1e-6)


def test_a_foot_on_two_plates_gets_their_sum_about_the_common_centre() -> None:
    whole = WALKER.on_plates({"one": ("left", 1)})
    forces = np.concatenate([0.25 * whole["plate_grf"].values, 0.75 * whole["plate_grf"].values], axis=1)
    apart = np.array([-0.03, 0.0, 0.0]), np.array([0.01, 0.0, 0.0])
    centres = np.concatenate([whole["plate_cop"].values + d for d in apart], axis=1)
    names = {"plate_grf": forces, "plate_cop": centres, "plate_free_moment": 0 * forces}
    split = {
        k: labelled(
            v,
            dims=("time", "plate", "space"),
            coords={"time": whole[k]["time"], "plate": ["a", "b"], "space": ["x", "y", "z"]},
            units=whole[k].attrs["units"],
        )
        for k, v in names.items()
    }
    one, two = assign_plates(whole), assign_plates(whole.replaced(signals=split))
    moment = slice(middle_s("left", 1) - 0.1, middle_s("left", 1) + 0.1)
    for kind in ("grf", "cop", "free_moment"):
        xr.testing.assert_allclose(two[kind].sel(side="left", time=moment), one[kind].sel(side="left", time=moment))


def test_without_markers_no_foot_is_guessed() -> None:
    plates = WALKER.on_plates({"one": ("left", 1)})
    bare = Recording(signals={k: plates[k] for k in ("plate_grf", "plate_cop", "plate_free_moment")})
    out = assign_plates(bare)
    assert "grf" not in out
    assert "cannot be sorted by foot" in out.doubts[0].message


def test_force_sorted_by_foot_loses_the_stances_that_were_beside_the_plates() -> None:
    sorted_once = assign_plates(WALKER.on_plates({"one": ("left", 1), "two": ("right", 1)}))
    as_a_file = sorted_once["grf"].fillna(0.0)
    again = assign_plates(Recording(signals={"markers": WALKER.markers(), "grf": as_a_file}))
    assert np.isnan(vertical(again, "left", middle_s("left", 2)))
    assert vertical(again, "left", middle_s("left", 1)) > 0.9 * WEIGHT_N
    assert again.doubts[0].severity == "note"


def test_a_stride_is_complete_only_if_both_feet_were_measured_throughout() -> None:
    owners = {"a": ("left", 1), "b": ("right", 1), "c": ("left", 2), "d": ("right", 0)}
    recording = detect(assign_plates(WALKER.on_plates(owners)), source="markers")
    cycles = segment(recording.events)
    known = complete_force(recording["grf"], cycles)
    full = cycles[known]
    assert len(full) == 1
    assert full["side"].iloc[0] == "left"
    assert abs(full["start_s"].iloc[0] - WALKER.landing_s("left")[1]) < 0.06


def test_a_drifting_empty_belt_is_zeroed_and_a_load_is_not() -> None:
    plates = WALKER.on_plates({"one": ("left", 1)})["plate_grf"]
    time_s = plates["time"].values
    drift = (10 + 2 * time_s)[:, None, None] * np.array([0.2, 1.0, -0.1])
    np.testing.assert_allclose(zeroed(plates.copy(data=plates.values + drift)).values, plates.values, atol=4.0)


def test_a_plate_that_was_never_zeroed_is_left_alone() -> None:
    plates = WALKER.on_plates({"one": ("left", 1)})["plate_grf"]
    off = plates.copy(data=plates.values + np.array([0.0, 90.0, 0.0]))
    np.testing.assert_array_equal(zeroed(off).values, off.values)


def stander(loads: dict[str, tuple[float, float]], *, test: str = "quiet_standing") -> Recording:
    """Somebody who stands, feet 0.2 m apart, on plates by name: force (N) and where it acts from side to side (m)."""
    time_s = np.arange(2000) / 100.0
    places = {"LHEE": (0.0, -0.1), "LTOE": (0.2, -0.1), "RHEE": (0.0, 0.1), "RTOE": (0.2, 0.1)}
    still = np.array([[x, 0.04, z] for x, z in places.values()])
    coords = {"time": time_s, "marker": list(places), "space": ["x", "y", "z"]}
    signals = {
        "markers": labelled(
            np.tile(still, (2000, 1, 1)), dims=("time", "marker", "space"), units="m", coords=coords, frame="lab"
        )
    }
    grf, cop = np.zeros((2000, len(loads), 3)), np.zeros((2000, len(loads), 3))
    for k, (force_n, across_m) in enumerate(loads.values()):
        grf[:, k, 1] = force_n
        cop[:, k] = [0.1, 0.0, across_m]
    along = {"time": time_s, "plate": list(loads), "space": ["x", "y", "z"]}
    for kind, values, units in (("plate_grf", grf, "N"), ("plate_cop", cop, "m")):
        signals[kind] = labelled(values, dims=("time", "plate", "space"), units=units, coords=along)
    return Recording(signals=signals, conditions=parsed({"conditions": {"test": test}}).conditions)


def test_who_stands_on_a_plate_with_each_foot_has_the_force_of_each() -> None:
    # the plates' names are those of the other side
    out = assign_plates(stander({"right": (300.0, -0.1), "left": (400.0, 0.1)}))
    assert out["grf"].sel(side="left", space="y").values.tolist() == [300.0] * 2000
    assert out["grf"].sel(side="right", space="y").values.tolist() == [400.0] * 2000
    assert not out.doubts


@pytest.mark.parametrize("across_m", [0.0, 0.03, 0.06, 0.1])
def test_who_stands_with_both_feet_on_one_plate_has_no_force_of_a_foot(across_m: float) -> None:
    out = assign_plates(stander({"one": (700.0, across_m)}))
    assert "grf" not in out
    assert not out.doubts


def test_without_markers_a_stated_foot_has_its_plate() -> None:
    plates = WALKER.on_plates({"a": ("left", 1), "b": ("right", 1)})
    bare = {kind: plates[kind] for kind in ("plate_grf", "plate_cop", "plate_free_moment")}
    # the walker's left foot is stated as the right one: what is stated is believed
    bare["plate_grf"] = bare["plate_grf"].assign_coords(side=("plate", ["right", "left"]))
    out = assign_plates(Recording(signals=bare))
    assert vertical(out, "right", middle_s("left", 1)) > 0.9 * WEIGHT_N
    assert vertical(out, "left", middle_s("left", 1)) == 0.0
    assert not out.doubts


def test_markers_go_before_what_is_stated() -> None:
    plates = WALKER.on_plates({"a": ("left", 1), "b": ("right", 1)})
    stated = plates["plate_grf"].assign_coords(side=("plate", ["right", "left"]))
    out = assign_plates(plates.replaced(signals={"plate_grf": stated}))
    assert vertical(out, "left", middle_s("left", 1)) > 0.9 * WEIGHT_N


def test_a_foot_without_a_plate_of_its_own_is_not_measured() -> None:
    plates = WALKER.on_plates({"a": ("left", 1)})
    one = plates["plate_grf"].assign_coords(side=("plate", ["left"]))
    out = assign_plates(Recording(signals={"plate_grf": one, "plate_cop": plates["plate_cop"]}))
    assert np.isnan(out["grf"].sel(side="right").values).all()


def test_who_stands_has_the_stated_plate_of_each_foot_without_markers() -> None:
    stands = stander({"one": (300.0, -0.1), "two": (400.0, 0.1)})
    sides = stands["plate_grf"].assign_coords(side=("plate", ["left", "right"]))
    bare = Recording({"plate_grf": sides, "plate_cop": stands["plate_cop"]}, conditions=stands.conditions)
    assert assign_plates(bare)["grf"].sel(side="left", space="y").values.tolist() == [300.0] * 2000
