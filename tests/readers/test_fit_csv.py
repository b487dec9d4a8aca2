"""Tables made from FIT records: which device a number is from, and what a table cannot be believed about."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.errors import RestrideError
from restride.readers import read
from restride.readers.take import parsed
from restride.signals.recording import Recording

HEAD = "timestamp,activity_type,enhanced_speed,hrm_stance_time,pod_stance_time,hrm_stance_time_balance,hrm_cadence"
TRACK = "run-watch-course-csv/V01_course_run_2023_03_08_processed.csv"


def table(tmp_path: Path, *, more: str = "", kind: int = 1, lines: int = 20) -> Recording:
    # every fifth row the strap has no data
    rows = [
        f"{1000 + i},{kind},3.5,{240 + i},{200 + i},51.0,85,{int(i % 5 > 0)}" + (",180" if more else "")
        for i in range(lines)
    ]
    path = tmp_path / "records.csv"
    path.write_text("\n".join([f"{HEAD},have_hrm_data{more}", *rows]), encoding="utf-8")
    return read(path, take=parsed({}))


def test_columns_become_si_and_the_strap_goes_first(tmp_path: Path) -> None:
    found = table(tmp_path)
    there = np.arange(20) % 5 > 0
    assert_allclose(found["contact_time"].values, np.where(there, 0.240 + 0.001 * np.arange(20), np.nan))
    assert_allclose(found["contact_left_share"].values, np.where(there, 0.51, np.nan))
    assert_allclose(found["step_rate"].values[there], 2 * 85 / 60)
    assert_allclose(found["speed"]["time"].values, np.arange(20))


def test_the_other_devices_number_is_kept_under_its_own_name(tmp_path: Path) -> None:
    found = table(tmp_path)["developer_fields"]
    assert_allclose(found.sel(field="pod_stance_time").values, 200 + np.arange(20))


def test_the_share_of_power_in_a_table_is_not_believed(tmp_path: Path) -> None:
    found = table(tmp_path, more=",left_right_balance")
    assert "left_share" not in found
    assert any(d.about == "left_share" for d in found.doubts)


@pytest.mark.parametrize(("kind", "signal"), [(1, "step_rate"), (6, "step_rate"), (2, "cadence")])
def test_the_type_of_activity_says_what_the_cadence_counts(tmp_path: Path, kind: int, signal: str) -> None:
    assert signal in table(tmp_path, kind=kind)


@settings(max_examples=40, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 700), new=st.binary(min_size=1, max_size=3), cut=st.integers(60, 900))
def test_no_damage_breaks_the_reader(tmp_path: Path, place: int, new: bytes, cut: int) -> None:
    table(tmp_path)
    path = tmp_path / "records.csv"
    content = path.read_bytes()
    path.write_bytes((content[:place] + new + content[place + len(new) :])[:cut])
    try:
        assert read(path, take=parsed({})).signals
    except RestrideError as error:
        assert "expected" in str(error)  # noqa: PT017  either outcome is right


def test_the_course_run_gives_the_straps_contact_time(shared: Path) -> None:
    found = read(shared / TRACK)
    assert 1e3 * float(np.nanmean(found["contact_time"].values)) == pytest.approx(263, abs=1)
    assert found["speed"].sizes["time"] == 890
    assert np.nanmedian(found["step_rate"].values) == pytest.approx(2.7, abs=0.2)


def test_a_date_in_words_is_a_clock(tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    lines = [f"Sun Jun 11 23:59:{58 + i:02d} PDT 2017,60,2.5,{i}" for i in range(2)]
    lines.append("Mon Jun 12 00:00:03 PDT 2017,61,2.5,9")
    path.write_text("timestamp,heart_rate,speed,distance\n" + "\n".join(lines) + "\n")
    assert read(path, take=parsed({}))["speed"]["time"].values.tolist() == [0.0, 1.0, 5.0]


def test_names_with_the_profiles_own_units_are_fields_and_with_others_are_not(tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    head = "Timestamp, Heart Rate [bpm],Speed [km/h],Distance [m],Cadence [rpm],Altitude [m]\n"
    path.write_text(head + "".join(f"{100 + i},90,10,{i},80,5\n" for i in range(3)))
    found = read(path, take=parsed({}))
    assert found["heart_rate"].values.tolist() == [1.5, 1.5, 1.5]
    assert "speed" not in found
