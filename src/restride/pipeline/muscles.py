"""The measured half of an analysis: from volts to shares of one reference, per stride."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from restride import cycles, emg
from restride.errors import UnitsError
from restride.pipeline.plan import Plan
from restride.signals.filters import unbroken_runs
from restride.signals.recording import Doubt, Recording
from restride.signals.schema import labelled
from restride.signals.vocabulary import side_of, without_side


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """EMG of one recording.

    Attributes
    ----------
    curves : DataArray, dims (cycle, phase, site), units "1", or None
        Share of one reference per site common to both legs; NaN where a channel is not
        usable, a stride was spoilt, or the leg had no electrode there.
    active : DataArray, dims (cycle, phase, site), units "1", or None
        1 where the muscle was switched on, 0 where off; None for EMG recorded as envelope.
    continuous : DataArray, dims (time, channel), units "1", or None
        The same envelope before it was cut into strides.
    quality : DataFrame
        One row per channel.
    axis : str
        The unit in words.
    doubts : tuple of Doubt
    reference : DataArray, dims (site,), V or unstated, or None
        What one share of ``curves`` is.
    """

    curves: xr.DataArray | None
    active: xr.DataArray | None
    continuous: xr.DataArray | None
    quality: pd.DataFrame
    axis: str
    doubts: tuple[Doubt, ...] = ()
    reference: xr.DataArray | None = None


def measured(recording: Recording, table: pd.DataFrame, plan: Plan) -> Measured:
    """Quality, envelope, strides and one shared scale for every usable, sorted channel.

    EMG that cannot be worked on at all (recorded too slowly, say) comes back as a doubt.
    """
    nothing = pd.DataFrame(columns=["channel", "site", "side", "usable", "reason"])
    if "emg" not in recording:
        return Measured(None, None, None, nothing, "")
    try:
        quality = emg.quality(recording["emg"], cycles=table)
        raw = recording["emg"].sel(channel=_chosen(recording, quality))
        if raw.sizes["channel"] == 0:
            return Measured(None, None, None, quality, "")
        conditioned = emg.condition(raw, band_hz=plan.emg_band_hz)
        smooth = emg.envelope(conditioned, cutoff_hz=plan.envelope_hz)
        spoilt = emg.artefacts(raw, table)
        cut = _without_spoilt(cycles.by_leg(smooth, table), spoilt)
        curves, axis = emg.scaled(cut)
        reference = emg.references(cut)
    except UnitsError as error:
        doubt = Doubt("emg", str(error), "The page shows the take without its EMG.")
        return Measured(None, None, None, nothing, "", (doubt,))
    on = None
    if not emg.is_envelope(conditioned):
        on = by_site(_without_spoilt(cycles.by_leg(switched(conditioned), table), spoilt))
    continuous = _scaled_alike(smooth, reference)
    return Measured(by_site(curves), on, continuous, quality, axis, reference=by_site(reference))


def judged(recording: Recording) -> Measured:
    """Quality of every channel of a recording without strides; nothing is cut or scaled."""
    nothing = pd.DataFrame(columns=["channel", "site", "side", "usable", "reason"])
    if "emg" not in recording:
        return Measured(None, None, None, nothing, "")
    try:
        return Measured(None, None, None, emg.quality(recording["emg"]), "")
    except UnitsError as error:
        return Measured(None, None, None, nothing, "", (Doubt("emg", str(error)),))


def switched(conditioned: xr.DataArray) -> xr.DataArray:
    """1 within the bursts of ``emg.bursts``, 0 between them, NaN where nothing was recorded.

    Parameters
    ----------
    conditioned : DataArray, dims (time, channel)
        As from ``emg.condition``.

    Returns
    -------
    DataArray, dims (time, channel), units "1"
    """
    conditioned = conditioned.transpose("time", "channel")
    time_s, out = conditioned["time"].values, np.full(conditioned.shape, np.nan)
    for j in range(conditioned.sizes["channel"]):
        for run in unbroken_runs(~np.isnan(conditioned.values[:, j])):
            out[run, j] = 0.0
            found = emg.bursts(conditioned.isel(time=run, channel=[j]))[["onset_s", "offset_s"]]
            for onset_s, offset_s in found.to_numpy(dtype=float):
                # a border that is NaN lies beyond the run
                start = run.start if np.isnan(onset_s) else np.searchsorted(time_s, onset_s)
                stop = run.stop if np.isnan(offset_s) else np.searchsorted(time_s, offset_s)
                out[start:stop, j] = 1.0
    return labelled(out, dims=("time", "channel"), like=conditioned, units="1", name="active")


def by_site(curves: xr.DataArray) -> xr.DataArray:
    """Curves of channels whose side is gone, called after their electrode site."""
    return curves.drop_vars("site", errors="ignore").rename(channel="site")


def _chosen(recording: Recording, quality: pd.DataFrame) -> list[str]:
    """Channels that are usable and sorted to a muscle and a side."""
    usable = dict(zip(quality["channel"], quality["usable"], strict=True))
    channel, site = recording["emg"]["channel"].values, recording["emg"]["site"].values
    return [str(c) for c, s in zip(channel, site, strict=True) if s and side_of(str(c)) and usable.get(str(c), False)]


def _without_spoilt(curves: xr.DataArray, spoilt: pd.DataFrame) -> xr.DataArray:
    """Strides with a movement artefact in one channel become NaN in that channel."""
    values = curves.values.copy()
    cycle = list(curves["cycle"].values)
    names = list(map(str, curves["channel"].values))
    for row in spoilt.itertuples():
        values[cycle.index(row.cycle), :, names.index(without_side(str(row.channel)))] = np.nan
    return curves.copy(data=values)


def _scaled_alike(smooth: xr.DataArray, reference: xr.DataArray) -> xr.DataArray:
    """The continuous envelope in the unit of the curves."""
    own = reference.sel(channel=[without_side(str(c)) for c in smooth["channel"].values])
    values = smooth.transpose("time", "channel").values / own.values
    return labelled(values, dims=("time", "channel"), like=smooth, units="1", name="emg")
