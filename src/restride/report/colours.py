"""The page's colours, in one place for curves, stills and the moving body."""

from typing import Final

from restride.signals.recording import Side

SIDE: Final[dict[Side, str]] = {"left": "#c8323c", "right": "#1f6fb2"}
LETTER: Final[dict[Side, str]] = {"left": "L", "right": "R"}
REQUIRED: Final = "#6b7280"
# silent to fully active: dark to light, so that it also reads without colour
ACTIVATION: Final = ("#43181f", "#7d1d2b", "#c0392b", "#ee7f32", "#fcc04a", "#fff0a8")
NOT_MEASURED: Final = "#7f93ad"


def activation_rgb(value: float) -> tuple[int, int, int]:
    """Colour of an activation between 0 and 1; NaN (not measured) is blue-grey."""
    if value != value:  # NaN
        return _rgb(NOT_MEASURED)
    place = min(1.0, max(0.0, value)) * (len(ACTIVATION) - 1)
    low = min(int(place), len(ACTIVATION) - 2)
    a, b = _rgb(ACTIVATION[low]), _rgb(ACTIVATION[low + 1])
    r, g, bl = (round(x + (y - x) * (place - low)) for x, y in zip(a, b, strict=True))
    return r, g, bl


def _rgb(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)
