"""Still pictures of the stride, for print and for browsers without WebGL.

Seven side views from the person's right, drawn from the same arrays as the moving body:
nearest last (painter's algorithm), bones as shaded triangles, muscles as shaded spindles.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from restride.body.scene import Scene
from restride.report.colours import LETTER, SIDE, activation_rgb
from restride.report.departing import Departing, departing_rgb
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SUFFIX

CELL_PX: Final = (280, 330)
# drawn larger and shrunk, so that edges are smooth
OVERSAMPLING: Final = 2
HEIGHT_M: Final = 1.16
LIGHT: Final = np.array([0.35, 0.62, 0.70])
BONE: Final = np.array([226.0, 219.0, 204.0])
TENDON: Final = np.array([196.0, 187.0, 171.0])
PAPER: Final = (255, 255, 255)
STRIPS: Final = 5
LETTER_GAP_PX: Final = 30
QUALITY: Final = 82


@dataclass(frozen=True, slots=True, eq=False)
class _Shapes:
    """Polygons in metres on the screen plane, with depth towards the eye and shade."""

    corners: FloatArray
    depth: FloatArray
    shade: FloatArray


def pictures(scene: Scene, activations: Sequence[FloatArray], phases: Sequence[float]) -> list[list[str]]:
    """WebP data addresses: one list per activation, one picture per phase.

    Parameters
    ----------
    scene : Scene
    activations : sequence of ndarray, shape (101, muscle)
        NaN where not measured.
    phases : sequence of float, percent
    """
    out: list[list[str]] = [[] for _ in activations]
    for phase in phases:
        frame = round(phase / 100 * (len(scene.phase) - 1))
        bones, muscles = _bones(scene, frame), _muscles(scene, frame)
        for row, activation in enumerate(activations):
            out[row].append(_address(_drawn(scene, frame, bones, muscles, _lit(activation[round(phase)]))))
    return out


def departures(scene: Scene, departs: Departing, phases: Sequence[float]) -> list[str]:
    """WebP data addresses, one per phase: each muscle in the colour of what departs.

    Parameters
    ----------
    scene : Scene
    departs : Departing
    phases : sequence of float, percent
    """
    out = []
    for phase in phases:
        frame = round(phase / 100 * (len(scene.phase) - 1))
        belly = departing_rgb(departs, round(phase), pieces=scene.paths.shape[2] - 1)
        out.append(_address(_drawn(scene, frame, _bones(scene, frame), _muscles(scene, frame), belly)))
    return out


def picture(scene: Scene, activation: FloatArray, *, frame: int) -> Image.Image:
    """One still; ``activation`` has shape (muscle,)."""
    return _drawn(scene, frame, _bones(scene, frame), _muscles(scene, frame), _lit(activation))


def _lit(activation: FloatArray) -> FloatArray:
    """Colour of each muscle's belly, the same in all its pieces; shape (muscle, 1, 3)."""
    return np.array([activation_rgb(float(a)) for a in activation], dtype=np.float64)[:, None]


def _drawn(scene: Scene, frame: int, bones: _Shapes, muscles: _Shapes, belly: FloatArray) -> Image.Image:
    width, height = (OVERSAMPLING * edge for edge in CELL_PX)
    scale = height / HEIGHT_M
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    origin = np.array([width / 2, height - 0.05 * scale + scene.floor_m * scale])
    shapes = [
        (bones, np.repeat((BONE * bones.shade[:, None])[:, None], 1, axis=1)),
        (muscles, _muscle_colours(scene, muscles, belly)[:, None]),
    ]
    corners: list[FloatArray] = []
    colours: list[FloatArray] = []
    for shape, colour in shapes:
        corners += list(shape.corners * (scale, -scale) + origin)
        colours.append(colour[:, 0])
    depth = np.concatenate([bones.depth, muscles.depth])
    fill = _receding(np.concatenate(colours), depth)
    order = np.argsort(depth)
    fills = [tuple(c) for c in fill.clip(0, 255).astype(int).tolist()]
    flat = [c.reshape(-1).tolist() for c in corners]
    draw.line([(0, height - 0.05 * scale), (width, height - 0.05 * scale)], fill=(200, 205, 211), width=2)
    for i in order.tolist():
        draw.polygon(flat[i], fill=fills[i])
    _name_feet(draw, scene, frame, origin, scale)
    return image.resize(CELL_PX, Image.Resampling.LANCZOS)


