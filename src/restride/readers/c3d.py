"""C3D files: markers, EMG, force plates, events, mass and height.

Everything is on one clock: time zero is the start of the recording, of which the file
may hold a part, so the first sample of every signal is at (first frame) / rate.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from restride.errors import ReadError, UnitsError
from restride.readers.axes import in_lab
from restride.readers.c3d_file import C3DFile, opened
from restride.readers.force_plates import Plate, Reaction, reaction
from restride.readers.sorting import is_unnamed, sorted_emg
from restride.readers.take import Take
from restride.readers.trc import unique_labels
from restride.signals.recording import EVENT_COLUMNS, Doubt, Recording, Source, Subject, no_events
from restride.signals.schema import SPACE, FloatArray, labelled
from restride.signals.units import to_si

_OUTPUT_GROUPS: Final = ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "REACTIONS")
_OUTPUT_NAME: Final = re.compile(r"(Angles?|Moment|Force|Power|GRF|Index)$|^Cent(re|er)OfMass")
_STRIKES: Final = ("foot strike", "heel strike", "initial contact", "footstrike", "hs", "fs", "ic")
_OFFS: Final = ("foot off", "toe off", "footoff", "toeoff", "to", "fo")
_PLATE_PARAMETERS: Final = ("TYPE", "CORNERS", "ORIGIN", "CHANNEL", "CAL_MATRIX")
_UPS: Final = ("+x", "-x", "+y", "-y", "+z", "-z")


def sniff(head: bytes) -> bool:
    """Whether a file begins as a C3D does: a block number and the key 80."""
    return len(head) > 1 and head[1] == 80 and 0 < head[0] < 100


def read_c3d(path: Path, take: Take) -> Recording:
    """All a C3D file says about one take, in metres and newtons and with y up.

    Raises
    ------
    ReadError
        If the file is cut off or damaged, or holds neither points nor analog channels.
    """
    file = opened(path)
    rate_hz = file.number("POINT:RATE") or 0.0
    if rate_hz <= 0 and file.points.shape[1]:
        raise ReadError("expected a frame rate in POINT:RATE, found none; export the C3D file again with its rate")
    start_s = file.first_frame / rate_hz if rate_hz > 0 else 0.0
    signals: dict[str, xr.DataArray] = {}
    doubts = _contradictions(file)
    for found, more in (
        _markers(file, rate_hz, take),
        _plates(file, start_s),
        _emg(file, start_s, take),
    ):
        signals |= found
        doubts += more
    events, more = _events(file, start_s, len(file.points) / rate_hz if rate_hz > 0 else 0.0)
    if not signals:
        raise ReadError("expected markers, force plates or EMG, found none in the C3D file; choose another file")
    source = Source("C3D", hashlib.sha256(path.read_bytes()).hexdigest(), device=_device(file))
    recording = Recording(signals, events=events, subject=_subject(file), sources=(source,), doubts=(*doubts, *more))
    return in_lab(recording, take, up=_up(file))


def _contradictions(file: C3DFile) -> list[Doubt]:
    """What the file states twice and differently; the parameters are followed."""
    if not file.contradictions:
        return []
    text = f"The C3D file contradicts itself: its header and its parameters state {'; '.join(file.contradictions)}."
    return [Doubt("file", text, "Export it again; until then times and lengths may be wrong.")]


def _markers(file: C3DFile, rate_hz: float, take: Take) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    labels = file.labels("POINT")[: file.points.shape[1]]
    outputs = _outputs(file, labels)
    chosen = [i for i, label in enumerate(labels) if label not in outputs and not np.isnan(file.points[:, i]).all()]
    if not chosen:
        return {}, []
    names, doubts = unique_labels([labels[i].rsplit(":", 1)[-1] for i in chosen])
    unit = take.marker_unit or (file.texts.get("POINT:UNITS") or ["mm"])[0]
    time_s = (file.first_frame + np.arange(len(file.points))) / rate_hz
    coords = {"time": time_s, "marker": names, "space": list(SPACE)}
    values = file.points[:, chosen] * to_si(unit)[1]
    markers = labelled(values, dims=("time", "marker", "space"), units="m", coords=coords, frame="lab", name="markers")
    subject = "".join(file.texts.get("SUBJECTS:NAMES", []))
    if subject:
        # only to tell two people apart while the files of a take are put together
        markers.attrs["person"] = hashlib.sha256(subject.encode()).hexdigest()
    return {"markers": markers}, doubts


def _outputs(file: C3DFile, labels: Sequence[str]) -> set[str]:
    """Points that are results of a model and no markers."""
    groups = {*_OUTPUT_GROUPS, *(g for g in file.texts.get("POINT:TYPE_GROUPS", []) if g != "MODELED_MARKERS")}
    named = {
        label.strip()
        for key, value in file.texts.items()
        if key.split(":")[-1].rstrip("0123456789") in groups and key.startswith("POINT:")
        for label in value
    }
    # origin and axes of a segment come as four: LFEO, LFEA, LFEL, LFEP
    have = set(labels)
    stems = {label[:-1] for label in labels if all(label[:-1] + end in have for end in "OALP")}
    axes = {label for label in labels if label[:-1] in stems and label[-1:] in "OALP"}
    return named | axes | {label for label in labels if _OUTPUT_NAME.search(label)}


def _emg(file: C3DFile, start_s: float, take: Take) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    labels = file.labels("ANALOG")
    units = [u.strip() for u in file.texts.get("ANALOG:UNITS", [])]
    told = [d.strip() for d in file.texts.get("ANALOG:DESCRIPTIONS", [])]
    rate_hz = file.number("ANALOG:RATE") or 0.0
    of_plates = {int(c) - 1 for c in file.numbers.get("FORCE_PLATFORM:CHANNEL", np.empty(0)).ravel() if c > 0}
    others = [i for i in range(min(file.analogs.shape[1], len(labels))) if i not in of_plates]
    units = (units + [""] * len(labels))[: len(labels)]
    unnamed = [labels[i] or f"channel {i + 1}" for i in others if is_unnamed(labels[i])]
    foreign = [labels[i] for i in others if not is_unnamed(labels[i]) and _quantity(units[i]) not in ("V", "")]
    chosen = [i for i in others if not is_unnamed(labels[i]) and _quantity(units[i]) in ("V", "")]
    doubts = _left_out(unnamed, foreign)
    if not chosen or not len(file.analogs):
        return {}, doubts
    if rate_hz <= 0:
        raise ReadError("expected a rate in ANALOG:RATE, found none; export the C3D file again")
    time_s = start_s + np.arange(len(file.analogs)) / rate_hz
    emg, more = sorted_emg(
        file.analogs[:, chosen],
        time_s,
        [labels[i] for i in chosen],
        units=[units[i] for i in chosen],
        take=take,
        descriptions=[told[i] if i < len(told) else "" for i in chosen],
    )
    return {"emg": emg}, doubts + list(more)


def _quantity(unit: str) -> str:
    try:
        return to_si(unit)[0] if unit else ""
    except UnitsError:
        return unit


def _left_out(unnamed: Sequence[str], foreign: Sequence[str]) -> list[Doubt]:
    doubts: list[Doubt] = []
    if unnamed:
        text = f"{len(unnamed)} analog channels have no name ({unnamed[0]} ... {unnamed[-1]}) and were left out."
        doubts.append(Doubt("emg", text, "If one of them is EMG, give it a name when exporting.", severity="note"))
    if foreign:
        text = f"The analog channels {', '.join(foreign)} are not voltages and were not read as EMG."
        doubts.append(Doubt("emg", text, "Nothing to do unless one of them is EMG.", severity="note"))
    return doubts


def _plates(file: C3DFile, start_s: float) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    reactions, doubts = file_reactions(file)
    if not reactions:
        return {}, doubts
    length = to_si((file.texts.get("POINT:UNITS") or ["mm"])[0])[1]
    rate_hz = file.number("ANALOG:RATE") or 1.0
    coords = {
        "time": start_s + np.arange(len(file.analogs)) / rate_hz,
        "plate": [str(k + 1) for k in range(len(reactions))],
        "space": list(SPACE),
    }
    stacked = {
        "plate_grf": ("N", np.stack([r.force for r in reactions], axis=1)),
        "plate_cop": ("m", np.stack([r.point for r in reactions], axis=1) * length),
        "plate_free_moment": ("N m", np.stack([r.free_moment for r in reactions], axis=1) * length),
    }
    dims = ("time", "plate", "space")
    return {
        kind: labelled(values, dims=dims, units=unit, coords=coords, frame="lab", name=kind)
        for kind, (unit, values) in stacked.items()
    }, doubts


def file_reactions(file: C3DFile) -> tuple[list[Reaction], list[Doubt]]:
    """Ground reaction of each plate in the axes of the file: N, and its unit of length (mm as a rule).

    Parameters
    ----------
    file : C3DFile

    Returns
    -------
    list of Reaction, one per plate that can be read
    list of Doubt
    """
    count = int(file.number("FORCE_PLATFORM:USED") or 0)
    reactions: list[Reaction] = []
    doubts: list[Doubt] = []
    for k in range(count if len(file.analogs) else 0):
        described = _plate(file, k, count)
        if described is None:
            text = f"Force plate {k + 1} lacks what is needed to read it (type, corners, channels); it was left out."
            doubts.append(Doubt("forces", text, "Export its forces calibrated, as type 2."))
            continue
        plate, index = described
        channels = _baselined(file, file.analogs[:, index]) * _to_file_units(file, plate.kind, index)
        found = reaction(plate, channels)
        reactions.append(found)
        if found.turned:
            text = f"Force plate {k + 1} stores the force on the plate; it was turned to the force on the foot."
            remedy = "Nothing to do if the force points up in the picture."
            doubts.append(Doubt("forces", text, remedy, severity="note"))
    return reactions, doubts


def _plate(file: C3DFile, k: int, count: int) -> tuple[Plate, npt.NDArray[np.int64]] | None:
    """One plate and the columns of its channels; None if the file does not describe it whole."""
    have = {name: file.numbers.get(f"FORCE_PLATFORM:{name}", np.empty(0)) for name in _PLATE_PARAMETERS}
    if not all(np.isfinite(numbers).all() for numbers in have.values()):
        return None
    kind = int(have["TYPE"].ravel()[k]) if have["TYPE"].size > k else 0
    width = 8 if kind == 3 else 6
    whole = have["CORNERS"].size == 12 * count and have["ORIGIN"].size == 3 * count
    if kind not in (1, 2, 3, 4) or not whole or have["CHANNEL"].size < width * count:
        return None
    index = have["CHANNEL"].reshape(-1, count)[:width, k].astype(np.int64) - 1
    corners = have["CORNERS"].reshape(3, 4, count)[:, :, k].T
    flat = np.linalg.norm(np.cross(corners[0] - corners[2], corners[1] - corners[3])) == 0
    calibrated = kind != 4 or have["CAL_MATRIX"].size == 36 * count
    if flat or not calibrated or index.min() < 0 or index.max() >= file.analogs.shape[1]:
        return None
    calibration = have["CAL_MATRIX"].reshape(6, 6, count)[:, :, k] if kind == 4 else None
    return Plate(kind, corners, have["ORIGIN"].reshape(3, count)[:, k], calibration), index


def _to_file_units(file: C3DFile, kind: int, index: npt.NDArray[np.int64]) -> FloatArray:
    """Factor per channel to newtons and the file's unit of length; 1 where the file states no other."""
    length_m = to_si((file.texts.get("POINT:UNITS") or ["mm"])[0])[1]
    wanted = {
        1: [("N", 1.0)] * 3 + [("m", length_m)] * 2 + [("N m", length_m)],
        2: [("N", 1.0)] * 3 + [("N m", length_m)] * 3,
        3: [("N", 1.0)] * 8,
        # before calibration the channels are volts, whatever their unit says
        4: [("", 1.0)] * 6,
    }[kind]
    units = file.texts.get("ANALOG:UNITS", [])
    factors = np.ones(len(index))
    for column, (i, (quantity, unit)) in enumerate(zip(index, wanted, strict=True)):
        stated = units[i].strip() if i < len(units) else ""
        if stated and _quantity(stated) == quantity:
            factors[column] = to_si(stated)[1] / unit
    return factors


