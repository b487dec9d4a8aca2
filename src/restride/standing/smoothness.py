"""How smooth a movement is: two measures of its speed."""

from typing import Final

import numpy as np

from restride.errors import GapError
from restride.signals.schema import FloatArray

# of Balasubramanian et al. 2015: what is faster or weaker than this is not of the movement
HIGHEST_HZ: Final = 10.0
WEAKEST: Final = 0.05
PADDING: Final = 4  # powers of two
FEWEST: Final = 8  # samples


def spectral_arc_length(speed: FloatArray, *, rate_hz: float) -> float:
    """Smoothness of a movement from the length of its speed's spectrum; the nearer to 0, the smoother.

    Parameters
    ----------
    speed : ndarray, shape (time,)
        Of one movement from rest to rest, any unit; turning or going.
    rate_hz : float

    Raises
    ------
    GapError
        If a sample is missing, there are fewer than 8, or nothing moves.

    Notes
    -----
    SPARC of Balasubramanian, Melendez-Calderon, Roby-Brami and Burdet 2015: amplitude spectrum scaled
    to its largest value, up to 10 Hz and down to 5 %, with its frequency scaled to one. A movement of least
    jerk has -1.41.
    """
    _must_move(speed)
    size = 2 ** (int(np.ceil(np.log2(len(speed)))) + PADDING)
    at_hz = np.fft.rfftfreq(size, 1 / rate_hz)
    height = np.abs(np.fft.rfft(speed, size))
    height = height / height.max()
    slow = at_hz <= HIGHEST_HZ
    strong = np.flatnonzero(height[slow] >= WEAKEST)
    kept = slice(strong[0], strong[-1] + 1)
    along, up = at_hz[slow][kept], height[slow][kept]
    if len(along) < 2:
        raise GapError("expected a movement that begins and ends, found a steady one; give it from rest to rest")
    return float(-np.hypot(np.diff(along) / (along[-1] - along[0]), np.diff(up)).sum())


def log_dimensionless_jerk(speed: FloatArray, *, rate_hz: float) -> float:
    """Smoothness of a movement from the jerk of its speed; the nearer to 0, the smoother.

    Parameters
    ----------
    speed : ndarray, shape (time,)
        Of one movement from rest to rest, low-passed, any unit; turning or going.
    rate_hz : float

    Raises
    ------
    GapError
        As ``spectral_arc_length``.

    Notes
    -----
    ``-ln(T^3 / v_peak^2 * integral (d^2 v / dt^2)^2 dt)`` (Balasubramanian et al. 2015; Hogan and Sternad
    2009). A movement of least jerk has -5.32.
    """
    _must_move(speed)
    duration_s = (len(speed) - 1) / rate_hz
    step_s = 1 / rate_hz
    # second order at the ends too, where the jerk of a smooth movement is largest
    bend = np.gradient(np.gradient(speed, step_s, edge_order=2), step_s, edge_order=2)
    total = float(np.trapezoid(bend**2, dx=step_s))
    return float(-np.log(duration_s**3 / np.abs(speed).max() ** 2 * total))


def _must_move(speed: FloatArray) -> None:
    if len(speed) < FEWEST or np.isnan(speed).any() or not np.abs(speed).max() > 0:
        raise GapError(f"expected a movement of {FEWEST} samples or more without gaps, found none; record it whole")
