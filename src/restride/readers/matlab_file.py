"""Structures of numbers in a MATLAB file of version 5, each length checked before it is used.

Read by ourselves, because a damaged length can end the whole program in the usual library. Source:
MathWorks, "MAT-File Format" (R2024b), chapter 1.
"""

import zlib
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from restride.errors import ReadError
from restride.signals.schema import FloatArray

HEADER: Final = 128  # bytes; the last two say the order of bytes
# type of stored numbers -> numpy's name without the order of bytes
NUMBERS: Final[Mapping[int, str]] = dict(
    zip((1, 2, 3, 4, 5, 6, 7, 9, 12, 13), ("i1", "u1", "i2", "u2", "i4", "u4", "f4", "f8", "i8", "u8"), strict=True)
)
MATRIX, COMPRESSED = 14, 15
STRUCTURE: Final = 2  # class of a matrix
NUMERIC: Final = range(6, 16)
COMPLEX: Final = 0x0800
DEEPEST: Final = 12  # structures in structures
# numbers of a sensor are packed to a tenth at most; a damaged file may claim anything
MOST_UNPACKED: Final = 200

Order = Literal["<", ">"]
Tree = dict[str, object]


def variables(content: bytes) -> Tree:
    """The variables of a file: structures as mappings, numbers as float or array, all else left out.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    dict
        A structure of one element is a dict; of several it is a list of them. One number is a
        float, others an array as stored, at least two-dimensional. Texts, cells and complex
        numbers are left out.

    Raises
    ------
    ReadError
        If the file is cut off, damaged or of another version.
    """
    mark = content[HEADER - 2 : HEADER]
    if mark not in (b"IM", b"MI"):
        raise ReadError("expected a MATLAB file of version 5, found another; save it with -v7")
    order: Order = "<" if mark == b"IM" else ">"
    found: Tree = {}
    at = HEADER
    try:
        while at < len(content):
            kind, part, at = _element(content, at, order)
            if kind == COMPRESSED:
                kind, part, _ = _element(_unpacked(part), 0, order)
            if kind == MATRIX:
                name, value = _matrix(part, order, 0)
                found |= {name: value} if value is not None else {}
    except (zlib.error, ValueError) as error:
        raise ReadError(f"expected a whole MATLAB file, found a damaged one ({error}); copy it again") from error
    return found


def _unpacked(part: bytes) -> bytes:
    packed = zlib.decompressobj()
    whole = packed.decompress(part, MOST_UNPACKED * len(part))
    if not packed.eof:
        raise ValueError("a packed part does not end")
    return whole


def _element(content: bytes, at: int, order: Order) -> tuple[int, bytes, int]:
    """Type and bytes of the element at a place, and the place of the next."""
    if at + 8 > len(content):
        raise ValueError("it ends inside an element")
    kind, size = (int(v) for v in np.frombuffer(content, f"{order}u4", 2, at))
    if kind >> 16:  # a small one: its length and up to four bytes lie in the first eight
        kind, size, start, after = kind & 0xFFFF, kind >> 16, at + 4, at + 8
        if size > 4:
            raise ValueError("a small element is too long")
    else:
        start = at + 8
        # only a packed element is not filled up to eight bytes
        after = start + size + (0 if kind == COMPRESSED else -size % 8)
    if start + size > len(content):
        raise ValueError("an element is longer than the file")
    return kind, content[start : start + size], after


def _matrix(part: bytes, order: Order, depth: int) -> tuple[str, object]:
    """Name and value of a matrix; None for what is left out."""
    if not part or depth > DEEPEST:
        return "", None
    flags, at = _numbers(part, 0, order)
    stated, at = _numbers(part, at, order)
    shape = stated.astype(np.int64)
    _, name, at = _element(part, at, order)
    kind = int(flags.flat[0]) & 0xFF if flags.size else 0
    count = int(np.prod(shape)) if shape.size and (shape >= 0).all() else -1
    if not 0 <= count <= len(part):
        raise ValueError("a matrix has no size, or more numbers than bytes")
    label = name.decode("ascii", errors="replace")
    if kind == STRUCTURE:
        return label, _structure(part, at, order, depth, count)
    if kind not in NUMERIC or int(flags.flat[0]) & COMPLEX:
        return label, None
    values, _ = _numbers(part, at, order)
    if values.size != count:
        raise ValueError("a matrix has other numbers than its size")
    with np.errstate(invalid="ignore"):  # a NaN may be of the kind that is meant to alarm
        plain: FloatArray = values.astype(np.float64).reshape(shape, order="F")
    return label, float(plain.flat[0]) if count == 1 else plain


def _structure(part: bytes, at: int, order: Order, depth: int, count: int) -> object:
    """One mapping, or a list of them."""
    width, at = _numbers(part, at, order)
    _, names, at = _element(part, at, order)
    size = int(width.flat[0]) if width.size else 0
    if size <= 0:
        raise ValueError("a structure has names without length")
    fields = [names[k : k + size].partition(b"\0")[0].decode("ascii", "replace") for k in range(0, len(names), size)]
    found: list[Tree] = []
    for _ in range(count):
        one: Tree = {}
        for field in fields:
            kind, below, at = _element(part, at, order)
            value = _matrix(below, order, depth + 1)[1] if kind == MATRIX else None
            one |= {field: value} if value is not None else {}
        found.append(one)
    return found[0] if count == 1 else found


def _numbers(part: bytes, at: int, order: Order) -> tuple[npt.NDArray[np.generic], int]:
    """The numbers of an element, and the place of the next."""
    kind, raw, after = _element(part, at, order)
    if kind not in NUMBERS:
        raise ValueError("numbers are of a kind that is not known")
    form = np.dtype(f"{order}{NUMBERS[kind]}")
    if len(raw) % form.itemsize:
        raise ValueError("numbers are cut off")
    return np.frombuffer(raw, form), after
