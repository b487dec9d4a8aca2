"""Files of one take into one recording: one signal per kind, on one clock, in one frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import ReadError
from restride.readers import one_clock
from restride.readers.opensim_tables import KNEES
from restride.readers.swapping import with_sides_swapped
from restride.readers.take import Take
from restride.signals.frames import facing_forward, side_doubts, turned_to_its_front
from restride.signals.landmarks import landmark
from restride.signals.recording import Doubt, Recording, Subject, no_events
from restride.signals.schema import FloatArray

# a marker of a standing person stays within this; one of a walking person does not
STILL_M: Final = 0.05
# two recordings of one person agree better than this in their distances between markers
ANOTHER_PERSON: Final = 0.10
# a stated mass or height that differs by more is another person's
SAME_MASS: Final = 0.08
SAME_HEIGHT: Final = 0.03

_PLATES: Final = ("plate_grf", "plate_cop", "plate_moment", "plate_free_moment")

_PLAIN_NAMES: Final = {
    "emg": "EMG",
    "markers": "markers",
    "grf": "forces of the feet",
    "plate_grf": "forces of the plates",
    "vertical_force": "vertical force",
    "angles": "joint angles",
    "moments": "joint moments",
    "speed": "speed of a watch",
    "power": "power",
}


# what the records of a watch or of power pedals hold, and nothing else does
_OUTING: Final = ("speed", "distance", "altitude", "heart_rate", "power", "cadence", "step_rate", "left_share")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a take: its name without folder, and what it holds."""

    name: str
    recording: Recording


def merged(parts: Sequence[Part], take: Take, *, doubts: tuple[Doubt, ...] = ()) -> Recording:
    """One recording from the files of a take.

    Parameters
    ----------
    parts : sequence of Part
    take : Take
        Names the static trial; its subject, conditions and events go before the files'.
    doubts : tuple of Doubt
        What is already known to be doubtful.

    Notes
    -----
    Where two files hold one kind of signal, raw EMG goes before processed, and otherwise
    the first file; EMG of the same times and other channels is joined. A marker file
    whose markers hardly move is the static trial, unless it is the only one.
    """
    static, moving, found = _parted(parts, take)
    moving, second = _one_outing(moving)
    worn = one_clock.joined([part.recording for part in moving], take)
    moving = [Part(part.name, recording) for part, recording in zip(moving, worn, strict=True)]
    signals, more = _signals(moving)
    signals = _with_stated_feet(signals, take)
    gathered = [*doubts, *more, *found, *second]
    if static is not None:
        signals["static_markers"] = static.recording["markers"].rename("static_markers")
        gathered += [d for d in _with_source(static) if d.about not in ("emg", "forces", "events")]
    subject = _subject(moving, static, take)
    for array in signals.values():
        array.attrs.pop("person", None)
    recording = Recording(
        signals,
        events=_events(moving, take),
        subject=subject,
        conditions=take.conditions,
        sources=tuple(s for part in (*moving, *([static] if static else [])) for s in part.recording.sources),
        doubts=tuple(dict.fromkeys(gathered)),
        synthetic=take.synthetic,
        laps=next((part.recording.laps for part in moving if part.recording.laps), ()),
    )
    recording = with_sides_swapped(recording, take.sides_swapped)
    recording = turned_to_its_front(recording, "static_markers")
    recording = recording if take.axes is not None else facing_forward(recording)
    return recording.replaced(doubts=(*recording.doubts, *_clock_doubts(recording), *side_doubts(recording)))


def _one_outing(parts: Sequence[Part]) -> tuple[list[Part], list[Doubt]]:
    """The parts with one file of a watch at most: each counts its times from its own start."""
    of_watches = [part for part in parts if any(kind in part.recording for kind in _OUTING)]
    doubts = [
        Doubt(
            "clock",
            f"{part.name} is of another device or outing, with a clock of its own; it was left out.",
            "Read each file of a watch or of power pedals by itself.",
        )
        for part in of_watches[1:]
    ]
    return [part for part in parts if part not in of_watches[1:]], doubts


def _with_source(part: Part) -> list[Doubt]:
    sha = part.recording.sources[0].sha256 if part.recording.sources else ""
    return [Doubt(d.about, d.message, d.remedy, d.source or sha, d.severity) for d in part.recording.doubts]


