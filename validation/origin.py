"""Planted causes in a runner whose body is not the model's: found, on its leg, and nothing else named.

The twin makes takes with a different body: strength and fibre lengths off by 10 % (SD, both legs
alike) and by 5 % more between the legs, elastic Achilles tendons, effort cubed, legs whose angles
swing by 2 % more or less, gains off by 10 %, 11 to 13 electrodes a leg, 20 strides of each leg with
10 % spread of every channel, 2 mm of noise on every marker. Motion and force are written as
files, read, tracked and solved once per runner; each take of that runner has another body,
other gains, other strides of EMG, which go as raw EMG through the product's own way. The
harder runner has twice the spread between the legs (10 %), gains off by 20 % and 3 mm.

Planted, each on a random leg: co-contraction of the shank, of the thigh, or one busy muscle, for
20 to 35 % of the stride by half of each muscle's own peak; one muscle at 30 % of its activity; one
of the twelve weak groups at 20 to 50 % of its strength, with the others answering; one muscle 8 to
14 % of the stride late; nothing. Everything is drawn from all muscles and groups, those that the
motion hardly uses among them.

A cause is right if kind, leg and muscle or group are (of co-contraction, any of its muscles). A
quiet muscle that is called "quiet or weak, which cannot be told apart" is right as what was said,
and counted apart. The method was developed on other runners (seeds 0 to 67 and 1000 to 1031).
"""

import math
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from restride import twin
from restride.body import WEAK_GROUPS
from restride.findings.origin import Cause, Expected, Origin, expected, origin, pair, situation
from restride.pipeline import Plan, analyse
from restride.pipeline.movement import Moved, moved
from restride.pipeline.muscles import measured
from restride.pipeline.strides import with_strides
from restride.readers import read
from restride.signals.recording import Recording, Side
from restride.signals.schema import SIDES
from restride.signals.vocabulary import SITES as SITE_MUSCLES
from restride.signals.vocabulary import plain
from validation.row import Row

RUNNERS: Final = 68
HARDER_RUNNERS: Final = 12
STRIDES: Final = 20
KINDS: Final = ("nothing", "too busy", "too quiet", "weak", "late", "nothing")
SITES: Final = (*twin.ELECTRODES, "adductor_longus")
TOGETHER: Final = {
    "shank": ("tibialis_anterior", "soleus", "gastrocnemius_medialis"),
    "thigh": ("rectus_femoris", "vastus_lateralis", "vastus_medialis", "biceps_femoris", "medial_hamstrings"),
}
SOMEBODY: Final = twin.Person(
    strength_spread=0.10,
    fibre_spread=0.10,
    side_spread=0.05,
    motion_spread=0.02,
    effort="cubed",
    gain_spread=0.10,
    emg_spread=0.10,
    marker_noise_m=0.002,
)
HARDER: Final = replace(SOMEBODY, side_spread=0.10, gain_spread=0.20, marker_noise_m=0.003)
# what a runner's motion asks for is the same in all of their takes, as long as the usable sites are
_Asked = dict[tuple[str, ...], Expected]


@dataclass(frozen=True, slots=True)
class Take:
    """One take: what was planted, and what was said.

    Attributes
    ----------
    planted : str
        Kind, or "nothing".
    what : str
        Muscles or group.
    named : str
        Kind of the cause that was named; "" if none.
    right : bool
        The cause named is the planted one, on its leg.
    either : bool
        The same, or said as "quiet or weak" of the planted muscle and leg.
    leg : bool
        The leg named is the planted one; True where none was named.
    compensates : bool
        A weak group was planted, and a muscle outside of it was called too busy, too quiet or late by itself.
    """

    planted: str
    what: str
    named: str
    right: bool
    either: bool
    leg: bool
    compensates: bool


def rows(shared: Path) -> list[Row]:
    """Found, wrong and false causes over all takes, which are made here, and one real recording."""
    with ProcessPoolExecutor() as pool:
        usual = [take for takes in pool.map(takes_of, range(2000, 2000 + RUNNERS)) for take in takes]
        harder = [take for takes in pool.map(harder_takes_of, range(3000, 3000 + HARDER_RUNNERS)) for take in takes]
    shown = _by_group(usual) + _confusions(usual, "origin") + _confusions(harder, "origin, harder noise")
    return _judged(usual) + _one_sided_ankle(shared) + shown


