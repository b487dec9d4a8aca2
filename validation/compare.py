"""Two recordings of one person: what must be told and what must not.

Real: one runner at 2 and 5 m/s, and the halves of one run against each other. Made up: synthetic
runners of which each has other electrodes, without a fault and with one on either leg; sessions
in which both legs answer alike, one of them with more noise, where "only one leg" would be wrong.
"""

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride import twin
from restride.findings import effects
from restride.pipeline import Analysis, analyse
from restride.pipeline.comparison import Comparison, compare
from restride.pipeline.comparison.confounds import speed_of
from restride.readers import read
from restride.signals.recording import Side, Source
from validation.row import Row

SPEEDS: Final = {"run200": 2.0, "run300": 3.0, "run400": 4.0, "run500": 5.0}
SEEDS: Final = 4
STRIDES: Final = 10
TRIES: Final = 400


def rows(shared: Path) -> list[Row]:
    """Speed and contact time of a real runner, false alarms, planted faults, and claims of one leg only."""
    return [*_speeds(shared), _halves(shared), *_planted(), *_one_leg_only()]


def _speeds(shared: Path) -> list[Row]:
    names = ("grf.mot", "markers.trc")
    runs = {v: analyse(read([shared / "run-four-speeds" / v / n for n in names])) for v in SPEEDS}
    off = max(abs((speed_of(run) or np.nan) / SPEEDS[v] - 1) for v, run in runs.items())
    found = compare(runs["run500"], runs["run200"])
    contact = [f for f in found.changes if f.name == "contact time" and f.value < 0 and f.strength > 0]
    warned = sum(w.about == "speed" and w.severity == "warning" for w in found.warnings)
    between = [f.name for f in found.interactions if f.topic == "stride" and f.strength > 0]
    note = "2 against 5 m/s"
    return [
        Row("speed from the feet: largest error at four belt speeds", off, "1", 0.03, "max"),
        Row("legs whose contact is surely shorter at speed", float(len(contact)), "1", 2, "min", note),
        Row("warnings of the speed", float(warned), "1", 1, "min", note),
        Row("times said to change on one leg more", float(len(between)), "1", 0, "max", f"{note}; healthy runner"),
    ]


def _halves(shared: Path) -> Row:
    """Every other stride of each leg against the rest, and the first half against the second."""
    whole = analyse(read(shared / "run-treadmill-qtm"))
    raised = 0
    for odd, even in ((slice(0, None, 2), slice(1, None, 2)), (slice(0, 7), slice(7, None))):
        found = compare(_part(whole, odd, "1"), _part(whole, even, "2"))
        raised += sum(f.strength > 0 for f in (*found.changes, *found.interactions))
    return Row("changes raised between halves of one run", float(raised), "1", 0, "max", "run-treadmill-qtm, twice")


def _part(analysis: Analysis, chosen: slice, mark: str) -> Analysis:
    kept = analysis.cycles[analysis.cycles["kept"]]
    own = np.concatenate([kept.index[kept["side"] == side][chosen] for side in ("left", "right")])
    return dataclasses.replace(
        analysis,
        recording=dataclasses.replace(analysis.recording, sources=(Source("trc", mark * 64),)),
        cycles=analysis.cycles.loc[own],
        spatiotemporal=analysis.spatiotemporal.loc[own],
        curves={k: c.isel(cycle=np.isin(c["cycle"].values, own)) for k, c in analysis.curves.items()},
    )


def _planted() -> list[Row]:
    """Runners with their own electrodes: healthy against healthy, and against one with a quiet tibialis anterior."""
    with tempfile.TemporaryDirectory() as folder:
        healthy = [_runner(Path(folder) / f"h{seed}", seed, ()) for seed in range(SEEDS)]
        sides: Sequence[Side] = ("left", "right")
        quiet = [_runner(Path(folder) / f"q{seed}", seed, _faults(sides[seed % 2])) for seed in range(SEEDS)]
    raised = right = own = 0
    for seed in range(SEEDS):
        other = healthy[(seed + 1) % SEEDS]
        alike = compare(healthy[seed], other)
        raised += sum(f.strength > 0 for f in (*alike.changes, *alike.interactions))
        right += _share_falls(compare(quiet[seed], other)) == sides[seed % 2]
        own += _quieter(compare(quiet[seed], healthy[seed], same_electrodes=True)) == (sides[seed % 2],)
    note = f"{SEEDS} pairs of synthetic runners"
    return [
        Row(
            "changes raised between healthy runners", float(raised), "1", 0, "max", f"{note}, electrodes stuck on anew"
        ),
        Row("quiet leg by its share, electrodes stuck on anew", right / SEEDS, "1", 1, "min", note),
        Row("quiet leg by its size, electrodes left in place", own / SEEDS, "1", 1, "min", note),
    ]


def _faults(side: Side) -> tuple[twin.Fault, ...]:
    return (twin.QUIET_TIBIALIS if side == "left" else twin.QUIET_TIBIALIS.mirrored(),)


def _runner(folder: Path, seed: int, faults: tuple[twin.Fault, ...]) -> Analysis:
    twin.write(folder, seed=seed, faults=faults, strides=STRIDES)
    recording = read(folder)
    # the muscles and the strides; the body is judged elsewhere
    return analyse(dataclasses.replace(recording, signals={k: recording[k] for k in ("emg", "grf")}))


def _share_falls(found: Comparison) -> Side | None:
    """The leg whose share of tibialis anterior surely fell."""
    shares = [f for f in found.interactions if "left share" in f.name and f.what == "tibialis_anterior"]
    falls = {f.value < 0 for f in shares if f.strength > 0}
    return None if len(falls) != 1 else "left" if falls.pop() else "right"


def _quieter(found: Comparison) -> tuple[Side, ...]:
    """Legs whose tibialis anterior is surely quieter."""
    rows_of_it = [f for f in found.changes if f.topic == "muscle" and f.what == "tibialis_anterior" and f.value < 0]
    return tuple(sorted({f.side for f in rows_of_it if f.strength > 0}))


def _one_leg_only() -> list[Row]:
    alike = np.mean(["only" in _said(1.0, 1.0, seed) for seed in range(TRIES)])
    left = np.mean(["left leg only" in _said(1.0, 0.0, seed) for seed in range(TRIES)])
    nothing = np.mean(["No effect" not in _said(0.0, 0.0, seed) for seed in range(TRIES)])
    note = f"{TRIES} made-up sets of 10 sessions"
    # five hundredths, and twice the standard error of so many tries
    most = 0.05 + 2 * float(np.sqrt(0.05 * 0.95 / TRIES))
    return [
        Row(
            "one leg only, though both answer alike",
            float(alike),
            "1",
            most,
            "max",
            f"{note}; the right three times as noisy",
        ),
        Row("an effect, though there is none", float(nothing), "1", most, "max", note),
        Row(
            "left leg only, where it is so", float(left), "1", None, "min", f"{note}; effect of one SD of the right leg"
        ),
    ]


def _said(left: float, right: float, seed: int) -> str:
    """The sentence about ten sessions forwards and backwards."""
    rng = np.random.default_rng(seed)
    found = []
    for session in range(10):
        day = rng.normal(0, 1)
        for direction in ("backwards", "forwards"):
            ahead = direction == "forwards"
            found.append((session, "left", direction, day + left * ahead + 0.3 * rng.normal()))
            found.append((session, "right", direction, day + right * ahead + 0.9 * rng.normal()))
    table = pd.DataFrame(found, columns=["session", "side", "direction", "value"])
    return effects(table, factors=["direction"])[0].sentence
