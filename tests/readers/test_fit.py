"""FIT files: whose share it is, what was not measured, and how far a damaged file is read."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from tests.readers.fit_files import START, Developer, acceleration, ride, whole

from restride.errors import ReadError, RestrideError
from restride.readers import read
from restride.readers.fit_fields import left_share_of_record, left_share_of_summary
from restride.readers.take import parsed
from restride.signals.recording import Recording

SIZE = 120
MOVING = (180 + np.arange(SIZE) % 5).tolist()  # right leg 52 to 56 %


def recorded(tmp_path: Path, content: bytes, *, balance: object = None, swapped: Sequence[str] = ()) -> Recording:
    path = tmp_path / "activity.fit"
    path.write_bytes(content)
    return read(path, take=parsed({"balance": balance, "sides_swapped": list(swapped)}))


def said(recording: Recording, about: str) -> str:
    return " ".join(d.message for d in recording.doubts if d.about == about)


def test_the_flag_of_a_record_makes_it_the_right_legs_share() -> None:
    share, known = left_share_of_record(np.array([0x80 | 52, 52, 0x80 | 101, np.nan, 0x80, 0x80 | 100]))
    assert_allclose(share, [0.48, 0.52, np.nan, np.nan, 1.0, 0.0])
    assert known.tolist() == [True, False, True, False, True, True]


def test_a_summary_counts_hundredths_and_has_its_flag_in_bit_15() -> None:
    share, known = left_share_of_summary(np.array([37986.0, 5218.0, 0x8000 | 10001, 37752.0]))
    assert_allclose(share, [0.4782, 0.5218, np.nan, 0.5016])
    assert known.tolist() == [True, False, True, True]


@given(st.integers(0, 100))
def test_record_and_summary_agree_on_whose_share_it_is(percent: int) -> None:
    of_record, _ = left_share_of_record(np.array([0x80 | percent], dtype=float))
    of_summary, _ = left_share_of_summary(np.array([0x8000 | 100 * percent], dtype=float))
    assert_allclose(of_record, of_summary, atol=1e-12)


def test_values_become_si_on_the_clock_of_the_records(tmp_path: Path) -> None:
    columns = {"heart_rate": [120] * SIZE, "speed": [5000] * SIZE, "distance": [500 * i for i in range(SIZE)]}
    found = recorded(tmp_path, ride(columns=columns))
    assert_allclose(found["power"].values, 200.0)
    assert_allclose(found["cadence"].values, 1.5)
    assert_allclose(found["heart_rate"].values, 2.0)
    assert_allclose(found["speed"].values, 5.0)
    assert_allclose(found["distance"].values, 5.0 * np.arange(SIZE))
    assert_allclose(found["power"]["time"].values, np.arange(SIZE))


def test_cadence_of_a_run_counts_the_steps_of_both_feet(tmp_path: Path) -> None:
    found = recorded(tmp_path, ride(sport=1))
    assert_allclose(found["step_rate"].values, 3.0)
    assert "cadence" not in found


def test_a_share_with_its_flag_is_the_left_legs_and_known(tmp_path: Path) -> None:
    found = recorded(tmp_path, ride(columns={"left_right_balance": MOVING}, session_balance=37986))
    share = found["left_share"]
    assert_allclose(share.values, 1 - (np.array(MOVING) - 128) / 100)
    assert share["side_known"].values.all()
    assert share.attrs["device_value"] == pytest.approx(0.4782)


def test_a_share_without_its_flag_stays_of_an_unknown_leg(tmp_path: Path) -> None:
    found = recorded(tmp_path, ride(columns={"left_right_balance": [v - 128 for v in MOVING]}))
    assert not found["left_share"]["side_known"].values.any()
    text = said(found, "left_share")
    assert "which is which is not known" in text
    assert "left" not in text
    assert "right" not in text


@pytest.mark.parametrize(("stated", "left"), [("left", 0.54), ("right", 0.46)])
def test_the_one_leg_check_settles_an_unknown_leg(tmp_path: Path, stated: str, left: float) -> None:
    content = ride(columns={"left_right_balance": [v - 128 for v in MOVING]})
    share = recorded(tmp_path, content, balance={"share_of": stated})["left_share"]
    assert share["side_known"].values.all()
    assert share.values.mean() == pytest.approx(left)


def test_stated_legs_are_not_moved_by_what_is_said_of_unstated_ones(tmp_path: Path) -> None:
    content = ride(columns={"left_right_balance": MOVING})
    plain = recorded(tmp_path, content)["left_share"]
    stated = recorded(tmp_path, content, balance={"share_of": "right"})["left_share"]
    assert_allclose(stated.values, plain.values)


def test_the_swap_exchanges_every_sided_signal(tmp_path: Path) -> None:
    columns = {
        "left_right_balance": MOVING,
        "left_torque_effectiveness": (140 + np.arange(SIZE) % 3).tolist(),
        "right_torque_effectiveness": [160] * SIZE,
    }
    content = ride(columns=columns, session_balance=37986)
    plain, swapped = recorded(tmp_path, content), recorded(tmp_path, content, swapped=["balance"])
    assert_allclose(swapped["left_share"].values, 1 - plain["left_share"].values)
    assert swapped["left_share"].attrs["device_value"] == pytest.approx(0.5218)
    effect = swapped["torque_effectiveness"]
    assert_allclose(effect.sel(side="left").values, 0.80)
    assert_allclose(effect.sel(side="right").values, plain["torque_effectiveness"].sel(side="left").values)


def test_an_unknown_leg_is_not_swapped(tmp_path: Path) -> None:
    content = ride(columns={"left_right_balance": [v - 128 for v in MOVING]})
    plain, swapped = recorded(tmp_path, content), recorded(tmp_path, content, swapped=["balance"])
    assert_allclose(swapped["left_share"].values, plain["left_share"].values)


def test_the_share_of_contact_is_the_left_legs_without_a_flag(tmp_path: Path) -> None:
    columns = {"stance_time": [2400] * SIZE, "stance_time_balance": [5150] * SIZE}
    found = recorded(tmp_path, ride(sport=1, columns=columns, contact_balance=5152))
    assert_allclose(found["contact_time"].values, 0.24)
    assert_allclose(found["contact_left_share"].values, 0.515)
    assert found["contact_left_share"].attrs["device_value"] == pytest.approx(0.5152)


@pytest.mark.parametrize("raw", [0x80 | 50, 0x80, 0x80 | 100, 50])
def test_a_share_that_never_moves_is_a_one_sided_meter(tmp_path: Path, raw: int) -> None:
    found = recorded(tmp_path, ride(columns={"left_right_balance": [raw] * SIZE}))
    assert "left_share" not in found
    assert said(found, "left_share").startswith("One-sided meter")


def test_a_pedal_that_writes_only_zeros_is_a_one_sided_meter(tmp_path: Path) -> None:
    columns = {
        "left_torque_effectiveness": (140 + np.arange(SIZE) % 3).tolist(),
        "right_torque_effectiveness": [0] * SIZE,
        "left_pedal_smoothness": (40 + np.arange(SIZE) % 3).tolist(),
        "right_pedal_smoothness": [0] * SIZE,
    }
    found = recorded(tmp_path, ride(columns=columns))
    assert said(found, "left_share").startswith("One-sided meter")
    assert np.isnan(found["torque_effectiveness"].sel(side="right").values).all()


def test_a_one_leg_drill_is_kept_and_mentioned(tmp_path: Path) -> None:
    drill = [*MOVING[:60], *([0x80] * 60)]
    found = recorded(tmp_path, ride(columns={"left_right_balance": drill}))
    assert_allclose(found["left_share"].values[60:], 1.0)
    assert "60 records with power one leg is said to give all of it" in said(found, "left_share")


def test_shares_while_coasting_do_not_hide_a_one_sided_meter(tmp_path: Path) -> None:
    coasting = np.arange(SIZE) < 20
    columns = {
        "power": np.where(coasting, 0, 200).tolist(),
        "left_right_balance": np.where(coasting, 0x80 | 100, 0x80 | 50).tolist(),
    }
    found = recorded(tmp_path, ride(columns=columns))
    assert said(found, "left_share").startswith("One-sided meter")


def test_developer_fields_keep_their_names_and_fill_what_is_missing(tmp_path: Path) -> None:
    field = Developer("Ground Time", "Milliseconds", [250.0 if i else 0.0 for i in range(SIZE)])
    found = recorded(tmp_path, ride(sport=1, developer=field))
    assert found["developer_fields"]["field"].values.tolist() == ["Ground Time"]
    assert_allclose(found["contact_time"].values, [np.nan, *[0.25] * (SIZE - 1)])


def test_a_developer_field_that_holds_a_place_is_left_out(tmp_path: Path) -> None:
    found = recorded(tmp_path, ride(developer=Developer("My Latitude", "deg", [51.0] * SIZE)))
    assert "developer_fields" not in found


def test_raw_acceleration_is_read_on_its_own_clock(tmp_path: Path) -> None:
    values = np.array([[0.0, 0.0, 1.0], [0.5, 0.0, 1.0], [1.0, -1.0, 1.0]])
    found = recorded(tmp_path, ride(extra=acceleration(values, rate_hz=25)))["device_acceleration"]
    assert_allclose(found.values, values * 9.80665)
    assert_allclose(found["time"].values, [1.5, 1.54, 1.58])


def test_the_device_is_known_by_make_and_a_hash_of_its_number(tmp_path: Path) -> None:
    device = recorded(tmp_path, ride()).sources[0].device
    assert device.startswith("garmin edge1000, unit ")
    assert "123456" not in device


def test_a_clock_that_jumps_ahead_once_costs_one_record(tmp_path: Path) -> None:
    times = [START + i for i in range(SIZE)]
    times[40] += 5000
    found = recorded(tmp_path, ride(columns={"timestamp": times}))
    assert found["power"].sizes["time"] == SIZE - 1
    assert "1 records repeat a time" in said(found, "clock")


def test_a_file_cut_off_is_read_up_to_the_cut_with_a_doubt(tmp_path: Path) -> None:
    content = ride(columns={"left_right_balance": MOVING})
    found = recorded(tmp_path, content[: len(content) // 2])
    assert 0 < found["left_share"].sizes["time"] < SIZE
    assert_allclose(found["left_share"].values, 1 - (np.array(MOVING[: found["left_share"].size]) - 128) / 100)
    assert "damaged" in said(found, "file")


def test_a_changed_byte_is_noticed_by_the_checksum(tmp_path: Path) -> None:
    content = bytearray(ride(columns={"left_right_balance": MOVING}))
    content[len(content) // 2] ^= 0x01
    assert said(recorded(tmp_path, bytes(content)), "file")


def test_a_file_without_records_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="expected"):
        recorded(tmp_path, whole(b""))


@settings(max_examples=60, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=4), length=st.integers(0, 2100))
def test_no_damage_breaks_the_reader(tmp_path: Path, flips: list[tuple[int, int]], length: int) -> None:
    whole_ride = ride(columns={"left_right_balance": MOVING})
    content = bytearray(whole_ride)
    for place, mask in flips:
        content[place % len(content)] ^= mask
    damaged = bytes(content[: max(length, 14)])
    try:
        found = recorded(tmp_path, damaged)
    except RestrideError:
        return
    assert found.signals
    assert damaged == whole_ride or said(found, "file")


def test_two_outings_are_never_mixed(tmp_path: Path) -> None:
    first, second = tmp_path / "a.fit", tmp_path / "b.fit"
    first.write_bytes(ride(columns={"power": [150] * SIZE}))
    second.write_bytes(ride(columns={"left_right_balance": MOVING}))
    found = read([first, second], take=parsed({}))
    assert_allclose(found["power"].values, 150.0)
    assert "left_share" not in found
    assert "b.fit is of another device or outing" in said(found, "clock")


def test_every_recording_of_a_watch_or_bicycle_is_read(shared: Path) -> None:
    files = sorted(shared.glob("fit-*/*.fit"))
    assert len(files) >= 25
    assert [f.name for f in files if not read(f, take=parsed({})).signals] == []


def test_no_signal_holds_a_place(shared: Path) -> None:
    found = read(shared / "fit-run/fenix5_run_short.fit")
    assert "turn_rate" in found
    assert not {"position", "latitude", "longitude"} & set(found.signals)


def test_a_damaged_name_of_a_developers_field_is_survived(tmp_path: Path) -> None:
    content = ride(developer=Developer("Ground Time", "Milliseconds", [250.0] * SIZE))
    place = content.index(b"Ground Time")
    # the description's name becomes text of no end, cut short, or bytes that are no text
    for mask in range(1, 256, 7):
        changed = bytearray(content)
        changed[place - 8 : place] = bytes(b ^ mask for b in content[place - 8 : place])
        try:
            found = recorded(tmp_path, bytes(changed))
        except RestrideError:
            continue
        assert found.doubts
