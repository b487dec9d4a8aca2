"""Where the strides of a recording come from: the best source of contacts that it has."""

from collections.abc import Callable
from typing import Final

import pandas as pd

from restride import cycles, emg, imu, video
from restride.chapters.video import doubts_of as video_doubts
from restride.cycles.events import Source
from restride.errors import CycleError, RestrideError, UnitsError
from restride.pipeline.angle_events import events_from_angles
from restride.signals.recording import STANDING, Doubt, Recording
from restride.signals.schema import SIDES

Strided = tuple[Recording, pd.DataFrame]


def with_strides(recording: Recording, *, source: Source = "auto") -> Strided:
    """The recording with its initial contacts and toe-offs, and its strides.

    Parameters
    ----------
    recording : Recording
        Force sorted by foot (``cycles.assign_plates`` first).
    source : {"auto", "file", "grf", "markers"}
        ``"auto"``: what the files state, force and markers first, as ``cycles.detect`` does;
        without a whole stride from them, the first of ``FALLBACKS`` that finds one. In a test done
        standing only what the files state.

    Returns
    -------
    Recording
        Each event says its method. A source that was there and failed leaves a doubt.
    DataFrame
        As from ``cycles.segment``; empty where nothing tells contacts.
    """
    if recording.conditions.test in STANDING:
        return recording, cycles.segment(recording.events)
    if recording.conditions.pedalling or "pedal_angle" in recording:
        # a foot on a pedal makes no contact, and turns of the pedals would be cut into strides
        return recording, cycles.segment(recording.events)
    found = cycles.detect(recording, source=source)
    table = cycles.segment(found.events)
    if source != "auto" or table["kept"].any():
        return found, table
    failed: list[Doubt] = []
    for has, find in FALLBACKS:
        if not has(recording):
            continue
        try:
            other, strides = find(recording)
        except RestrideError as error:
            failed.append(Doubt("strides", f"No stride could be cut: {error}.", severity="note"))
            continue
        if strides["kept"].any():
            return other.replaced(doubts=(*other.doubts, *failed)), strides
    # of a watch or of a plate underfoot nobody expects contacts, so their absence is no doubt
    expected = any(kind in recording for kind in ("markers", "grf", "angles"))
    kept = found if expected else recording
    return kept.replaced(doubts=(*kept.doubts, *failed)), table


def _worn_on_feet(recording: Recording) -> bool:
    acc = recording.signals.get("acc")
    if acc is None or "gyr" not in recording or not {"segment", "side"} <= set(acc.coords):
        return False
    pairs = zip(acc["segment"].values, acc["side"].values, strict=True)
    return any(segment == "foot" and side in SIDES for segment, side in pairs)


def _from_feet(recording: Recording) -> Strided:
    found = imu.feet(recording["acc"], recording["gyr"])
    moved = {"foot_pitch": found.foot_pitch, "foot_lift": found.foot_lift}
    table = cycles.segment(found.events)
    table = cycles.rejected(table, imu.reasons(table, found.strides))
    doubts = (*recording.doubts, *found.doubts)
    return recording.replaced(signals=moved, events=found.events, doubts=doubts), table


def _from_angles(recording: Recording) -> Strided:
    events = events_from_angles(recording)
    return recording.replaced(events=events), cycles.segment(events)


def from_video(recording: Recording) -> Strided:
    """The recording with events and angles of its video, and its strides.

    Parameters
    ----------
    recording : Recording
        With ``keypoints``.

    Raises
    ------
    RestrideError
        As ``video.events`` and ``video.angles``.
    """
    keypoints = recording["keypoints"]
    events, angles = video.events(keypoints), video.angles(keypoints)
    doubts = (*recording.doubts, *video_doubts(recording))
    found = recording.replaced(signals={"angles": angles}, events=events, doubts=doubts)
    return found, cycles.segment(events)


def from_emg(recording: Recording) -> Strided:
    """The recording with initial contacts from its EMG and the doubt that comes with them, and its strides.

    Parameters
    ----------
    recording : Recording
        With ``emg``; its stated movement is believed.

    Returns
    -------
    Recording
    DataFrame
        As from ``cycles.segment``, with ``toe_off_s`` NaN throughout.

    Raises
    ------
    CycleError
        If there is no usable EMG, or its muscles do not keep the order of walking or running.
    """
    if "emg" not in recording:
        raise CycleError("expected EMG to find strides in, found none")
    try:
        signal = recording["emg"]
        quality = emg.quality(signal)
        usable = signal.sel(channel=[str(c) for c, ok in zip(quality["channel"], quality["usable"], strict=True) if ok])
        envelope = emg.envelope(emg.condition(usable))
    except UnitsError as error:
        raise CycleError(f"expected EMG that can be worked on, found another: {error}") from error
    events = cycles.events_from_emg(envelope, movement=recording.conditions.movement)
    doubt = cycles.emg_strides_doubt(events, channels=[str(c) for c in envelope["channel"].values])
    told = recording.replaced(events=events, doubts=(*recording.doubts, doubt))
    return told, cycles.segment(events, toe_off="if_any")


# whether a recording has the source, and the recording with its events and strides; the surest first
FALLBACKS: Final[tuple[tuple[Callable[[Recording], bool], Callable[[Recording], Strided]], ...]] = (
    (_worn_on_feet, _from_feet),
    (lambda recording: "angles" in recording, _from_angles),
    (lambda recording: "keypoints" in recording, from_video),
    (lambda recording: "emg" in recording, from_emg),
)