def _baselined(file: C3DFile, channels: FloatArray) -> FloatArray:
    """Channels less their mean over the frames of FORCE_PLATFORM:ZERO, if it names any."""
    frames = file.numbers.get("FORCE_PLATFORM:ZERO", np.empty(0)).ravel()
    if frames.size < 2 or frames[0] < 1 or frames[1] < frames[0]:
        return channels
    each = max(1, len(file.analogs) // max(1, len(file.points)))
    quiet = channels[int(frames[0] - 1) * each : int(frames[1]) * each]
    return channels - quiet.mean(axis=0) if len(quiet) else channels


def _events(file: C3DFile, start_s: float, length_s: float) -> tuple[pd.DataFrame, list[Doubt]]:
    times = file.numbers.get("EVENT:TIMES", np.empty((2, 0)))
    labels = file.texts.get("EVENT:LABELS", [])
    sides = [c.strip().lower() for c in file.texts.get("EVENT:CONTEXTS", [])]
    rows: list[tuple[float, str, str, str]] = []
    strange: list[str] = []
    for k, label in enumerate(labels[: times.shape[-1]]):
        side, name = _event(label, sides[k] if k < len(sides) else "")
        if side and name:
            # stored as 32-bit seconds: the digits beyond are not the file's
            rows.append((round(60.0 * float(times[0, k]) + float(times[1, k]), 5), side, name, "file"))
        else:
            strange.append(f"{label.strip()} ({sides[k] if k < len(sides) else 'no side'})")
    doubts: list[Doubt] = []
    if strange:
        text = f"Some events do not say which foot or what happened and were left out: {', '.join(strange)}."
        doubts.append(
            Doubt("events", text, "Give them a side and the name Foot Strike or Foot Off, or state them in take.yaml.")
        )
    if not rows:
        return no_events(), doubts
    events = pd.DataFrame(rows, columns=list(EVENT_COLUMNS))
    early = events["time_s"] < start_s - 1e-6
    if start_s > 0 and early.all() and (events["time_s"] <= length_s + 1e-6).all():
        events = events.assign(time_s=events["time_s"] + start_s)
        text = (
            f"The events count from the first frame of the file, {start_s:.2f} s into the recording; they were moved."
        )
        doubts.append(Doubt("events", text, "Check that the contacts fall where the force rises."))
    return events, doubts


def _event(label: str, context: str) -> tuple[str, str]:
    """Side and name of an event, ``""`` where it does not say."""
    words = label.strip().lower().replace("_", " ")
    side = {"left": "left", "l": "left", "right": "right", "r": "right"}.get(context, "")
    for mark, meant in (("left ", "left"), ("right ", "right"), ("l", "left"), ("r", "right")):
        rest = words.removeprefix(mark).strip()
        if rest != words and rest in (*_STRIKES, *_OFFS):
            side, words = side or meant, rest
    name = "initial_contact" if words in _STRIKES else "toe_off" if words in _OFFS else ""
    return side, name


def _subject(file: C3DFile) -> Subject:
    mass_kg = file.number("PROCESSING:Bodymass") or file.number("PROCESSING:BODYMASS") or None
    height = file.number("PROCESSING:Height") or file.number("PROCESSING:HEIGHT") or None
    height_m = height / 1000.0 if height and height > 3.0 else height
    said = "C3D parameter"
    return Subject(
        # stored as float32: 32.1 kg comes back as 32.0999985
        None if mass_kg is None else round(mass_kg, 3),
        None if height_m is None else round(height_m, 4),
        said if mass_kg else "",
        said if height_m else "",
    )


def _up(file: C3DFile) -> str:
    """Vertical axis of the file: Y_SCREEN, or z as nearly all C3D files have it."""
    said = (file.texts.get("POINT:Y_SCREEN") or ["+z"])[0].strip().lower()
    said = said if said[:1] in "+-" else f"+{said}"
    return said if said in _UPS else "+z"


def _device(file: C3DFile) -> str:
    found = [*file.texts.get("MANUFACTURER:SOFTWARE", []), *file.texts.get("MANUFACTURER:Software", [])]
    return found[0].strip() if found else ""
