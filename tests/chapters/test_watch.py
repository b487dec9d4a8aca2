"""Chapters of outings: planted changes are told, unknown legs are never named, one-sided meters compare nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from tests.readers.fit_files import Developer, acceleration, ride

from restride.chapters.chapter import Chapter, Measure
from restride.chapters.watch import chapters
from restride.readers import read
from restride.readers.take import parsed
from restride.signals.recording import Recording, Source
from restride.signals.schema import SIDES, FloatArray, labelled

SIZE = 1800  # 30 minutes at 1 Hz
TIME_S = np.arange(SIZE, dtype=float)
NONE = pd.DataFrame()


def recording(sport: str, /, **values: FloatArray | float) -> Recording:
    """Records at 1 Hz; units as the kind asks."""
    units = {"power": "W", "cadence": "Hz", "step_rate": "Hz", "heart_rate": "Hz", "speed": "m/s", "distance": "m"}
    units |= {"altitude": "m", "contact_time": "s", "turn_rate": "rad/s", "vertical_oscillation": "m"}
    signals = {}
    for kind, value in values.items():
        coords: dict[str, object] = {"time": TIME_S}
        if kind == "left_share":
            coords["side_known"] = ("time", np.ones(SIZE, dtype=bool))
        signals[kind] = labelled(
            np.broadcast_to(value, SIZE), dims=("time",), units=units.get(kind, "1"), coords=coords, name=kind
        )
    return Recording(signals, sources=(Source(f"FIT ({sport})", "0" * 64),))


def told(found: Recording) -> dict[str, Chapter]:
    return {chapter.key: chapter for chapter in chapters(found, NONE)}


def one(chapter: Chapter, name: str, side: str, method: str = "") -> Measure:
    found = [m for m in chapter.measures if m.name == name and m.side == side and method in m.method]
    assert len(found) == 1, [(m.name, m.side, m.method) for m in chapter.measures]
    return found[0]


def noise(scale: float, seed: int = 0) -> FloatArray:
    return scale * np.random.default_rng(seed).normal(size=SIZE)


def riding(share: FloatArray | float, **more: FloatArray | float) -> Recording:
    given: dict[str, FloatArray | float] = {"power": 200.0, "cadence": 1.5, "left_share": share}
    return recording("cycling", **(given | more))


def test_the_first_sentence_holds_the_share_of_the_work() -> None:
    power = np.where(TIME_S < 900, 300.0, 100.0)
    share = np.where(TIME_S < 900, 0.46, 0.50) + noise(0.01)
    first = told(riding(share, power=power))["balance_of_power"].sentences[0]
    assert first.startswith("The left leg did 47.0 % of the work in 30 minutes of pedalling (95 % interval ")
    assert "50 %" in first


def test_swapped_sides_turn_the_sentence_round() -> None:
    for share, words in ((0.46, "46.0 %"), (0.54, "54.0 %")):
        chapter = told(riding(share + noise(0.01)))["balance_of_power"]
        assert words in chapter.sentences[0]
        assert ("gave less" in chapter.sentences[1]) == (share < 0.5)
        both = [one(chapter, "share of the power", side, "weighted").value for side in SIDES]
        assert_allclose(both, [share, 1 - share], atol=1e-3)


def test_a_small_difference_is_not_held_against_a_leg() -> None:
    chapter = told(riding(0.49 + noise(0.001)))["balance_of_power"]
    assert "less than a meter's own zero may be off" in chapter.sentences[1]


def test_an_unknown_side_is_never_named() -> None:
    found = riding(0.46 + noise(0.01))
    share = found["left_share"].assign_coords(side_known=("time", np.zeros(SIZE, dtype=bool)))
    chapter = told(found.replaced(signals={"left_share": share}))["balance_of_power"]
    assert chapter.sentences[0].startswith("One leg, and the file does not say which, did 46.0 %")
    spoken = " ".join((*chapter.sentences, *(c.words for c in chapter.charts), *(m.name for m in chapter.measures)))
    assert "left leg" not in spoken
    assert "right" not in spoken.replace("bends to the right", "")
    assert {m.side for m in chapter.measures} == {"one, not stated which"}
    assert not any({"left", "right"} & set(chart.series) for chart in chapter.charts)


def test_a_planted_drift_is_told_and_a_steady_share_is_not() -> None:
    drifting = told(riding(0.50 - 0.04 * TIME_S / SIZE + noise(0.01)))["balance_of_power"]
    assert any(
        s.startswith("From start to end the left leg's share fell by 3.9 percentage points") for s in drifting.sentences
    )
    assert_allclose(one(drifting, "change of the share per hour", "left").value, -0.08, atol=2e-3)
    steady = told(riding(0.50 + noise(0.01)))["balance_of_power"]
    assert not any("From start to end" in s for s in steady.sentences)
    assert any(s.startswith("No change with time") for s in steady.sentences)


@pytest.mark.parametrize(("shift", "word"), [(0.02, "higher"), (-0.02, "lower")])
def test_a_share_that_turns_with_the_bends_is_told_with_its_side(shift: float, word: str) -> None:
    turning = np.select([TIME_S % 60 < 20, TIME_S % 60 < 40], [0.2, -0.2], 0.0)
    chapter = told(riding(0.5 + shift * (turning > 0) + noise(0.01), turn_rate=turning))["balance_of_power"]
    sentence = next(s for s in chapter.sentences if s.startswith("In bends to the left"))
    assert sentence.startswith("In bends to the left the left leg's share is 2.0 percentage points (95 % interval 1.")
    assert sentence.endswith(f"{word} than in bends to the right.")


def test_a_share_that_changes_with_power_warns_of_the_zero() -> None:
    power = 150.0 + 100.0 * (TIME_S % 120 / 120)
    chapter = told(riding(0.48 + 2e-4 * (power - 200) + noise(0.005), power=power))["balance_of_power"]
    assert any("rises by 2.0 percentage points" in s and "zero" in s for s in chapter.sentences)


def test_steady_rides_rarely_tell_a_change_that_is_not_there() -> None:
    """Four comparisons in each of 20 steady rides whose minutes wander by themselves."""
    false = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        wander = np.repeat(rng.normal(scale=0.01, size=30), 60) + rng.normal(scale=0.02, size=SIZE)
        power, cadence = (np.repeat(rng.normal(m, 0.1 * m, size=60), 30) for m in (200.0, 1.5))
        turning = np.repeat(rng.normal(scale=0.1, size=180), 10)
        found = told(riding(0.5 + wander, power=power, cadence=cadence, turn_rate=turning))["balance_of_power"]
        false += not any(s.startswith("No change") for s in found.sentences)
    # four comparisons at 99 % make 4 % of rides; 5 or more of 20 then have a chance of 1 in 1000
    assert false < 5


def test_a_meter_of_one_leg_compares_nothing(tmp_path: Path) -> None:
    columns = {"left_torque_effectiveness": [140 + i % 5 for i in range(400)], "right_torque_effectiveness": [0] * 400}
    path = tmp_path / "ride.fit"
    path.write_bytes(ride(400, columns=columns))
    found = told(read(path, take=parsed({})))
    assert "balance_of_power" not in found
    assert found["pedalling"].sentences[0].startswith("This meter measures one leg and takes the other as equal")
    assert {m.side for m in found["pedalling"].measures} == {"left"}
    assert "nothing here compares the legs" in found["course"].sentences[0]


def test_a_ride_without_power_says_what_it_has() -> None:
    found = told(recording("cycling", speed=8.0, heart_rate=2.2))
    assert list(found) == ["course"]
    first = found["course"].sentences[0]
    assert "8.0 m/s, 132 heart beats per minute" in first
    assert first.endswith("nothing in this file separates the legs.")


def running(**more: FloatArray | float) -> Recording:
    given: dict[str, FloatArray | float] = {"step_rate": 2.8, "speed": 3.0 + 0.2 * np.sin(TIME_S / 5.0)}
    return recording("running", **(given | more))


def test_a_longer_contact_at_like_speed_is_told_beside_the_slower_speed() -> None:
    speed = 3.2 - 0.2 * (TIME_S >= 1200) + 0.4 * np.sin(TIME_S / 5.0)
    contact = 0.35 - 0.03 * speed + 0.012 * (TIME_S >= 1200) + noise(0.003)
    chapter = told(running(speed=speed, contact_time=contact))["course"]
    assert any("the speed fell by 0.20 m/s" in s for s in chapter.sentences)
    # bands of 0.25 m/s leave a little of the speed in: at most half a band times the slope
    assert one(chapter, "change of contact time", "both").value == pytest.approx(0.012, abs=0.5 * 0.25 * 0.03)
    assert any("At like speed" in s and "contact time rose" in s for s in chapter.sentences)


def test_a_run_that_only_slows_has_no_change_at_like_speed() -> None:
    speed = 3.2 - 0.2 * (TIME_S >= 1200) + 0.4 * np.sin(TIME_S / 5.0)
    chapter = told(running(speed=speed, contact_time=0.4 - 0.004 * speed + noise(0.01)))["course"]
    assert not any("contact time rose" in s for s in chapter.sentences)


def test_standing_still_counts_for_no_median() -> None:
    rate = np.where(TIME_S < 1000, 2.8, 0.0)
    chapter = told(running(step_rate=rate, speed=np.where(TIME_S < 1000, 3.0, 0.0)))["course"]
    assert "17 minutes of it in motion" in chapter.sentences[0]
    assert one(chapter, "speed", "").value == 3.0


def test_a_second_device_is_compared_only_where_it_felt_steps(tmp_path: Path) -> None:
    contact = [2500 + 10 * (i % 7) for i in range(600)]  # tenths of a millisecond
    pod = [0.0 if i % 3 == 0 else contact[i] / 10 - 15.0 for i in range(600)]
    path = tmp_path / "run.fit"
    columns: Mapping[str, Sequence[int]] = {"stance_time": contact, "speed": [3000] * 600}
    path.write_bytes(ride(600, sport=1, columns=columns, developer=Developer("Ground Time", "Milliseconds", pod)))
    chapter = told(read(path, take=parsed({})))["two_devices"]
    assert "in 400 records" in chapter.sentences[0]
    assert "15 ms less" in chapter.sentences[0]
    assert_allclose(one(chapter, "contact time, second less first", "both").value, -0.015, atol=1e-6)


def test_a_pod_that_filled_the_gap_is_not_compared_with_itself(tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    pod = Developer("Ground Time", "Milliseconds", [250.0] * 300)
    path.write_bytes(ride(300, sport=1, columns={"speed": [3000] * 300}, developer=pod))
    found = told(read(path, take=parsed({})))
    assert "two_devices" not in found
    assert "250 ms on the ground" in found["course"].sentences[0]


def with_arcs(found: Recording, starts: tuple[float, float], ends: tuple[float, float]) -> Recording:
    """Arcs of (left, right) in degrees, swinging by some degrees."""
    swing = 5.0 * np.sin(TIME_S / 9.0)[:, None]
    bounds = np.deg2rad(np.stack([np.array(starts) + swing, np.array(ends) + swing], axis=-1)) % (2 * np.pi)
    bounds[::50] = 0.0  # no push found
    coords = {"time": TIME_S, "side": list(SIDES), "bound": ["start", "end"]}
    phase = labelled(bounds, dims=("time", "side", "bound"), units="rad", coords=coords, name="power_phase")
    return found.replaced(signals={"power_phase": phase})


def test_arcs_across_the_top_are_averaged_around_the_circle() -> None:
    found = with_arcs(riding(0.5 + noise(0.01)), (358.0, 2.0), (190.0, 200.0))
    chapter = told(found)["pedalling"]
    assert (
        "the left leg pushed from 358° to 190° of the turn and the right leg pushed from 2° to 200°"
        in chapter.sentences[0]
    )
    assert any(
        s.startswith("The start of the push of the right leg comes 4.0°") and s.endswith("than that of the left.")
        for s in chapter.sentences
    )
    assert_allclose(np.rad2deg(one(chapter, "end of the push, left less right", "both").value), -10.0, atol=1e-6)


def test_the_drawing_of_the_push_starts_at_the_top_and_goes_forwards() -> None:
    chart = next(c for c in told(with_arcs(riding(0.5 + noise(0.01)), (0.0, 0.0), (90.0, 180.0)))["pedalling"].charts)
    # the swing of the arcs does not quite average out over the records that count
    x, left, right = chart.x, chart.series["left"], chart.series["right"]
    own = np.isfinite(left)
    assert_allclose([x[own][0], left[own][0]], [0.0, 1.0], atol=1e-3)
    assert_allclose([x[own][-1], left[own][-1]], [1.0, 0.0], atol=1e-3)
    other = np.isfinite(right)
    assert_allclose([x[other][-1], right[other][-1]], [0.0, -0.9], atol=1e-3)
    assert not (own & other).any()


def test_samples_of_the_device_are_told_without_a_leg(tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    path.write_bytes(ride(60, extra=acceleration(np.tile([0.0, 0.0, 1.0], (25, 1)))))
    chapter = told(read(path, take=parsed({})))["inside_the_device"]
    assert chapter.sentences[0] == (
        "The device wrote 25 samples of its own acceleration at 25 per second, over 1 s; "
        "their root mean square is 1.00 g."
    )
    assert "no leg is named" in chapter.not_measured[0]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("fit-power-pedals/fenix6_turbo_power_phase.fit", "The left leg did 49.3 % of the work"),
        ("fit-power-pedals/edge820_te_ps.fit", "This meter measures one leg and takes the other as equal"),
        ("fit-edge-cases/elemnt-bolt-no-application-id-inside-developer-data-id.fit", "One leg, and the file does not"),
        ("fit-run/fenix2_run.fit", "47 minutes recorded as running, 9.0 km: 166 steps per minute"),
        ("run-watch-course-csv/V01_course_run_2023_03_08_processed.csv", "The left leg, as watches count it, had 50.3"),
    ],
)
def test_real_outings_have_a_page(shared: Path, name: str, first: str) -> None:
    found = chapters(read(shared / name, take=parsed({})), NONE)
    assert found[0].sentences[0].startswith(first)
    assert len({c.key for c in found}) == len(found)
    spoken = " ".join(s for c in found for s in (*c.sentences, c.sureness, *c.not_measured)).lower()
    assert not any(word in spoken for word in ("bad leg", "weak", "nan", "none %"))


def test_a_recording_of_a_laboratory_has_no_outing(shared: Path) -> None:
    assert chapters(read(shared / "c3d-walk-one-sided-ankle/PiG_Motion-FlatFoot-Hole.c3d"), NONE) == []


def drilled(left: float, right: float) -> Recording:
    """Each leg alone for a minute, left first, fading by a share of its start per minute."""
    power, share = np.full(SIZE, 200.0) + noise(3.0), 0.5 + noise(0.01)
    for start, alone, slope in ((300, 1.0, left), (600, 0.0, right)):
        rows = slice(start, start + 60)
        share[rows] = alone
        power[rows] = 120.0 * (1.0 - slope * np.arange(60) / 60.0) + noise(3.0, 1)[:60]
    return riding(share, power=power)


def test_the_leg_that_fades_faster_is_named() -> None:
    for left, right, side in ((0.4, 0.1, "left"), (0.1, 0.4, "right")):
        chapter = told(drilled(left, right))["one_leg_drill"]
        assert f"the {side} leg fades faster" in chapter.sentences[0]
        assert chapter.sentences[0].startswith("One leg pedalled alone, by its share of the power: left 60 s and right")
        value = one(chapter, "change of power per minute, left less right", "both").value
        assert_allclose(value, right - left, atol=0.05)


def test_the_share_is_told_without_the_drills_too() -> None:
    share = 0.48 + noise(0.002)
    share[300:420] = 1.0
    chapter = told(riding(share))["balance_of_power"]
    assert "That holds 120 s of one leg alone; without them the share is 48.0 %." in chapter.sentences


def test_equal_fading_cannot_be_told_apart() -> None:
    chapter = told(drilled(0.2, 0.2))["one_leg_drill"]
    assert "which leg fades faster cannot be told" in chapter.sentences[0]
    assert any(s.startswith("Power over the drill: the left leg's fell by 2") for s in chapter.sentences)


def test_a_drill_of_one_leg_alone_names_no_faster_leg() -> None:
    share = 0.5 + noise(0.01)
    share[300:360] = 1.0
    chapter = told(riding(share))["one_leg_drill"]
    assert chapter.sentences[0].endswith("nothing says which leg fades faster.")
