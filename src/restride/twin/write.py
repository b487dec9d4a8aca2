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

from restride.signals.schema import FloatArray
from restride.twin import steps
from restride.twin.faults import DEMO_FAULTS, Fault
from restride.twin.files import write_emg, write_mot, write_trc
from restride.twin.markers import placed, standing, tracked
from restride.twin.motion import centre_of_pressure, ground_force
from restride.twin.person import AS_MODELLED, Person
from restride.twin.takes import ANALOG_HZ, DELAY_S, HEIGHT_M, MASS_KG, MOTION_HZ, Run, draws, muscles, run, times

# how fast the foot goes back with the belt while it lies flat
SPEED_M_S: Final = 3.4
# every second frame of the motion
MARKER_HZ: Final = 100.0
STANDING_S: Final = 0.5

# what a good recording still has in it; SD
FORCE_NOISE_N: Final = 2.0
PRESSURE_NOISE_M: Final = 0.001


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
    folder: str | os.PathLike[str],
    *,
    faults: Sequence[Fault] = DEMO_FAULTS,
    seed: int = 0,
    strides: int = 14,
    person: Person = AS_MODELLED,
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
    person : Person
        How far the runner's own body is from the one that will judge the take.

    Notes
    -----
    Joint angles and ground force come from published terms, the pelvis from the force,
    the activations from the body at least effort, the EMG from the activations as
    band-limited noise of that amplitude.
    """
    ran = run(seed=seed, strides=strides, person=person)
    done = muscles(ran, faults)
    within = slice(-1e-9, ran.end_s + 1e-9)
    events = steps.events(ran.steps)
    truth = Truth(
        faults=tuple(faults),
        events=events[events["time_s"].between(0.0, ran.end_s)].reset_index(drop=True),
        angles=ran.motion.angles.sel(time=within),
        root=ran.motion.root.sel(time=within),
        activation=done.activation.sel(time=within),
        excitation=done.excitation.sel(time=within),
        delay_s=DELAY_S,
        mass_kg=MASS_KG,
        height_m=HEIGHT_M,
        seed=seed,
    )
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    draw = draws(seed)
    write_emg(out / "emg.csv", done.emg)
    write_mot(out / "forces.mot", *_plates(ran, times(ran.end_s, ANALOG_HZ), rng=draw["force"]))
    _write_markers(out, ran, truth, rng=draw["markers"])
    _write_notes(out, truth)
    return truth


def _plates(ran: Run, time_s: FloatArray, *, rng: np.random.Generator) -> tuple[xr.DataArray, xr.DataArray]:
    """Force and centre of pressure as plates give them: with noise, also off the ground."""
    grf = ground_force(ran.steps, time_s, mass_kg=MASS_KG)
    cop = centre_of_pressure(ran.motion, ran.steps, time_s)
    grf += FORCE_NOISE_N * rng.standard_normal(grf.shape)
    cop[..., [0, 2]] += PRESSURE_NOISE_M * rng.standard_normal((*cop.shape[:2], 2))
    return grf, cop


def _write_markers(out: Path, ran: Run, truth: Truth, *, rng: np.random.Generator) -> None:
    offsets, noise_m = placed(rng=rng), ran.person.marker_noise_m
    still = standing(ran.body, times(STANDING_S, MARKER_HZ))
    write_trc(out / "standing.trc", tracked(ran.body, *still, offsets, noise_m=noise_m, rng=rng))
    seen = {"time": slice(None, None, round(MOTION_HZ / MARKER_HZ))}
    angles, root = truth.angles.isel(seen), truth.root.isel(seen)
    running = tracked(ran.body, angles, root, offsets, noise_m=noise_m, rng=rng)
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
