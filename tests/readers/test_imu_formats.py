"""Files of particular sensors and apps, written after their documentation, and sensors in several files."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from restride.errors import ReadError
from restride.readers import read
from restride.readers.imu_tables import evened
from restride.readers.take import Take, parsed
from restride.signals.recording import Recording

GRAVITY = 9.80665
NAMES = "Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def sensors(**said: object) -> Take:
    return parsed({"sensors": said})


def foot(side: str) -> dict[str, str]:
    return {"segment": "foot", "side": side}


def mtw(*, first: int = 100, rows: int = 6) -> str:
    """MT Manager's text: counts one per sample, wraps at 65536, columns of free acceleration beside the felt one."""
    head = (
        "// Start Time: Unknown\n// Update Rate: 100.0Hz\n// Filter Profile: human (46.1)\n// Firmware Version: 4.6.0\n"
    )
    names = "PacketCounter\tSampleTimeFine\tFreeAcc_X\tFreeAcc_Y\tFreeAcc_Z\t" + NAMES.replace(",", "\t")
    lines = [f"{(first + i) % 65536:05d}\t\t0\t0\t0\t1\t2\t{i}\t0.1\t0.2\t0.3" for i in range(rows)]
    return head + names + "\n" + "\n".join(lines) + "\n"


def dot(*, tag: str, start_us: int, rows: int = 6, synced: bool = True) -> str:
    head = (
        f"sep=,\nDeviceTag:,{tag}\nFirmwareVersion:,3.0.0\nAppVersion:,2023.6.0\n"
        f"SyncStatus:,{'Synced' if synced else 'Unsynced'}\nOutputRate:,60Hz\nFilterProfile:,General\n"
        "Measurement Mode:,Custom Mode 4\nStartTime: ,2025-07-11_20:06:00_086 WEST\n\n"
    )
    lines = [f"{i + 1},{(start_us + 16667 * i) % 2**32},1,2,{i},0,0,-90,0" for i in range(rows)]
    return f"{head}PacketCounter,SampleTimeFine,{NAMES},Status\n" + "\n".join(lines) + "\n"


def logged(values: list[tuple[float, float, float]], *, start_ns: int = 1_700_000_000_000_000_000) -> str:
    """Sensor Logger's table of x, y, z at 100 Hz: the file has z first."""
    rows = [f"{start_ns + 10_000_000 * i},{0.5 + 0.01 * i:.2f},{z},{y},{x}" for i, (x, y, z) in enumerate(values)]
    return "time,seconds_elapsed,z,y,x\n" + "\n".join(rows) + "\n"


def phone(folder: Path, *, platform: str, sign: float, standard: bool = False) -> Recording:
    """A phone that lies still and turns slowly, as its platform writes it."""
    written(folder / "Accelerometer.csv", logged([(sign * 1.0, 0.0, 0.0)] * 5))
    written(folder / "Gravity.csv", logged([(0.0, 0.0, sign * GRAVITY)] * 5))
    written(folder / "Gyroscope.csv", logged([(0.1, 0.2, 0.3)] * 5))
    about = f"version,platform,standardisation\n3,{platform},{str(standard).lower()}\n"
    written(folder / "Metadata.csv", about)
    return read(folder, take=sensors(worn={folder.name: {"segment": "pelvis"}}))


def test_awinda_counts_its_samples_and_is_called_by_its_number(tmp_path: Path) -> None:
    found = read(written(tmp_path / "walk-000_00B4D7D3.txt", mtw()), take=sensors(worn={"00B4D7D3": foot("left")}))
    assert found["acc"]["sensor"].values.tolist() == ["foot_l"]
    np.testing.assert_allclose(found["acc"]["time"], np.arange(6) / 100)
    np.testing.assert_allclose(found["acc"].values[4, 0], [1, 2, 4])
    np.testing.assert_allclose(found["gyr"].values[0, 0], [0.1, 0.2, 0.3])  # radians per second


def test_a_counter_that_wraps_goes_on(tmp_path: Path) -> None:
    found = read(written(tmp_path / "walk_00B4D7D3.txt", mtw(first=65533)))
    np.testing.assert_allclose(found["acc"]["time"], np.arange(6) / 100)


