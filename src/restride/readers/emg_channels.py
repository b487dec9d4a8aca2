"""Channels that come each with a rate of its own, and the EMG among them as one recording."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.errors import ReadError
from restride.readers.sorting import sort, sorted_emg
from restride.readers.take import Take
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import FloatArray

_SAYS_EMG: Final = re.compile(r"(?i)(?<![a-z])s?emg(?![a-z])")
_VOLTS: Final = {"v": "V", "volt": "V", "volts": "V", "mv": "mV", "uv": "uV", "µv": "uV", "μv": "uV"}
# a header and the times of a table that differ by more than this do not mean one clock
SAME_RATE: Final = 1e-3
# more than any converter counts, in any unit; a damaged cell
IMPOSSIBLE: Final = 1e12


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One channel of a file.

    Attributes
    ----------
    label : str
        As in the file.
    values : array, shape (time,)
        In ``unit``; NaN where not measured.
    rate_hz, start_s : float
    unit : str
        As the file writes it; ``""`` where it does not say.
    description : str
        A longer name, or the label without what the recorder puts around it.
    """

    label: str
    values: FloatArray
    rate_hz: float
    start_s: float = 0.0
    unit: str = ""
    description: str = ""


def emg_recording(
    channels: Sequence[Channel], take: Take, *, source: Source, doubts: Sequence[Doubt] = ()
) -> Recording:
    """A recording of the EMG among some channels, with a doubt for all that is left out.

    Parameters
    ----------
    channels : sequence of Channel
    take : Take
        ``channels`` also says of a channel without a muscle's name that it is EMG.
    source : Source
    doubts : sequence of Doubt
        What is already known to be doubtful.

    Raises
    ------
    ReadError
        If no channel is EMG, or none of them holds two samples.

    Notes
    -----
    One recording holds its EMG at one rate: that of most channels, and of two with equally
    many the faster one.
    """
    chosen = [channel for channel in channels if is_emg(channel, take)]
    if not chosen:
        found = ", ".join(channel.label for channel in channels[:4]) or "none"
        raise ReadError(f"expected channels of EMG, found {found}; say which are EMG in take.yaml under channels")
    kept = at_one_rate(chosen)
    values = stacked(kept)
    if len(values) < 2:
        raise ReadError("expected at least two samples of EMG, found fewer; the file is cut off: export it again")
    emg, more = sorted_emg(
        values,
        kept[0].start_s + np.arange(len(values)) / kept[0].rate_hz,
        [channel.label for channel in kept],
        units=[_VOLTS.get(channel.unit.strip().lower(), "") for channel in kept],
        take=take,
        descriptions=[channel.description for channel in kept],
    )
    spare = [channel for channel in channels if channel not in chosen]
    found_doubts = (*doubts, *_slower(chosen, kept), *_left_out(spare), *_missing(values, kept), *more)
    return Recording({"emg": emg}, sources=(source,), doubts=found_doubts)


def is_emg(channel: Channel, take: Take) -> bool:
    """Whether take.yaml, the unit and the label of a channel make it EMG.

    Parameters
    ----------
    channel : Channel
    take : Take
        A channel it names is EMG whatever its unit.
    """
    if channel.label in take.channels:
        return True
    if channel.unit.strip().lower() not in ("", "%", *_VOLTS):
        return False
    if any(_SAYS_EMG.search(name) for name in (channel.label, channel.description)):
        return True
    return sort(channel.label, description=channel.description).site.muscle is not None


def at_one_rate(channels: Sequence[Channel]) -> list[Channel]:
    """The channels of the rate and start most of them share; of two equally many, the faster ones."""
    rates = [(round(channel.rate_hz, 2), round(channel.start_s, 3)) for channel in channels]
    best = max(set(rates), key=lambda rate: (rates.count(rate), rate[0], -rate[1]))
    return [channel for channel, rate in zip(channels, rates, strict=True) if rate == best]