def _one_sided_ankle(shared: Path) -> list[Row]:
    """A real walker whose left ankle hardly moves: two strides a leg, force under few of them."""
    found = analyse(read(shared / "c3d-walk-one-sided-ankle" / "PiG_Motion-FlatFoot-Hole.c3d")).origin
    rows = []
    for site in ("tibialis_anterior", "peroneus_longus"):
        said = next((m for m in found.muscles if m.site == site), None) if found else None
        quiet = said is not None and (said.verdict, said.situation) == ("too quiet", "left leg")
        note = "" if said is None else said.sentence
        rows.append(Row(f"origin, one-sided ankle: left {plain(site)} too quiet", float(quiet), "", 1.0, "min", note))
    return rows


def takes_of(seed: int) -> list[Take]:
    """Six takes of one runner."""
    return _takes(seed, SOMEBODY)


def harder_takes_of(seed: int) -> list[Take]:
    """Six takes of one runner with harder noise."""
    return _takes(seed, HARDER)


def planted(kind: str, sites: tuple[str, ...], rng: np.random.Generator) -> twin.Fault | None:
    """One cause, drawn; None for "nothing"."""
    side: Side = "left" if rng.random() < 0.5 else "right"
    if kind == "nothing":
        return None
    if kind == "too busy":
        centre, width = rng.uniform(0, 100), rng.uniform(20, 35)
        where = str(rng.choice(["shank", "thigh", "one"]))
        what = (str(rng.choice(sites)),) if where == "one" else tuple(s for s in TOGETHER[where] if s in sites)
        return twin.Fault("cocontraction", what, side, (centre - width / 2, centre + width / 2), 0.5)
    whole = (0.0, 100.0)
    if kind == "weak":
        return twin.Fault("wasted", (str(rng.choice(list(WEAK_GROUPS))),), side, whole, rng.uniform(0.2, 0.5))
    what = (str(rng.choice(sites)),)
    if kind == "too quiet":
        return twin.Fault("quiet", what, side, whole, 0.3)
    return twin.Fault("late", what, side, whole, rng.uniform(0.08, 0.14))


def _takes(seed: int, person: twin.Person) -> list[Take]:
    rng = np.random.default_rng([seed, 77])
    sites = tuple(str(s) for s in rng.permutation(SITES)[: int(rng.integers(11, 14))])
    person = replace(person, electrodes=sites)
    ran = twin.run(seed=seed, strides=STRIDES, person=person)
    plan = Plan()
    with tempfile.TemporaryDirectory() as folder:
        twin.write(folder, faults=[], seed=seed, strides=STRIDES, person=person)
        recording, table = with_strides(read(folder), source=plan.events)
    done = moved(recording, table, plan)
    found, asked = [], dict[tuple[str, ...], Expected]()
    for number, kind in enumerate(KINDS, start=1):
        fault = planted(kind, sites, rng)
        emg = twin.muscles(ran, [fault] if fault else [], take=number).emg
        found.append(_take(kind, fault, _origin(recording, done, table, emg, asked)))
    return found


def _origin(recording: Recording, done: Moved, table: pd.DataFrame, emg: xr.DataArray, asked: _Asked) -> Origin:
    """The origin of one take: its EMG through the product's own way, on the motion already tracked."""
    plan = Plan()
    names = [str(c) for c in emg["channel"].values]
    sorted_emg = emg.assign_coords(site=("channel", [n[:-2] for n in names]), label=("channel", names))
    muscles = measured(recording.replaced(signals={"emg": sorted_emg}), table, plan)
    assert muscles.curves is not None
    assert done.body is not None
    assert done.task is not None
    curves, task, own = muscles.curves, done.task, done.body.muscles
    left, right = (
        situation(side, emg=curves, task=task, muscles=own, cycles=table, delay_s=plan.delay_s) for side in SIDES
    )
    rng, envelope_hz = np.random.default_rng(plan.seed), plan.envelope_hz
    given = pair(left, right)
    if given.sites not in asked:
        # what pipeline.origins draws for the same motion and the same sites
        drawn = np.random.default_rng(plan.seed).spawn(2)[0]
        asked[given.sites] = expected(given, envelope_hz=envelope_hz, rng=drawn)
    return origin(left, right, envelope_hz=envelope_hz, rng=rng, wanted=asked[given.sites])


