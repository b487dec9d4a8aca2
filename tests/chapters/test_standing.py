"""Standing and floor tests: what each chapter says, of whom, and what it leaves open."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from tests.body.test_tracking import _markers
from tests.standing.test_repetitions import squats as squat_angle
from tests.standing.test_repetitions import worn
from tests.standing.test_taps import RATE_HZ as TAP_RATE_HZ
from tests.standing.test_taps import lifts

import restride as rs
from restride.body.model import COORDINATES, generic
from restride.chapters.chapter import Chapter
from restride.chapters.standing import chapters
from restride.cycles import segment
from restride.pipeline.strides import with_strides
from restride.readers.take import parsed
from restride.signals.recording import Conditions, Recording, no_events
from restride.signals.schema import labelled

NO_STRIDES = segment(no_events())
RATE_HZ = 100.0
XYZ = ["x", "y", "z"]


def conditions(**said: object) -> Conditions:
    return parsed({"conditions": said}).conditions


def told(signals: dict[str, xr.DataArray], **said: object) -> list[Chapter]:
    return chapters(Recording(signals, conditions=conditions(**said)), NO_STRIDES)


def plate(sizes_m: list[float], *, seconds: float = 20.0, seed: int = 0) -> dict[str, xr.DataArray]:
    """A plate under somebody who sways by a size of its own in each span of some seconds."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    spans = []
    for size in sizes_m:
        noise = rng.standard_normal((count, 2))
        slow = xr.DataArray(noise).rolling(dim_0=50, center=True, min_periods=1).mean().values
        spans.append(size * slow / slow.std())
    way = np.concatenate(spans)
    cop = np.stack([way[:, 0], 0 * way[:, 0], way[:, 1]], axis=1)[:, None, :]
    grf = np.zeros_like(cop)
    grf[..., 1] = 700.0
    coords = {"time": np.arange(len(way)) / RATE_HZ, "plate": ["p"], "space": XYZ}
    dims = ("time", "plate", "space")
    return {
        "plate_grf": labelled(grf, dims=dims, units="N", coords=coords),
        "plate_cop": labelled(cop, dims=dims, units="m", coords=coords),
    }


def trials(sides: str, *, seconds: float = 20.0) -> list[dict[str, object]]:
    named = {"l": "left", "r": "right"}
    return [
        {"start_s": seconds * k, "end_s": seconds * (k + 1), "stands_on": named[side]} for k, side in enumerate(sides)
    ]


def test_one_trial_each_says_nothing_about_a_difference() -> None:
    (chapter,) = told(plate([0.01, 0.03]), test="single_leg_stance", trials=trials("lr"))
    assert "nothing about a difference between the legs can be said" in chapter.sentences[0]


def test_a_leg_that_sways_more_in_every_trial_is_named() -> None:
    (chapter,) = told(plate([0.03, 0.01] * 4), test="single_leg_stance", trials=trials("lr" * 4))
    assert "faster on the left leg" in chapter.sentences[0]
    (swapped,) = told(plate([0.03, 0.01] * 4), test="single_leg_stance", trials=trials("rl" * 4))
    assert "slower on the left leg" in swapped.sentences[0]


def test_legs_that_sway_alike_are_not_told_apart() -> None:
    apart = 0
    for seed in range(20):
        (chapter,) = told(plate([0.01] * 6, seed=seed), test="single_leg_stance", trials=trials("lrlrlr"))
        apart += "on the left leg by" in chapter.sentences[0]
    assert apart <= 3


def test_every_number_has_its_side_and_count() -> None:
    (chapter,) = told(plate([0.03, 0.01] * 3), test="single_leg_stance", trials=trials("lr" * 3), eyes="closed")
    for measure in chapter.measures:
        assert measure.side in ("left", "right")
        assert measure.n == 3
        assert measure.name.endswith("eyes closed")
        assert (measure.interval is None) == bool(measure.interval_reason)


