"""What a person states about a video: how fast, how large, and from where it was filmed."""

from dataclasses import dataclass
from typing import Final, Literal

View = Literal["side-left", "side-right", "back", "front"]
VIEWS: Final[tuple[View, ...]] = ("side-left", "side-right", "back", "front")


@dataclass(frozen=True, slots=True)
class VideoNotes:
    """What is said about the video of a take; None goes by the file.

    Attributes
    ----------
    rate_hz : float or None
        Pictures per second of real time (a slow-motion film plays slower than it was taken).
    view : str or None
        The side of the person the camera sees, one of ``VIEWS``.
    height_px, width_px : float or None
        Size of the picture.
    mirrored : bool
        The picture shows left and right exchanged, as a front camera may; it is turned back.
    """

    rate_hz: float | None = None
    view: View | None = None
    height_px: float | None = None
    width_px: float | None = None
    mirrored: bool = False
