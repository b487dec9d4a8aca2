"""Measured difference = required difference + unexplained difference, per site and phase."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy import stats

from restride.findings.origin.evidence import SILENCE, Noise, gain_spread
from restride.findings.origin.expected import Expected
from restride.findings.origin.situation import PHASE, Pair
from restride.findings.statistics import CONFIDENCE, Estimate
from restride.signals.schema import FloatArray, labelled

# draws for the largest of a curve's standardised differences
DRAWS: Final = 2000
# a stretch ends where the standardised difference falls below this share of its largest
STRETCH: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The three differences, first minus second situation, and how sure each is; shapes (site, phase).

    Attributes
    ----------
    measured, required, unexplained : array
        Shares of the reference.
    measured_sd, required_sd, unexplained_sd : array
        Measured: strides. Required: bodies. Unexplained: strides, electrodes, bodies and model.
    measured_p, unexplained_p : array, shape (site,)
        Of the largest standardised difference over the whole curve, times the number of sites (Bonferroni); the
        measured one against strides and electrodes' gains.
    phase_p : array
        Of the unexplained difference at each phase over its whole curve; NaN where it is not known.
    """

    measured: FloatArray
    required: FloatArray
    unexplained: FloatArray
    measured_sd: FloatArray
    required_sd: FloatArray
    unexplained_sd: FloatArray
    measured_p: FloatArray
    unexplained_p: FloatArray
    phase_p: FloatArray


def clearest(standard: FloatArray) -> tuple[float, float]:
    """Where one standardised curve (phase,) stands out most, in percent of the stride."""
    size = np.abs(np.nan_to_num(standard))
    top = int(size.argmax())
    inside = (size >= STRETCH * size[top]) & (np.sign(standard) == np.sign(standard[top]))
    first, last = top, top
    while first > 0 and inside[first - 1]:
        first -= 1
    while last < size.size - 1 and inside[last + 1]:
        last += 1
    return float(PHASE[first]), float(PHASE[last] + PHASE[1])


def split(given: Pair, wanted: Expected, what: Noise, *, rng: np.random.Generator) -> Split:
    """The differences of a pair of situations."""
    shape = given.mean.shape
    gain = what.shared_gain
    measured = given.mean[0] - given.mean[1]
    required = np.where(given.known, gain[:, None] * (wanted.mean[0] - wanted.mean[1]), np.nan)
    bodies = gain[:, None] * (wanted.modelled[:, 0] - wanted.modelled[:, 1])
    strides_sd = np.sqrt(sum(_variance(own) for own in given.strides))
    covariance = _of_differences(what, shape)
    unexplained_sd = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    gains_sd = np.sqrt(strides_sd**2 + gain_spread(given) ** 2 * (given.mean**2).sum(axis=0) + SILENCE**2)
    unexplained = measured - required
    unexplained_p, phase_p = _whole_curve(unexplained / unexplained_sd, covariance, rng)
    # strides and gains spread over the stride as the whole noise does
    scale = gains_sd / unexplained_sd
    of_gains = covariance * scale[:, :, None] * scale[:, None, :]
    measured_p, _ = _whole_curve(measured / gains_sd, of_gains, rng)
    return Split(
        measured,
        required,
        unexplained,
        strides_sd,
        bodies.std(axis=0),
        unexplained_sd,
        measured_p,
        unexplained_p,
        phase_p,
    )


def over(window: tuple[float, float], values: FloatArray, sd: FloatArray, strides: tuple[int, int]) -> Estimate:
    """Mean of a curve over a window, with an interval as wide as its points' (they hardly average out)."""
    inside = (window[0] <= PHASE) & (window[1] > PHASE)
    known = inside & ~np.isnan(values)
    if not known.any():
        return Estimate(float("nan"), None, _elsewhere(values, sd), strides)
    mean, half = float(values[known].mean()), float(_quantile() * np.sqrt((sd[known] ** 2).mean()))
    return Estimate(mean, (mean - half, mean + half), "", strides)


def _elsewhere(values: FloatArray, sd: FloatArray) -> str:
    """Why a difference is not known in a window, and what it is where it is known."""
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return "the ground force was not measured"
    mean, half = 100 * values[known].mean(), 100 * _quantile() * np.sqrt((sd[known] ** 2).mean())
    return (
        f"no ground force there; where the movement is known ({PHASE[known[0]]:.0f} to {PHASE[known[-1]]:.0f} % of the "
        f"stride) it is {mean:+.0f} % ({mean - half:+.0f} to {mean + half:+.0f})"
    )


def as_dataset(found: Split, sites: tuple[str, ...]) -> xr.Dataset:
    """The curves with their bands, dims (phase, site), units "1"."""
    coords = {"phase": PHASE, "site": list(sites)}

    def curve(values: FloatArray, name: str) -> xr.DataArray:
        return labelled(values.T, dims=("phase", "site"), units="1", coords=coords, name=name)

    parts: dict[str, xr.DataArray] = {"p": curve(np.nan_to_num(found.phase_p, nan=1.0), "p")}
    for name in ("measured", "required", "unexplained"):
        values, sd = getattr(found, name), getattr(found, f"{name}_sd")
        half = _quantile() * sd
        parts |= {name: curve(values, name), f"{name}_low": curve(values - half, name)}
        parts[f"{name}_high"] = curve(values + half, name)
    return xr.Dataset(parts)


def _quantile() -> float:
    return float(stats.norm.ppf(0.5 + CONFIDENCE / 2))


def _variance(own: tuple[FloatArray, ...]) -> FloatArray:
    """Of the mean stride of each site, (site, phase)."""
    return np.array([x.var(axis=0, ddof=1) / len(x) for x in own])


def _of_differences(what: Noise, shape: tuple[int, ...]) -> FloatArray:
    """Covariance (site, phase, phase) of first minus second."""
    first, second = what.root.reshape(*shape, -1)
    apart = first - second
    found: FloatArray = apart @ apart.transpose(0, 2, 1)
    return found


def _whole_curve(
    standard: FloatArray, covariance: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """P of each curve's largest point, and of each point, against curves that only noise makes."""
    whole, each = np.ones(len(standard)), np.full(standard.shape, np.nan)
    for j, (values, own) in enumerate(zip(standard, covariance, strict=True)):
        seen = ~np.isnan(values)
        if not seen.any():
            continue
        sd = np.sqrt(np.diag(own)[seen])
        correlation = own[np.ix_(seen, seen)] / np.outer(sd, sd)
        root = np.linalg.cholesky(correlation + 1e-8 * np.eye(len(sd)))
        largest = np.sort(np.abs(root @ rng.standard_normal((len(sd), DRAWS))).max(axis=0))
        beyond = DRAWS - np.searchsorted(largest, np.abs(values[seen]))
        each[j, seen] = (1 + beyond) / (1 + DRAWS)
        whole[j] = min(1.0, float(each[j, seen].min()) * len(standard))
    return whole, each
