"""``write``: a take of the synthetic runner as files on disk, with its truth beside them."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
import yaml

from restride.body.model import Body, generic
from restride.body.required import at_sites
from restride.signals.schema import FloatArray, labelled
from restride.twin import steps
from restride.twin.activity import ELECTRODES, activation, excitation
from restride.twin.faults import DEMO_FAULTS, Fault
from restride.twin.files import write_emg, write_mot, write_trc
from restride.twin.markers import placed, standing, tracked
from restride.twin.motion import Motion, centre_of_pressure, ground_force, motion

MASS_KG: Final = 62.0
HEIGHT_M: Final = 1.75
DELAY_S: Final = 0.040
# how fast the foot goes back with the belt while it lies flat
SPEED_M_S: Final = 3.4

MOTION_HZ: Final = 200.0
# every second frame of the motion
MARKER_HZ: Final = 100.0
ANALOG_HZ: Final = 1000.0
# what the electrode's amplifier lets through, and the two corners that muscle and skin give the
# spectrum of a surface EMG (Shwedyk et al. 1977, IEEE TBME 24, 417; Stulen and De Luca 1981)
EMG_BAND_HZ: Final = (20.0, 450.0)
EMG_CORNERS_HZ: Final = (60.0, 120.0)
STANDING_S: Final = 0.5
# whole steps before and after the recording, so that nothing in it feels an end
SPARE_STEPS: Final = 4
# recorded before the first whole stride and after the last; computed beyond that
MARGIN_S: Final = 0.25
SPARE_S: Final = 0.10

# what a good recording still has in it; all SD
STRIDE_SPREAD: Final = 0.015
ANGLE_SPREAD: Final = 0.01
EMG_SPREAD: Final = 0.10
GAIN_SPREAD: Final = 0.10
MARKER_NOISE_M: Final = 0.001
FORCE_NOISE_N: Final = 2.0
PRESSURE_NOISE_M: Final = 0.001
# EMG of full activation and of a silent electrode, root mean square
FULL_V: Final = 1e-3
SILENT_V: Final = 4e-6
# one stream of random numbers each, so that nothing drawn for one changes another
_DRAWS: Final = ("steps", "angles", "muscles", "emg", "gains", "force", "markers")


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What was planted in a take, before any measurement error.

    Attributes
    ----------
    faults : tuple of Fault
        None: both legs are alike.
    events : DataFrame, columns ``time_s, side, name, method``
        Initial contacts and toe-offs within the recording: where the force begins and ends.
    angles, root : DataArray, dims (time, coordinate) and (time, space), rad and m
    activation : DataArray, dims (time, muscle), units "1"
        Of all 80 muscles, compensation included; faults of the excitation are not in it.
    excitation : DataArray, dims (time, channel), units "1"
        Under each electrode, all faults and the uneven strides included.
    delay_s : float
        Excitation runs ahead of activation by this much.
    mass_kg, height_m : float
    seed : int
    """

    faults: tuple[Fault, ...]
    events: pd.DataFrame
    angles: xr.DataArray
    root: xr.DataArray
    activation: xr.DataArray
    excitation: xr.DataArray
    delay_s: float
    mass_kg: float
    height_m: float
    seed: int


