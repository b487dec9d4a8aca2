"""EDF and BDF files: physical values of 16 or 24 bits, every signal at its own rate, with annotations.

Kemp et al. 1992, doi 10.1016/0013-4694(92)90009-7; EDF+: Kemp and Olivan 2003,
doi 10.1016/S1388-2457(03)00123-8; BDF is EDF with 24 bits.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from restride.errors import ReadError
from restride.readers.emg_channels import Channel, emg_recording
from restride.readers.take import Take
from restride.readers.when import from_edf
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray

_EDF: Final = b"0       "
_BDF: Final = b"\xffBIOSEMI"
# widths of the fields of one signal in the header, in bytes
_FIELDS: Final = {
    "label": 16,
    "transducer": 80,
    "unit": 8,
    "physical_low": 8,
    "physical_high": 8,
    "digital_low": 8,
    "digital_high": 8,
    "filters": 80,
    "samples": 8,
    "reserved": 32,
}
_FIXED_BYTES: Final = 256
_ANNOTATIONS: Final = ("EDF Annotations", "BDF Annotations")
# onset, then texts; the first list of a record only says when the record begins
_ANNOTATION: Final = re.compile(rb"([+-]\d{1,9}(?:\.\d{0,9})?)(?:\x15[\d.]*)?\x14([^\x00]*)\x14\x00")
# a discontinuous file may be this many times longer than what it holds
_MOST_GAPS: Final = 20


@dataclass(frozen=True, slots=True)
class _Signal:
    """One signal of the header."""

    label: str
    unit: str
    factor: float
    offset: float
    first: int
    samples: int


@dataclass(frozen=True, slots=True, eq=False)
class _File:
    """Header and records, ``(record, byte)``, as far as they are whole."""

    signals: Sequence[_Signal]
    record_s: float
    promised: int
    records: np.ndarray
    sample_bytes: int
    contiguous: bool


def sniff(head: bytes) -> bool:
    """Whether a file begins as EDF or BDF does."""
    digits = head[236:244].strip()
    return head.startswith((_EDF, _BDF)) and len(head) >= _FIXED_BYTES and re.fullmatch(rb"-?\d+", digits) is not None


def read_edf(path: Path, take: Take) -> Recording:
    """EMG of an EDF, EDF+ or BDF file, in volts where its signals state their unit.

    Raises
    ------
    ReadError
        If the header is damaged, no whole record follows, or no signal is EMG.

    Notes
    -----
    Annotations are told in a note; they do not say a foot, so they are no events. Gaps of a
    discontinuous file (EDF+D) are not measured. Names of people are not read.
    """
    content = path.read_bytes()
    file = _opened(content)
    onsets, marks = _annotations(file)
    places, doubts = _places(file, onsets)
    channels = [_channel(file, signal, places) for signal in file.signals if signal.label not in _ANNOTATIONS]
    if file.promised > len(file.records):
        text = f"The header promises {file.promised} records, the file holds {len(file.records)} whole ones."
        doubts.append(Doubt("emg", text, "It was cut off; copy or export it again."))
    if marks:
        shown = ", ".join(marks[:5]) + (", ..." if len(marks) > 5 else "")
        text = f"The file has {len(marks)} annotations: {shown}."
        remedy = "If they are contacts, state them in take.yaml under events."
        doubts.append(Doubt("events", text, remedy, severity="note"))
    name = "BDF" if file.sample_bytes == 3 else "EDF"
    source = Source(name, hashlib.sha256(content).hexdigest(), started=from_edf(content))
    return emg_recording(channels, take, source=source, doubts=doubts)


def _opened(content: bytes) -> _File:
    try:
        count = int(content[252:256])
        promised, record_s = int(content[236:244]), float(content[244:252])
    except ValueError as error:
        raise ReadError("expected numbers in the header of EDF, found something else; the file is damaged") from error
    header_bytes = _FIXED_BYTES * (count + 1)
    if not 1 <= count <= 9999 or len(content) < header_bytes or not 0 < record_s < 1e6:
        raise ReadError("expected a whole header of EDF, found one cut off or damaged; copy or export it again")
    sample_bytes = 3 if content.startswith(_BDF) else 2
    signals = _signals(content[_FIXED_BYTES:header_bytes], count)
    width = sample_bytes * sum(signal.samples for signal in signals)
    whole = (len(content) - header_bytes) // width if width else 0
    if whole < 1:
        raise ReadError("expected at least one whole record of EDF, found none; the file is cut off: copy it again")
    whole = min(whole, promised) if promised > 0 else whole
    records = np.frombuffer(content, np.uint8, whole * width, header_bytes).reshape(whole, width)
    contiguous = content[192:197] not in (b"EDF+D", b"BDF+D")
    return _File(signals, record_s, promised, records, sample_bytes, contiguous)


def _signals(header: bytes, count: int) -> list[_Signal]:
    fields: dict[str, list[str]] = {}
    at = 0
    for name, width in _FIELDS.items():
        # the standard is ASCII; some recorders write a Latin-1 micro sign
        cells = [header[at + k * width : at + (k + 1) * width] for k in range(count)]
        fields[name] = [cell.decode("latin-1").strip("\x00 ") for cell in cells]
        at += count * width
    signals: list[_Signal] = []
    first = 0
    for k in range(count):
        try:
            low, high = float(fields["physical_low"][k]), float(fields["physical_high"][k])
            least, most = int(fields["digital_low"][k]), int(fields["digital_high"][k])
            samples = int(fields["samples"][k])
        except ValueError as error:
            raise ReadError("expected numbers for every signal of EDF, found something else; damaged file") from error
        label = fields["label"][k]
        if samples < 0 or (label not in _ANNOTATIONS and (most == least or not np.isfinite([low, high]).all())):
            raise ReadError(f"expected a range for the signal {label!r}, found none; export the file again")
        factor = (high - low) / (most - least) if most != least else 1.0
        signals.append(_Signal(label, fields["unit"][k], factor, low - least * factor, first, samples))
        first += samples
    return signals


def _bytes_of(file: _File, signal: _Signal) -> np.ndarray:
    wide = file.sample_bytes
    return file.records[:, wide * signal.first : wide * (signal.first + signal.samples)]


def _physical(file: _File, signal: _Signal) -> FloatArray:
    """Values of a signal in its unit, shape (record, sample)."""
    raw = np.ascontiguousarray(_bytes_of(file, signal)).reshape(len(file.records), signal.samples, file.sample_bytes)
    if file.sample_bytes == 2:
        counts = raw.view("<i2")[..., 0].astype(np.float64)
    else:
        # the third byte carries the sign
        low, middle, high = (raw[..., k].astype(np.float64) for k in range(3))
        counts = low + 256.0 * middle + 65536.0 * np.where(high > 127, high - 256.0, high)
    return np.asarray(counts * signal.factor + signal.offset)


def _annotations(file: _File) -> tuple[FloatArray, list[str]]:
    """Onset of every record in s, NaN where it is not said, and what the annotations say."""
    onsets = np.full(len(file.records), np.nan)
    marks: list[str] = []
    # the first of several signals of annotations keeps the time
    for order, signal in enumerate([s for s in file.signals if s.label in _ANNOTATIONS]):
        for record, row in enumerate(_bytes_of(file, signal)):
            for found in _ANNOTATION.finditer(row.tobytes()):
                onset_s = float(found[1])
                texts = [text.decode("utf-8", errors="replace") for text in found[2].split(b"\x14") if text]
                if order == 0 and found.start() == 0:
                    onsets[record] = onset_s
                marks += [f"{text} at {onset_s:.3f} s" for text in texts]
    return onsets, marks


def _places(file: _File, onsets: FloatArray) -> tuple[FloatArray | None, list[Doubt]]:
    """Begin of each record after the first, in s, if the file has gaps; None if it runs through."""
    if file.contiguous:
        return None, []
    places = onsets - onsets[0]
    steps = np.diff(places)
    if not np.isfinite(places).all() or (steps < file.record_s * (1 - 1e-6)).any():
        raise ReadError("expected records of EDF+D that say when they begin, found some that do not; damaged file")
    if places[-1] > _MOST_GAPS * file.record_s * len(file.records):
        raise ReadError("expected records of one take, found gaps far longer than the records; export one take")
    gaps = int((steps > file.record_s * (1 + 1e-6)).sum())
    if not gaps:
        return None, []
    text = f"The recording was interrupted {gaps} times; what is between counts as not measured."
    return places, [Doubt("emg", text, "Choose strides away from the interruptions.", severity="note")]


def _channel(file: _File, signal: _Signal, places: FloatArray | None) -> Channel:
    rate_hz = max(signal.samples, 1) / file.record_s
    physical = _physical(file, signal)
    values = physical.ravel()
    if places is not None:
        first = np.round(places * rate_hz).astype(np.int64)
        values = np.full(int(first[-1]) + signal.samples, np.nan)
        values[first[:, None] + np.arange(signal.samples)] = physical
    described = re.sub(r"(?i)^s?emg[\s:_-]+", "", signal.label)
    return Channel(signal.label, values, rate_hz, 0.0, signal.unit, described)
