"""Tables of body-worn sensors: every vendor's header, units, places; nothing guessed."""

from pathlib import Path

import numpy as np
import pytest

from restride.errors import ReadError
from restride.readers import read
from restride.readers.imu_tables import read_imu_table, sniff
from restride.readers.take import Take, parsed

SHIMMER = (
    "sep=\t\n"
    "Shimmer_B6D4_Timestamp_Unix_CAL\tShimmer_B6D4_Accel_LN_X_CAL\tShimmer_B6D4_Accel_LN_Y_CAL\t"
    "Shimmer_B6D4_Accel_LN_Z_CAL\tShimmer_B6D4_Gyro_X_CAL\tShimmer_B6D4_Gyro_Y_CAL\tShimmer_B6D4_Gyro_Z_CAL\n"
    "ms\tm/(s^2)\tm/(s^2)\tm/(s^2)\tdeg/s\tdeg/s\tdeg/s\n"
    "1000\t0.1\t0.2\t9.8\t180\t0\t-90\n1010\t0.1\t0.2\t9.8\t180\t0\t-90\n"
)
PHYPHOX = (
    '"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)","Acceleration z (m/s^2)",'
    '"Absolute acceleration (m/s^2)"\n'
    "0.00,0.1,0.2,9.8,9.803\n0.01,0.1,0.2,9.9,9.903\n"
)
SENSOR_LOGGER = (
    "time,seconds_elapsed,z,y,x\n1700000000000000000,0.5,9.8,0.2,0.1\n1700000000010000000,0.51,9.9,0.2,0.1\n"
)
PLAIN = "acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z\n1,2,3,4,5,6\n1,2,3,4,5,6\n"


def written(folder: Path, text: str, name: str = "imu.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def sensors(**said: object) -> Take:
    return parsed({"sensors": said})


FOOT = {"sensor": {"segment": "foot", "side": "left"}}
UNITS = {"acc_unit": "m/s^2", "gyr_unit": "deg/s"}


def test_shimmer_says_its_units_and_times(tmp_path: Path) -> None:
    found = read(written(tmp_path, SHIMMER))
    np.testing.assert_allclose(found["gyr"].values[0, 0], [np.pi, 0, -np.pi / 2])
    np.testing.assert_allclose(found["acc"].values[1, 0], [0.1, 0.2, 9.8])
    np.testing.assert_allclose(found["gyr"]["time"], [0, 0.01])
    assert found["acc"]["segment"].values.tolist() == [""]


def test_phyphox_is_read_by_its_column_names(tmp_path: Path) -> None:
    found = read(written(tmp_path, PHYPHOX), take=sensors(worn={"sensor": {"segment": "pelvis"}}))
    np.testing.assert_allclose(found["acc"].values[1, 0], [0.1, 0.2, 9.9])
    assert found["acc"]["sensor"].values.tolist() == ["pelvis"]


def test_sensor_logger_is_read_with_gravity(tmp_path: Path) -> None:
    found = read(written(tmp_path, SENSOR_LOGGER, "TotalAcceleration.csv"))
    np.testing.assert_allclose(found["acc"].values[0, 0], [0.1, 0.2, 9.8])  # the file has z first
    np.testing.assert_allclose(found["acc"]["time"], [0, 0.01])


def test_acceleration_without_gravity_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="with gravity"):
        read(written(tmp_path, SENSOR_LOGGER, "Accelerometer.csv"))


def test_a_unit_is_never_guessed(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="acc_unit"):
        read(written(tmp_path, PLAIN), take=sensors(rate_hz=100))


def test_a_rate_is_never_guessed(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="rate_hz"):
        read(written(tmp_path, PLAIN), take=sensors(**UNITS))


def test_a_sensor_without_a_place_is_a_doubt(tmp_path: Path) -> None:
    found = read(written(tmp_path, PLAIN), take=sensors(rate_hz=100, **UNITS))
    assert found["acc"]["side"].values.tolist() == [""]
    assert any("worn" in d.message and d.severity == "warning" for d in found.doubts)


def test_stated_axes_turn_into_the_frame_of_the_segment(tmp_path: Path) -> None:
    worn = {"sensor": {"segment": "foot", "side": "right", "forward": "-y", "up": "+z"}}
    found = read(written(tmp_path, PLAIN), take=sensors(rate_hz=100, **UNITS, worn=worn))
    # forward -y = -2, up z = 3, right = forward x up = -y x z = -x = -1
    np.testing.assert_allclose(found["acc"].values[0, 0], [-2, 3, -1])
    assert found["acc"].attrs["frame"] == "segment"


def test_a_name_that_contradicts_the_stated_side_is_a_doubt(tmp_path: Path) -> None:
    text = "sensor,left_tag,left_tag,left_tag,left_tag\naxis,acc_x,acc_y,acc_z,note\n0,1,2,3,4\n1,1,2,3,4\n"
    worn = {"left_tag": {"segment": "foot", "side": "right"}}
    found = read(written(tmp_path, text), take=sensors(rate_hz=100, **UNITS, worn=worn))
    assert found["acc"]["sensor"].values.tolist() == ["foot_r"]
    assert any(d.about == "sides" for d in found.doubts)