def test_the_paths_of_both_legs_share_one_drawing_and_none_is_drawn_as_the_other() -> None:
    signals = plate([0.03, 0.01] * 2)
    (chapter,) = told(signals, test="single_leg_stance", trials=trials("lrlr"))
    (chart,) = chapter.charts
    left, right = chart.series["left"], chart.series["right"]
    assert not (np.isfinite(left) & np.isfinite(right)).any()
    whole = signals["plate_cop"].values[:2000, 0]
    np.testing.assert_allclose(left[np.isfinite(left)], whole[:, 0] - whole[:, 0].mean(), atol=1e-12)
    np.testing.assert_allclose(chart.x[np.isfinite(left)], whole[:, 2] - whole[:, 2].mean(), atol=1e-12)


def test_closed_eyes_are_compared_with_open_ones_of_the_same_leg() -> None:
    spans = [{**span, "eyes": eyes} for span, eyes in zip(trials("llll"), ["open", "closed"] * 2, strict=True)]
    (chapter,) = told(plate([0.01, 0.02] * 2), test="single_leg_stance", trials=spans)
    (ratio,) = (m for m in chapter.measures if m.name.endswith("eyes closed over open"))
    assert (ratio.side, ratio.n) == ("left", 2)
    assert ratio.value == pytest.approx(2.0, rel=0.25)
    assert ratio.interval is not None
    assert ratio.interval[0] < ratio.value < ratio.interval[1]
    (one,) = told(plate([0.01, 0.02]), test="single_leg_stance", trials=spans[:2])
    assert any("from 1 trial of each, too few for an interval" in sentence for sentence in one.sentences)


def test_standing_on_both_legs_compares_none() -> None:
    (chapter,) = told(plate([0.01]), test="quiet_standing", eyes="open")
    assert {m.side for m in chapter.measures} == {"both"}
    assert "how the legs differ" in chapter.not_measured[0]
    assert chapter.charts[0].style == "path"


def test_somebody_who_stands_on_a_plate_is_told_without_take_yaml_and_who_moves_is_not() -> None:
    still = plate([0.01])
    assert chapters(Recording(still), NO_STRIDES)[0].key == "standing"
    hops = still["plate_grf"].copy()
    hops.values[..., 1] *= 1 + 0.5 * np.sin(np.arange(hops.sizes["time"]) / 10)[:, None]
    assert chapters(Recording(still | {"plate_grf": hops}), NO_STRIDES) == []


def test_stepping_on_and_off_is_no_sway() -> None:
    signals = plate([0.01], seconds=40.0)
    time_s = signals["plate_cop"]["time"].values
    # the weight comes over from 15 cm beside, and goes back; the other foot stands beside the plate until then
    beside = np.interp(time_s, [4.0, 5.0, 34.7, 35.5], [1.0, 0.0, 0.0, 1.0])
    moved = {kind: array.copy() for kind, array in signals.items()}
    moved["plate_cop"].values[:, 0, 2] += 0.15 * beside
    moved["plate_grf"].values[:, 0, 1] *= np.where((time_s > 4.4) & (time_s < 35.1), 1.0, 0.6)
    (chapter,) = told(moved, test="single_leg_stance", stands_on="right")
    sideways = next(m for m in chapter.measures if m.name.startswith("range sideways"))
    expected = np.ptp(signals["plate_cop"].values[(time_s > 5.4) & (time_s < 34.6), 0, 2])
    assert sideways.value == pytest.approx(expected, abs=0.004)
    held = next(m for m in chapter.measures if m.name == "time on one leg")
    assert held.value == pytest.approx(30.7, abs=0.2)