def _parted(parts: Sequence[Part], take: Take) -> tuple[Part | None, list[Part], list[Doubt]]:
    """The static trial if there is one, the other files, and why a static trial was refused."""
    with_markers = [part for part in parts if "markers" in part.recording]
    static = next((part for part in parts if part.name == take.static), None)
    if static is None and len(with_markers) > 1:
        still = [part for part in with_markers if is_still(part.recording["markers"])]
        static = still[0] if len(still) < len(with_markers) and still else None
    if static is None or "markers" not in static.recording:
        return None, list(parts), []
    others = [part for part in parts if part is not static]
    reason = next((r for part in others if (r := _other_person(static.recording, part.recording))), "")
    if not reason:
        return static, others, []
    text = f"The static trial ({static.name}) was not used, because it is of another person: {reason}."
    return None, others, [Doubt("static", text, "Give the static trial of the person recorded.")]


def is_still(markers: xr.DataArray) -> bool:
    """Whether half of the markers or more stay where they are."""
    values = markers.values
    with np.errstate(all="ignore"):
        seen = values[:, ~np.isnan(values).all(axis=(0, 2))]
        span = np.nanpercentile(seen, 95, axis=0) - np.nanpercentile(seen, 5, axis=0)
    return bool(np.nanmedian(np.linalg.norm(span, axis=1)) < STILL_M)


def _other_person(static: Recording, moving: Recording) -> str:
    """Why two recordings are of two people; empty if nothing says so."""
    reasons: list[str] = []
    persons = [r["markers"].attrs.get("person") for r in (static, moving) if "markers" in r]
    if len(persons) == 2 and None not in persons and persons[0] != persons[1]:
        reasons.append("the files name two people")
    mass, other_mass = static.subject.mass_kg, moving.subject.mass_kg
    if mass and other_mass and abs(mass / other_mass - 1) > SAME_MASS:
        reasons.append(f"{mass:.1f} kg against {other_mass:.1f} kg")
    height, other_height = static.subject.height_m, moving.subject.height_m
    if height and other_height and abs(height / other_height - 1) > SAME_HEIGHT:
        reasons.append(f"{height:.2f} m against {other_height:.2f} m")
    if not reasons and "markers" in moving:
        ratio = _size_ratio(static["markers"], moving["markers"])
        if abs(ratio - 1) > ANOTHER_PERSON:
            reasons.append(f"distances between its markers are {100 * (ratio - 1):+.0f} %")
    return ", ".join(reasons)


def _size_ratio(static: xr.DataArray, moving: xr.DataArray) -> float:
    """Median ratio of distances between markers of one segment; 1 if none is in both."""
    labels = [str(m) for m in static["marker"].values if m in moving["marker"].values]
    where = [(found.segment, found.side) if (found := landmark(label)) else None for label in labels]
    ratios: list[float] = []
    for i, one in enumerate(labels):
        for j in range(i + 1, len(labels)):
            if where[i] is not None and where[i] == where[j]:
                still, walked = (_distance(markers, one, labels[j]) for markers in (static, moving))
                ratios.append(still / walked if walked > 0 else np.nan)
    return float(np.nanmedian(ratios)) if np.isfinite(ratios).any() else 1.0


def _distance(markers: xr.DataArray, one: str, other: str) -> float:
    apart = (markers.sel(marker=one) - markers.sel(marker=other)).values
    lengths = np.linalg.norm(apart, axis=1)
    return float(np.nanmedian(lengths)) if np.isfinite(lengths).any() else np.nan


def _signals(parts: Sequence[Part]) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """One array per kind, with the doubts about what was taken and about what was not."""
    signals: dict[str, xr.DataArray] = {}
    doubts: list[Doubt] = []
    for part in sorted(parts, key=_later):
        spare = {kind for kind in part.recording.signals if kind in signals}
        emg = _joined(signals["emg"], part.recording["emg"], along="channel") if "emg" in spare else None
        joined = ({"emg": emg} if emg is not None else {}) | _more_plates(signals, part.recording)
        new = {kind: array for kind, array in part.recording.signals.items() if kind not in spare}
        signals |= new | joined
        unused = spare - set(joined)
        # of a file of which nothing was taken only that is worth a word
        if new or joined or not part.recording.signals:
            doubts += [d for d in _with_source(part) if not _concerns(d, part.recording, unused)]
        for kind in sorted(unused & set(_PLAIN_NAMES)):
            text = f"Two files hold {_PLAIN_NAMES[kind]}; those of {part.name} were left out."
            doubts.append(Doubt(kind, text, "Give the files of one take only, or list them in take.yaml under files."))
    if "angles" in signals and "moments" in signals and signals["angles"].attrs.get("knees") == "turned":
        moments = signals["moments"]
        sign = np.where(moments["coordinate"].isin(list(KNEES)).values, -1.0, 1.0)
        signals["moments"] = moments.copy(data=moments.values * sign)
        text = "Knee moments were turned with the knee angles: flexion is positive."
        doubts.append(Doubt("moments", text, severity="note"))
    return signals, doubts


