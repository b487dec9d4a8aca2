"""Which of the people in each picture is the one the film is of."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from restride.readers.pose_shapes import Person
from restride.signals.schema import FloatArray

# in one picture nobody moves by half of their own height, the fastest sprinter at 25 pictures a second included
NEXT_PICTURE: Final = 0.5
# a person lost for long may come back anywhere near
MOST_STEPS: Final = 3


def followed(pictures: Sequence[Sequence[Person]]) -> list[Person]:
    """One person through all pictures; an empty mapping where they were not seen.

    Parameters
    ----------
    pictures : sequence of sequences of mappings from keypoint to (x, y, confidence)

    Notes
    -----
    Ours. The film is taken to be of whoever is largest and surest in any picture. From there the nearest
    person is followed forward and backward, by the middle of the points that two pictures share.
    """
    weights = [[_weight(person) for person in people] for people in pictures]
    best = max(((w, i, j) for i, row in enumerate(weights) for j, w in enumerate(row)), default=None)
    if best is None:
        return [{} for _ in pictures]
    chosen: list[Person] = [{} for _ in pictures]
    _, start, which = best
    chosen[start] = pictures[start][which]
    for way in (range(start + 1, len(pictures)), range(start - 1, -1, -1)):
        last, steps = chosen[start], 0
        for i in way:
            steps += 1
            found = _nearest(last, pictures[i], reach=NEXT_PICTURE * min(steps, MOST_STEPS))
            if found:
                chosen[i], last, steps = found, found, 0
    return chosen


def _weight(person: Person) -> float:
    """Height times mean confidence; where none is stated, the height."""
    points: FloatArray = np.array(list(person.values()), dtype=np.float64).reshape(-1, 3)
    seen = points[np.isfinite(points[:, :2]).all(axis=1)]
    if not len(seen):
        return 0.0
    sure = seen[:, 2][np.isfinite(seen[:, 2])]
    return _height(person) * (float(np.clip(sure, 0, 1).mean()) if sure.size else 1.0)


def _height(person: Person) -> float:
    upward = np.array([point[1] for point in person.values()])
    upward = upward[np.isfinite(upward)]
    return float(np.ptp(upward)) if upward.size else 0.0


def _nearest(last: Person, people: Sequence[Person], *, reach: float) -> Person:
    """The person nearest to where the last one was, within a share of their height; empty if none."""
    best: Person = {}
    least = reach * _height(last)
    for person in people:
        steps = np.array([np.subtract(person[name][:2], last[name][:2]) for name in person if name in last])
        steps = steps.reshape(-1, 2)[np.isfinite(steps.reshape(-1, 2)).all(axis=1)]
        if len(steps):
            away = float(np.linalg.norm(np.median(steps, axis=0)))
            if away <= least:
                best, least = person, away
    return best