@pytest.mark.parametrize("standing", ["left", "right"])
def test_markers_of_the_free_foot_tell_how_long_it_was_held(standing: str) -> None:
    time_s = np.arange(30 * 100) / RATE_HZ
    lift = np.interp(time_s, [5.0, 5.3, 17.0, 17.3], [0.0, 0.2, 0.2, 0.0])
    names = ["LHEE", "LTOE", "RHEE", "RTOE"]
    free = "R" if standing == "left" else "L"
    up = np.stack([0.04 + lift * name.startswith(free) for name in names], axis=1)
    values = np.stack([0 * up + [0.0, 0.2, 0.0, 0.2], up, 0 * up + [-0.1, -0.1, 0.1, 0.1]], axis=2)
    coords = {"time": time_s, "marker": names, "space": XYZ}
    markers = labelled(values, dims=("time", "marker", "space"), units="m", coords=coords)
    (chapter,) = told({"markers": markers}, test="single_leg_stance", stands_on=standing)
    assert f"The {standing} leg was held for 12.2 s, until the other foot touched down." in chapter.sentences
    # the leg that is said to stand is the one that hangs in the air: nothing is told
    assert told({"markers": markers}, test="single_leg_stance", stands_on="left" if free == "L" else "right") == []


def test_the_share_of_each_leg_comes_from_plates_of_their_own() -> None:
    one = plate([0.01])
    up = np.zeros((one["plate_grf"].sizes["time"], 2, 3))
    up[:, 0, 1], up[:, 1, 1] = 300.0, 400.0
    coords = {"time": one["plate_grf"]["time"].values, "side": ["left", "right"], "space": XYZ}
    grf = labelled(up, dims=("time", "side", "space"), units="N", coords=coords)
    (chapter,) = told(one | {"grf": grf}, test="quiet_standing")
    share = next(m for m in chapter.measures if m.name == "share of the weight")
    assert share.side == "left"
    assert share.value == pytest.approx(3 / 7)


def foot_sensors(**angles: np.ndarray) -> dict[str, xr.DataArray]:
    """A gyroscope on each foot named, from its pitch; toes up positive."""
    names = list(angles)
    rate = np.stack([np.gradient(angle, 1 / TAP_RATE_HZ) for angle in angles.values()], axis=1)
    values = np.stack([0 * rate, 0 * rate, rate], axis=2)
    coords = {
        "time": np.arange(len(values)) / TAP_RATE_HZ,
        "sensor": [f"foot_{name[0]}" for name in names],
        "space": XYZ,
        "segment": ("sensor", ["foot"] * len(names)),
        "side": ("sensor", names),
    }
    gyr = labelled(values, dims=("time", "sensor", "space"), units="rad/s", coords=coords, frame="segment")
    return {"gyr": gyr}