def _with_stated_feet(signals: dict[str, xr.DataArray], take: Take) -> dict[str, xr.DataArray]:
    """With the coordinate ``side`` along the plates, where take.yaml says which foot stepped on which."""
    stated = take.forces.plates
    if not stated:
        return signals
    there = [str(p) for p in signals["plate_grf"]["plate"].values] if "plate_grf" in signals else []
    # a plate that nobody stepped on may have been left out
    if not there or not set(there) <= set(stated):
        raise ReadError(
            f"expected the plates {', '.join(there) or '(none was read)'} under forces: plates in take.yaml, found "
            f"{', '.join(stated)}; state the foot of each"
        )
    sides = ("plate", [stated[name] for name in there])
    return signals | {"plate_grf": signals["plate_grf"].assign_coords(side=sides)}


def _concerns(doubt: Doubt, recording: Recording, unused: set[str]) -> bool:
    """Whether a doubt is about a signal that was not taken."""
    labels = {str(label) for label in recording["emg"]["label"].values} if "emg" in unused else set()
    return doubt.about in unused or doubt.about in labels


def _later(part: Part) -> tuple[bool, bool]:
    """Processed EMG comes after raw, and EMG alone after EMG on the clock of the markers."""
    processed = "emg" in part.recording and "processed" in part.recording["emg"].attrs
    return processed, "markers" not in part.recording


def _joined(one: xr.DataArray, other: xr.DataArray, *, along: str) -> xr.DataArray | None:
    """Channels or plates of two files side by side, if they share times and unit and none has one name."""
    same = one.sizes["time"] == other.sizes["time"] and np.allclose(one["time"].values, other["time"].values)
    apart = not set(one[along].values) & set(other[along].values)
    if not (same and apart and one.attrs == other.attrs):
        return None
    joined = xr.concat([one, other.assign_coords(time=one["time"].values)], dim=along)
    joined.attrs = dict(one.attrs)
    return joined


def _more_plates(signals: Mapping[str, xr.DataArray], part: Recording) -> dict[str, xr.DataArray]:
    """The plates of one more file beside those there are, if both files hold the same of each."""
    kinds = [kind for kind in _PLATES if kind in part]
    if not kinds or kinds != [kind for kind in _PLATES if kind in signals]:
        return {}
    joined = {kind: _joined(signals[kind], part[kind], along="plate") for kind in kinds}
    whole = {kind: array for kind, array in joined.items() if array is not None}
    return whole if len(whole) == len(kinds) else {}


def _subject(moving: Sequence[Part], static: Part | None, take: Take) -> Subject:
    found = take.subject
    for part in (*moving, *([static] if static else [])):
        said = part.recording.subject
        mass = (found.mass_kg, found.mass_source) if found.mass_kg else (said.mass_kg, said.mass_source)
        height = (found.height_m, found.height_source) if found.height_m else (said.height_m, said.height_source)
        found = Subject(mass[0], height[0], mass[1], height[1])
    return found


def _events(moving: Sequence[Part], take: Take) -> pd.DataFrame:
    tables = [take.stated_events()] if take.events else [part.recording.events for part in moving]
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else no_events()


def _clock_doubts(recording: Recording) -> list[Doubt]:
    """Signals that share no time with the markers, or with the forces where there are none."""
    base = next((k for k in ("markers", "angles", "grf", "plate_grf", "emg") if k in recording), None)
    doubts: list[Doubt] = []
    for kind, name in _PLAIN_NAMES.items():
        if base is None or kind == base or kind not in recording:
            continue
        first, last = _span(recording[base])
        begin, end = _span(recording[kind])
        if min(last, end) - max(first, begin) <= 0.25 * min(last - first, end - begin):
            text = (
                f"The {name} run from {begin:.2f} to {end:.2f} s and the {_PLAIN_NAMES[base]} from {first:.2f} "
                f"to {last:.2f} s: they hardly share a time."
            )
            doubts.append(Doubt("clock", text, "State the clock in take.yaml, for instance emg: {starts_at_s: ...}."))
    return doubts


def _span(array: xr.DataArray) -> tuple[float, float]:
    time_s: FloatArray = array["time"].values
    return (float(time_s[0]), float(time_s[-1])) if time_s.size else (0.0, 0.0)
