"""Turns as matrices, for many samples at once."""

from typing import Final

import numpy as np

from restride.signals.schema import FloatArray

SMALL_RAD2: Final = 1e-8  # below it the series of sine and cosine are exact to rounding


def turns(rotvec: FloatArray) -> FloatArray:
    """Rotation matrices of rotation vectors.

    Parameters
    ----------
    rotvec : ndarray, shape (..., 3), rad

    Returns
    -------
    ndarray, shape (..., 3, 3)

    Notes
    -----
    Rodrigues: ``R = cos(t) I + sin(t)/t [r]x + (1 - cos(t))/t^2 r r'`` with ``t`` the length of ``r``.
    """
    square = (rotvec**2).sum(axis=-1)
    angle = np.sqrt(square)
    large = square > SMALL_RAD2
    safe = np.where(large, angle, 1.0)
    a = np.where(large, np.sin(safe) / safe, 1 - square / 6)
    b = np.where(large, (1 - np.cos(safe)) / safe**2, 0.5 - square / 24)
    out: FloatArray = b[..., np.newaxis, np.newaxis] * rotvec[..., :, np.newaxis] * rotvec[..., np.newaxis, :]
    x, y, z = np.moveaxis(a[..., np.newaxis] * rotvec, -1, 0)
    for i in range(3):
        out[..., i, i] += np.cos(angle)
    for i, j, axis in ((0, 1, -z), (0, 2, y), (1, 2, -x)):
        out[..., i, j] += axis
        out[..., j, i] -= axis
    return out