def test_a_missing_axis_is_refused(tmp_path: Path) -> None:
    text = "acc_x,acc_y,gyr_x,gyr_y,gyr_z\n1,2,4,5,6\n1,2,4,5,6\n"
    with pytest.raises(ReadError, match="sensor z"):
        read(written(tmp_path, text), take=sensors(rate_hz=100, **UNITS))


def test_a_sensor_that_is_not_there_is_refused(tmp_path: Path) -> None:
    worn = {"heel": {"segment": "foot", "side": "right"}}
    with pytest.raises(ReadError, match="heel"):
        read(written(tmp_path, PLAIN), take=sensors(rate_hz=100, **UNITS, worn=worn))


def test_a_foot_needs_its_side() -> None:
    with pytest.raises(ReadError, match="side"):
        sensors(worn={"sensor": {"segment": "foot"}})


def test_times_that_step_back_are_refused(tmp_path: Path) -> None:
    back = PHYPHOX.replace("0.01,", "0.00,") + "-1,0,0,9,9\n-2,0,0,9,9\n"
    with pytest.raises(ReadError, match="increase"):
        read(written(tmp_path, back))


def test_a_cut_table_is_read_up_to_the_cut(tmp_path: Path) -> None:
    found = read(written(tmp_path, PLAIN + "1,2,3"), take=sensors(rate_hz=100, **UNITS, worn=FOOT))
    assert found["acc"].sizes["time"] == 2
    assert any("middle of a row" in d.message for d in found.doubts)


def test_a_damaged_table_is_read_or_refused(shared: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    whole = (shared / "imu-apdm-csv" / "apdm_format7.csv").read_bytes()
    for _ in range(60):
        damaged = np.frombuffer(whole[: rng.integers(1, len(whole))], dtype=np.uint8).copy()
        damaged[rng.integers(0, len(damaged), 3)] = rng.integers(0, 256, 3)
        path = tmp_path / "damaged.csv"
        path.write_bytes(damaged.tobytes())
        sniff(damaged.tobytes())
        try:
            found = read_imu_table(path, Take())
        except ReadError:
            continue
        assert set(found.signals) <= {"acc", "gyr", "mag"}


def test_both_foot_sensors_of_a_two_row_header_are_read(shared: Path) -> None:
    worn = {f"{side}_sensor": {"segment": "foot", "side": side} for side in ("left", "right")}
    take = sensors(rate_hz=204.8, **UNITS, worn=worn)
    folder = shared / "imu-foot-shimmer"
    found, turned = (read(folder / f, take=take) for f in ("imu_sample.csv", "imu_sample_not_rotated.csv"))
    assert found["acc"]["sensor"].values.tolist() == ["foot_l", "foot_r"]
    # the same recording in other axes: sizes agree sample by sample
    np.testing.assert_allclose(np.linalg.norm(found["acc"], axis=2), np.linalg.norm(turned["acc"], axis=2), rtol=1e-9)
    standing = found["acc"].values[:200]
    assert float(np.linalg.norm(standing, axis=2).mean()) == pytest.approx(9.8, abs=0.2)


def test_apdm_exports_of_both_formats_are_read_without_a_take(shared: Path) -> None:
    first = read(shared / "imu-apdm-csv" / "imuData01.csv")
    seventh = read(shared / "imu-apdm-csv" / "apdm_format7.csv")
    assert first["acc"]["sensor"].values.tolist() == ["Static", "Upper", "Middle", "Lower"]
    assert {"foot_l", "foot_r", "pelvis"} < set(seventh["acc"]["sensor"].values.tolist())
    for found in (first, seventh):
        assert 1 / float(np.diff(found["acc"]["time"]).mean()) == pytest.approx(128, rel=1e-3)
    earth_t = np.linalg.norm(seventh["mag"].sel(sensor="foot_l").values[0])
    assert 10e-6 < earth_t < 100e-6


def test_a_sacral_shimmer_and_a_lower_back_table_are_read(shared: Path) -> None:
    worn = {"sensor": {"segment": "pelvis"}}
    run = read(
        shared / "imu-run-sacrum" / "Sample_test_data.csv", take=sensors(acc_unit="m/s^2", time_unit="ms", worn=worn)
    )
    back = read(
        shared / "imu-lowback-mobilised" / "HA" / "001" / "TimeMeasure1_Test5_Trial1.csv",
        take=sensors(rate_hz=100, acc_unit="g", gyr_unit="deg/s", worn=worn),
    )
    assert run["acc"].sizes["time"] == 2963
    assert 1 / float(np.median(np.diff(run["acc"]["time"]))) == pytest.approx(512, rel=1e-4)
    assert float(np.linalg.norm(back["acc"], axis=2).mean()) == pytest.approx(9.8, abs=0.5)


def test_a_stated_clock_moves_and_stretches_the_sensors(tmp_path: Path) -> None:
    path = tmp_path / "sensor.csv"
    path.write_text("time,acc_x,acc_y,acc_z\n5.0,0,9.8,0\n5.01,0,9.8,0\n5.02,0,9.8,0\n", encoding="utf-8")
    take = parsed({"sensors": {"time_unit": "s", "acc_unit": "m/s^2", "starts_at_s": 2.0, "clock_factor": 1.5}})
    np.testing.assert_allclose(read(path, take=take)["acc"]["time"].values, [2.0, 2.015, 2.03])