def test_movella_dot_turns_in_degrees_and_counts_microseconds(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", dot(tag="Left Foot", start_us=2**32 - 30_000))
    found = read(path)
    assert found["gyr"]["sensor"].values.tolist() == ["foot_l"]  # its tag says so in words
    np.testing.assert_allclose(found["gyr"].values[0, 0], [0, 0, -np.pi / 2])
    np.testing.assert_allclose(found["gyr"]["time"], 0.016667 * np.arange(6), atol=1e-9)


@pytest.mark.parametrize("time", ["Time (s)", "Timestamp (us)"])
def test_x_io_says_its_units(tmp_path: Path, time: str) -> None:
    step = 0.01 if "(s)" in time else 10_000
    axes = [
        f"{name} {axis} ({unit})" for name, unit in (("Gyroscope", "deg/s"), ("Accelerometer", "g")) for axis in "XYZ"
    ]
    rows = "\n".join(f"{step * i},90,0,0,0,0,1" for i in range(4))
    path = written(tmp_path / "left" / "sensors.csv", f"{time},{','.join(axes)}\n{rows}\n")
    found = read(path, take=sensors(worn={"left/sensors.csv": foot("left")}))
    np.testing.assert_allclose(found["acc"].values[0, 0], [0, 0, GRAVITY])
    np.testing.assert_allclose(found["gyr"].values[0, 0], [np.pi / 2, 0, 0])
    np.testing.assert_allclose(found["gyr"]["time"], 0.01 * np.arange(4), atol=1e-9)


def test_phyphox_in_a_file_per_sensor_is_one_sensor_on_one_clock(tmp_path: Path) -> None:
    header = '"Time (s)","X ({0})","Y ({0})","Z ({0})"\n'
    felt = "".join(f"{1.0 + 0.01 * i:.2f},0,0,{i}\n" for i in range(9))
    turned = "".join(f"{1.02 + 0.01 * i:.2f},{i},0,0\n" for i in range(9))
    written(tmp_path / "Accelerometer.csv", header.format("m/s^2") + felt)
    written(tmp_path / "Gyroscope.csv", header.format("rad/s") + turned)
    found = read(tmp_path, take=sensors(worn={tmp_path.name: {"segment": "pelvis"}}))
    assert found["acc"]["sensor"].values.tolist() == found["gyr"]["sensor"].values.tolist() == ["pelvis"]
    np.testing.assert_allclose(found["acc"]["time"], found["gyr"]["time"])
    # the same instant in both: the gyroscope began two samples later
    np.testing.assert_allclose(found["gyr"].values[2:9, 0, 0], np.arange(7), atol=1e-6)
    np.testing.assert_allclose(found["acc"].values[2:9, 0, 2], np.arange(2, 9), atol=1e-6)
    assert np.isnan(found["gyr"].values[:2]).all()


@pytest.mark.parametrize(
    ("platform", "sign", "standard"), [("android", 1.0, False), ("ios", -1.0, False), ("ios", 1.0, True)]
)
def test_a_phone_feels_the_ground_from_below_on_either_platform(
    tmp_path: Path, platform: str, sign: float, standard: bool
) -> None:
    found = phone(tmp_path / "run", platform=platform, sign=sign, standard=standard)
    np.testing.assert_allclose(found["acc"].values[0, 0], [1.0, 0.0, GRAVITY])
    np.testing.assert_allclose(found["gyr"].values[0, 0], [0.1, 0.2, 0.3])
    np.testing.assert_allclose(found["acc"]["time"], found["gyr"]["time"])


def test_a_phone_of_unknown_platform_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "Gravity.csv", logged([(0.0, 0.0, GRAVITY)] * 3))
    path = written(tmp_path / "Accelerometer.csv", logged([(0.0, 0.0, 0.0)] * 3))
    with pytest.raises(ReadError, match="Metadata"):
        read(path)


def test_uneven_times_are_brought_to_even_ones_and_said() -> None:
    time_s = np.array([0.0, 0.009, 0.021, 0.03, 0.05, 0.06])  # one sample is missing
    even, values, doubts = evened(time_s, time_s[:, np.newaxis] * 5)
    assert np.ptp(np.diff(even)) < 1e-12
    np.testing.assert_allclose(values[:, 0], 5 * even, atol=1e-12)
    assert "uneven" in doubts[0].message


def test_a_hole_of_many_samples_is_not_made_up() -> None:
    time_s = np.array([0.0, 0.01, 0.02, 0.5, 0.51])
    even, _, doubts = evened(time_s, time_s[:, np.newaxis])
    assert even is time_s
    assert not doubts


def test_left_and_right_on_one_clock_lie_beside_each_other(tmp_path: Path) -> None:
    written(tmp_path / "l.csv", dot(tag="L", start_us=1_000_000, rows=20))
    written(tmp_path / "r.csv", dot(tag="R", start_us=1_000_000 + 2 * 16667, rows=20))
    found = read(tmp_path, take=sensors(worn={"L": foot("left"), "R": foot("right")}))
    assert found["acc"]["sensor"].values.tolist() == ["foot_l", "foot_r"]
    assert found["acc"].sizes["time"] == 22
    left, right = (found["acc"].sel(sensor=f"foot_{s}", space="z").values for s in "lr")
    np.testing.assert_allclose(left[:20], np.arange(20), atol=1e-3)
    np.testing.assert_allclose(right[2:], np.arange(20), atol=1e-3)
    assert np.isnan(left[20:]).all()
    assert "clocks" not in found["acc"].attrs


