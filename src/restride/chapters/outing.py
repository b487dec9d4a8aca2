"""What a file of a watch or of power pedals is, whose legs it speaks of, and what it can answer."""

from typing import Final

import numpy as np

from restride.chapters.watch.records import duration
from restride.findings import balance
from restride.signals.recording import Recording

# signals of records: a mean over a second or more, never one stride of one leg
KINDS: Final = (
    *("speed", "distance", "altitude", "turn_rate", "heart_rate", "power", "cadence", "step_rate"),
    *("contact_time", "contact_left_share", "vertical_oscillation", "vertical_ratio", "step_length"),
    *("left_share", "torque_effectiveness", "pedal_smoothness", "platform_centre_offset"),
    *("power_phase", "power_phase_peak", "developer_fields", "device_acceleration", "device_angular_velocity"),
)
SIDED: Final = ("torque_effectiveness", "pedal_smoothness", "platform_centre_offset", "power_phase", "power_phase_peak")
# what each signal answers, in the order of telling
_ANSWERS: Final = {
    "torque_effectiveness": "how much of the push on the measured pedals drives the crank",
    "pedal_smoothness": "how evenly the measured pedals are pushed through the turn",
    "power_phase": "where in the turn each leg pushes",
    "power": "how hard the work was, minute by minute",
    "cadence": "how fast the crank turned",
    "step_rate": "how many steps both feet together took",
    "contact_time": "how long a foot stayed on the ground, mean of both",
    "vertical_oscillation": "how high the trunk rose and fell",
}


def is_outing(recording: Recording) -> bool:
    """Whether a recording holds nothing but signals of a watch or of power pedals."""
    return bool(recording.signals) and set(recording.signals) <= set(KINDS)


def outing(recording: Recording) -> dict[str, object]:
    """Facts in plain words about an outing, ready for JSON; empty if the recording is none.

    Parameters
    ----------
    recording : Recording

    Returns
    -------
    dict
        ``what`` (text), ``sides``, ``balance``, ``missing``, ``can_answer`` and
        ``cannot_answer`` (texts), ``balance_rows`` (all rows of ``findings.balance``).
    """
    if not is_outing(recording):
        return {}
    rows = balance(recording)
    told = [row.sentence for row in rows if not row.part and row.split in ("whole outing", "minutes")]
    return {
        "what": _what(recording),
        "sides": _sides(recording),
        "balance": told,
        "missing": _missing(recording),
        "can_answer": _can(recording, named=any(row.of == "left leg" for row in rows), shared=bool(rows)),
        "cannot_answer": _cannot(recording, shared=bool(rows)),
        "balance_rows": [row.row() for row in rows],
    }


def outing_words(found: dict[str, object]) -> list[str]:
    """The same as lines for a person."""
    if not found:
        return []
    lines = [str(found["what"])]
    titles = {
        "sides": "Whose leg",
        "balance": "Balance",
        "missing": "Missing",
        "can_answer": "This file can answer",
        "cannot_answer": "This file cannot answer",
    }
    for key, title in titles.items():
        texts = found[key]
        if isinstance(texts, list) and texts:
            lines.append(f"{title}:")
            lines += [f"    {text}" for text in texts]
    return lines


def _what(recording: Recording) -> str:
    times = [array["time"].values for array in recording.signals.values()]
    span_s = max(float(t[-1]) for t in times) - min(float(t[0]) for t in times)
    formats = ", ".join(dict.fromkeys(s.format for s in recording.sources)) or "An outing"
    devices = "; ".join(dict.fromkeys(s.device for s in recording.sources if s.device)) or "not stated"
    records = max(t.size for t in times)
    return (
        f"{formats}: {records} records over {duration(span_s)}, counted from the first. Devices: {devices}. "
        "The place is in the file but is not kept."
    )


def _sides(recording: Recording) -> list[str]:
    """Which signals tell the legs apart, and how that is known."""
    texts: list[str] = []
    if "left_share" in recording:
        share = recording["left_share"]
        there = np.isfinite(share.values)
        known = int((there & share["side_known"].values).sum())
        if known == there.sum():
            texts.append("share of power: the left leg's; side known in every record, from its flag or take.yaml")
        elif known == 0:
            texts.append("share of power: of one leg, and the file does not say which")
        else:
            texts.append(f"share of power: side known in {known} of {int(there.sum())} records; only those count")
    if "contact_left_share" in recording:
        texts.append("share of contact time: taken as the left leg's, as watches show it; the file does not say")
    for kind in SIDED:
        if kind in recording:
            seen = [s for s in ("left", "right") if np.isfinite(recording[kind].sel(side=s).values).any()]
            texts.append(f"{kind.replace('_', ' ')}: {' and '.join(seen)}, from the names of the fields")
    return texts or ["no signal of this file tells the legs apart"]


def _missing(recording: Recording) -> list[str]:
    texts: list[str] = []
    riding = "cadence" in recording or any(kind in recording for kind in ("left_share", *SIDED))
    if riding and "power" not in recording:
        texts.append("power")
    if riding and "left_share" not in recording:
        texts.append("a share of power for each leg (it takes pedals or a crank that measure both)")
    if "step_rate" in recording and "contact_time" not in recording:
        texts.append("contact time (it takes a sensor at the chest or the waist, or on the shoe)")
    if "step_rate" in recording and "contact_left_share" not in recording:
        texts.append("the share of contact time (it takes a sensor at the chest or the waist)")
    if "turn_rate" not in recording:
        texts.append("fixes of a satellite receiver, so bends are not known")
    return texts


def _can(recording: Recording, *, named: bool, shared: bool) -> list[str]:
    quantity = "power" if "left_share" in recording else "contact time"
    parts = "load, speed, grade, bends and time" if "turn_rate" in recording else "load and time"
    texts: list[str] = []
    if shared and named:
        texts.append(f"how {quantity} is shared between the legs, and how that changes with {parts}")
    elif shared:
        texts.append(f"how unevenly {quantity} is shared, and how that changes with {parts}; not which leg does more")
    return texts + [text for kind, text in _ANSWERS.items() if kind in recording]


def _cannot(recording: Recording, *, shared: bool) -> list[str]:
    texts = ["what a muscle did and when: that takes EMG", "a single stride or pedal turn: a record is a mean of some"]
    if not shared:
        return ["any difference between the legs", *texts]
    if "left_share" in recording:
        texts.append(
            "the share to better than a few percent: it holds the meter's own zero. Compare a meter with itself, "
            "never two makes"
        )
    return texts
