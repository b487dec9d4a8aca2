"""What body-worn sensors of a recording show, and what they can and cannot answer."""

import numpy as np
import pandas as pd

from restride import imu
from restride.chapters.chapter import Chapter
from restride.chapters.worn_feet import feet_chapter
from restride.chapters.worn_trunk import trunk_chapter
from restride.errors import RestrideError
from restride.signals.recording import Recording
from restride.signals.schema import SIDES


def chapters(recording: Recording, table: pd.DataFrame) -> list[Chapter]:  # noqa: ARG001  a teller's signature
    """What sensors on the feet and on the trunk show; empty without either.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Strides as from ``cycles.segment``; the sensors' own are told instead, which hold more.
    """
    if recording.conditions.pedalling:
        return []  # a foot on a pedal makes no stride
    return [*feet_chapter(recording), *trunk_chapter(recording)]


def worn(recording: Recording) -> dict[str, object]:
    """Facts in plain words about body-worn sensors, ready for JSON; empty if there are none.

    Parameters
    ----------
    recording : Recording

    Returns
    -------
    dict
        ``shows``, ``can_answer`` and ``cannot_answer`` (texts).
    """
    if "acc" not in recording or "segment" not in recording["acc"].coords:
        return {}
    segments = set(map(str, recording["acc"]["segment"].values)) - {""}
    if recording.conditions.pedalling:
        return _pedalling(segments)
    shows: list[str] = []
    can: list[str] = []
    cannot = ["which muscle does too much or too little: no muscle was measured"]
    if "foot" in segments and "gyr" in recording:
        shows += _feet(recording)
        can.append("contact and swing time, stride length, foot pitch, toe clearance and heel whip, for each foot")
        sides = {str(side) for side in recording["acc"]["side"].values} & set(SIDES)
        if len(sides) < 2:
            cannot.append("how the legs differ: only one foot wears a sensor")
    if segments & {"pelvis", "trunk"}:
        shows += _trunk(recording)
        can.append("steps, and how regular they are")
    if not segments:
        cannot.append("anything of a body segment: nothing says where the sensors were worn")
    return {"shows": shows, "can_answer": can, "cannot_answer": cannot}


def _pedalling(segments: set[str]) -> dict[str, object]:
    """What sensors on a bicycle answer; of a ride no stride is told."""
    on = [segment for segment in ("crank", "foot", "shank") if segment in segments]
    can = [f"turns of the pedals, from the {' and the '.join(on)}"] if on else []
    can += ["the tilt of the foot through the turn"] if "foot" in on else []
    cannot = ["how hard a leg pushes: that takes pedals or a crank that measure it"]
    if not on:
        cannot.append("turns of the pedals: that takes a sensor on the crank, the feet or the shanks")
    return {"shows": [], "can_answer": can, "cannot_answer": cannot}


def worn_words(found: dict[str, object]) -> list[str]:
    """The facts of ``worn`` as lines for a person."""
    lines: list[str] = []
    for key, head in (("shows", ""), ("can_answer", "can answer: "), ("cannot_answer", "cannot answer: ")):
        texts = found.get(key)
        lines += [f"{head}{text}" for text in texts] if isinstance(texts, list) else []
    return lines


def _feet(recording: Recording) -> list[str]:
    try:
        strides = imu.feet(recording["acc"], recording["gyr"]).strides
    except RestrideError as error:
        return [f"foot sensors: no strides; {error}"]
    return [_one_foot(side, strides[strides["side"] == side]) for side in SIDES if (strides["side"] == side).any()]


def _one_foot(side: str, strides: pd.DataFrame) -> str:
    kept = strides[strides["kept"]]
    if kept.empty:
        return f"{side} foot: {len(strides)} swings, none to be kept"
    usual = kept[["stride_length_m", "stride_s", "contact_s", "pitch_contact_rad"]].median()
    return (
        f"{side} foot: {len(kept)} strides kept of {len(strides)} swings; median stride "
        f"{usual['stride_length_m']:.2f} m in {usual['stride_s']:.2f} s, contact {1e3 * usual['contact_s']:.0f} ms, "
        f"foot at contact {np.rad2deg(usual['pitch_contact_rad']):+.0f} degrees (toes up +)"
    )


def _trunk(recording: Recording) -> list[str]:
    """Steps of the trunk, as of a runner or a walker: as take.yaml says, else as the signal shows."""
    told = [f"trunk sensor: {chapter.sentences[0]}" for chapter in trunk_chapter(recording)]
    return told or ["trunk sensor: no steps; neither steady walking nor running was found"]