@pytest.mark.parametrize("shape", [lambda tag: dot(tag=tag, start_us=5, rows=20, synced=False)])
def test_left_and_right_without_a_clock_never_share_a_time(tmp_path: Path, shape: Callable[[str], str]) -> None:
    for tag in "LR":
        written(tmp_path / f"{tag}.csv", shape(tag))
    said = {"worn": {"L": foot("left"), "R": foot("right")}}
    found = read(tmp_path, take=sensors(**said))
    assert found["acc"].attrs["clocks"] == "apart"
    assert not np.isfinite(found["acc"].values).all(axis=(1, 2)).any()
    assert any(d.about == "clock" and d.severity == "warning" for d in found.doubts)
    together = read(tmp_path, take=sensors(**said, one_clock=True))
    assert np.isfinite(together["acc"].values).all()
    assert "clocks" not in together["acc"].attrs


def test_files_of_two_days_are_not_laid_a_day_apart(tmp_path: Path) -> None:
    for day, name in enumerate(("left foot", "right foot")):
        head = "Shimmer_Timestamp_Unix_CAL\tShimmer_Accel_LN_X_CAL\tShimmer_Accel_LN_Y_CAL\tShimmer_Accel_LN_Z_CAL\n"
        rows = "".join(f"{86_400_000 * day + 10 * i}\t0\t0\t9.8\n" for i in range(20))
        written(tmp_path / f"{name}.csv", f"{head}ms\tm/(s^2)\tm/(s^2)\tm/(s^2)\n{rows}")
    found = read(tmp_path)
    assert found["acc"]["sensor"].values.tolist() == ["foot_l", "foot_r"]
    assert found["acc"]["time"].values[-1] < 20
    assert found["acc"].attrs["clocks"] == "apart"


def test_two_sensors_on_one_foot_are_refused(tmp_path: Path) -> None:
    for tag in "LR":
        written(tmp_path / f"{tag}.csv", dot(tag=tag, start_us=5))
    with pytest.raises(ReadError, match="one sensor per segment"):
        read(tmp_path, take=sensors(worn={"L": foot("left"), "R": foot("left")}))


def test_files_of_a_patient_are_called_by_their_names(shared: Path) -> None:
    folder = shared / "imu-foot-shimmer"
    paths = [folder / f"imu_sample_ms_{side}.csv" for side in ("left", "right")]
    worn = {path.name: foot(side) for path, side in zip(paths, ("left", "right"), strict=True)}
    found = read(paths, take=sensors(rate_hz=102.4, acc_unit="m/s^2", gyr_unit="deg/s", worn=worn))
    assert found["acc"]["side"].values.tolist() == ["left", "right"]
    assert found["acc"].attrs["clocks"] == "apart"


def test_degrees_taken_for_radians_are_noticed(tmp_path: Path) -> None:
    text = "acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z\n0,0,9.8,350,0,0\n0,0,9.8,-300,0,0\n"
    with pytest.raises(ReadError, match="gyr_unit"):
        read(written(tmp_path / "a.csv", text), take=sensors(rate_hz=100, acc_unit="m/s^2", gyr_unit="rad/s"))


def test_a_trial_of_mobilise_d_is_the_one_named(shared: Path) -> None:
    folder = shared / "imu-lowback-mobilised" / "HA" / "001"
    with pytest.raises(ReadError, match="Test5/Trial1, Test5/Trial2, Test11/Trial1"):
        read(folder / "data.mat")
    found = read(folder / "data.mat", take=sensors(trial="Test5/Trial2"))
    table = sensors(rate_hz=100, acc_unit="g", gyr_unit="deg/s", worn={"sensor": {"segment": "pelvis"}})
    beside = read(folder / "TimeMeasure1_Test5_Trial2.csv", take=table)
    for kind in ("acc", "gyr"):
        np.testing.assert_allclose(found[kind], beside[kind], atol=0.01)
    assert found["acc"]["sensor"].values.tolist() == ["pelvis"]


