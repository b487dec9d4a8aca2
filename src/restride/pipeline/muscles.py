"""The measured half of an analysis: from volts to shares of one reference, per stride."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles, emg
from restride.pipeline.plan import Plan
from restride.signals.recording import Recording
from restride.signals.schema import labelled
from restride.signals.vocabulary import side_of


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """EMG of one recording.

    Attributes
    ----------
    curves : DataArray, dims (cycle, phase, site), units "1", or None
        Share of one reference per site common to both legs; NaN where a channel is not
        usable, a stride was spoilt, or the leg had no electrode there.
    continuous : DataArray, dims (time, channel), units "1", or None
        The same envelope before it was cut into strides.
    quality : DataFrame
        One row per channel.
    axis : str
        The unit in words.
    """

    curves: xr.DataArray | None
    continuous: xr.DataArray | None
    quality: pd.DataFrame
    axis: str


def measured(recording: Recording, table: pd.DataFrame, plan: Plan) -> Measured:
    """Quality, envelope, strides and one shared scale for every usable, sorted channel."""
    if "emg" not in recording:
        return Measured(None, None, pd.DataFrame(columns=["channel", "usable", "reason"]), "")
    quality = emg.quality(recording["emg"], cycles=table)
    raw = recording["emg"].sel(channel=_chosen(recording, quality))
    if raw.sizes["channel"] == 0:
        return Measured(None, None, quality, "")
    smooth = emg.envelope(emg.condition(raw, band_hz=plan.emg_band_hz), cutoff_hz=plan.envelope_hz)
    cut = _without_spoilt(cycles.by_leg(smooth, table), recording, table)
    cut = by_site(cut)
    curves, axis = emg.scaled(cut)
    return Measured(curves, _scaled_alike(smooth, cut, curves), quality, axis)


def by_site(curves: xr.DataArray) -> xr.DataArray:
    """Curves of channels whose side is gone, called after their electrode site."""
    return curves.drop_vars("site", errors="ignore").rename(channel="site")


def _chosen(recording: Recording, quality: pd.DataFrame) -> list[str]:
    """Channels that are usable and sorted to a muscle and a side."""
    usable = dict(zip(quality["channel"], quality["usable"], strict=True))
    channel, site = recording["emg"]["channel"].values, recording["emg"]["site"].values
    return [str(c) for c, s in zip(channel, site, strict=True) if s and side_of(str(c)) and usable.get(str(c), False)]


def _without_spoilt(curves: xr.DataArray, recording: Recording, table: pd.DataFrame) -> xr.DataArray:
    """Strides with a movement artefact in one channel become NaN in that channel."""
    spoilt = emg.artefacts(recording["emg"], table)
    values = curves.values.copy()
    cycle = list(curves["cycle"].values)
    names = list(map(str, curves["channel"].values))
    for row in spoilt.itertuples():
        site = str(row.channel)[:-2]
        if row.cycle in cycle and site in names:
            values[cycle.index(row.cycle), :, names.index(site)] = np.nan
    return curves.copy(data=values)


def _scaled_alike(smooth: xr.DataArray, cut: xr.DataArray, curves: xr.DataArray) -> xr.DataArray:
    """The continuous envelope in the unit of the curves: the reference is their quotient."""
    with np.errstate(invalid="ignore", divide="ignore"):
        reference = np.nanmedian(np.where(curves.values > 0, cut.values / curves.values, np.nan), axis=(0, 1))
    by_site = dict(zip(map(str, curves["site"].values), reference, strict=True))
    factors = np.array([1.0 / by_site[str(c)[:-2]] for c in smooth["channel"].values])
    values = smooth.transpose("time", "channel").values * factors
    return labelled(values, dims=("time", "channel"), like=smooth, units="1", name="emg")
