"""The page's colours, in one place for curves, stills and the moving body."""

from typing import Final

from restride.signals.recording import Side

SIDE: Final[dict[Side, str]] = {"left": "#c8323c", "right": "#1f6fb2"}
LETTER: Final[dict[Side, str]] = {"left": "L", "right": "R"}
REQUIRED: Final = "#6b7280"
# silent to fully active: dark to light, so that it also reads without colour
ACTIVATION: Final = ("#43181f", "#7d1d2b", "#c0392b", "#ee7f32", "#fcc04a", "#fff0a8")
NOT_MEASURED: Final = "#7f93ad"
# where a difference comes from. Orange and blue stay apart in every colour blindness; both are lighter than the
# red and blue of the legs, and on paper they have an outline
BUSIER: Final = "#f59a23"
QUIETER: Final = "#25c3f7"
EXPLAINED: Final = "#c3c5c8"
UNSURE: Final = "#efe9df"
ALIKE: Final = "#54383b"
OUTLINE: Final = "#3f4650"


def activation_rgb(value: float) -> tuple[int, int, int]:
    """Colour of an activation between 0 and 1; NaN (not measured) is blue-grey."""
    if value != value:  # NaN
        return rgb(NOT_MEASURED)
    place = min(1.0, max(0.0, value)) * (len(ACTIVATION) - 1)
    low = min(int(place), len(ACTIVATION) - 2)
    a, b = rgb(ACTIVATION[low]), rgb(ACTIVATION[low + 1])
    r, g, bl = (round(x + (y - x) * (place - low)) for x, y in zip(a, b, strict=True))
    return r, g, bl


def rgb(code: str) -> tuple[int, int, int]:
    """Red, green and blue of "#rrggbb", each 0 to 255."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)
