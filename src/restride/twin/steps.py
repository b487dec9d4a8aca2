"""When the feet are down, what force acts then, and the path of the centre of mass it makes.

The force comes first and the centre of mass follows from it in closed form, so that
``m (a - g) = F`` holds exactly however uneven the steps are. Each step's force is
adjusted by two of its terms so that every step begins at the same place with the same
velocity, mirrored from one leg to the other.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.interpolate import make_interp_spline

from restride.signals.recording import EVENT_COLUMNS
from restride.signals.schema import SIDES, FloatArray
from restride.twin.gait import DUTY, FORCE_TERMS, STRIDE_S

GRAVITY_M_S2: Final[FloatArray] = np.array([0.0, -9.81, 0.0])
# x and y return after one step, z changes its sign
MIRROR: Final[FloatArray] = np.array([1.0, 1.0, -1.0])


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A run of steps, right and left in turn, the first one right.

    Attributes
    ----------
    contact_s, toe_off_s : array, shape (step,)
        The last contact only closes the last step; its toe-off is never reached.
    terms : array, shape (step, 3, 3), N/kg
        Force per mass of each step: axis (x, y, z), half-sine term.
    start_m, start_m_s : array, shape (3,)
        Place and velocity of the centre of mass when a right step begins.
    """

    contact_s: FloatArray
    toe_off_s: FloatArray
    terms: FloatArray
    start_m: FloatArray
    start_m_s: FloatArray

    def side(self, step: int) -> str:
        """Which leg is on the ground."""
        return "right" if step % 2 == 0 else "left"


def steps(count: int, *, spread: float, rng: np.random.Generator, zero: int = 0, zero_s: float = 0.0) -> Steps:
    """A run of steps of both legs, right first.

    Parameters
    ----------
    count : int
    spread : float
        SD of the time a step lasts, as a share; of its time on the ground half of that more.
    rng : Generator
    zero, zero_s : int and float
        Contact number ``zero`` happens at ``zero_s``.
    """
    lasting = STRIDE_S / 2 * (1 + spread * rng.standard_normal(count))
    down = 2 * DUTY * lasting * (1 + spread / 2 * rng.standard_normal(count))
    contact_s = np.concatenate([[0.0], np.cumsum(lasting)])
    contact_s += zero_s - contact_s[zero]
    usual, start_m, start_m_s = _usual_step()
    terms = np.stack([_adjusted(usual, a, b, start_m, start_m_s) for a, b in zip(lasting, down, strict=True)])
    terms[1::2] *= MIRROR[:, None]
    return Steps(contact_s, contact_s[:-1] + down, terms, start_m, start_m_s)


def phase(run: Steps, time_s: FloatArray) -> FloatArray:
    """Strides since the first right contact; smooth, and a multiple of 1/2 at every contact."""
    spline = make_interp_spline(run.contact_s, np.arange(run.contact_s.size) / 2, k=5)
    return np.asarray(spline(time_s), dtype=np.float64)


def events(run: Steps) -> pd.DataFrame:
    """Contacts and toe-offs of the run, exactly as planted."""
    rows = [(float(t), run.side(k), "initial_contact", "planted") for k, t in enumerate(run.contact_s[:-1])]
    rows += [(float(t), run.side(k), "toe_off", "planted") for k, t in enumerate(run.toe_off_s)]
    return pd.DataFrame(sorted(rows), columns=list(EVENT_COLUMNS))


def force_per_mass(run: Steps, time_s: FloatArray) -> FloatArray:
    """Ground force over mass, shape (time, side, 3), N/kg, lab; 0 off the ground."""
    out = np.zeros((time_s.size, len(SIDES), 3))
    step, s, _ = _within(run, time_s)
    waves = np.where((s < 1)[:, None], np.sin(np.pi * np.outer(np.minimum(s, 1.0), [1, 2, 3])), 0.0)
    side = np.where(step % 2 == 0, SIDES.index("right"), SIDES.index("left"))
    out[np.arange(time_s.size), side] = np.einsum("tj,taj->ta", waves, run.terms[step])
    return out


