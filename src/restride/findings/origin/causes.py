"""The causes that are weighed, each as the set of patterns it could leave in the EMG."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.body import WEAK_GROUPS
from restride.findings.cocontraction import ANTAGONISTS
from restride.findings.origin.evidence import Noise, Patterns
from restride.findings.origin.expected import GROUPS, SHARES, Expected
from restride.findings.origin.records import Kind
from restride.findings.origin.situation import PHASE, POINTS, Pair
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SITES

WHOLE: Final = (0.0, 100.0)
# a burst: centres every 5 % of the stride, and from start to end so much of it; heights in shares of the reference
CENTRES: Final = tuple(range(0, 100, 5))
WIDTHS: Final = (16.0, 28.0, 44.0)
HEIGHTS: Final = (0.2, 0.4, 0.8)
# share of its activity that a quiet muscle lacks, and the parts of the stride it may lack it in
LACKING: Final = (0.4, 0.6, 0.8)
PARTS: Final = ((0.0, 100.0), (0.0, 35.0), (35.0, 70.0), (70.0, 100.0), (0.0, 50.0), (50.0, 100.0))
# share of the model's answer to a weakness that is seen: people spread it over more muscles than least effort does
ANSWERED: Final = (0.4, 0.7, 1.0)
# percent of the stride
SHIFTS: Final = (5.0, 8.0, 11.0, 14.0)
# in what a cause is thought as likely beforehand as any other of its situation; "early" is the one that
# clinics hardly describe (our decision)
RARE: Final[Mapping[Kind, float]] = {"early": 0.25}


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One cause with its patterns.

    Attributes
    ----------
    kind : str
    what : tuple of str
        Sites, or the name of a weak group.
    place : int
        0: the first situation, 1: the second.
    unit : array, shape (pattern, 2, site, phase)
    sizes : array, shape (pattern, size)
    windows : tuple of tuple of float
        Of each pattern, percent of the stride.
    told : array, shape (pattern, size)
        The size to speak of, as ``records.Cause.size``.
    """

    kind: Kind
    what: tuple[str, ...]
    place: int
    unit: FloatArray
    sizes: FloatArray
    windows: tuple[tuple[float, float], ...]
    told: FloatArray

    @property
    def muscles(self) -> tuple[str, ...]:
        """Model muscles that it is about, without side."""
        if self.kind == "weak":
            return WEAK_GROUPS[self.what[0]]
        return tuple(m for site in self.what for m in SITES[site])


def candidates(given: Pair, wanted: Expected, what: Noise) -> list[Candidate]:
    """Every cause that could be seen in these situations, in a fixed order."""
    found: list[Candidate] = []
    for place in (0, 1):
        for j, site in enumerate(given.sites):
            found += [
                _busy(given, place, (site,), np.array([1.0])),
                _quiet(given, what, place, j),
                _shifted(given, what, place, j, "late"),
                _shifted(given, what, place, j, "early"),
            ]
        found += [_busy(given, place, sites, weights) for sites, weights in _opposed(given, what)]
        found += [_weak(given, wanted, what, place, g) for g in range(len(GROUPS))]
    return found


def stacked(found: list[Candidate]) -> Patterns:
    """All patterns in one array."""
    counts = [len(c.unit) for c in found]
    return Patterns(
        unit=np.concatenate([c.unit for c in found]),
        sizes=np.concatenate([c.sizes for c in found]),
        first=np.concatenate([[0], np.cumsum(counts)[:-1]]),
    )


def prior(found: list[Candidate]) -> FloatArray:
    """Logarithm of how likely each cause is thought beforehand, relative to the others."""
    return np.log([RARE.get(c.kind, 1.0) for c in found])


def _empty(given: Pair, patterns: int) -> FloatArray:
    return np.zeros((patterns, 2, len(given.sites), POINTS))


def _busy(given: Pair, place: int, sites: tuple[str, ...], weights: FloatArray) -> Candidate:
    """Bursts at one site, or at opposed ones together; ``weights`` (pattern kind, site) or (site,).

    Being busier in the very shape of all it does is not among them: as long as gains are free, that is a quiet
    muscle of the other situation, and the commoner of the two is taken (our decision).
    """
    shapes = [(c, w, _burst(c, w)) for c in CENTRES for w in WIDTHS]
    heights = np.atleast_2d(weights)
    unit = _empty(given, len(shapes) * len(heights))
    columns = [given.sites.index(s) for s in sites]
    for i, height in enumerate(heights):
        for n, (_, _, burst) in enumerate(shapes):
            unit[i * len(shapes) + n, place, columns] = height[:, None] * burst
    windows = tuple((c - w / 2, c + w / 2) for c, w, _ in shapes) * len(heights)
    sizes = np.tile(HEIGHTS, (len(unit), 1))
    return Candidate("too busy", sites, place, unit, sizes, windows, sizes)


def _within(part: tuple[float, float]) -> np.ndarray:
    return np.asarray((part[0] <= PHASE) & (part[1] > PHASE))


def _opposed(given: Pair, what: Noise) -> Iterator[tuple[tuple[str, ...], FloatArray]]:
    """Opposed sites around one joint, busy by one share of the reference, or of full activation."""
    for groups in ANTAGONISTS.values():
        members = [[s for s in group if s in given.sites] for group in groups]
        if all(members):
            sites = tuple(s for group in members for s in group)
            full = what.gain.mean(axis=0)[[given.sites.index(s) for s in sites]]
            yield sites, np.stack([np.ones(len(sites)), full / max(float(full.mean()), 1e-9)])


def _quiet(given: Pair, what: Noise, place: int, j: int) -> Candidate:
    unit = _empty(given, len(PARTS))
    for n, (start, end) in enumerate(PARTS):
        unit[n, place, j] = -what.healthy[place, j] * ((start <= PHASE) & (end > PHASE))
    sizes = np.tile(LACKING, (len(unit), 1))
    return Candidate("too quiet", (given.sites[j],), place, unit, sizes, PARTS, 1 - sizes)


def _shifted(given: Pair, what: Noise, place: int, j: int, kind: Kind) -> Candidate:
    curve = what.healthy[place, j]
    sign = 1.0 if kind == "late" else -1.0
    unit = _empty(given, len(SHIFTS))
    for n, shift in enumerate(SHIFTS):
        unit[n, place, j] = np.interp(PHASE - sign * shift, PHASE, curve, period=100.0) - curve
    # a shift is not a factor: each pattern in its one size, told three times
    sizes = np.ones((len(unit), len(HEIGHTS)))
    told = sizes * np.array(SHIFTS)[:, None]
    return Candidate(kind, (given.sites[j],), place, unit, sizes, (WHOLE,) * len(unit), told)


def _weak(given: Pair, wanted: Expected, what: Noise, place: int, group: int) -> Candidate:
    change = wanted.weak[group]
    unit = _empty(given, len(change))
    unit[:, place] = what.gain[place][:, None] * change[:, place]
    sizes = np.tile(ANSWERED, (len(unit), 1))
    told = np.repeat(np.tile(SHARES, len(unit) // len(SHARES))[:, None], len(ANSWERED), axis=1)
    return Candidate("weak", (GROUPS[group],), place, unit, sizes, (WHOLE,) * len(unit), told)


def _burst(centre: float, width: float) -> FloatArray:
    """A raised cosine, smooth as an envelope is, that closes on itself."""
    apart = np.abs((PHASE - centre + 50) % 100 - 50)
    return np.where(apart < width / 2, np.cos(np.pi * apart / width) ** 2, 0.0)
