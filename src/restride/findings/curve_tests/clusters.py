"""Runs of phases in which a field lies beyond a threshold, of many arrangements at once.

Fields have the shape (phase, arrangement): running along the phases is then an addition of whole rows.
"""

from itertools import pairwise

import numpy as np

from restride.signals.schema import FloatArray


def runs_beyond(field: FloatArray, threshold: float) -> list[tuple[int, int]]:
    """Half-open spans of one field, shape (phase,), in which it stays beyond the threshold on one side of zero."""
    side = np.where(np.abs(field) >= threshold, np.sign(field), 0.0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0.0], side, [0.0]])))
    return [(a, b) for a, b in pairwise(edges.tolist()) if side[a] != 0.0]


def mass(field: FloatArray, start: int, end: int) -> float:
    """Size of one run: the sum of its absolute values (Maris and Oostenveld 2007, J Neurosci Methods 164:177)."""
    return float(np.abs(field[start:end]).sum())


def largest_mass(fields: FloatArray, threshold: float) -> FloatArray:
    """Mass of the largest run of each arrangement, shape (arrangement,); 0 where none is beyond.

    Parameters
    ----------
    fields : ndarray, shape (phase, arrangement)
        Without NaN; a phase that is not tested is zero.
    threshold : float
        Above zero.
    """
    size = np.abs(fields)
    size[size < threshold] = 0.0
    total = np.cumsum(size, axis=0)
    # a run starts anew after a gap, and where the field changes side without one
    begins = size == 0.0
    begins[1:] |= np.signbit(fields[1:]) != np.signbit(fields[:-1])
    before = np.maximum.accumulate(np.where(begins, total - size, 0.0), axis=0)
    largest: FloatArray = (total - before).max(axis=0, initial=0.0)
    return largest
