"""One synthetic runner: how they move, once, and what their muscles do then, as often as wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from restride.body.dynamics import moments
from restride.body.model import Body, generic
from restride.body.required import at_sites
from restride.body.task import Task, task
from restride.signals.schema import FloatArray, labelled
from restride.twin import steps
from restride.twin.activity import activation, excitation
from restride.twin.faults import Fault
from restride.twin.motion import Motion, centre_of_pressure, ground_force, motion
from restride.twin.person import AS_MODELLED, Person, own_muscles

MASS_KG: Final = 62.0
HEIGHT_M: Final = 1.75
DELAY_S: Final = 0.040

MOTION_HZ: Final = 200.0
ANALOG_HZ: Final = 1000.0
# what the electrode's amplifier lets through, and the two corners that muscle and skin give the
# spectrum of a surface EMG (Shwedyk et al. 1977, IEEE TBME 24, 417; Stulen and De Luca 1981)
EMG_BAND_HZ: Final = (20.0, 450.0)
EMG_CORNERS_HZ: Final = (60.0, 120.0)
# whole steps before and after the recording, so that nothing in it feels an end
SPARE_STEPS: Final = 4
# recorded before the first whole stride and after the last; computed beyond that
MARGIN_S: Final = 0.25
SPARE_S: Final = 0.10

# what a good recording still has in it; all SD
STRIDE_SPREAD: Final = 0.015
ANGLE_SPREAD: Final = 0.01
# EMG of full activation and of a silent electrode, root mean square
FULL_V: Final = 1e-3
SILENT_V: Final = 4e-6
# one stream of random numbers each, so that nothing drawn for one changes another
_DRAWS: Final = ("steps", "angles", "muscles", "emg", "gains", "force", "markers", "body", "legs")


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A runner in motion, without any measurement error.

    Attributes
    ----------
    body : Body
        Of published strength; the person's own muscles differ from it.
    person : Person
    steps : Steps
    motion : Motion
    task : Task
        What the motion sets the legs to do.
    end_s : float
        End of the recording.
    seed : int
    """

    body: Body
    person: Person
    steps: steps.Steps
    motion: Motion
    task: Task
    end_s: float
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Muscles:
    """What the muscles of a run do, and what electrodes see of it.

    Attributes
    ----------
    activation : DataArray, dims (time, muscle), units "1"
        Of all 80 muscles, compensation included; faults of the excitation are not in it.
    excitation : DataArray, dims (time, channel), units "1"
        Under each electrode, all faults and the uneven strides included.
    emg : DataArray, dims (time, channel), units "V"
    """

    activation: xr.DataArray
    excitation: xr.DataArray
    emg: xr.DataArray


def run(*, seed: int, strides: int, person: Person = AS_MODELLED) -> Run:
    """A run on a treadmill.

    Parameters
    ----------
    seed : int
    strides : int
        Whole strides of each leg.
    person : Person
    """
    draw = draws(seed)
    body = generic(mass_kg=MASS_KG, height_m=HEIGHT_M)
    count = 2 * SPARE_STEPS + 2 * strides + 1
    planned = steps.steps(count, spread=STRIDE_SPREAD, rng=draw["steps"], zero=SPARE_STEPS, zero_s=MARGIN_S)
    end_s = float(planned.contact_s[SPARE_STEPS + 2 * strides + 1]) + MARGIN_S
    size = {n: 1 + person.motion_spread * draw["legs"].standard_normal() for n in body.coordinates if n[-2:-1] == "_"}
    times_s = times(end_s, MOTION_HZ, spare_s=SPARE_S)
    moved = motion(body, planned, times_s, spread=ANGLE_SPREAD, rng=draw["angles"], size=size)
    grf = ground_force(planned, moved.time_s, mass_kg=body.mass_kg)
    cop = centre_of_pressure(moved, planned, moved.time_s)
    dynamics = moments(body, moved.angles, moved.root, grf=grf, cop=cop)
    given = task(body, moved.angles, moved.root, dynamics.moments)
    return Run(body, person, planned, moved, given, end_s, seed)


def muscles(ran: Run, faults: Sequence[Fault], *, take: int = 0) -> Muscles:
    """What the muscles do in a run, faults included.

    Parameters
    ----------
    ran : Run
    faults : sequence of Fault
        None: both legs are alike. A fault changes no random draw.
    take : int
        Another number, another body of the same spread, other gains and noise.
    """
    draw, person = draws(ran.seed, take), ran.person
    own = own_muscles(ran.body.muscles, person, rng=draw["body"])
    active = activation(ran.task, own, ran.motion, faults, effort=person.effort)
    excited = excitation(
        at_sites(active, ran.body, sites=person.electrodes),
        ran.motion,
        faults,
        electrodes=person.electrodes,
        delay_s=DELAY_S,
        spread=person.emg_spread,
        rng=draw["muscles"],
    )
    fine_s = times(ran.end_s, ANALOG_HZ)
    raw = _emg(excited, fine_s, gain_spread=person.gain_spread, noise=draw["emg"], gains=draw["gains"])
    return Muscles(active, excited, raw)


def draws(seed: int, take: int = 0) -> Mapping[str, np.random.Generator]:
    """One stream of random numbers for each thing that is drawn."""
    source = np.random.default_rng(seed if take == 0 else [seed, take])
    return dict(zip(_DRAWS, source.spawn(len(_DRAWS)), strict=True))


def times(end_s: float, rate_hz: float, *, spare_s: float = 0.0) -> FloatArray:
    """Times from ``-spare_s`` to ``end_s + spare_s`` at a rate, one of them 0."""
    first, last = -round(spare_s * rate_hz), int((end_s + spare_s) * rate_hz)
    return np.asarray(np.arange(first, last + 1) / rate_hz, dtype=np.float64)


def _emg(
    excited: xr.DataArray,
    time_s: FloatArray,
    *,
    gain_spread: float,
    noise: np.random.Generator,
    gains: np.random.Generator,
) -> xr.DataArray:
    """Raw EMG (time, channel) in V: noise of the colour of muscles, as strong as the excitation."""
    strength = np.stack([np.interp(time_s, excited["time"].values, column) for column in excited.values.T], axis=1)
    carrier = _coloured(noise.standard_normal(strength.shape), muscle=True)
    silent = _coloured(noise.standard_normal(strength.shape), muscle=False)
    gain = 1 + gain_spread * gains.standard_normal(strength.shape[1])
    values = gain * (FULL_V * strength * carrier + SILENT_V * silent)
    return labelled(values, dims=("time", "channel"), units="V", coords={"time": time_s}, like=excited, name="emg")


def _coloured(white: FloatArray, *, muscle: bool) -> FloatArray:
    """Noise (time, channel) of standard deviation 1 in the amplifier's band, with or without muscle's colour."""
    hz = np.fft.rfftfreq(white.shape[0], 1 / ANALOG_HZ)
    low, high = EMG_BAND_HZ
    gain = 1 / np.sqrt((1 + (low / np.maximum(hz, 1e-9)) ** 4) * (1 + (hz / high) ** 8))
    if muscle:
        first, second = EMG_CORNERS_HZ
        gain *= hz / (np.hypot(hz, first) * (hz**2 + second**2))
    noise = np.fft.irfft(gain[:, None] * np.fft.rfft(white, axis=0), n=white.shape[0], axis=0)
    return np.asarray(noise / noise.std(axis=0), dtype=np.float64)
