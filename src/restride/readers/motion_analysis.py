"""ANC files: the analog channels of a Motion Analysis system, as counts in a table."""

import hashlib
import re
from pathlib import Path
from typing import Final

import numpy as np

from restride.errors import ReadError
from restride.readers.sorting import is_unnamed, sorted_emg
from restride.readers.take import Take
from restride.readers.text_rows import numbers_in
from restride.signals.recording import Doubt, Recording, Source

_PLATE_CHANNEL: Final = re.compile(r"(?i)^[fm]\d+[xyz]$")


def sniff(head: bytes) -> bool:
    """Whether a file begins as an ANC table does."""
    return head.startswith(b"File_Type:") and b"Analog" in head[:200]


def read_anc(path: Path, take: Take) -> Recording:
    """EMG of an ANC file, in volts at the input of the converter.

    Raises
    ------
    ReadError
        If the header lacks BitDepth, Name or Range, or no whole row follows.

    Notes
    -----
    Counts become volts by ``2 Range / (2^BitDepth - 1)``, Range in millivolts either
    side of zero. Force-plate channels need a calibration that the file does not hold.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    depth = re.search(r"BitDepth:\s*([1-9]|[1-5]\d)\b", text)
    names = _cells(text, "Name")
    ranges = [float(cell) for cell in _cells(text, "Range") if re.fullmatch(r"\d{1,6}(\.\d*)?", cell)]
    body = re.split(r"(?m)^Range\t[^\n]*\n", text, maxsplit=1)[-1]
    if depth is None or not names or len(ranges) != len(names) or not body.strip():
        raise ReadError("expected BitDepth, Name and Range and rows of counts, found less; export the ANC file again")
    counts, cut = numbers_in(body, len(names) + 1)
    volts = counts[:, 1:] * 2e-3 * np.asarray(ranges) / (2 ** int(depth[1]) - 1)
    doubts: list[Doubt] = []
    if cut:
        doubts.append(
            Doubt("emg", f"The ANC file ends in the middle of a row; {len(counts)} were read.", "Copy it again.")
        )
    plates = [name for name in names if _PLATE_CHANNEL.match(name)]
    if plates:
        text = f"{len(plates)} force-plate channels of the ANC file have no calibration and were left out."
        doubts.append(Doubt("forces", text, "Add the forces as C3D or .mot.", severity="note"))
    chosen = [i for i, name in enumerate(names) if name not in plates and not is_unnamed(name)]
    emg, more = sorted_emg(
        volts[:, chosen], counts[:, 0], [names[i] for i in chosen], units=["V"] * len(chosen), take=take
    )
    source = Source("ANC", hashlib.sha256(path.read_bytes()).hexdigest())
    return Recording({"emg": emg}, sources=(source,), doubts=(*doubts, *more))


def _cells(text: str, name: str) -> list[str]:
    found = re.search(rf"(?m)^{name}\t([^\r\n]*)", text)
    return [cell.strip() for cell in found[1].split("\t") if cell.strip()] if found else []
