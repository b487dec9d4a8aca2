"""OpenSignals files of PLUX devices (biosignalsplux, BITalino), as text or HDF5: counts to volts."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from restride.errors import ReadError
from restride.readers import hdf5_devices
from restride.readers.emg_channels import Channel, emg_recording
from restride.readers.take import Take
from restride.readers.text_rows import numbers_in
from restride.readers.when import from_date_and_time
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray

_TEXT: Final = b"# OpenSignals Text File Format"
_END_OF_HEADER: Final = "# EndOfHeader"
_HDF5: Final = b"\x89HDF\r\n\x1a\n"

# supply of the EMG sensor in V and its gain: data sheets of biosignalsplux EMG (PLUX 2020, +-1.5 mV)
# and of BITalino EMG (revolution, +-1.64 mV)
_PLUX: Final = (3.0, 1000.0)
_BITALINO: Final = (3.3, 1009.0)
_TRANSFER: Final[Mapping[str, tuple[float, float]]] = {
    **dict.fromkeys(("biosignalsplux", "channeller", "bioplux", "respiban"), _PLUX),
    **dict.fromkeys(("bitalino", "bitalino_rev", "bitalino_riot"), _BITALINO),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Device:
    """One device of a file: its channels as counts, and their numbers in sequence if there are any."""

    name: str
    rate_hz: float
    labels: Sequence[str]
    sensors: Sequence[str]
    resolution: Sequence[int]
    counts: FloatArray
    sequence: FloatArray | None
    converted: bool = False
    started: str = ""


def sniff_text(head: bytes) -> bool:
    """Whether a file begins as an OpenSignals text file does."""
    return head.removeprefix(b"\xef\xbb\xbf").startswith(_TEXT)


def sniff_hdf5(head: bytes) -> bool:
    """Whether a file begins as HDF5 does."""
    return head.startswith(_HDF5)


def volts_from_counts(counts: FloatArray, *, resolution_bits: int, supply_v: float, gain: float) -> FloatArray:
    """EMG at the skin from the counts of a PLUX device.

    Parameters
    ----------
    counts : array
    resolution_bits : int
        Of the converter on this channel.
    supply_v, gain : float
        Of the EMG sensor, from its data sheet.

    Notes
    -----
    ``(counts / 2^n - 1/2) supply / gain``, PLUX, Electromyography (EMG) Sensor Data Sheet.
    """
    return (counts / 2.0**resolution_bits - 0.5) * supply_v / gain


def read_opensignals_text(path: Path, take: Take) -> Recording:
    """EMG of an OpenSignals text file, in volts at the skin.

    Raises
    ------
    ReadError
        If its header is not the JSON of OpenSignals, no whole row follows, or no channel
        has an EMG sensor or is named in take.yaml.
    """
    content = path.read_bytes()
    head, _, body = content.decode("utf-8-sig", errors="replace").partition(_END_OF_HEADER)
    headers = _headers(head)
    widths = [len(_texts(header, "column")) for header in headers]
    numbers, cut = numbers_in(body.partition("\n")[2], sum(widths)) if sum(widths) else (np.empty((0, 0)), True)
    if not numbers.size:
        raise ReadError("expected columns and rows of counts below the header, found none; export the file again")
    devices: list[_Device] = []
    for header, end in zip(headers, np.cumsum(widths), strict=True):
        columns = _texts(header, "column")
        own = numbers[:, int(end) - len(columns) : int(end)]
        labels = _texts(header, "label")[-len(columns) :]
        sequence = own[:, columns.index("nSeq")] if "nSeq" in columns else None
        devices.append(_device(header, labels, own[:, len(columns) - len(labels) :], sequence))
    doubts = [_cut_doubt(len(numbers))] if cut else []
    return _recording(devices, take, "OpenSignals text", content, doubts)


def read_opensignals_hdf5(path: Path, take: Take) -> Recording:
    """EMG of an OpenSignals HDF5 file, in volts at the skin.

    Raises
    ------
    ReadError
        If it is damaged, holds no device of OpenSignals, or no channel has an EMG
        sensor or is named in take.yaml.
    """
    content = path.read_bytes()
    try:
        devices = [_device_of_hdf5(header, columns) for header, columns in hdf5_devices.devices(path)]
    except (ValueError, KeyError, OSError) as error:
        raise ReadError("expected an OpenSignals HDF5 file, found a damaged one; copy or export it again") from error
    if not devices:
        raise ReadError("expected an HDF5 file of OpenSignals, found one of another program; export it as CSV or C3D")
    return _recording(devices, take, "OpenSignals HDF5", content, [])


def _headers(head: str) -> list[dict[str, object]]:
    """Headers of the devices, in the order of their columns."""
    line = next((line for line in head.splitlines()[1:] if line.lstrip("# ").startswith("{")), "")
    try:
        found = json.loads(line.lstrip("# "))
    except (ValueError, RecursionError) as error:
        raise ReadError(
            "expected a header in JSON on the second line, found something else; export it again"
        ) from error
    devices = [device for device in found.values() if isinstance(device, dict)] if isinstance(found, dict) else []
    positions = [device.get("position") for device in devices]
    order = [p if isinstance(p, int) else k for k, p in enumerate(positions)]
    return [devices[k] for k in np.argsort(order, kind="stable")]


def _device(
    header: Mapping[str, object], labels: Sequence[str], counts: FloatArray, sequence: FloatArray | None
) -> _Device:
    rate_hz = header.get("sampling rate")
    if not isinstance(rate_hz, int | float) or not 0 < rate_hz < 1e6:
        raise ReadError(f"expected a sampling rate in the header, found {rate_hz!r}; export the file again")
    bits = header.get("resolution")
    resolution = [int(b) for b in bits if isinstance(b, int | float)] if isinstance(bits, list) else []
    sensors = _texts(header, "sensor")
    name = str(header.get("device", "")).strip().lower()
    converted = header.get("convertedValues") == 1
    started = from_date_and_time(header)
    return _Device(name, float(rate_hz), labels, sensors, resolution, counts, sequence, converted, started)


def _device_of_hdf5(header: Mapping[str, object], columns: Sequence[np.ndarray]) -> _Device:
    labels = _texts(header, "label")
    if not labels or not all(np.issubdtype(column.dtype, np.number) for column in columns):
        raise ValueError("channels that are no numbers")
    numbers = np.column_stack([column.astype(np.float64) for column in columns])
    sequence = numbers[:, -1] if len(columns) > len(labels) else None
    return _device(header, labels, numbers[:, : len(labels)], sequence)


def _recording(devices: Sequence[_Device], take: Take, name: str, content: bytes, doubts: Sequence[Doubt]) -> Recording:
    channels: list[Channel] = []
    found = list(doubts)
    for device in devices:
        positions, more = _positions(device.sequence)
        found += more
        scaled, more = _scaled(device)
        found += more
        channels += [_on_grid(channel, positions) for channel in scaled]
    used = ", ".join(dict.fromkeys(device.name for device in devices if device.name))
    started = min((device.started for device in devices if device.started), default="")
    source = Source(name, hashlib.sha256(content).hexdigest(), device=f"PLUX {used}".strip(), started=started)
    return emg_recording(channels, take, source=source, doubts=found)


def _scaled(device: _Device) -> tuple[list[Channel], list[Doubt]]:
    """Every channel in volts where the transfer function is known, otherwise as a share of full scale."""
    n = len(device.labels)
    # a text header also lists the bits of sequence and digital columns, before those of the channels
    resolution = list(device.resolution)[-n:] if n and len(device.resolution) >= n else []
    transfer = _TRANSFER.get(device.name)
    sensors = [*device.sensors, *[""] * n][:n]
    channels: list[Channel] = []
    for k, (label, sensor) in enumerate(zip(device.labels, sensors, strict=True)):
        counts, unit = device.counts[:, k], ""
        if resolution and 1 <= resolution[k] <= 32 and not device.converted:
            supply_v, gain = transfer or (1.0, 1.0)
            counts = volts_from_counts(counts, resolution_bits=resolution[k], supply_v=supply_v, gain=gain)
            unit = "V" if transfer else ""
        # another sensor's counts are no volts of a muscle
        other = sensor.strip().upper() not in ("", "RAW", "CUSTOM") and "EMG" not in sensor.upper()
        channels.append(Channel(label, counts, device.rate_hz, 0.0, sensor if other else unit, sensor))
    if transfer and resolution and not device.converted:
        return channels, []
    reason = "values were converted by the program" if device.converted else f"device {device.name!r} is not known here"
    text = f"The counts could not be turned into volts, because the {reason} or the header lacks its resolution."
    return channels, [Doubt("emg", text, "Export the raw counts, or state emg: {unit: ..., gain: ...} in take.yaml.")]


def _positions(sequence: FloatArray | None) -> tuple[np.ndarray | None, list[Doubt]]:
    """Place of each sample on an unbroken clock, from numbers in sequence that begin again at a power of two."""
    if sequence is None or sequence.size < 2 or not np.isfinite(sequence).all():
        return None, []
    around = 2 ** int(max(sequence.max(), 1)).bit_length() if 0 <= sequence.max() < 2**32 else 1
    steps = np.mod(np.diff(sequence), around)
    if (steps == 1).all():
        return None, []
    places = np.concatenate(([0.0], np.cumsum(steps))).astype(np.int64)
    if (steps < 1).any() or places[-1] > 2 * sequence.size:
        text = "The sequence numbers of the samples do not count up, so lost samples cannot be told."
        return None, [Doubt("emg", text, "Copy or export the file again.")]
    lost = int(places[-1]) + 1 - sequence.size
    text = f"{lost} samples were lost between device and computer; they count as not measured."
    return places, [Doubt("emg", text, "Keep device and computer nearer to each other while recording.")]


def _on_grid(channel: Channel, places: np.ndarray | None) -> Channel:
    if places is None:
        return channel
    values = np.full(int(places[-1]) + 1, np.nan)
    values[places] = channel.values
    return Channel(channel.label, values, channel.rate_hz, channel.start_s, channel.unit, channel.description)


def _cut_doubt(rows: int) -> Doubt:
    text = f"The OpenSignals file ends in the middle of a row; {rows} whole rows were read."
    return Doubt("emg", text, "Copy or export the file again.")


def _texts(header: Mapping[str, object], key: str) -> list[str]:
    found = header.get(key)
    return [str(item) for item in found] if isinstance(found, list) else []
