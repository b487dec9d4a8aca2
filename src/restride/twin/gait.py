"""How the synthetic runner moves and pushes: a handful of published terms, no more.

Angles: mean and five harmonics of the stride, fitted by us to the joint angles of one
healthy man on a treadmill (Hamner, Seth and Delp 2010, J Biomech 43, 2709; data
distributed with OpenSim, Apache-2.0). Left and right are averaged half a stride apart,
so that the runner is symmetric by construction; the knee has its sign turned, because
that older model counts flexion negative. RMS of the fit: 0.2 to 0.8 degrees. The mean hip
adduction is 0 instead of 3.65 degrees, which puts the heel in stance 3.3 cm beside the
middle of the pelvis, as in the raw markers of the same runner (Rajagopal et al. 2016);
on this body's wider pelvis the older model's angle would let the feet cross.

Force: three half-sine terms of the time on the ground, fitted to the same trial's
plates, mean of both feet, in body weights of 75 kg. RMS of the fit: 0.08 body weights
upward (the impact peak is left out), 0.04 forward, 0.02 sideways.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from restride.signals.schema import FloatArray

STRIDE_S: Final = 0.684
# time on the ground over the time of a stride
DUTY: Final = 0.351

Terms = tuple[float, tuple[tuple[float, float], ...]]

# degrees; mean, then (cos, sin) of the harmonics 1 to 5 of the leg's own stride, contact at 0
LEG_TERMS: Final[Mapping[str, Terms]] = {
    "hip_flexion": (24.16, ((21.24, -19.97), (-7.10, 6.30), (-3.05, 1.49), (-1.07, -0.52), (-0.50, -0.24))),
    "hip_adduction": (0.00, ((4.01, 6.31), (1.67, -0.21), (-2.46, 1.10), (0.44, -0.34), (0.30, 0.22))),
    "hip_rotation": (-0.22, ((2.01, 0.86), (-0.30, -0.99), (0.36, 0.90), (1.57, -1.88), (0.32, 0.85))),
    "knee_angle": (51.47, ((-21.54, -34.90), (-12.09, 22.29), (-6.69, 0.53), (-1.54, -0.01), (-0.83, 0.01))),
    "ankle_angle": (-0.04, ((12.53, -1.68), (-8.46, 9.00), (-4.99, -4.17), (1.33, -2.23), (0.76, 0.35))),
}
# the same over the right leg's stride; tilt repeats with each step, list and rotation change sign
PELVIS_TERMS: Final[Mapping[str, Terms]] = {
    "pelvis_tilt": (-13.32, ((0.0, 0.0), (1.02, 0.48), (0.0, 0.0), (0.60, 0.04), (0.0, 0.0))),
    "pelvis_list": (0.0, ((-1.81, -1.47), (0.0, 0.0), (1.49, -0.48), (0.0, 0.0), (-0.45, -0.13))),
    "pelvis_rotation": (0.0, ((-6.00, -3.64), (0.0, 0.0), (0.67, -0.67), (0.0, 0.0), (-0.14, -0.38))),
}

# body weights; factors of sin(j pi s), j = 1 to 3, s from contact (0) to toe-off (1);
# x forward, y up, z away from the middle of the body
FORCE_TERMS: Final[FloatArray] = np.array([[-0.030, -0.239, 0.031], [2.310, 0.448, -0.284], [0.045, -0.023, -0.013]])

# where the force passes the sole, from the heel's marker (0) to the middle of the forefoot's (1):
# end - rise exp(-s / tau), not behind the heel; our fit to both feet of the raw markers and plates of
# the same runner (Rajagopal et al. 2016), within 0.12 from 10 to 70 % of the time on the ground
PRESSURE_TERMS: Final = (1.20, 1.25, 0.27)


def angle_rad(terms: Terms, phase: FloatArray, *, amplitude: FloatArray | float = 1.0) -> FloatArray:
    """An angle from its terms.

    Parameters
    ----------
    terms : (mean, ((cos, sin), ...)), degrees
    phase : array, strides
        1 is one whole stride.
    amplitude : array or float
        Factor on all but the mean.
    """
    mean, harmonics = terms
    turn = 2 * np.pi * phase
    waves = sum(c * np.cos(j * turn) + s * np.sin(j * turn) for j, (c, s) in enumerate(harmonics, start=1))
    return np.asarray(np.deg2rad(mean + amplitude * waves), dtype=np.float64)


def pressure_path(share: FloatArray) -> FloatArray:
    """Place of the force along the sole, heel 0 and forefoot 1, for a share of the time on the ground."""
    end, rise, tau = PRESSURE_TERMS
    return np.asarray(np.maximum(end - rise * np.exp(-share / tau), 0.0), dtype=np.float64)