def stacked(channels: Sequence[Channel]) -> FloatArray:
    """Values (time, channel); NaN after the end of a shorter one and where no converter gives the number."""
    values = np.full((max(channel.values.size for channel in channels), len(channels)), np.nan)
    for column, channel in enumerate(channels):
        values[: channel.values.size, column] = np.where(np.abs(channel.values) < IMPOSSIBLE, channel.values, np.nan)
    return values


def steady_clock(time_s: FloatArray, *, rate_hz: float | None = None) -> tuple[float, float, tuple[Doubt, ...]]:
    """Time of the first sample and rate of an evenly sampled column of times, and what is doubtful.

    Parameters
    ----------
    time_s : array, shape (time,)
        As printed in the file, rounded; NaN where a cell cannot be read.
    rate_hz : float, optional
        What the header says. It is more exact than rounded times, and is believed
        unless the times contradict it.

    Raises
    ------
    ReadError
        If the times do not increase.
    """
    half = time_s.size // 2
    # steps over half of the table: neither rounding nor a few damaged cells move their median
    steps = time_s[half:] - time_s[: time_s.size - half]
    known = steps[np.isfinite(steps)]
    step_s = float(np.median(known)) / half if half and known.size else np.nan
    if not (np.isfinite(step_s) and 0 < step_s < 1e6):
        raise ReadError("expected times that increase, found blanks or steps back; export the file again")
    stated = rate_hz if rate_hz is not None and abs(rate_hz * step_s - 1) <= SAME_RATE else None
    rate = stated or 1 / step_s
    begins = time_s - np.arange(time_s.size) / rate
    start_s = float(np.median(begins[np.isfinite(begins)]))
    # the first time as it is printed, unless it is damaged
    start_s = float(time_s[0]) if abs(time_s[0] - start_s) < 0.5 / rate else start_s
    doubts: list[Doubt] = []
    if rate_hz is not None and stated is None:
        text = f"The header says {rate_hz:g} Hz, but the times of the samples say {rate:g} Hz; the times were believed."
        doubts.append(Doubt("emg", text, "Check the rate in the recording software; state it as emg: {rate_hz: ...}."))
    uneven = int((np.abs(begins - start_s) > 1.5 / rate).sum())
    if uneven:
        text = f"{uneven} of {time_s.size} times do not lie on a steady clock; the samples were taken as evenly spaced."
        doubts.append(Doubt("emg", text, "Export the file again; if it stays so, samples were lost while recording."))
    return start_s, rate, tuple(doubts)


def _slower(chosen: Sequence[Channel], kept: Sequence[Channel]) -> list[Doubt]:
    others = [channel for channel in chosen if channel not in kept]
    if not others:
        return []
    shown = ", ".join(f"{channel.label} ({channel.rate_hz:g} Hz)" for channel in others)
    text = f"EMG of another rate or start than the {kept[0].rate_hz:g} Hz of most channels was left out: {shown}."
    return [Doubt("emg", text, "Record all EMG at one rate, or export those channels to a file of their own.")]


def _left_out(spare: Sequence[Channel]) -> list[Doubt]:
    if not spare:
        return []
    rates = sorted({f"{channel.rate_hz:.4g} Hz" for channel in spare})
    shown = ", ".join(channel.label for channel in spare[:3]) + (", ..." if len(spare) > 3 else "")
    text = f"{len(spare)} channels at {' and '.join(rates)} are no EMG and were left out: {shown}."
    return [Doubt("channels", text, "If one of them is EMG, name it in take.yaml under channels.", severity="note")]


def _missing(values: FloatArray, kept: Sequence[Channel]) -> list[Doubt]:
    share = np.isnan(values).mean(axis=0)
    gaps = [f"{channel.label} ({100 * part:.2g} %)" for channel, part in zip(kept, share, strict=True) if part > 0]
    if not gaps:
        return []
    text = f"Samples are missing or cannot be read in {', '.join(gaps)}; they count as not measured."
    return [Doubt("emg", text, "Export the file again; if it stays so, samples were lost while recording.")]
