"""Legs and pelvis: sound people raise nothing, a stiff ankle and planted drops show on their leg and in their size.

The made-up runner is given as markers and events alone, so that angles come from tracking. Planted, on the left with
even seeds and on the right with odd ones: a pelvic drop that grows to mid-stance under thighs that stay, a foot that
hangs in swing, a foot set further in. Floors were set from published repeat measures and by decision; on the four
speeds was developed that strides with a loose toe marker are left out (left toe of run400), and on the made-up runner
that a whip is read from the axis that stays level.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride.body.model import generic
from restride.findings import legs
from restride.findings.finding import Finding
from restride.pipeline import Analysis, analyse
from restride.readers import load, read
from restride.signals.recording import Conditions, Recording, Side
from restride.twin import steps
from restride.twin.markers import placed, tracked
from restride.twin.motion import motion
from validation.row import Row

ROOT: Final = Path(__file__).resolve().parent.parent
SEEDS: Final = 2
STRIDES: Final = 8
DROP_DEG: Final = 10.0
HANG_DEG: Final = 20.0
INWARD_M: Final = 0.06


def rows(shared: Path) -> list[Row]:
    """Sound recordings, the one-sided ankle, and what was planted."""
    return [*_sound(shared), *_ankle(shared), *_planted()]


def _sound(shared: Path) -> Iterator[Row]:
    four = shared / "run-four-speeds"
    takes = {
        **{f"run-four-speeds/{p.name}": ([p / "markers.trc", p / "grf.mot"], None) for p in sorted(four.glob("run*"))},
        "run-treadmill-qtm": (sorted((shared / "run-treadmill-qtm").glob("*.tsv")), None),
        "run-force-drift": (
            [shared / "run-force-drift" / "custom_drift_S001runT25.csv"],
            load(ROOT / "examples" / "run-force-drift" / "take.yaml"),
        ),
    }
    for name, (paths, take) in takes.items():
        found = analyse(read(paths, take=take))
        raised = [f for f in found.findings if f.strength > 0]
        told = _weighed(found)
        note = "; ".join(f.sentence for f in raised) or told.sentence
        yield Row(f"legs, {name}: rows of any topic raised", float(len(raised)), "1", 0, "max", note)


def _ankle(shared: Path) -> Iterator[Row]:
    found = analyse(read(sorted((shared / "c3d-walk-one-sided-ankle").glob("*.c3d"))))
    told = _weighed(found)
    pointing = [w for w in told.witnesses if w.points == "left"]
    other = [w for w in told.witnesses if w.points == "right"]
    yield Row("legs, one-sided ankle: measures that point to the left", len(pointing), "1", 2, "min", told.sentence)
    yield Row("legs, one-sided ankle: measures that point to the right", len(other), "1", 0, "max")


def _planted() -> Iterator[Row]:
    drop = [_runner(seed, drop_deg=DROP_DEG) for seed in range(SEEDS)]
    hang = [_runner(seed, hang_deg=HANG_DEG) for seed in range(SEEDS)]
    cross = [_runner(seed, inward_m=INWARD_M) for seed in range(SEEDS)]
    none = [_runner(seed) for seed in range(SEEDS)]
    raised = sum(any(f.strength > 0 for f in found.findings if f.topic == "leg") for found in none)
    yield Row("legs, made-up sound runner: takes with a row raised", raised, f"of {SEEDS}", 0, "max")
    # half of sin^2 over swing remains in the mean of its second half
    for name, takes, column, size, units in (
        ("pelvic drop", drop, "pelvic_drop_peak_rad", DROP_DEG, "deg"),
        ("hanging foot", hang, "foot_pitch_swing_rad", -HANG_DEG / 2, "deg"),
        ("foot set inward", cross, "placement_m", -1e3 * INWARD_M, "mm"),
    ):
        pairs = [(_of(takes[s], column), _of(none[s], column), 1 if s % 2 == 0 else -1) for s in range(SEEDS)]
        right = sum(found.strength > 0 and np.sign(found.value) == sign * np.sign(size) for found, _, sign in pairs)
        off = max(abs(sign * (found.value - plain.value) - size) for found, plain, sign in pairs)
        yield Row(f"legs, {name} planted: raised on its leg", right, f"of {SEEDS}", SEEDS, "min")
        bar = 0.2 * abs(size)
        yield Row(
            f"legs, {name} planted: largest error of its size", off, units, bar, "max", f"{size:g} {units} planted"
        )
    named = [_weighed(found).side for found in drop]
    yield Row(
        "legs, pelvic drop planted: leg named by all measures together",
        sum(named[s] == ("left" if s % 2 == 0 else "right") for s in range(SEEDS)),
        f"of {SEEDS}",
        SEEDS,
        "min",
        _weighed(drop[0]).sentence,
    )


def _weighed(found: Analysis) -> legs.Weighed:
    return legs.weighed([f for f in found.findings if f.topic in ("leg", "stride", "joint")])


def _of(found: Analysis, column: str) -> Finding:
    return next(f for f in found.findings if f.what == column)


def _runner(seed: int, *, drop_deg: float = 0.0, hang_deg: float = 0.0, inward_m: float = 0.0) -> Analysis:
    """Analysis of a made-up runner of whom only markers and contacts are given."""
    side: Side = "left" if seed % 2 == 0 else "right"
    draw = np.random.default_rng([seed, 11]).spawn(3)
    body = generic(mass_kg=62.0, height_m=1.75)
    run = steps.steps(2 * STRIDES + 9, spread=0.015, rng=draw[0], zero=4, zero_s=0.25)
    end_s = float(run.contact_s[4 + 2 * STRIDES + 1]) + 0.25
    moved = motion(body, run, np.arange(0.0, end_s, 0.01), spread=0.01, rng=draw[1])
    angles = _changed(moved.angles, moved.leg_phase(side) % 1.0, side, drop_deg=drop_deg, hang_deg=hang_deg)
    markers = tracked(body, angles, moved.root, placed(rng=draw[2]), noise_m=0.001, rng=draw[2])
    foot = [f"{side[0].upper()}{name}" for name in ("CAL", "TOE", "MT5")]
    markers.loc[{"marker": foot, "space": "z"}] -= inward_m * (-1 if side == "left" else 1)
    events: pd.DataFrame = steps.events(run)
    within = events[events["time_s"].between(0.0, end_s)].reset_index(drop=True)
    conditions = Conditions(movement="running", speed_m_s=3.4)
    return analyse(Recording({"markers": markers}, within, conditions=conditions, synthetic=True))


def _changed(angles: xr.DataArray, phase: np.ndarray, side: Side, *, drop_deg: float, hang_deg: float) -> xr.DataArray:
    stance = np.where(phase < 0.4, np.sin(np.pi * phase / 0.4) ** 2, 0.0)
    swing = np.where(phase > 0.4, np.sin(np.pi * (phase - 0.4) / 0.6) ** 2, 0.0)
    other = "r" if side == "left" else "l"
    drop, hang = np.deg2rad(drop_deg) * stance, np.deg2rad(hang_deg) * swing
    out = angles.copy()
    # right side down is positive: it drops while the left leg stands
    out.loc[{"coordinate": "pelvis_list"}] += drop if side == "left" else -drop
    out.loc[{"coordinate": f"hip_adduction_{side[0]}"}] += drop
    out.loc[{"coordinate": f"hip_adduction_{other}"}] -= drop
    out.loc[{"coordinate": f"ankle_angle_{side[0]}"}] -= hang
    return out
