"""C3D bytes to plain values, against ezc3d and against damage."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import ezc3d
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from restride.errors import ReadError, RestrideError
from restride.readers.c3d import read_c3d
from restride.readers.c3d_file import opened
from restride.readers.take import Take

FRAMES, POINTS, CHANNELS, SAMPLES = 5, 2, 3, 2
DAMAGED = 150
Value = Sequence[str] | Sequence[float]


def test_every_value_is_what_ezc3d_reads(shared: Path) -> None:
    files = sorted(shared.glob("*/*.c3d"))
    assert len(files) >= 11
    for file in files:
        ours, theirs = opened(file), ezc3d.c3d(str(file))
        for group, parameters in theirs["parameters"].items():
            for name, parameter in parameters.items():
                value = parameter.get("value") if isinstance(parameter, Mapping) else None
                key = f"{group}:{name}"
                if isinstance(value, list) and value:
                    assert [v.strip() for v in ours.texts[key]] == [str(v).strip() for v in value], key
                elif isinstance(value, np.ndarray) and value.size:
                    assert_array_equal(ours.numbers[key], value, err_msg=key)
        hidden = np.isnan(ours.points).any(axis=2)
        stored = theirs["data"]["points"][:3].transpose(2, 1, 0)
        assert_array_equal(ours.points[~hidden], stored[~hidden])
        assert_array_equal(hidden, (theirs["data"]["meta_points"]["residuals"][0].T < 0) | (stored == 0).all(axis=2))
        assert_array_equal(ours.analogs, theirs["data"]["analogs"][0].T)
        assert ours.first_frame == theirs["header"]["points"]["first_frame"]
        assert not ours.contradictions


@pytest.mark.parametrize("processor", [84, 85, 86])
@pytest.mark.parametrize("floats", [True, False])
def test_every_processor_gives_the_same_values(tmp_path: Path, processor: int, floats: bool) -> None:
    path = tmp_path / "a.c3d"
    path.write_bytes(written(processor, floats=floats))
    found = opened(path)
    assert found.texts["POINT:LABELS"] == ["LHEE", "RHEE"]
    assert found.number("POINT:RATE") == 100.0
    # the second point of the third frame is out of sight
    assert np.argwhere(np.isnan(found.points).all(axis=2)).tolist() == [[2, 1]]
    assert found.points[1, 1].tolist() == [105.0, 106.0, 107.0]
    assert found.analogs.shape == (FRAMES * SAMPLES, CHANNELS)
    # stored - offset, times the channel's scale, times the general scale
    assert found.analogs[3].tolist() == [(13 - 10) * 2.0 * 0.5, (14 - 10) * 4.0 * 0.5, (15 - 10) * 8.0 * 0.5]


def test_unsigned_integers_have_no_sign(tmp_path: Path) -> None:
    path = tmp_path / "a.c3d"
    stated: dict[tuple[str, str], Value] = {
        ("ANALOG", "FORMAT"): ["UNSIGNED"],
        ("ANALOG", "OFFSET"): [-32768.0] * CHANNELS,
    }
    path.write_bytes(written(84, floats=False, stated=stated, first_sample=40_000))
    assert opened(path).analogs[0, 0] == (40_000 - 32_768) * 2.0 * 0.5


@pytest.mark.parametrize(
    ("name", "value"),
    [("USED", [3.0]), ("DATA_START", [9.0]), ("SCALE", [0.5]), ("LABELS", ["LHEE", "RHEE", "C7"])],
)
def test_a_file_that_contradicts_itself_in_what_lies_where_is_refused(tmp_path: Path, name: str, value: Value) -> None:
    path = tmp_path / "a.c3d"
    if name == "LABELS":  # a second list of labels: one byte moves it from the analog channels to the points
        content = bytearray(written(84, floats=True))
        place = content.index(b"\x06\x02LABELS")
        content[place + 1] = 1
        path.write_bytes(bytes(content))
    else:
        path.write_bytes(written(84, floats=True, stated={("POINT", name): value}))
    with pytest.raises(ReadError, match="expected"):
        opened(path)


def test_another_rate_in_the_header_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "a.c3d"
    path.write_bytes(written(84, floats=True, stated={("POINT", "RATE"): [200.0], ("ANALOG", "RATE"): [400.0]}))
    doubt = next(d for d in read_c3d(path, Take()).doubts if d.about == "file")
    assert "100 and 200 frames per second" in doubt.message


def test_damage_in_header_and_parameters_is_an_error_of_ours_or_a_recording(tmp_path: Path) -> None:
    whole = written(84, floats=True)
    path = tmp_path / "a.c3d"
    rng = np.random.default_rng(3)
    refused = 0
    for _ in range(DAMAGED):
        content = bytearray(whole)
        for place in rng.integers(0, 1024, int(rng.integers(1, 5))):
            content[place] = int(rng.choice([0, 1, 127, 128, 255, int(rng.integers(0, 256))]))
        path.write_bytes(bytes(content))
        try:
            found = read_c3d(path, Take())
        except RestrideError:
            refused += 1
            continue
        assert found.signals
    assert 0 < refused < DAMAGED


def written(
    processor: int, *, floats: bool, stated: Mapping[tuple[str, str], Value] | None = None, first_sample: int = 10
) -> bytes:
    """A small C3D file: two points, three channels that count up from 10."""
    scale = -1.0 if floats else 1.0
    values: dict[tuple[str, str], Value] = {
        ("POINT", "USED"): [float(POINTS)],
        ("POINT", "SCALE"): [scale],
        ("POINT", "RATE"): [100.0],
        ("POINT", "DATA_START"): [4.0],
        ("POINT", "FRAMES"): [float(FRAMES)],
        ("POINT", "LABELS"): ["LHEE", "RHEE"],
        ("ANALOG", "USED"): [float(CHANNELS)],
        ("ANALOG", "RATE"): [200.0],
        ("ANALOG", "LABELS"): ["L_TA", "R_TA", "L_SO"],
        ("ANALOG", "GEN_SCALE"): [0.5],
        ("ANALOG", "SCALE"): [2.0, 4.0, 8.0],
        ("ANALOG", "OFFSET"): [10.0] * CHANNELS,
        **(stated or {}),
    }
    words = (POINTS, CHANNELS * SAMPLES, 1, FRAMES, 0)
    head = bytes([2, 80]) + packed("H", words, processor) + packed("f", [scale], processor)
    head += packed("H", (4, SAMPLES), processor) + packed("f", [100.0], processor)
    section = bytes([1, 80, 2, processor])
    for number, group in ((1, "POINT"), (2, "ANALOG")):
        section += bytes([len(group), 256 - number]) + group.encode() + packed("H", [3], processor) + b"\0"
        for (of, name), value in values.items():
            said = parameter(value, processor, whole=name not in ("SCALE", "RATE", "GEN_SCALE")) if of == group else b""
            step = packed("H", [2 + len(said)], processor)
            section += bytes([len(name), number]) + name.encode() + step + said if said else b""
    data = b""
    for frame in range(FRAMES):
        numbers: list[float] = []
        for k in range(POINTS):
            numbers += [101.0 + 4 * frame * k + axis for axis in range(3)] + [-1.0 if (frame, k) == (2, 1) else 0.0]
        numbers += [float(first_sample + SAMPLES * frame + s + c) for s in range(SAMPLES) for c in range(CHANNELS)]
        data += packed("f" if floats else "H", numbers, processor)
    return head.ljust(512, b"\0") + section.ljust(1024, b"\0") + data.ljust(512, b"\0")


def parameter(value: Value, processor: int, *, whole: bool) -> bytes:
    """Type, dimensions and values, and an empty description."""
    if isinstance(value[0], str):
        size = max(len(str(v)) for v in value)
        return bytes([255, 2, size, len(value)]) + b"".join(str(v).encode().ljust(size) for v in value) + b"\0"
    numbers = [float(v) for v in value]
    return bytes([2 if whole else 4, 1, len(numbers)]) + packed("H" if whole else "f", numbers, processor) + b"\0"


def packed(kind: str, values: Sequence[float], processor: int) -> bytes:
    """Numbers in the order of the processor; DEC's floats are four times ours, halves exchanged."""
    order = ">" if processor == 86 else "<"
    if kind == "H":
        return struct.pack(f"{order}{len(values)}H", *(int(v) % 65536 for v in values))
    if processor == 85:
        raw = [struct.pack("<f", 4.0 * v) for v in values]
        return b"".join(r[2:] + r[:2] for r in raw)
    return struct.pack(f"{order}{len(values)}f", *values)