def test_a_damaged_matlab_file_is_read_or_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    unit = {"Acc": rng.normal(size=(30, 3)), "Gyr": rng.normal(size=(30, 3)), "Fs": {"Acc": 100, "Gyr": 100}}
    path = tmp_path / "data.mat"
    savemat(path, {"data": {"T": {"A": {"B": {"SU": {"LowerBack": unit}}}}}}, do_compression=True)
    whole = path.read_bytes()
    assert read(path)["acc"].sizes["time"] == 30
    for _ in range(60):
        damaged = np.frombuffer(whole[: rng.integers(130, len(whole) + 1)], dtype=np.uint8).copy()
        damaged[rng.integers(128, len(damaged), 3)] = rng.integers(0, 256, 3)
        path.write_bytes(damaged.tobytes())
        try:
            read(path)
        except ReadError:
            continue


def mvnx(frames: int = 120) -> str:
    """A walker of 1 s strides at 60 Hz: the knee bends, heel and toe of each foot are down 0.6 s."""
    joints = ["jL5S1", *(f"j{side}{joint}" for side in ("Right", "Left") for joint in ("Hip", "Knee", "Ankle"))]
    labels = ["LeftFoot_Heel", "LeftFoot_Toe", "RightFoot_Heel", "RightFoot_Toe"]
    out = ['<frame time="0" index="" type="npose"><orientation>1 0 0 0</orientation></frame>']
    for i in range(frames):
        angles = [f"5 6 {10 * j + i / 10}" for j in range(len(joints))]
        left, right = (int((i / 60 + shift) % 1 < 0.6) for shift in (0.0, 0.5))
        out.append(
            f'<frame time="{round(1000 * i / 60)}" index="{i}" type="normal">'
            f"<jointAngle>{' '.join(angles)}</jointAngle><footContacts>{left} {left} {right} 0</footContacts></frame>"
        )
    named = "".join(f'<joint label="{joint}"/>' for joint in joints)
    points = "".join(f'<contactDefinition label="{label}" index="{i}"/>' for i, label in enumerate(labels))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><mvnx xmlns="http://www.xsens.com/mvn/mvnx" version="4">'
        f'<subject frameRate="60"><joints>{named}</joints><footContactDefinition>{points}</footContactDefinition>'
        f"<frames>{''.join(out)}</frames></subject></mvnx>"
    )


def test_mvn_tells_flexion_and_contacts_of_each_side(tmp_path: Path) -> None:
    found = read(written(tmp_path / "walk.mvnx", mvnx()))
    angles = found["angles"]
    # joints in the order written: trunk, right hip, right knee, right ankle, left ones; ten degrees apart
    wanted = {"hip_flexion_r": 10, "knee_angle_r": 20, "ankle_angle_r": 30, "hip_flexion_l": 40, "knee_angle_l": 50}
    for name, degrees in wanted.items():
        np.testing.assert_allclose(np.rad2deg(angles.sel(coordinate=name).values[[0, 50]]), [degrees, degrees + 5])
    left = found.events[found.events["side"] == "left"]
    assert left["name"].tolist() == ["toe_off", "initial_contact", "toe_off"]
    np.testing.assert_allclose(left["time_s"], [0.6, 1.0, 1.6], atol=0.02)
    right = found.events[(found.events["side"] == "right") & (found.events["name"] == "initial_contact")]
    np.testing.assert_allclose(right["time_s"], [0.5, 1.5], atol=0.02)


def test_a_damaged_mvn_document_is_read_up_to_the_damage(tmp_path: Path) -> None:
    whole = mvnx()
    found = read(written(tmp_path / "walk.mvnx", whole[: len(whole) // 2]))
    assert 10 < found["angles"].sizes["time"] < 120
    assert any("damaged" in d.message for d in found.doubts)


def test_an_mvn_document_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = mvnx().replace("?><mvnx", '?><!DOCTYPE mvnx [<!ENTITY a "b">]><mvnx')
    with pytest.raises(ReadError, match="entities"):
        read(written(tmp_path / "walk.mvnx", bomb))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("walk_00B4D7D3.txt", mtw(rows=30)),
        ("dot.csv", dot(tag="7", start_us=9, rows=30)),
        ("walk.mvnx", mvnx(frames=30)),
        ("TotalAcceleration.csv", logged([(0.0, 0.0, GRAVITY)] * 30)),
    ],
)
def test_damaged_files_are_read_or_refused(tmp_path: Path, name: str, text: str) -> None:
    rng = np.random.default_rng(11)
    whole, path = text.encode(), tmp_path / name
    for _ in range(80):
        damaged = np.frombuffer(whole[: rng.integers(1, len(whole) + 1)], dtype=np.uint8).copy()
        damaged[rng.integers(0, len(damaged), 4)] = rng.integers(0, 256, 4)
        path.write_bytes(damaged.tobytes())
        try:
            found = read(path)
        except ReadError:
            continue
        for array in found.signals.values():
            assert (np.diff(array["time"].values) > 0).all()