def write(
    folder: str | os.PathLike[str], *, faults: Sequence[Fault] = DEMO_FAULTS, seed: int = 0, strides: int = 14
) -> Truth:
    """A take of running on a treadmill, made up, as files that any take may come in.

    Parameters
    ----------
    folder : path
        Made if missing. Gets ``running.trc``, ``standing.trc``, ``forces.mot``, ``emg.csv``,
        ``take.yaml`` and, for whoever wants to check the answer, ``truth.json``.
    faults : sequence of Fault
        Empty: a healthy runner, whose legs differ by noise alone.
    seed : int
        Same seed, same bytes. A fault changes no random draw.
    strides : int
        Whole strides of each leg, 0.68 s each.

    Notes
    -----
    Joint angles and ground force come from published terms, the pelvis from the force,
    the activations from the body at least effort, the EMG from the activations as
    band-limited noise of that amplitude.
    """
    draw = dict(zip(_DRAWS, np.random.default_rng(seed).spawn(len(_DRAWS)), strict=True))
    body = generic(mass_kg=MASS_KG, height_m=HEIGHT_M)
    count = 2 * SPARE_STEPS + 2 * strides + 1
    run = steps.steps(count, spread=STRIDE_SPREAD, rng=draw["steps"], zero=SPARE_STEPS, zero_s=MARGIN_S)
    end_s = float(run.contact_s[SPARE_STEPS + 2 * strides + 1]) + MARGIN_S
    moved = motion(body, run, _times(end_s, MOTION_HZ, spare_s=SPARE_S), spread=ANGLE_SPREAD, rng=draw["angles"])
    active = activation(body, moved, run, faults)
    sites = at_sites(active, body, sites=ELECTRODES)
    excited = excitation(sites, moved, faults, delay_s=DELAY_S, spread=EMG_SPREAD, rng=draw["muscles"])
    within = slice(-1e-9, end_s + 1e-9)
    events = steps.events(run)
    truth = Truth(
        faults=tuple(faults),
        events=events[events["time_s"].between(0.0, end_s)].reset_index(drop=True),
        angles=moved.angles.sel(time=within),
        root=moved.root.sel(time=within),
        activation=active.sel(time=within),
        excitation=excited.sel(time=within),
        delay_s=DELAY_S,
        mass_kg=MASS_KG,
        height_m=HEIGHT_M,
        seed=seed,
    )
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    fine_s = _times(end_s, ANALOG_HZ)
    write_emg(out / "emg.csv", _emg(excited, fine_s, noise=draw["emg"], gains=draw["gains"]))
    write_mot(out / "forces.mot", *_plates(moved, run, fine_s, rng=draw["force"]))
    _write_markers(out, body, truth, rng=draw["markers"])
    _write_notes(out, truth)
    return truth


def _times(end_s: float, rate_hz: float, *, spare_s: float = 0.0) -> FloatArray:
    first, last = -round(spare_s * rate_hz), int((end_s + spare_s) * rate_hz)
    return np.asarray(np.arange(first, last + 1) / rate_hz, dtype=np.float64)


def _emg(
    excited: xr.DataArray, time_s: FloatArray, *, noise: np.random.Generator, gains: np.random.Generator
) -> xr.DataArray:
    """Raw EMG (time, channel) in V: noise of the colour of muscles, as strong as the excitation."""
    strength = np.stack([np.interp(time_s, excited["time"].values, column) for column in excited.values.T], axis=1)
    carrier = _coloured(noise.standard_normal(strength.shape), muscle=True)
    silent = _coloured(noise.standard_normal(strength.shape), muscle=False)
    gain = 1 + GAIN_SPREAD * gains.standard_normal(strength.shape[1])
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


def _plates(
    moved: Motion, run: steps.Steps, time_s: FloatArray, *, rng: np.random.Generator
) -> tuple[xr.DataArray, xr.DataArray]:
    """Force and centre of pressure as plates give them: with noise, also off the ground."""
    grf = ground_force(run, time_s, mass_kg=MASS_KG)
    cop = centre_of_pressure(moved, run, time_s)
    grf += FORCE_NOISE_N * rng.standard_normal(grf.shape)
    cop[..., [0, 2]] += PRESSURE_NOISE_M * rng.standard_normal((*cop.shape[:2], 2))
    return grf, cop


def _write_markers(out: Path, body: Body, truth: Truth, *, rng: np.random.Generator) -> None:
    offsets = placed(rng=rng)
    still = standing(body, _times(STANDING_S, MARKER_HZ))
    write_trc(out / "standing.trc", tracked(body, *still, offsets, noise_m=MARKER_NOISE_M, rng=rng))
    seen = {"time": slice(None, None, round(MOTION_HZ / MARKER_HZ))}
    angles, root = truth.angles.isel(seen), truth.root.isel(seen)
    running = tracked(body, angles, root, offsets, noise_m=MARKER_NOISE_M, rng=rng)
    write_trc(out / "running.trc", running)


def _write_notes(out: Path, truth: Truth) -> None:
    notes = {
        "synthetic": True,
        "static": "standing.trc",
        "subject": {"mass_kg": truth.mass_kg, "height_m": truth.height_m},
        "conditions": {"movement": "running", "surface": "treadmill", "speed_m_s": SPEED_M_S},
    }
    head = "# A made-up runner: nobody was recorded.\n"
    (out / "take.yaml").write_text(head + yaml.safe_dump(notes, sort_keys=False), encoding="utf-8")
    planted = {
        "synthetic": True,
        "faults": [asdict(fault) for fault in truth.faults],
        "events": truth.events[["time_s", "side", "name"]].to_dict(orient="records"),
        "delay_s": truth.delay_s,
        "mass_kg": truth.mass_kg,
        "height_m": truth.height_m,
        "seed": truth.seed,
    }
    (out / "truth.json").write_text(json.dumps(planted, indent=1) + "\n", encoding="utf-8")
