"""OpenSim's .mot and .sto tables, also saved as CSV: ground force, joint angles, joint moments, EMG.

What a table holds is read from its column names, whatever the file is called.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.errors import ReadError
from restride.readers.axes import in_lab
from restride.readers.sorting import sort, sorted_emg
from restride.readers.take import Take
from restride.readers.text_rows import numbers_in
from restride.signals.recording import Doubt, Recording, Source
from restride.signals.schema import SIDES, SPACE, FloatArray, labelled
from restride.signals.vocabulary import LEG_COORDINATES, PELVIS_COORDINATES, both_sides

ANGLES: Final = (
    *PELVIS_COORDINATES,
    *(name for coordinate in LEG_COORDINATES for name in both_sides(coordinate)),
    "lumbar_extension",
    "lumbar_bending",
    "lumbar_rotation",
)
ROOT: Final = ("pelvis_tx", "pelvis_ty", "pelvis_tz")
KNEES: Final = ("knee_angle_l", "knee_angle_r")

# below this a point of application is the ratio of two noises
LEAST_FORCE_N: Final = 10.0
# in radians a walking knee moves by about 1; in degrees nobody's moves by as little as 3
LEAST_WALKING_KNEE_DEG: Final = 3.5
MOST_RAD: Final = 2 * np.pi
# a knee that bends beyond this the wrong way is counted the other way round
MOST_EXTENSION_RAD: Final = 0.35

# ground_force_r_vx, R_ground_force_vx, 1_ground_force_px, ground_torque_l_x, ...
_FORCE_COLUMN: Final = re.compile(
    r"(?i)^(?P<before>[a-z0-9]+_)?ground_(?P<what>force|torque|moment)_(?:(?P<within>[a-z0-9]+)_)?(?P<kind>[vpm])?(?P<axis>[xyz])$"
)
_SIDE: Final[Mapping[str, str]] = {"r": "right", "right": "right", "l": "left", "left": "left"}


def sniff(head: bytes) -> bool:
    """Whether a file begins with the header that ends in ``endheader``."""
    text = head.decode("utf-8", errors="replace").lower()
    return "endheader" in text or re.search(r"^(datacolumns|ncolumns)\b", text, re.MULTILINE) is not None


def read_table(path: Path, take: Take) -> Recording:
    """What an OpenSim table holds: ground force, angles and root, moments, or EMG.

    Raises
    ------
    ReadError
        If the header does not end, no whole row follows, or no column is one restride
        uses (muscle forces of another program, for instance).
    """
    header, table, doubts = _table(path)
    time_s = table.pop("time").to_numpy(dtype=np.float64)
    table.columns = pd.Index([_short(str(c)) for c in table.columns])
    readers = (_forces, _kinematics, _moments)
    signals: dict[str, xr.DataArray] = {}
    for read in readers:
        found, more = read(table, time_s, header)
        signals |= found
        doubts += more
    if not signals:
        signals, more = _emg(table, time_s, take)
        doubts += more
    if not signals:
        shown = ", ".join(map(str, table.columns[:4]))
        raise ReadError(
            f"expected ground force, joint angles, joint moments or EMG, found {shown}, ...; leave this file out"
        )
    source = Source("OpenSim table", hashlib.sha256(path.read_bytes()).hexdigest())
    return in_lab(Recording(signals, sources=(source,), doubts=tuple(doubts)), take, up="+y")


def _table(path: Path) -> tuple[str, pd.DataFrame, list[Doubt]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    head, found, body = (*re.split(r"(?im)^(\s*endheader[^\n]*\n?)", text, maxsplit=1), "", "")[:3]
    names_line, _, rows = body.lstrip().partition("\n")
    # saved by a spreadsheet the same table has commas, in its header too
    separator = "," if "," in names_line else None
    names = [name.strip() for name in names_line.rstrip(", \r").split(separator)]
    if not found or not rows.strip():
        raise ReadError("expected 'endheader', a line of names and rows of numbers, found less; export the table again")
    if names[0].lower() != "time":
        raise ReadError(f"expected the first column to be 'time', found {names[0]!r}; export the table again")
    values, cut = numbers_in(rows, len(names), separator=separator)
    numbers = pd.DataFrame(values, columns=["time", *names[1:]])
    numbers = numbers.loc[:, ~numbers.columns.duplicated()]
    doubts: list[Doubt] = []
    stated = re.search(r"(?im)^\s*(?:datarows|nrows)\s*=?\s*(\d+)", head)
    if not cut and stated and len(numbers) < int(stated[1]) and not body.endswith("\n"):
        # cut off in its last number, which now reads as a smaller one
        numbers, cut = numbers.iloc[:-1], True
    if numbers.empty:
        raise ReadError("expected at least one whole row of numbers, found none; the table is cut off: export it again")
    if cut:
        text = f"The table ends in the middle of a row; {len(numbers)} whole rows were read."
        doubts.append(Doubt("table", text, "Copy or export the file again."))
    elif stated and int(stated[1]) != len(numbers):
        text = f"The header of the table speaks of {stated[1]} rows, {len(numbers)} are there; those were read."
        doubts.append(Doubt("table", text, "Copy or export the file again if rows are missing.", severity="note"))
    return head, numbers, doubts


def _short(column: str) -> str:
    """``/jointset/hip_r/hip_flexion_r/value`` as ``hip_flexion_r``."""
    parts = column.strip("/").split("/")
    return parts[-2] if len(parts) > 1 and parts[-1] == "value" else column


def _forces(table: pd.DataFrame, time_s: FloatArray, _header: str) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    columns: dict[tuple[str, str, int], str] = {}
    for column in table.columns:
        match = _FORCE_COLUMN.match(str(column))
        if match:
            plate = (match["within"] or (match["before"] or "").rstrip("_")).lower()
            what = (
                "torque"
                if match["what"].lower() != "force" or match["kind"] in ("m", "M")
                else str(match["kind"]).lower()
            )
            columns[_SIDE.get(plate, plate), what, "xyz".index(match["axis"].lower())] = str(column)
    plates = list(dict.fromkeys(plate for plate, _, _ in columns))
    if not plates:
        return {}, []
    sided = set(plates) <= set(SIDES)
    names = list(SIDES) if sided else plates
    arrays = {what: _vectors(table, columns, names, what) for what in ("v", "p", "torque")}
    loaded = np.abs(np.nan_to_num(arrays["v"][:, :, 1])) >= LEAST_FORCE_N
    arrays["p"][~loaded] = np.nan
    dim, prefix = ("side", "") if sided else ("plate", "plate_")
    labels = names if sided else [str(k + 1) for k in range(len(names))]
    coords = {"time": time_s, dim: labels, "space": list(SPACE)}
    units = {"v": ("grf", "N"), "p": ("cop", "m"), "torque": ("free_moment", "N m")}
    signals = {
        prefix + kind: labelled(arrays[what], dims=("time", dim, "space"), units=unit, coords=coords, frame="lab")
        for what, (kind, unit) in units.items()
    }
    return signals, _force_doubts(plates, sided=sided)


def _vectors(
    table: pd.DataFrame, columns: Mapping[tuple[str, str, int], str], names: Sequence[str], what: str
) -> FloatArray:
    """Vectors of shape (time, side or plate, space); NaN where there is no column."""
    values = np.full((len(table), len(names), 3), np.nan)
    for i, name in enumerate(names):
        for axis in range(3):
            if (name, what, axis) in columns:
                values[:, i, axis] = table[columns[name, what, axis]].to_numpy()
    return values


def _force_doubts(plates: Sequence[str], *, sided: bool) -> list[Doubt]:
    if not sided:
        text = f"The {len(plates)} forces of the table do not say which foot is on them; the place of the feet decides."
        return [Doubt("forces", text, "Name the columns ground_force_r_vx and ground_force_l_vx to be sure.")]
    missing = [side for side in SIDES if side not in plates]
    return [
        Doubt("forces", f"There is no force of the {side} foot in the table.", "Add its file if there is one.")
        for side in missing
    ]


def _kinematics(table: pd.DataFrame, time_s: FloatArray, header: str) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    names = [str(c) for c in table.columns if c in ANGLES]
    if not names:
        return {}, []
    values = table[names].to_numpy(dtype=np.float64)
    factor, doubts = _angle_factor(values, names, header)
    coords = {"time": time_s, "coordinate": names}
    angles = labelled(values * factor, dims=("time", "coordinate"), units="rad", coords=coords, name="angles")
    angles, more = _knees_flexing_positive(angles)
    signals = {"angles": angles}
    if set(ROOT) & set(table.columns):
        root = np.stack([table[c].to_numpy() if c in table else np.zeros(len(table)) for c in ROOT], axis=-1)
        space = {"time": time_s, "space": list(SPACE)}
        signals["root"] = labelled(root, dims=("time", "space"), units="m", coords=space, frame="lab", name="root")
    return signals, doubts + more


def _angle_factor(values: FloatArray, names: Sequence[str], header: str) -> tuple[float, list[Doubt]]:
    """Radians per unit of the file, from its header unless the knees contradict it."""
    stated = re.search(r"(?im)^\s*inDegrees\s*=\s*(yes|no)", header)
    degrees = stated[1].lower() == "yes" if stated else True
    legs = values[:, [i for i, name in enumerate(names) if name.startswith(("knee_", "hip_flexion"))]]
    legs = legs[:, np.isfinite(legs).any(axis=0)]
    span = np.max(np.nanmax(legs, axis=0) - np.nanmin(legs, axis=0)) if legs.size else np.nan
    if not degrees and span > MOST_RAD:
        text = f"The table says radians, but a knee or hip moves by {span:.0f}: it was read as degrees."
        return np.pi / 180, [Doubt("angles", text, "Write inDegrees=yes into the header.")]
    if degrees and not stated and 0.3 < span < LEAST_WALKING_KNEE_DEG:
        text = f"The table does not say inDegrees, and knees and hips move by no more than {span:.1f}: read as radians."
        return 1.0, [Doubt("angles", text, "Write inDegrees=no into the header to be sure.")]
    if degrees and not stated:
        text = "The table does not say whether its angles are degrees or radians; their size says degrees."
        return np.pi / 180, [Doubt("angles", text, "Write inDegrees=yes into the header to be sure.", severity="note")]
    return (np.pi / 180 if degrees else 1.0), []


def _knees_flexing_positive(angles: xr.DataArray) -> tuple[xr.DataArray, list[Doubt]]:
    knees = [c for c in KNEES if c in angles["coordinate"].values]
    if not knees:
        return angles, []
    values = angles.sel(coordinate=knees)
    backward = [
        float(-low) > max(float(high), MOST_EXTENSION_RAD)
        for low, high in zip(values.min("time").values, values.max("time").values, strict=True)
    ]
    if not any(backward):
        return angles, []
    if not all(backward):
        text = "One knee bends to the positive and the other to the negative side; the signs were left as they are."
        return angles, [Doubt("angles", text, "Check which model the angles come from.")]
    sign = np.where(angles["coordinate"].isin(knees).values, -1.0, 1.0)
    turned = angles.copy(data=angles.values * sign)
    turned.attrs["knees"] = "turned"
    text = "Knee flexion is negative in the table, as in older models; it was turned to positive."
    return turned, [Doubt("angles", text, "Nothing to do if the knees bend in the picture.", severity="note")]


def _moments(table: pd.DataFrame, time_s: FloatArray, _header: str) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    columns = [c for c in table.columns if str(c).removesuffix("_moment") in ANGLES and str(c).endswith("_moment")]
    if not columns:
        return {}, []
    coords = {"time": time_s, "coordinate": [str(c).removesuffix("_moment") for c in columns]}
    values = table[columns].to_numpy(dtype=np.float64)
    moments = labelled(values, dims=("time", "coordinate"), units="N m", coords=coords, name="moments")
    text = "A table of knee moments does not say whether flexion is positive; it was taken so."
    doubt = Doubt("moments", text, "Read the joint angles of the same model with it: they tell.", severity="note")
    signals = {"moments": moments}
    forces = [f"{c}_force" for c in ROOT]
    if set(forces) & set(table.columns):
        root = np.stack([table[c].to_numpy() if c in table else np.zeros(len(table)) for c in forces], axis=-1)
        space = {"time": time_s, "space": list(SPACE)}
        signals["root_force"] = labelled(root, dims=("time", "space"), units="N", coords=space, frame="lab")
    return signals, [doubt]


def _emg(table: pd.DataFrame, time_s: FloatArray, take: Take) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    labels = [str(c) for c in table.columns]
    known = [label for label in labels if label in take.channels or sort(label).site.muscle is not None]
    # a table of model muscles holds their forces or states, not EMG
    if len(known) < 0.5 * len(labels) or any("/" in label or label.endswith("_reserve") for label in labels):
        return {}, []
    values = table[labels].to_numpy(dtype=np.float64)
    emg, doubts = sorted_emg(values, time_s, labels, units=[""] * len(labels), take=take)
    return {"emg": emg}, list(doubts)
