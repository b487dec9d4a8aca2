"""Signals and strides as Hypothesis draws them; every dimension has another size."""

import numpy as np
import pandas as pd
import xarray as xr
from hypothesis import strategies as st

from restride.signals.schema import labelled

CHANNELS = ("soleus_l", "soleus_r", "tibialis_anterior_r")


@st.composite
def emg(draw: st.DrawFn, *, rate_hz: float = 1000.0, seconds: float = 0.9) -> xr.DataArray:
    """Noise in volts with an offset and a gain of its own per channel."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    count = round(rate_hz * seconds)
    gains = np.array([draw(st.floats(1e-6, 1e-2)) for _ in CHANNELS])
    offsets = np.array([draw(st.floats(-1.0, 1.0)) for _ in CHANNELS])
    values = offsets + gains * rng.standard_normal((count, len(CHANNELS)))
    return labelled(
        values,
        dims=("time", "channel"),
        coords={"time": np.arange(count) / rate_hz, "channel": list(CHANNELS)},
        units="V",
    )


@st.composite
def strides(draw: st.DrawFn, *, seconds: float = 6.0) -> pd.DataFrame:
    """Events of a walk or run: the legs half a stride apart, with a spread of some percent."""
    stride_s = draw(st.floats(0.6, 1.4))
    contact = draw(st.floats(0.3, 0.7))
    first_s = draw(st.floats(0.0, 0.3))
    rows: list[tuple[float, str, str, str]] = []
    for side, shift in (("left", 0.0), ("right", 0.5)):
        start_s = first_s + shift * stride_s
        while start_s < seconds:
            wobble = draw(st.floats(-0.02, 0.02))
            rows.append((start_s, side, "initial_contact", "drawn"))
            rows.append((start_s + contact * stride_s, side, "toe_off", "drawn"))
            start_s += stride_s * (1 + wobble)
    return pd.DataFrame(rows, columns=["time_s", "side", "name", "method"])