def _take(kind: str, fault: twin.Fault | None, found: Origin) -> Take:
    named = found.named
    if fault is None or named is None:
        said = "" if named is None else named.kind
        return Take(
            kind, "" if fault is None else fault.sites[0], said, right=False, either=False, leg=True, compensates=False
        )
    leg = named.situation == f"{fault.side} leg"
    muscles = _muscles(fault)
    right = leg and named.kind == kind and bool(_named_muscles(named) & muscles)
    # what was said of the planted muscle itself
    by_site = {m.site: m for m in found.muscles}
    quiet_or_weak = bool(found.untold) and named.kind in ("weak", "too quiet") and kind in ("weak", "too quiet")
    outside = kind == "weak" and named.kind != "weak" and not _named_muscles(named) & muscles
    return Take(
        planted=kind,
        what=fault.sites[0] if len(fault.sites) == 1 else "together",
        named=named.kind,
        right=right,
        either=right or (leg and quiet_or_weak and bool(_named_muscles(named) & muscles)),
        leg=leg,
        compensates=outside and any(m.verdict == named.kind for m in by_site.values()),
    )


def _muscles(fault: twin.Fault) -> set[str]:
    if fault.kind == "wasted":
        return {m for group in fault.sites for m in WEAK_GROUPS[group]}
    return {m for site in fault.sites for m in SITE_MUSCLES[site]}


def _named_muscles(cause: Cause) -> set[str]:
    return set(cause.what) if cause.kind == "weak" else {m for site in cause.what for m in SITE_MUSCLES[site]}


def _judged(takes: list[Take]) -> list[Row]:
    healthy = [t for t in takes if t.planted == "nothing"]
    named = [t for t in takes if t.planted != "nothing" and t.named]
    weak = [t for t in takes if t.planted == "weak"]
    rows = [_share("false alarm on healthy takes", [bool(t.named) for t in healthy], 5.0, "max")]
    bars = {"too busy": 90.0, "too quiet": 80.0, "weak": 60.0, "late": None}
    for kind, least in bars.items():
        own = [t for t in takes if t.planted == kind]
        note = ""
        if kind == "too quiet":
            strict = 100 * np.mean([t.right for t in own])
            note = f"{strict:.0f} % called too quiet only; the rest 'quiet or weak, which cannot be told apart'"
        rows.append(_share(f"{kind}: named first", [t.either for t in own], least, "min", note))
    rows.append(_share("right when a cause is named", [t.either for t in named], 85.0, "min"))
    rows.append(_share("the other leg named", [not t.leg for t in named], None, "max"))
    rows.append(_share("weak: a compensating muscle called the cause", [t.compensates for t in weak], 5.0, "max"))
    return rows


def _share(name: str, hits: Sequence[bool], bar: float | None, kind: Literal["min", "max"], note: str = "") -> Row:
    n, k = len(hits), sum(hits)
    interval = stats.binomtest(k, n).proportion_ci(method="wilson") if n else None
    low, high = (100 * interval.low, 100 * interval.high) if interval else (math.nan, math.nan)
    words = f"{k} of {n}, 95 % {low:.0f} to {high:.0f} %" + (f"; {note}" if note else "")
    return Row(f"origin, {name}", 100 * k / n if n else math.nan, "%", bar, kind, words)


def _by_group(takes: list[Take]) -> list[Row]:
    """Weak groups one by one: which of them this movement and these electrodes can tell."""
    found = []
    for group in WEAK_GROUPS:
        own = [t for t in takes if t.planted == "weak" and t.what == group]
        wrong = sum(bool(t.named) and not t.either for t in own)
        if own:
            note = f"{sum(t.either for t in own)} of {len(own)}; {wrong} named wrongly, the rest said to be open"
            share = 100 * float(np.mean([t.either for t in own]))
            found.append(Row(f"origin, weak {group.replace('_', ' ')}", share, "%", None, note=note))
    return found


def _confusions(takes: list[Take], title: str) -> list[Row]:
    """What was named for each kind that was planted."""
    found = []
    for kind in dict.fromkeys(KINDS):
        own = [t for t in takes if t.planted == kind]
        named = {said or "nothing": sum(t.named == said for t in own) for said in dict.fromkeys(t.named for t in own)}
        words = ", ".join(f"{said} {n}" for said, n in sorted(named.items(), key=lambda x: -x[1]))
        hits = [t.either if kind != "nothing" else not t.named for t in own]
        found.append(
            Row(f"{title}, {kind} planted: told rightly", 100 * float(np.mean(hits)), "%", None, note=f"named: {words}")
        )
    return found