def _bones(scene: Scene, frame: int) -> _Shapes:
    legs = (bone for bone in scene.bones if bone.part == "legs")
    corners = np.concatenate([scene.corners(bone, frame)[bone.faces] for bone in legs])
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.linalg.norm(normal, axis=1, keepdims=True)
    seen = normal[:, 2] > 0
    shade = 0.45 + 0.62 * np.clip((normal / np.maximum(size, 1e-12)) @ LIGHT, 0, None)
    return _Shapes(corners[seen, :, :2], corners[seen, :, 2].mean(axis=1), shade[seen])


def _muscles(scene: Scene, frame: int) -> _Shapes:
    """Each muscle as strips along its path, shaded as if round; shape order: muscle, piece, strip."""
    paths, radius = scene.paths[frame], scene.radius
    step = np.gradient(paths[..., :2], axis=1)
    along = step / np.maximum(np.linalg.norm(step, axis=-1, keepdims=True), 1e-9)
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    edges = np.linspace(-1, 1, STRIPS + 1)
    # points on the outline: muscle, point, edge, xy
    rim = paths[..., None, :2] + across[..., None, :] * (radius[..., None] * edges)[..., None]
    corners = np.stack([rim[:, :-1, :-1], rim[:, :-1, 1:], rim[:, 1:, 1:], rim[:, 1:, :-1]], axis=-2)
    middle = (edges[1:] + edges[:-1]) / 2
    towards_eye = np.sqrt(1 - middle**2)
    side = (across[:, :-1] + across[:, 1:]) / 2
    lit = middle * (side @ LIGHT[:2])[..., None] + towards_eye * LIGHT[2]
    depth = (paths[:, :-1, 2] + paths[:, 1:, 2])[..., None] / 2 + (radius[:, :-1, None] * towards_eye)
    return _Shapes(corners.reshape(-1, 4, 2), depth.reshape(-1), (0.5 + 0.6 * lit.clip(0, None)).reshape(-1))


def _muscle_colours(scene: Scene, muscles: _Shapes, belly: FloatArray) -> FloatArray:
    thickness = (scene.radius[:, :-1] + scene.radius[:, 1:]) / 2
    share = np.clip((thickness - scene.radius.min()) / 0.004, 0, 1)[..., None]
    colour = TENDON * (1 - share) + belly * share
    return np.asarray(np.repeat(colour, STRIPS, axis=1).reshape(-1, 3) * muscles.shade[:, None])


def _receding(colour: FloatArray, depth: FloatArray) -> FloatArray:
    """Farther things a little paler, so that the two legs stay apart."""
    far = np.clip(-depth / 0.16, 0, 1)[:, None] * 0.35
    return np.asarray(colour * (1 - far) + np.array(PAPER) * far)


def _name_feet(draw: ImageDraw.ImageDraw, scene: Scene, frame: int, origin: FloatArray, scale: float) -> None:
    """The letters L and R on the ground below the feet, moved apart where the feet pass each other."""
    font = ImageFont.load_default(size=26)
    toes = {b.name[-2:]: b.segment for b in scene.bones if b.name.startswith("toes")}
    x = {side: float(scene.position[frame, toes[suffix], 0] * scale + origin[0]) for side, suffix in SUFFIX.items()}
    gap = x["left"] - x["right"]
    if abs(gap) < LETTER_GAP_PX:
        push = (LETTER_GAP_PX - abs(gap)) / 2 * (1 if gap >= 0 else -1)
        x = {"left": x["left"] + push, "right": x["right"] - push}
    for side, at in x.items():
        draw.text((at - 8, OVERSAMPLING * CELL_PX[1] - 32), LETTER[side], fill=SIDE[side], font=font)  # type: ignore[index]


def _address(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=4)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode("ascii")
