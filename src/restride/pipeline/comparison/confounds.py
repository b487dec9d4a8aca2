"""What differs between two recordings beside the question: stated conditions, speed, devices, electrodes."""

import dataclasses
from collections.abc import Sequence
from typing import Final

import numpy as np

from restride.chapters.watch.records import ground, in_motion, on_clock
from restride.cycles.speed import speed
from restride.findings.conditions import FACTORS, Differing, Role, difference, differing
from restride.pipeline.analysis import Analysis
from restride.signals.recording import Conditions, Doubt

# a speed from markers scatters by some percent over two strides
FEWEST_STRIDES: Final = 2
# strides a few percent shorter at one speed are no news; more of it is most often another speed
LIKE_STRIDES: Final = 0.03
SPEED: Final = "These two cannot be told from a speed effect."
DEVICE: Final = "These two cannot be told from an effect of the device."
REMEDY: Final = {
    "speed": "Record both at one speed, or compare recordings of like speed.",
    "incline": "Record both at one incline.",
    "device": "Record both with one device, worn in one place.",
    "electrodes": "Record both without moving the electrodes, and give both take.yaml the same "
    "conditions: {electrodes: ...}.",
    "contacts": "Record both with the same kind of device, or choose one source of contacts for both.",
    "stride time": "State the speed in both take.yaml: conditions: {speed_m_s: ...}.",
}


def differences_of(first: Analysis, second: Analysis, *, asked: Sequence[str] = ()) -> tuple[Differing, ...]:
    """In what two recordings differ, stated or measured.

    Parameters
    ----------
    first, second : Analysis
    asked : sequence of str
        Factors that are the question; see ``findings.conditions.differing``.

    Notes
    -----
    A speed that is not stated is the median of the device's own, or taken from the feet's markers; an incline from
    the height of an outing. Where no speed is known, strides of another length hint at one.
    """
    found = [*differing(_known(first), _known(second), asked=asked)]
    found += _devices(first, second)
    found += _contacts(first, second)
    if not any(d.factor == "speed" and d.role != "not known" for d in found):
        found += _stride_times(first, second)
    return tuple(found)


def warnings_of(found: Sequence[Differing]) -> tuple[Doubt, ...]:
    """What of it forbids to read a difference as an effect of the question.

    Parameters
    ----------
    found : sequence of Differing
    """
    out = []
    for d in found:
        if d.role == "asked":
            continue
        told = {"speed": SPEED, "incline": SPEED.replace("a speed", "an incline"), "device": DEVICE}.get(d.factor, "")
        name = FACTORS[d.factor].words if d.factor in FACTORS else d.factor  # type: ignore[index]
        message = f"{name[:1].upper()}{name[1:]}: {d.first} against {d.second}. {told}" if told else d.sentence
        remedy = REMEDY.get(d.factor, f"State the {d.factor} of both in take.yaml, or keep it the same.")
        out.append(Doubt(d.factor, message, remedy, severity="warning" if d.role == "confounds" else "note"))
    return tuple(sorted(out, key=lambda doubt: doubt.severity, reverse=True))


def speed_of(analysis: Analysis) -> float | None:
    """Speed in m/s: stated, of the device, or from the feet's markers; None where none of them tells.

    Parameters
    ----------
    analysis : Analysis
    """
    recording = analysis.recording
    if recording.conditions.speed_m_s is not None:
        return recording.conditions.speed_m_s
    if "speed" in recording:
        moving = on_clock(recording, "speed")[in_motion(recording)]
        return float(np.nanmedian(moving)) if np.isfinite(moving).any() else None
    if "markers" in recording and analysis.cycles["kept"].any():
        strides = speed(recording["markers"], analysis.cycles)
        strides = strides[np.isfinite(strides)]
        return float(np.median(strides)) if strides.size >= FEWEST_STRIDES else None
    return None


def _known(analysis: Analysis) -> Conditions:
    """The stated conditions, with the speed and incline that the recording itself tells."""
    stated = analysis.recording.conditions
    found = speed_of(analysis)
    incline = stated.incline_percent
    if incline is None and "altitude" in analysis.recording:
        slope = ground(analysis.recording)[in_motion(analysis.recording)]
        incline = round(100 * float(np.nanmean(slope)), 1) if np.isfinite(slope).any() else None
    return dataclasses.replace(stated, speed_m_s=None if found is None else round(found, 2), incline_percent=incline)


def _devices(first: Analysis, second: Analysis) -> list[Differing]:
    """Recorders that only one of the two has; formats of files where no recorder is named."""
    named = [{(d.name, d.mark) for s in a.recording.sources for d in s.devices} for a in (first, second)]
    names = [sorted({s.device for s in a.recording.sources if s.device}) for a in (first, second)]
    formats = [sorted({s.format for s in a.recording.sources}) for a in (first, second)]
    if all(named):
        apart = named[0] != named[1]
        own = [named[0] - named[1], named[1] - named[0]]
        words = [", ".join(sorted(f"{n}, unit {m}" if m else n for n, m in device)) or "without it" for device in own]
    elif all(names):
        apart, words = names[0] != names[1], [", ".join(n) for n in names]
    else:
        apart, words = formats[0] != formats[1], ["files of " + ", ".join(f) for f in formats]
    return [difference("device", words[0], words[1], role="confounds")] if apart else []


def _contacts(first: Analysis, second: Analysis) -> list[Differing]:
    """Contacts found in two ways differ by some hundredths of a second of themselves."""
    words = [a.method.get("events", "") if a.cycles["kept"].any() else "" for a in (first, second)]
    if not all(words) or words[0] == words[1]:
        return []
    return [difference("contacts", words[0], words[1], role="confounds")]


def _stride_times(first: Analysis, second: Analysis) -> list[Differing]:
    medians = []
    for analysis in (first, second):
        kept = analysis.cycles[analysis.cycles["kept"]]
        medians.append(float((kept["end_s"] - kept["start_s"]).median()) if len(kept) else np.nan)
    if not np.isfinite(medians).all() or abs(medians[0] - medians[1]) <= LIKE_STRIDES * max(medians):
        return []
    role: Role = "confounds"
    return [difference("stride time", *(f"{m:.2f} s" for m in medians), role=role)]