def tapping(every_s: float, *, seed: int, count: int = 40, dying: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    at_s = 1.0 + every_s * np.arange(count) + 0.01 * rng.standard_normal(count)
    size = 0.35 * (1 - dying * np.arange(count)) * (1 + 0.02 * rng.standard_normal(count))
    return lifts(at_s, size, width_s=0.8 * every_s, seconds=26.0)


def test_the_slower_foot_is_named_and_both_have_their_rate() -> None:
    signals = foot_sensors(left=tapping(0.50, seed=1), right=tapping(0.40, seed=2))
    (chapter,) = told(signals, test="toe_taps")
    found = re.search(r"the (left|right) foot takes (\d+) ms longer", chapter.sentences[0])
    assert found is not None
    assert (found[1], abs(int(found[2]) - 100) <= 5) == ("left", True)
    rates = {m.side: m.value for m in chapter.measures if m.name == "toe tap rate"}
    assert rates == {"left": pytest.approx(2.0, rel=0.01), "right": pytest.approx(2.5, rel=0.01)}


def test_feet_that_tap_alike_are_not_told_apart() -> None:
    signals = foot_sensors(left=tapping(0.4, seed=3), right=tapping(0.4, seed=4))
    assert "no difference beyond their own scatter" in told(signals, test="toe_taps")[0].sentences[0]


def test_taps_that_die_away_are_said_to_on_their_side_only() -> None:
    signals = foot_sensors(left=tapping(0.4, seed=5, dying=0.015), right=tapping(0.4, seed=6))
    (chapter,) = told(signals, test="toe_taps")
    # 1.5 % of the first with each of 39 taps
    found = re.search(r"from the first to the last they became (\d+) % smaller", chapter.sentences[1])
    assert found is not None
    assert abs(int(found[1]) - 58) <= 3
    assert chapter.sentences[1].startswith("Left")
    assert "no change over the series" in chapter.sentences[2]


def test_one_foot_alone_says_that_the_other_is_missing() -> None:
    (chapter,) = told(foot_sensors(right=tapping(0.4, seed=7)), test="toe_lift")
    assert "the left foot: nothing of it was recorded" in chapter.not_measured
    assert "toe lifts" in chapter.sentences[0]
    assert {m.side for m in chapter.measures} == {"right"}


def test_taps_of_a_muscle_have_the_rate_they_were_made_with() -> None:
    rng = np.random.default_rng(8)
    time_s = np.arange(14 * 1000) / 1000
    on = np.zeros(time_s.size)
    for start in 1.0 + 0.6 * np.arange(20):
        on[(time_s >= start) & (time_s < start + 0.2)] = 1.0
    raw = 1e-5 * (0.05 + on) * rng.standard_normal(time_s.size)
    coords = {"time": time_s, "channel": ["tibialis_anterior_r"], "site": ("channel", ["tibialis_anterior"])}
    emg = labelled(raw[:, None], dims=("time", "channel"), units="V", coords=coords)
    (chapter,) = told({"emg": emg}, test="toe_taps")
    rate = next(m for m in chapter.measures if m.name == "toe tap rate")
    assert (rate.side, rate.n) == ("right", 19)
    assert rate.value == pytest.approx(1 / 0.6, rel=0.02)


def sensor_on(segment: str, side: str, angle: np.ndarray, *, seed: int = 3) -> dict[str, xr.DataArray]:
    coords = {"segment": ("sensor", [segment]), "side": ("sensor", [side]), "sensor": [segment]}
    return {
        kind: array.expand_dims(sensor=[segment], axis=1).assign_coords(coords).assign_attrs(array.attrs)
        for kind, array in zip(("acc", "gyr"), worn(angle, seed=seed), strict=True)
    }


def test_squats_have_their_depth_and_leg() -> None:
    angle = squat_angle(np.deg2rad(70), down_s=1.5, up_s=1.2, count=5)
    chapter = told(sensor_on("thigh", "right", angle), test="single_leg_squat", stands_on="right")[0]
    depth = next(m for m in chapter.measures if m.name == "range of the thigh sensor")
    assert (depth.side, depth.n) == ("right", 5)
    assert np.rad2deg(depth.value) == pytest.approx(70, abs=3)
    assert "how the legs differ: only one leg was recorded" in chapter.not_measured[0]


def test_a_sensor_on_the_other_leg_is_not_taken() -> None:
    angle = squat_angle(np.deg2rad(70), down_s=1.5, up_s=1.2, count=5)
    assert told(sensor_on("thigh", "left", angle), test="single_leg_squat", stands_on="right") == []


def test_squats_by_joint_angles_of_both_legs_are_compared() -> None:
    rng = np.random.default_rng(0)
    angles = {}
    for side, depth in (("left", 50.0), ("right", 80.0)):
        parts = [squat_angle(np.deg2rad(depth + rng.normal(0, 2)), down_s=1.5, up_s=1.2, count=1) for _ in range(4)]
        angles[side] = np.concatenate(parts)
    length = len(angles["left"])
    values = np.zeros((2 * length, 3))
    values[:length, 0], values[length:, 1] = angles["left"], angles["right"]
    names = ["knee_angle_l", "knee_angle_r", "pelvis_list"]
    coords = {"time": np.arange(2 * length) / RATE_HZ, "coordinate": names}
    signals = {"angles": labelled(values, dims=("time", "coordinate"), units="rad", coords=coords)}
    half = length / RATE_HZ
    spans = [
        {"start_s": 0, "end_s": half, "stands_on": "left"},
        {"start_s": half, "end_s": 2 * half, "stands_on": "right"},
    ]
    chapter = told(signals, test="single_leg_squat", trials=spans)[0]
    assert "smaller on the left leg by 3" in chapter.sentences[0]
    assert any(m.name == "range of pelvis list meanwhile" and m.value == 0.0 for m in chapter.measures)


def test_squats_by_markers_have_the_knee_they_were_made_with() -> None:
    bend = squat_angle(1.0, down_s=1.4, up_s=1.2, count=2)[::3]
    time_s = np.arange(bend.size) / (RATE_HZ / 3)
    q = np.zeros((bend.size, len(COORDINATES)))
    for name, size in (
        ("hip_flexion_r", 55.0),
        ("knee_angle_r", 70.0),
        ("ankle_angle_r", 20.0),
        ("knee_angle_l", 30.0),
    ):
        q[:, COORDINATES.index(name)] = np.deg2rad(size) * bend
    place = np.stack([0 * bend, 0.95 - 0.15 * bend, 0 * bend], axis=1)
    signals = {"markers": _markers(generic(), q, place, time_s)}
    chapter = told(signals, test="single_leg_squat", stands_on="right")[0]
    depth = next(m for m in chapter.measures if m.name == "range of the knee angle")
    assert (depth.side, depth.n) == ("right", 2)
    assert np.rad2deg(depth.value) == pytest.approx(70, abs=4)


def counted(side: str, values: list[int]) -> list[dict[str, object]]:
    return [{"minute": 5 * k, "side": side, "count": value} for k, value in enumerate(values)]


def test_the_way_back_is_told_for_each_leg() -> None:
    rows = counted("left", [4, 14, 19, 22, 23, 23, 24]) + counted("right", [24, 25, 24, 25, 24, 25, 24])
    (chapter,) = told({}, test="toe_lift", recovery=rows)[:1]
    assert chapter.sentences[0].startswith("Left foot: 4 toe lifts right after the run, 24 after 30 min; half")
    assert "do not rise by more than one" in chapter.sentences[1]
    half = next(m for m in chapter.measures if m.name.startswith("half-time") and m.side == "left")
    assert half.value / 60 == pytest.approx(5.0, abs=1.0)
    assert set(chapter.charts[0].series) == {"left", "right"}


def test_a_test_done_standing_has_no_strides_whatever_its_sensors_show() -> None:
    signals = foot_sensors(left=tapping(0.5, seed=1))
    recording, table = with_strides(Recording(signals, conditions=conditions(test="toe_taps")))
    assert table.empty
    assert recording.events.empty


def test_a_phone_on_the_trunk_is_kept_apart_from_the_plate() -> None:
    rng = np.random.default_rng(9)
    time_s = np.arange(3000) / RATE_HZ
    slow = pd.DataFrame(rng.standard_normal((3000, 3))).rolling(30, min_periods=1).mean().to_numpy()
    values = slow + np.array([0.0, 9.81, 0.0])
    coords = {"time": time_s, "sensor": ["phone"], "space": XYZ}
    along = {"segment": ("sensor", ["trunk"]), "side": ("sensor", [""])}
    acc = labelled(values[:, None], dims=("time", "sensor", "space"), units="m/s^2", coords=coords | along)
    (chapter,) = told({"acc": acc}, test="single_leg_stance", stands_on="left")
    assert chapter.key == "trunk_sway"
    assert "not to be compared" in chapter.sureness
    assert {m.side for m in chapter.measures} == {"left"}


def test_a_published_trial_makes_a_page(shared: Path) -> None:
    take = Path("examples/balance-cop/take.yaml")
    analysis = rs.analyse(rs.read(shared / "balance-cop" / "BDS00001.txt", take=take))
    assert analysis.summary.sentence.startswith("Standing on both legs, eyes open")
    assert "6.2 mm per second" in analysis.summary.sentence
    assert not analysis.cycles["kept"].any()
    assert any("forward" in d.message for d in analysis.doubts)
