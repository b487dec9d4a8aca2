"""What the signals of a laboratory, a video or a force plate can and cannot answer, in words."""

from collections.abc import Set

from restride.signals.landmarks import landmark
from restride.signals.recording import Recording
from restride.signals.schema import SIDES
from restride.signals.vocabulary import side_of


def answers(recording: Recording, *, unusable: Set[str] = frozenset()) -> dict[str, list[str]]:
    """Facts in plain words, ready for JSON; empty of watches, pedals and worn sensors, which tell their own.

    Parameters
    ----------
    recording : Recording
    unusable : set of str
        EMG channels that say nothing: unplugged, saturated.

    Returns
    -------
    dict
        ``can_answer`` and ``cannot_answer`` (texts).
    """
    can: list[str] = []
    cannot: list[str] = []
    for able, unable in (
        _motion(recording),
        _force(recording),
        _muscles(recording, unusable),
        _video(recording),
    ):
        can += able
        cannot += unable
    if not can and not cannot:
        return {}
    if "emg" not in recording:
        cannot.append("what a muscle did and when: that takes EMG")
    return {"can_answer": can, "cannot_answer": list(dict.fromkeys(cannot))}


def answer_words(found: dict[str, list[str]]) -> list[str]:
    """The facts of ``answers`` as lines for a person."""
    return [
        f"{key.replace('_', ' ')}: {text}" for key in ("can_answer", "cannot_answer") for text in found.get(key, ())
    ]


def _motion(recording: Recording) -> tuple[list[str], list[str]]:
    if "markers" in recording:
        feet = _sides_of_feet(recording)
        if len(feet) == len(SIDES):
            return ["joint angles of both legs, and when each foot is down"], []
        if feet:
            missing = next(side for side in SIDES if side not in feet)
            return [f"angles and contacts of the {feet[0]} leg"], [f"anything of the {missing} foot: it has no marker"]
        return ["where the labelled markers go"], ["when a foot is down: no marker of a foot is known by its label"]
    if "angles" in recording:
        names = [str(name) for name in recording["angles"]["coordinate"].values]
        sides = [side for side in SIDES if any(side_of(name) == side for name in names)]
        return [f"joint angles as they stand in the file, {' and '.join(sides) or 'without a side'}"], []
    return [], []


def _sides_of_feet(recording: Recording) -> list[str]:
    known = [landmark(str(label)) for label in recording["markers"]["marker"].values]
    worn = {mark.side for mark in known if mark is not None and mark.segment in ("calcn", "toes")}
    return [side for side in SIDES if side in worn]


def _force(recording: Recording) -> tuple[list[str], list[str]]:
    plates = "plate_grf" in recording or "grf" in recording
    moves = "markers" in recording or "angles" in recording
    if plates and moves:
        return [
            "joint moments, and what the movement required of each muscle, where a foot lands wholly on a plate"
        ], []
    if plates:
        return ["force, contact and flight, and how the person sways over the plate"], ["joint angles and moments"]
    if moves:
        text = "joint moments in walking: both feet share the ground, and no plate measured their parts"
        return [], [text]
    return [], []


def _muscles(recording: Recording, unusable: Set[str]) -> tuple[list[str], list[str]]:
    if "emg" not in recording:
        return [], []
    emg = recording["emg"]
    names = zip(map(str, emg["channel"].values), map(str, emg["site"].values), strict=True)
    usable = [(side_of(channel) if site else None) for channel, site in names if channel not in unusable]
    counts = {side: usable.count(side) for side in SIDES}
    can = [f"when {_muscles_of(n, side)} fire, and how strongly" for side, n in counts.items() if n]
    cannot = [f"EMG of the {side} leg: no usable channel is sorted to it" for side, n in counts.items() if not n]
    if unsorted := usable.count(None):
        which = "one usable channel belongs" if unsorted == 1 else f"{unsorted} usable channels belong"
        cannot.append(f"which muscle {which} to: name it in take.yaml under channels")
    tells = {"markers", "angles", "grf", "plate_grf", "keypoints"} & set(recording.signals)
    if not tells and not _foot_sensor(recording) and recording.events.empty:
        cannot.append(
            "where in the stride a muscle works, because nothing here says when a foot is down; add force, foot "
            "markers or sensors on the feet, or state events in take.yaml"
        )
    return can, cannot


def _foot_sensor(recording: Recording) -> bool:
    acc = recording.signals.get("acc")
    return acc is not None and "segment" in acc.coords and "foot" in acc["segment"].values


def _muscles_of(n: int, side: str) -> str:
    return f"{n} muscle{'' if n == 1 else 's'} of the {side} leg"


def _video(recording: Recording) -> tuple[list[str], list[str]]:
    if "keypoints" not in recording:
        return [], []
    return (
        ["cadence and contact to a frame, and angles in the plane of the picture, where the joints were seen"],
        ["anything across the plane of the picture, and forces"],
    )
