"""Measured EMG against required activation, walking and running, beside OpenSim's CMC.

One fixed electromechanical delay for every channel; envelope low-passed at 6 Hz; Pearson's r over
the whole span in which both are known. Nothing here is fitted per channel. Walking starts from
the published joint angles (as the static optimisation it is compared with), running from raw
markers. Shown beside it, without a bar: the required activation low-passed like the envelope.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from restride import body, emg
from restride.readers import read
from restride.readers.take import load
from restride.signals.filters import low_pass
from validation.row import Row

DELAY_S: Final = 0.040
ENVELOPE_HZ: Final = 6.0
WALKING_LEAST: Final = 0.72
RUNNING_LEAST: Final = 0.75
# low-pass of motion and force in running; the walking angles come smoothed
RUNNING_HZ: Final = 10.0
EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples"
WALKING_PEERS: Final = "OpenSim 4.6 static optimisation 0.70, MocoInverse 0.67, same stride and delay"
# columns of the 92-muscle model behind each electrode
CMC: Final[Mapping[str, Sequence[str]]] = {
    "soleus_r": ("soleus_r",),
    "gastrocnemius_medialis_r": ("med_gas_r",),
    "gastrocnemius_lateralis_r": ("lat_gas_r",),
    "tibialis_anterior_r": ("tib_ant_r",),
    "medial_hamstrings_r": ("semimem_r", "semiten_r"),
    "biceps_femoris_r": ("bifemlh_r",),
    "vastus_lateralis_r": ("vas_lat_r",),
    "vastus_medialis_r": ("vas_med_r",),
    "rectus_femoris_r": ("rect_fem_r",),
    "gluteus_maximus_r": ("glut_max1_r", "glut_max2_r", "glut_max3_r"),
    "gluteus_medius_r": ("glut_med1_r", "glut_med2_r", "glut_med3_r"),
}

Array = npt.NDArray[np.float64]


def rows(shared: Path) -> list[Row]:
    """Median, mean and every channel of both sets."""
    return walking(shared / "walk-emg-mocap-grf") + running(shared)


def walking(folder: Path) -> list[Row]:
    """The published angles and forces of the walk, EMG from the raw analog file."""
    settings = load(EXAMPLES / folder.name / "take.yaml")
    take = read([folder / "markers_walk.trc", folder / "emg_walk_raw.anc"], take=settings)
    person = body.scaled(take)
    motion = read([folder / "coordinates.sto", folder / "grf_walk.mot"])
    moved = body.moments(
        person,
        motion["angles"],
        motion["root"],
        grf=motion["grf"],
        cop=motion["cop"],
        free_moment=motion["free_moment"],
    )
    found = body.required(person, moved.angles, moved.root, moved.moments)
    measured, needed = envelopes(take["emg"]), body.at_sites(found.activation, person)
    return compared("walking", measured, needed, WALKING_LEAST, WALKING_PEERS) + unexplained("walking", found)


def running(shared: Path) -> list[Row]:
    """From raw markers, plates and EMG; then one stride beside CMC."""
    folder = shared / "run-emg-grf-mocap"
    settings = load(EXAMPLES / folder.name / "take.yaml")
    names = ("motion_capture_run.trc", "static_run.trc", "grf_run.mot", "emg_raw.csv")
    take = read([folder / name for name in names], take=settings)
    person = body.scaled(take)
    tracked = body.track(person, take["markers"], static=take["static_markers"])
    loads = {kind: take[kind] for kind in ("grf", "cop", "free_moment")}
    moved = body.moments(person, tracked.angles, tracked.root, cutoff_hz=RUNNING_HZ, **loads)
    found = body.required(person, moved.angles, moved.root, moved.moments)
    measured, needed = envelopes(take["emg"]), body.at_sites(found.activation, person)
    judged = compared("running", measured, needed, RUNNING_LEAST, f"motion and force at {RUNNING_HZ:g} Hz")
    return judged + unexplained("running", found) + beside_cmc(shared / "run-cmc-reference", measured, needed)


def envelopes(raw: xr.DataArray) -> xr.DataArray:
    """Envelope of every channel, low-passed at 6 Hz."""
    return emg.envelope(emg.condition(raw), cutoff_hz=ENVELOPE_HZ)


def compared(name: str, measured: xr.DataArray, needed: xr.DataArray, bar: float, note: str) -> list[Row]:
    """Correlation of every channel with a site of the body, and over the channels."""
    channels = [str(c) for c in measured["channel"].values if c in needed["channel"].values]
    smooth = low_pass(needed, cutoff_hz=ENVELOPE_HZ, gaps="split")
    plain = [correlation(measured, needed, channel) for channel in channels]
    alike = [correlation(measured, smooth, channel) for channel in channels]
    head = [
        Row(f"{name}, EMG against required, median of {len(channels)}", float(np.median(plain)), "1", bar, note=note),
        Row(f"{name}, mean", float(np.mean(plain)), "1", None),
        Row(f"{name}, median, both at {ENVELOPE_HZ:g} Hz", float(np.median(alike)), "1", None),
        Row(f"{name}, mean, both at {ENVELOPE_HZ:g} Hz", float(np.mean(alike)), "1", None),
    ]
    pairs = zip(channels, plain, alike, strict=True)
    return head + [Row(f"{name}, {c}", r, "1", None, note=f"both at 6 Hz {smoothed:.2f}") for c, r, smoothed in pairs]


def correlation(measured: xr.DataArray, needed: xr.DataArray, channel: str) -> float:
    """Pearson's r of the required activation with the envelope as it was one delay earlier."""
    b = needed.sel(channel=channel)
    return lagged(measured.sel(channel=channel), b["time"].values, b.values)


