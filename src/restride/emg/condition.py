"""From what the amplifier gave to what the muscle did: offset and everything outside the band removed."""

from collections.abc import Sequence
from typing import Final

import xarray as xr

from restride.errors import UnitsError
from restride.signals.filters import band_pass
from restride.signals.schema import require, sampling_rate_hz

EMG_UNITS: Final = ("V", "unstated", "1")

# below 20 Hz lie skin movement and footfall, above 450 Hz hardly any power of a surface EMG
# (De Luca et al. 2010, SENIAM)
BAND_HZ: Final = (20.0, 450.0)

# a band-pass needs some room below half the sampling rate to be steep on both sides
HIGHEST_OF_NYQUIST: Final = 0.95

# below this much band there is no EMG left to speak of: half of its power lies between 50 and 150 Hz
NARROWEST_TOP_HZ: Final = 150.0

# each pass of the filter; two passes double it
ORDER: Final = 2


def condition(emg: xr.DataArray, *, band_hz: Sequence[float] = BAND_HZ) -> xr.DataArray:
    """The EMG without offset, movement artefact and noise beyond the band.

    Parameters
    ----------
    emg : DataArray, dims (time, channel), units "V", "unstated" or "1"
    band_hz : two floats
        Lower and upper edge; the upper one is lowered where the sampling rate asks for
        it (see ``band_within``).

    Returns
    -------
    DataArray, dims (time, channel), unit of ``emg``
        Zero phase; each unbroken run filtered by itself, NaN stays NaN. What was recorded
        as an envelope already (``attrs["processed"] == "envelope"``) comes back as it is.
        ``attrs["method"]`` says in words what was done.

    Raises
    ------
    UnitsError
        If the unit is another, or the sampling rate leaves no band.

    Notes
    -----
    Butterworth, order 2 on each pass, forward and backward (-6 dB at both edges).
    """
    emg = require(emg, dims=("time", "channel"), units=EMG_UNITS, name="emg")
    if is_envelope(emg):
        return emg.assign_attrs(method="recorded as an envelope, taken as it is")
    band, lowered = band_within(sampling_rate_hz(emg), band_hz=band_hz)
    out = band_pass(emg, band_hz=band, order=ORDER, gaps="split", centred=True)
    words = f"offset removed, band-pass {band[0]:g}-{band[1]:g} Hz (Butterworth, zero phase)"
    return out.assign_attrs(method=f"{words}; {lowered}" if lowered else words)


def band_within(rate_hz: float, *, band_hz: Sequence[float] = BAND_HZ) -> tuple[tuple[float, float], str]:
    """The band a sampling rate allows, and why it is narrower than asked ("" if it is not).

    Parameters
    ----------
    rate_hz : float
    band_hz : two floats
        Lower and upper edge as asked.

    Raises
    ------
    UnitsError
        If the two edges are in the wrong order, or the rate leaves less than
        ``NARROWEST_TOP_HZ``.
    """
    low, high = float(band_hz[0]), float(band_hz[1])
    if not 0 < low < high:
        raise UnitsError(f"expected a band from low to high above 0, found {low:g}-{high:g} Hz")
    top = HIGHEST_OF_NYQUIST * rate_hz / 2
    if high <= top:
        return (low, high), ""
    if top < NARROWEST_TOP_HZ or top <= 2 * low:
        raise UnitsError(
            f"expected raw EMG at {2 * NARROWEST_TOP_HZ / HIGHEST_OF_NYQUIST:.0f} Hz or more, found {rate_hz:g} Hz; "
            "record at 1000 Hz or more, or mark the channels as envelopes if they are"
        )
    return (low, top), f"upper edge lowered from {high:g} to {top:g} Hz: recorded at only {rate_hz:g} Hz"


def is_envelope(emg: xr.DataArray) -> bool:
    """Whether the EMG was recorded or stored as an envelope, not raw."""
    return bool(emg.attrs.get("processed") == "envelope")
