"""The content of a C3D file as plain values, in its own axes and units.

Read by ourselves: each length and place in the file is checked before it is used, so that a damaged
file is an error in words. Source: the C3D file format's user guide, c3d.org; words are of 16 bits,
blocks of 512 bytes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from restride.errors import ReadError
from restride.signals.schema import FloatArray

BLOCK: Final = 512
KEY: Final = 80
INTEL, DEC, MIPS = 84, 85, 86  # processors; DEC has floats of its own, MIPS stores high bytes first
NUMBERS: Final[Mapping[int, str]] = {1: "i1", 2: "i2", 4: "f4"}
TEXT: Final = -1
MOST_DIMENSIONS: Final = 7
MORE_FRAMES: Final = 0xFFFF  # a last frame that says "see the parameters"
# groups that say what lies where and whose it is; elsewhere programs have been seen to store a parameter twice
ONCE: Final = ("POINT", "ANALOG", "FORCE_PLATFORM", "EVENT")
# header and parameters state the rates with seven digits or rounded to whole numbers
SAME_RATE: Final = 0.01

Array = npt.NDArray[np.generic]
Order = Literal["big", "little"]


@dataclass(frozen=True, slots=True)
class C3DFile:
    """A C3D file as plain values, in its own axes and units.

    Attributes
    ----------
    texts, numbers : mapping from "GROUP:NAME"
    points : array, shape (frame, point, 3), in the unit of the file, NaN where out of sight
    analogs : array, shape (sample, channel)
    first_frame : int
        Frames of the recording before the first one in the file.
    contradictions : tuple of str
        What header and parameters state differently, in words.
    """

    texts: Mapping[str, list[str]]
    numbers: Mapping[str, FloatArray]
    points: FloatArray
    analogs: FloatArray
    first_frame: int
    contradictions: tuple[str, ...] = ()

    def number(self, name: str) -> float | None:
        """The first number of a parameter; None if there is none, or none that can be."""
        return _first(self.numbers, name)

    def labels(self, group: str) -> list[str]:
        """LABELS, LABELS2, ... of a group: a list longer than 255 is continued."""
        later = sorted((k for k in self.texts if re.fullmatch(rf"{group}:LABELS\d*", k)), key=lambda k: (len(k), k))
        return [label.strip() for k in later for label in self.texts[k]]


@dataclass(frozen=True, slots=True)
class _Header:
    points: int
    analogs: int  # numbers per frame: channels times samples
    first: int
    last: int
    scale: float
    data_block: int
    samples: int  # of each channel per frame
    rate_hz: float
    processor: int

    @property
    def order(self) -> Order:
        return "big" if self.processor == MIPS else "little"


def opened(path: Path) -> C3DFile:
    """What is in a C3D file, in its own axes and units.

    Parameters
    ----------
    path : Path

    Returns
    -------
    C3DFile

    Raises
    ------
    ReadError
        If the file is cut off, or contradicts itself in what lies where.
    """
    content = path.read_bytes()
    header = _header(content)
    texts, numbers = _parameters(content, header)
    _check_layout(header, numbers)
    frames = _frames(header, numbers)
    each = 2 if header.scale > 0 else 4
    start, width = BLOCK * (header.data_block - 1), 4 * header.points + header.analogs
    promised = start + frames * width * each
    _check_size(content, promised)
    unsigned = (texts.get("ANALOG:FORMAT") or [""])[0].strip().upper() == "UNSIGNED"
    data = _decoded(content[start:promised], "f4" if each == 4 else "i2", header.processor).reshape(frames, width)
    points = data[:, : 4 * header.points].reshape(frames, header.points, 4)
    raw = data[:, 4 * header.points :]
    channels = header.analogs // header.samples if header.samples else 0
    raw = (raw.view("u2") if unsigned and each == 2 else raw).reshape(frames * header.samples, channels)
    return C3DFile(
        texts,
        numbers,
        _seen(_exact(points), 1.0 if each == 4 else header.scale),
        _scaled(_exact(raw), numbers, unsigned=unsigned),
        max(0, header.first - 1),
        tuple(_contradictions(header, numbers, frames)),
    )


def _header(content: bytes) -> _Header:
    """The first block, checked for being one."""
    at = BLOCK * (content[0] - 1) if len(content) >= BLOCK else -1
    if at < BLOCK or content[1] != KEY or len(content) < at + BLOCK or content[at + 3] not in (INTEL, DEC, MIPS):
        raise ReadError("expected a whole C3D file, found one that is cut off or damaged: copy it again")
    processor = content[at + 3]
    order: Order = "big" if processor == MIPS else "little"
    words = [int.from_bytes(content[2 * i : 2 * i + 2], order) for i in range(12)]
    scale, rate_hz = (float(_decoded(content[k : k + 4], "f4", processor)[0]) for k in (12, 20))
    header = _Header(words[1], words[2], words[3], words[4], scale, words[8], words[9], rate_hz, processor)
    if not np.isfinite(scale) or scale == 0 or BLOCK * header.data_block <= at:
        raise ReadError("expected a scale and a place of the data in the C3D header, found none; copy it again")
    _check_size(content, BLOCK * (header.data_block - 1))
    return header


def _check_size(content: bytes, promised: int) -> None:
    if len(content) < promised:
        raise ReadError(
            f"expected a whole C3D file of {promised} bytes or more, found {len(content)}; it is cut off: copy it again"
        )


def _parameters(content: bytes, header: _Header) -> tuple[dict[str, list[str]], dict[str, FloatArray]]:
    """Texts and numbers by "GROUP:NAME", each shaped as stored, the first index running fastest."""
    groups: dict[int, str] = {}
    found: list[tuple[int, str, list[str] | FloatArray]] = []
    for number, name, said in _entries(content, header):
        if number < 0:
            groups[-number] = name
        else:
            found.append((number, name, _value(said, header)))
    texts: dict[str, list[str]] = {}
    numbers: dict[str, FloatArray] = {}
    for number, name, value in found:
        key = f"{groups[number]}:{name}" if number in groups else ""
        twice = (key in texts or key in numbers) and groups[number] in ONCE
        if not key or twice:
            raise ReadError(f"expected one parameter {name} in its group, found two or no group; copy the file again")
        if isinstance(value, list):
            texts[key] = value
        else:
            numbers[key] = value
    return texts, numbers


def _entries(content: bytes, header: _Header) -> Iterator[tuple[int, str, bytes]]:
    """Number of the group (negative: the group itself), name, and what follows up to the next entry."""
    at = BLOCK * (content[0] - 1) + 4
    end = min(BLOCK * (header.data_block - 1), len(content))
    while at + 2 < end and content[at]:
        size = abs(int.from_bytes(content[at : at + 1], "little", signed=True))  # negative: locked
        number = int.from_bytes(content[at + 1 : at + 2], "little", signed=True)
        pointer = at + 2 + size
        step = int.from_bytes(content[pointer : pointer + 2], header.order)
        after = pointer + step if step else end
        if not number or pointer + 2 > end or (step and step < 2) or after > end:
            raise ReadError("expected parameters one after the other, found one of no sense; copy the C3D file again")
        yield number, _text(content[at + 2 : pointer]), content[pointer + 2 : after]
        at = after


def _value(said: bytes, header: _Header) -> list[str] | FloatArray:
    """Texts or numbers of one parameter."""
    kind = int.from_bytes(said[:1], "little", signed=True) if said else 0
    shape = list(said[2 : 2 + said[1]]) if len(said) > 1 else []
    count = int(np.prod(shape, dtype=np.int64)) if shape else 1
    data = said[2 + len(shape) : 2 + len(shape) + count * abs(kind)]
    whole = len(said) > 1 and len(shape) == said[1] <= MOST_DIMENSIONS and len(data) == count * abs(kind)
    if (kind != TEXT and kind not in NUMBERS) or not whole:
        raise ReadError("expected a parameter with all its values, found one cut off; copy the C3D file again")
    if kind != TEXT:
        values = _exact(_decoded(data, NUMBERS[kind], header.processor))
        return values.reshape(shape or [1], order="F") if count else np.empty(0)
    size = shape[0] if shape else 1
    return [_text(data[k : k + size]) for k in range(0, len(data), size)] if size else []


def _text(raw: bytes) -> str:
    """Text without the blanks and zeros that fill it; programs write it in UTF-8 or in Latin letters."""
    try:
        return raw.decode("utf-8").rstrip(" \0")
    except UnicodeDecodeError:
        return raw.decode("latin-1").rstrip(" \0")


def _decoded(raw: bytes, kind: str, processor: int) -> Array:
    """Numbers as the processor stored them."""
    if kind == "f4" and processor == DEC:
        # halves in the other order, and an exponent that counts two more
        halves = np.frombuffer(raw, dtype="<u2").reshape(-1, 2)[:, ::-1]
        with np.errstate(invalid="ignore"):
            return np.ascontiguousarray(halves).view("<f4")[:, 0] / np.float32(4)
    return np.frombuffer(raw, dtype=f"{'>' if processor == MIPS else '<'}{kind}")


def _exact(stored: Array) -> FloatArray:
    """In float64; NaN for what is infinite, which nothing measures."""
    with np.errstate(invalid="ignore"):  # a NaN may be of the kind that is meant to alarm
        exact: FloatArray = stored.astype(np.float64)
    return np.where(np.isinf(exact), np.nan, exact)


def _check_layout(header: _Header, numbers: Mapping[str, FloatArray]) -> None:
    """Raise ReadError where parameters say otherwise than the header what lies where."""
    channels = header.analogs // header.samples if header.samples else 0
    stated = (
        ("points", header.points, "POINT:USED"),
        ("analog channels", channels, "ANALOG:USED"),
        ("a block of the data", header.data_block, "POINT:DATA_START"),
    )
    for what, of_header, name in stated:
        said = _unsigned(numbers, name)
        if said and said != of_header:
            raise ReadError(
                f"expected one number of {what}, found {of_header} in the C3D file's header and {said} in {name}; "
                "export it again"
            )
    scale = _first(numbers, "POINT:SCALE")
    if channels * header.samples != header.analogs or (scale and (scale < 0) != (header.scale < 0)):
        raise ReadError("expected frames of equal length, found a header of no sense; copy the C3D file again")


def _frames(header: _Header, numbers: Mapping[str, FloatArray]) -> int:
    """Frames in the file; long recordings have no room for them in the header."""
    frames = header.last - header.first + 1
    if header.last == MORE_FRAMES:
        ends = [numbers.get(f"TRIAL:ACTUAL_{end}_FIELD", np.empty(0)).ravel() for end in ("START", "END")]
        if all(end.size == 2 and np.isfinite(end).all() for end in ends):
            first, last = (int(end[0]) % 2**16 + 2**16 * (int(end[1]) % 2**16) for end in ends)
            frames = last - first + 1
        elif (long := _first(numbers, "POINT:LONG_FRAMES")) is not None:
            frames = int(long)
    if frames < 0 or (frames == 0 and header.points + header.analogs):
        raise ReadError("expected frames in the C3D file, found none; export it again")
    return frames


def _contradictions(header: _Header, numbers: Mapping[str, FloatArray], frames: int) -> Iterator[str]:
    """Where header and parameters differ in what does not move the data."""
    rate_hz, analog_hz = _first(numbers, "POINT:RATE"), _first(numbers, "ANALOG:RATE")
    if rate_hz and header.rate_hz and not np.isclose(rate_hz, header.rate_hz, rtol=SAME_RATE, atol=0):
        yield f"{header.rate_hz:g} and {rate_hz:g} frames per second"
    if rate_hz and analog_hz and header.analogs:
        each = header.samples * rate_hz
        if not np.isclose(analog_hz, each, rtol=SAME_RATE, atol=0):
            yield f"{each:g} and {analog_hz:g} analog samples per second"
    said = _unsigned(numbers, "POINT:FRAMES")
    if said and said != frames and MORE_FRAMES not in (said, header.last):
        yield f"{frames} and {said} frames"


def _seen(points: FloatArray, scale: float) -> FloatArray:
    """Places in the unit of the file; NaN where the residual is negative, or the place is the origin itself."""
    places = points[..., :3] * scale
    hidden = (points[..., 3:] < 0) | (places == 0).all(axis=-1, keepdims=True)
    return np.where(hidden, np.nan, places)


def _scaled(raw: FloatArray, numbers: Mapping[str, FloatArray], *, unsigned: bool) -> FloatArray:
    """Analog values in the units of their channels."""
    channels = raw.shape[1]
    scale, offset = _per_channel(numbers, "SCALE", channels, 1.0), _per_channel(numbers, "OFFSET", channels, 0.0)
    offset = np.where(unsigned & (offset < 0), offset + 2**16, offset)
    general = _first(numbers, "ANALOG:GEN_SCALE")
    return (raw - offset) * scale * (1.0 if general is None else general)


def _per_channel(numbers: Mapping[str, FloatArray], name: str, channels: int, otherwise: float) -> FloatArray:
    """One number per channel from NAME, NAME2, ...; the last argument where there is none."""
    later = sorted((k for k in numbers if re.fullmatch(rf"ANALOG:{name}\d*", k)), key=lambda k: (len(k), k))
    said = np.concatenate([*(numbers[k].ravel() for k in later), np.full(channels, otherwise)])
    stated = sum(numbers[k].size for k in later)
    return (
        said[:channels] if stated >= channels else np.concatenate([said[:stated], said[stated:][: channels - stated]])
    )


def _first(numbers: Mapping[str, FloatArray], name: str) -> float | None:
    found = numbers.get(name, np.empty(0)).ravel()
    return float(found[0]) if found.size and np.isfinite(found[0]) else None


def _unsigned(numbers: Mapping[str, FloatArray], name: str) -> int:
    """A whole number of 16 bits without a sign; 0 if there is none."""
    found = _first(numbers, name)
    return int(found) % 2**16 if found is not None else 0