def centre_of_mass(run: Steps, time_s: FloatArray) -> FloatArray:
    """Path of the centre of mass, shape (time, 3), m, lab; forward on the belt's frame at rest."""
    step, s, since_s = _within(run, time_s)
    mirror = np.where((step % 2 == 0)[:, None], 1.0, MIRROR)
    down_s = (run.toe_off_s - run.contact_s[:-1])[step]
    _, shift = _integrals(np.minimum(s, 1.0), down_s)
    change, _ = _integrals(np.ones_like(s), down_s)
    coasting = np.maximum(since_s - down_s, 0.0)[:, None]
    pushed = np.einsum("tj,taj->ta", shift + change * coasting, run.terms[step])
    moving = mirror * run.start_m + mirror * run.start_m_s * since_s[:, None]
    return np.asarray(moving + pushed + GRAVITY_M_S2 * since_s[:, None] ** 2 / 2, dtype=np.float64)


def share_of_contact(run: Steps, time_s: FloatArray) -> FloatArray:
    """Time since the last contact over that step's time on the ground; above 1 in flight."""
    return _within(run, time_s)[1]


def _within(run: Steps, time_s: FloatArray) -> tuple[np.ndarray, FloatArray, FloatArray]:
    """Step each time lies in, share of its time on the ground, seconds since its contact."""
    step = np.clip(np.searchsorted(run.contact_s, time_s, side="right") - 1, 0, run.toe_off_s.size - 1)
    since_s = time_s - run.contact_s[step]
    return step, since_s / (run.toe_off_s - run.contact_s[:-1])[step], since_s


def _integrals(s: FloatArray, down_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """First and second integral over time of ``sin(j pi s)``, shape (..., 3)."""
    j = np.pi * np.arange(1, 4)
    s, down = s[..., None], down_s[..., None]
    return down * (1 - np.cos(j * s)) / j, down**2 * (s / j - np.sin(j * s) / j**2)


def _over_step(lasting_s: float, down_s: float) -> tuple[FloatArray, FloatArray]:
    """Velocity and shift that each term of unit size leaves at the end of a step."""
    change, shift = _integrals(np.array(1.0), np.array(down_s))
    return change, shift + change * (lasting_s - down_s)


def _usual_step() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Force terms that repeat from step to step, with the place and velocity they start from."""
    lasting, down = STRIDE_S / 2, DUTY * STRIDE_S
    change, shift = _over_step(lasting, down)
    terms = FORCE_TERMS * -GRAVITY_M_S2[1]
    gained = terms @ change + GRAVITY_M_S2 * lasting
    # forward and up nothing may be gained: the first term takes it; sideways the gain is turned round
    terms[:2, 0] -= gained[:2] / change[0]
    moved = terms @ shift + GRAVITY_M_S2 * lasting**2 / 2
    start_m_s = np.array([-moved[0] / lasting, -moved[1] / lasting, -gained[2] / 2])
    start_m = np.array([0.0, 0.0, -(start_m_s[2] * lasting + moved[2]) / 2])
    return terms, start_m, start_m_s


def _adjusted(
    usual: FloatArray, lasting_s: float, down_s: float, start_m: FloatArray, start_m_s: FloatArray
) -> FloatArray:
    """Force terms of one right step that ends where, and as fast as, the next one begins."""
    change, shift = _over_step(lasting_s, down_s)
    faster = (MIRROR - 1) * start_m_s - usual @ change - GRAVITY_M_S2 * lasting_s
    farther = (MIRROR - 1) * start_m - start_m_s * lasting_s - usual @ shift - GRAVITY_M_S2 * lasting_s**2 / 2
    missing = np.linalg.solve(np.stack([change[:2], shift[:2]]), np.stack([faster, farther]))
    terms = usual.copy()
    terms[:, :2] += missing.T
    return terms
