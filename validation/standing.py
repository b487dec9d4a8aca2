"""Sway against the authors' own figures, drift and steps of one force, and both feet on one belt.

The definitions of sway were found on these eight trials: area and velocity follow the authors' paper and come back
to all digits, the frequency's window was searched for and comes back to 0.3 %. Drift, steps and belt use nothing that
was tuned to them.
"""

from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride import analyse
from restride.cycles import assign_plates, complete_force, detect, segment, steps_from_force, undrifted
from restride.readers import read
from restride.readers.take import parsed
from restride.readers.trc import read_trc
from restride.signals.recording import Recording
from restride.standing import sway
from validation.row import Row

BALANCE: Final = "balance-cop"
DRIFT: Final = "run-force-drift/custom_drift_S001runT25.csv"
BELT: Final = "run-treadmill-qtm"
WITHIN: Final = 1.0
# column of the authors' table -> ours, and from SI to their unit
MEASURES: Final = {
    "COPvelo": ("velocity_m_s", 1e2),
    "COParea": ("ellipse_area_m2", 1e4),
    "COPmfreq": ("frequency_hz", 1.0),
}
STEP_S: Final = 0.3406  # the curator's estimate


def rows(shared: Path) -> list[Row]:
    """Largest departure over the trials with bars; the others with theirs where there is a truth."""
    return [*_sway(shared / BALANCE), *_drift(shared / DRIFT), *_belt(shared / BELT)]


def _sway(folder: Path) -> list[Row]:
    table = pd.read_csv(folder / "trials_and_reference_cop.csv").set_index("Trial")
    found = {t: sway(read(folder / f"{t}.txt")["plate_cop"].isel(plate=0, drop=True)) for t in map(str, table.index)}
    out = []
    for theirs, (ours, factor) in MEASURES.items():
        apart = {t: 100 * abs(factor * getattr(one, ours) / float(table[theirs][t]) - 1) for t, one in found.items()}
        worst = max(apart, key=lambda t: apart[t])
        note = f"of {len(apart)} trials, Santos and Duarte 2016; {worst}"
        out.append(Row(f"sway, {theirs}, largest departure", apart[worst], "%", WITHIN, "max", note))
    return out


def _drift(path: Path) -> list[Row]:
    force = read(path, take=parsed({"forces": {"rate_hz": 300, "unit": "N"}}))["vertical_force"]
    clean = undrifted(force)
    steps = steps_from_force(clean)
    time_s = clean["time"].values
    spans = list(zip(steps["toe_off_s"][:-1] + 0.02, steps["contact_s"][1:] - 0.02, strict=True))
    inside = [(time_s >= a) & (time_s <= b) for a, b in spans]
    before = max(abs(float(np.median(force.values[i]))) for i in inside)
    after = [abs(float(np.median(clean.values[i]))) for i in inside]
    # each flight against the straight line between its neighbours, which does not know it
    centre, zero = np.array([[time_s[i].mean(), np.median(force.values[i])] for i in inside]).T
    beside = [np.delete(np.arange(k - 1, k + 2), 1) for k in range(1, len(zero) - 1)]
    blind = [abs(zero[k + 1] - np.interp(centre[k + 1], centre[b], zero[b])) for k, b in enumerate(beside)]
    note = f"{len(after)} flights; before {before:.0f} N; zero by definition"
    return [
        Row("drift, force left in flight, largest", max(after), "N", 1.0, "max", note),
        Row("drift, zero of a flight foretold by its neighbours, largest", max(blind), "N", 1.0, "max", "not its own"),
        Row("drift, whole steps", float(len(steps)), "1", None, note=f"step {steps['step_s'].median():.4f} s"),
    ]


def _belt(folder: Path) -> list[Row]:
    recording = read(folder)
    theirs = read_trc(folder / "reference" / "JDX_S999_run_0021.trc", parsed({}))["markers"]
    apart = np.abs(recording["markers"].sel(marker=theirs["marker"]).values - theirs.values)
    found = detect(assign_plates(recording))
    contacts = found.events[found.events["name"] == "initial_contact"]
    sides = contacts["side"].tolist()
    alternating = 100 * float(np.mean([a != b for a, b in pairwise(sides)]))
    step_s = float(np.diff(contacts["time_s"]).mean())
    table = segment(found.events)
    whole = int((complete_force(found["grf"], table) & table["kept"]).sum())
    kept = int(table["kept"].sum())
    return [
        Row("belt, markers against the author's own TRC", 1e3 * float(np.nanmax(apart)), "mm", 0.01, "max"),
        Row("belt, left and right contacts in turns", alternating, "%", 100.0, note=f"{len(sides)} contacts"),
        Row("belt, step time against the curator's", 1e3 * abs(step_s - STEP_S), "ms", 1.0, "max", f"{step_s:.4f} s"),
        Row("belt, strides with both feet's force", float(whole), "1", 25.0, note=f"of {kept} kept"),
        Row("belt, sides told apart on the page of a healthy runner", _told(recording), "1", 0.0, "max"),
    ]


def _told(recording: Recording) -> float:
    """1 if the page's first sentence names a difference between the legs, else 0."""
    return float(not analyse(recording).summary.sentence.startswith("No difference between the two legs"))
