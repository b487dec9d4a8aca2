"""Force plates as tables give them: force, moment and centre of pressure in the axes of the file.

From there to the signals of a recording: y up, the force of the ground on the foot, the centre of
pressure where it means something, the moment about the origin of the lab and the free moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride.errors import ReadError
from restride.readers.force_plates import LEAST_FORCE_N, TROD_ON_N
from restride.readers.take import Take
from restride.signals.frames import lab_rotation
from restride.signals.recording import Doubt
from restride.signals.schema import SPACE, FloatArray, labelled

# the vertical force of a person is at least this many times the others; a plate that is not so is not upright
CLEARLY_UP: Final = 2.0
# a centre of pressure and a moment that belong together agree to the rounding of the file
AGREE_M: Final = 0.002
# as for the plates of a C3D file: where at least a quarter of the largest load is on
WELL_LOADED: Final = 0.25
_UP: Final = SPACE.index("y")


@dataclass(frozen=True, slots=True, eq=False)
class PlateRows:
    """One plate of a table, in SI units and the axes of the file.

    Attributes
    ----------
    name : str
    force : ndarray, shape (time, 3), N
    moment : ndarray, shape (time, 3), N m, or None
        About a point the file need not name.
    cop : ndarray, shape (time, 3), m, or None
        As the file states it, in the axes and from the origin of the lab.
    """

    name: str
    force: FloatArray
    moment: FloatArray | None = None
    cop: FloatArray | None = None


def vertical_axis(plates: Sequence[PlateRows]) -> str:
    """The axis of the file, ``"+x"``, ``"+y"`` or ``"+z"``, along which the weight acts.

    Raises
    ------
    ReadError
        If no force is clearly the largest.
    """
    sizes = np.sum([np.nanmean(np.abs(plate.force), axis=0) for plate in plates], axis=0)
    order = np.argsort(sizes)
    if not sizes[order[-1]] > CLEARLY_UP * sizes[order[-2]]:
        raise ReadError(
            "expected one force component to carry the weight, found none clearly the largest; "
            'add to take.yaml: axes: {forward: "+x", up: "+z"} as the plate has them'
        )
    return f"+{SPACE[int(order[-1])]}"


def plate_signals(
    plates: Sequence[PlateRows], time_s: FloatArray, *, take: Take, up: str
) -> tuple[dict[str, xr.DataArray], list[Doubt]]:
    """``plate_grf``, ``plate_cop`` and, where moments are given, ``plate_free_moment`` and ``plate_moment``.

    Parameters
    ----------
    plates : sequence of PlateRows
    time_s : ndarray, shape (time,)
    take : Take
        Its ``axes`` go before anything else.
    up : str
        The axis that is up otherwise.

    Notes
    -----
    A table says neither whose force it holds nor about which point its moments are. A weight that
    acts downward is the force on the plate and is turned round with its moments. The point is found by
    least squares from centre of pressure, force and moment, which belong together in every sample:
    ``M = (r - o) x F + T``, T about the vertical; where they do not agree to 2 mm, the moments
    are left out.
    """
    rotation = _rotation(take, up)
    turned: list[str] = []
    lost: list[str] = []
    parts: list[tuple[FloatArray, FloatArray, FloatArray | None]] = []
    for plate in plates:
        force = plate.force @ rotation.T
        moment = None if plate.moment is None else plate.moment @ rotation.T
        cop = None if plate.cop is None else plate.cop @ rotation.T
        if _acts_downward(force[:, _UP]):
            force, moment = -force, None if moment is None else -moment
            turned.append(plate.name)
        moment = _about_the_lab(force, moment, cop)
        lost += [plate.name] if plate.moment is not None and moment is None else []
        parts.append((force, _centre(force, moment, cop), moment))
    names = [plate.name for plate in plates]
    signals = _labelled(parts, names, time_s)
    return signals, _doubts(turned, lost)


def _rotation(take: Take, up: str) -> FloatArray:
    if take.axes is not None:
        return lab_rotation(forward=take.axes.forward, up=take.axes.up)
    return lab_rotation(forward="+y" if up[1] == "x" else "+x", up=up)


def _acts_downward(vertical: FloatArray) -> bool:
    heavy = _heavy(vertical)
    return bool(heavy.any()) and float(vertical[heavy].sum()) < 0


def _heavy(vertical: FloatArray) -> npt.NDArray[np.bool_]:
    size = np.abs(np.nan_to_num(vertical))
    heavy: npt.NDArray[np.bool_] = size > max(TROD_ON_N, WELL_LOADED * float(size.max(initial=0.0)))
    return heavy


def _about_the_lab(force: FloatArray, moment: FloatArray | None, cop: FloatArray | None) -> FloatArray | None:
    """The moment about the origin of the lab; None if it is not known about which point it is."""
    if moment is None:
        return None
    if cop is None:
        # a table without a centre of pressure has one origin for everything: that of its plate
        return moment
    heavy = _heavy(force[:, _UP]) & ~np.isnan(cop).any(axis=1)
    if not heavy.any():
        return None
    f, m, r = force[heavy], moment[heavy], cop[heavy]
    zero = np.zeros(len(f))
    # rows: moment about x, then about z; unknowns: the point o in x, y, z
    rest = np.cross(r, f) - m
    matrix = np.concatenate([np.stack([zero, f[:, 2], -f[:, 1]], axis=1), np.stack([f[:, 1], -f[:, 0], zero], axis=1)])
    point, *_ = np.linalg.lstsq(matrix, np.concatenate([rest[:, 0], rest[:, 2]]), rcond=None)
    left = (rest - np.cross(point, f))[:, [0, 2]] / f[:, [1]]
    if float(np.sqrt(np.mean(left**2))) > AGREE_M:
        return None
    out: FloatArray = moment + np.cross(point, force)
    return out


def _centre(force: FloatArray, moment: FloatArray | None, cop: FloatArray | None) -> FloatArray:
    """Centre of pressure, from the file or from the moment; NaN where the plate is not loaded."""
    pressing = force[:, _UP] >= LEAST_FORCE_N
    out = np.full_like(force, np.nan)
    if cop is not None:
        out[pressing] = cop[pressing]
    elif moment is not None:
        out[pressing, 0] = moment[pressing, 2] / force[pressing, _UP]
        out[pressing, 1] = 0.0
        out[pressing, 2] = -moment[pressing, 0] / force[pressing, _UP]
    return out


def _labelled(
    parts: Sequence[tuple[FloatArray, FloatArray, FloatArray | None]], names: Sequence[str], time_s: FloatArray
) -> dict[str, xr.DataArray]:
    arrays = {"plate_grf": ("N", [p[0] for p in parts])}
    if any(np.isfinite(p[1]).any() for p in parts):
        arrays["plate_cop"] = ("m", [p[1] for p in parts])
    moments = [m for _, _, m in parts if m is not None]
    if len(moments) == len(parts):
        arrays["plate_moment"] = ("N m", moments)
        arrays["plate_free_moment"] = ("N m", [_free(f, c, m) for (f, c, _), m in zip(parts, moments, strict=True)])
    dims, coords = ("time", "plate", "space"), {"time": time_s, "plate": list(names), "space": list(SPACE)}
    return {
        kind: labelled(np.stack(values, axis=1), dims=dims, units=units, coords=coords, name=kind, frame="lab")
        for kind, (units, values) in arrays.items()
    }


def _free(force: FloatArray, cop: FloatArray, moment: FloatArray) -> FloatArray:
    """The moment about the vertical through the centre of pressure; 0 where the plate is not loaded."""
    out = np.zeros_like(force)
    out[:, _UP] = np.nan_to_num((moment - np.cross(cop, force))[:, _UP])
    return out


def _doubts(turned: Sequence[str], lost: Sequence[str]) -> list[Doubt]:
    doubts: list[Doubt] = []
    if turned:
        text = (
            f"The vertical force of {', '.join(turned)} is negative: it was taken as the force of the foot on the "
            "plate, and all its forces and moments were turned round."
        )
        remedy = 'If an axis of the plate points down instead, add to take.yaml: axes: {forward: "+x", up: "-z"}.'
        doubts.append(Doubt("forces", text, remedy, severity="note"))
    if lost:
        text = f"Moments and centre of pressure of {', '.join(lost)} do not belong together; the moments were left out."
        doubts.append(Doubt("forces", text, "Export both in one system of axes.", severity="note"))
    return doubts
