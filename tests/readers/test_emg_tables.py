from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.errors import ReadError
from restride.readers.emg_tables import read_emg_table
from restride.readers.motion_analysis import read_anc
from restride.readers.take import Take, parsed


def test_seconds_and_units_stand_in_the_header(tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text("time_s,L_TA [mV],R_TA (uV)\n0.5,1,-2\n0.501,3,-4\n0.502,-5,6\n")
    emg = read_emg_table(path, Take())["emg"]
    assert emg.attrs["units"] == "V"
    assert_allclose(emg["time"].values, [0.5, 0.501, 0.502])
    assert_allclose(emg.values, [[1e-3, -2e-6], [3e-3, -4e-6], [-5e-3, 6e-6]])


def test_milliseconds_decimal_commas_and_a_line_of_units_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text("Zeit;VL links;VM links\nms;mV;mV\n0,0;0,5;-1,5\n0,5;0,25;2\n")
    recording = read_emg_table(path, Take())
    assert_allclose(recording["emg"]["time"].values, [0.0, 0.0005])
    assert_allclose(recording["emg"].values, [[5e-4, -1.5e-3], [2.5e-4, 2e-3]])
    assert recording["emg"]["channel"].values.tolist() == ["vastus_lateralis_l", "vastus_medialis_l"]


def test_a_time_without_unit_is_taken_as_seconds_and_told(tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text("time,L_TA\n0,-1\n0.001,2\n")
    recording = read_emg_table(path, Take())
    assert_allclose(recording["emg"]["time"].values, [0, 0.001])
    assert any("seconds" in d.message for d in recording.doubts)


def test_a_rate_in_take_yaml_stands_in_for_times(tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text("L_TA,R_TA\n1,-2\n-3,4\n5,6\n")
    emg = read_emg_table(path, parsed({"emg": {"rate_hz": 500, "unit": "uV"}}))["emg"]
    assert_allclose(emg["time"].values, [0, 0.002, 0.004])


def test_no_times_and_no_rate_is_an_error_that_says_what_to_add(tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text("L_TA,R_TA\n1,-2\n3,4\n")
    with pytest.raises(ReadError, match="rate_hz"):
        read_emg_table(path, Take())


def test_blank_cells_are_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text("time_s,L_TA\n0,1\n0.001,\n0.002,-3\n")
    assert np.isnan(read_emg_table(path, Take())["emg"].values[:, 0]).tolist() == [False, True, False]


def test_a_table_without_muscles_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("time_s,side,event\n0.4,right,toe_off\n")
    with pytest.raises(ReadError, match="named after muscles"):
        read_emg_table(path, Take())


def test_the_raw_emg_of_the_run_keeps_its_clock_and_channels(shared: Path) -> None:
    emg = read_emg_table(shared / "run-emg-grf-mocap" / "emg_raw.csv", Take())["emg"]
    assert emg.sizes == {"time": 5590, "channel": 11}
    assert emg["time"].values[-1] == pytest.approx(5.589)
    assert emg.attrs["units"] == "unstated"
    assert all(str(c).endswith("_r") for c in emg["channel"].values)


def test_counts_of_an_anc_file_are_the_volts_of_the_c3d_of_the_same_trial(shared: Path) -> None:
    from restride.readers.c3d import read_c3d

    folder = shared / "c3d-walk-emg-type4-plates"
    anc, c3d = read_anc(folder / "Gait.anc", Take()), read_c3d(folder / "Gait.c3d", Take())
    channels = ["rectus_femoris_l", "tibialis_anterior_r", "gastrocnemius_medialis_r"]
    ours = anc["emg"].sel(channel=channels).isel(time=slice(0, 4870)).values
    assert_allclose(ours, c3d["emg"].sel(channel=channels).values, rtol=1e-5, atol=1e-7)  # float32 scales in the C3D
    assert any("calibration" in d.message for d in anc.doubts)
    assert not any(str(c).lower().startswith(("f1", "m1")) for c in anc["emg"]["channel"].values)
