"""Devices remembered as having left and right the wrong way round: read only where asked, written only on command."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.readers.fit_files import DEVICE_INFO, ENUM, START, UINT8, UINT16, UINT32, UINT32Z, message, ride

from restride.cli import main
from restride.errors import ReadError
from restride.readers import known_devices, read
from restride.readers.fit_devices import mark_of
from restride.readers.take import parsed

RECORDER, PEDALS, STRAP = 123456, 777001, 777002
SIZE = 40
SHARE = [0x80 | 45 + i % 3 for i in range(SIZE)]  # right 45 to 47 %
LEFT = 1.0 - np.array([0.45 + 0.01 * (i % 3) for i in range(SIZE)])
EFFECT = {"left_torque_effectiveness": [160] * SIZE, "right_torque_effectiveness": [140] * SIZE}


def sensor(local: int, serial: int, kind: int) -> bytes:
    """A sensor of ANT+: 11 pedals, 120 a strap."""
    return message(
        local,
        DEVICE_INFO,
        [(253, UINT32, [START]), (1, UINT8, [kind]), (2, UINT16, [263]), (3, UINT32Z, [serial]), (25, ENUM, [1])],
    )


def saved(tmp_path: Path, *, contact: bool = False) -> Path:
    extra = sensor(7, PEDALS, 11) + sensor(8, STRAP, 120)
    columns: dict[str, list[int]] = {"left_right_balance": SHARE, **EFFECT}
    if contact:
        columns |= {"stance_time": [2500] * SIZE, "stance_time_balance": [4800 + i % 2 for i in range(SIZE)]}
    path = tmp_path / "ride.fit"
    path.write_bytes(ride(SIZE, columns=columns, session_balance=0x8000 | 4600, extra=extra))
    return path


def test_devices_are_named_with_their_role_and_their_mark(tmp_path: Path) -> None:
    devices = read(saved(tmp_path), take=parsed({})).sources[0].devices
    assert [d.mark for d in devices] == [mark_of(n) for n in (RECORDER, PEDALS, STRAP)]
    assert [d.shares for d in devices] == [("power", "contact time"), ("power",), ("contact time",)]
    assert str(PEDALS) not in str(devices)


def test_listed_pedals_have_their_sides_exchanged_and_said_so(tmp_path: Path) -> None:
    path, listed = saved(tmp_path), tmp_path / "settings" / "devices.yaml"
    plain = read(path, take=parsed({}), devices=listed)
    assert_allclose(plain["left_share"].values, LEFT)
    known_devices.swap(listed, str(PEDALS))
    turned = read(path, take=parsed({}), devices=listed)
    assert_allclose(turned["left_share"].values, 1.0 - LEFT)
    assert_allclose(turned["left_share"].attrs["device_value"], 1.0 - plain["left_share"].attrs["device_value"])
    assert_allclose(turned["torque_effectiveness"].sel(side="left"), plain["torque_effectiveness"].sel(side="right"))
    assert not turned["torque_effectiveness"].equals(plain["torque_effectiveness"])
    doubts = [d for d in turned.doubts if d.about == "sides"]
    assert len(doubts) == 1
    assert mark_of(PEDALS) in doubts[0].message
    assert doubts[0].severity == "warning"


def test_a_list_that_is_not_named_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    known_devices.swap(known_devices.usual_path({"XDG_CONFIG_HOME": str(tmp_path)}), str(PEDALS))
    assert_allclose(read(saved(tmp_path), take=parsed({}))["left_share"].values, LEFT)


def test_a_listed_strap_leaves_the_pedals_alone(tmp_path: Path) -> None:
    path, listed = saved(tmp_path, contact=True), tmp_path / "devices.yaml"
    before = read(path, take=parsed({}))
    known_devices.swap(listed, str(STRAP))
    found = read(path, take=parsed({}), devices=listed)
    assert_allclose(found["left_share"].values, LEFT)
    assert_allclose(found["contact_left_share"].values, 1.0 - before["contact_left_share"].values)


def test_recorder_and_pedals_both_listed_exchange_once(tmp_path: Path) -> None:
    path, listed = saved(tmp_path), tmp_path / "devices.yaml"
    for serial in (RECORDER, PEDALS):
        known_devices.swap(listed, str(serial))
    assert_allclose(read(path, take=parsed({}), devices=listed)["left_share"].values, 1.0 - LEFT)


@pytest.mark.parametrize(
    ("stated", "share"), [({"sides_swapped": ["balance"]}, 1.0 - LEFT), ({"balance": {"share_of": "left"}}, LEFT)]
)
def test_what_take_yaml_states_goes_before_the_list(tmp_path: Path, stated: object, share: np.ndarray) -> None:
    path, listed = saved(tmp_path), tmp_path / "devices.yaml"
    known_devices.swap(listed, str(PEDALS))
    found = read(path, take=parsed(stated), devices=listed)
    assert_allclose(found["left_share"].values, share)
    assert any("take.yaml states" in d.message for d in found.doubts if d.about == "sides")


def test_swapping_twice_lists_once_and_unswapping_takes_it_off(tmp_path: Path) -> None:
    listed = tmp_path / "devices.yaml"
    mark = known_devices.swap(listed, str(PEDALS))
    assert known_devices.swap(listed, f"unit {mark}") == mark
    assert known_devices.swapped(listed) == (mark,)
    known_devices.unswap(listed, str(PEDALS))
    assert known_devices.swapped(listed) == ()
    with pytest.raises(ReadError, match="on the list"):
        known_devices.unswap(listed, str(PEDALS))


def test_a_mark_of_digits_alone_is_not_taken_for_a_serial_number(tmp_path: Path) -> None:
    assert known_devices.swap(tmp_path / "a.yaml", "unit 24669267") == "24669267"
    assert known_devices.swap(tmp_path / "b.yaml", "24669267") == mark_of(24669267)


@pytest.mark.parametrize(
    "content", ["swapped: yes", "swapped: [zz]", "other: []", "[1, 2]", "swapped: [12345678]", ":"]
)
def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path, content: str) -> None:
    listed = tmp_path / "devices.yaml"
    listed.write_text(content)
    with pytest.raises(ReadError, match="expected"):
        known_devices.swapped(listed)


def test_the_command_lists_without_writing_and_writes_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    path = saved(tmp_path)
    assert main(["devices"]) == 0
    assert not (tmp_path / "settings").exists()
    assert main(["devices", "swap", str(PEDALS)]) == 0
    assert main(["inspect", str(path)]) == 0
    assert "Left and right were exchanged in the shares of power" in capsys.readouterr().out
    assert main(["devices", "unswap", str(PEDALS)]) == 0
    assert main(["inspect", str(path)]) == 0
    assert "were exchanged" not in capsys.readouterr().out
    assert main(["devices", "swap"]) == 1
    assert main(["devices", "swap", "my bike"]) == 1