def lagged(envelope: xr.DataArray, time_s: Array, curve: Array) -> float:
    """Pearson's r over the samples where both are known."""
    earlier = np.interp(time_s - DELAY_S, envelope["time"].values, envelope.values, left=np.nan, right=np.nan)
    known = ~np.isnan(earlier) & ~np.isnan(curve)
    return float(np.corrcoef(earlier[known], curve[known])[0, 1])


def unexplained(name: str, found: body.Required) -> list[Row]:
    """The largest moment that the muscles could not supply; shown, not judged."""
    worst = float(np.abs(found.residual).max())
    converged = 100 * float(found.converged.mean())
    return [Row(f"{name}, largest moment not supplied", worst, "N m", None, note=f"converged in {converged:.1f} %")]


def beside_cmc(folder: Path, measured: xr.DataArray, needed: xr.DataArray) -> list[Row]:
    """The one stride for which OpenSim's CMC forces are published, ours on the same samples."""
    lines = (folder / "std_runningModel_CMC_Actuation_force.sto").read_text().splitlines()
    start = lines.index("endheader")
    columns = lines[start + 1].split("\t")
    table = np.array([line.split("\t") for line in lines[start + 2 :] if line.strip()], dtype=np.float64)
    time_s = table[:, 0]
    theirs, ours = {}, {}
    for channel, muscles in CMC.items():
        force = table[:, [columns.index(muscle) for muscle in muscles]].sum(axis=1)
        own = np.interp(time_s, needed["time"].values, needed.sel(channel=channel).values)
        theirs[channel] = lagged(measured.sel(channel=channel), time_s, force)
        ours[channel] = lagged(measured.sel(channel=channel), time_s, own)
    both = zip(CMC, ours.values(), theirs.values(), strict=True)
    return [
        Row("one stride, ours, median", float(np.median(list(ours.values()))), "1", None),
        Row("one stride, CMC, median", float(np.median(list(theirs.values()))), "1", None, note="muscle force"),
        *[Row(f"one stride, {channel}", a, "1", None, note=f"CMC {b:.2f}") for channel, a, b in both],
    ]
