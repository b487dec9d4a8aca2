"""Trials of one person made up with the noise of a real runner: false alarms, power, and whether the interval holds.

The noise is that of the five published runs of one runner. Only three of them came from one device, so their
spread is rough (its interval is shown) and their autocorrelation cannot be had; several are made up instead.
As noise that nobody made up, minutes of the real runs stand in for sessions: they drift and depend on each other as
they do. Nothing was tuned on any of it: the test is exact by construction, so a miss here is a fault of the code.
"""

from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np

from restride.chapters.watch.records import in_motion, on_clock, records
from restride.findings import minutes
from restride.findings.own_error import MDC_PER_SD, OwnError, own_error
from restride.pipeline.history import history
from restride.readers import read
from restride.retrain import blocks_needed, draw_order, randomisation
from restride.retrain.carry_over import checks
from restride.retrain.orders import two_sided
from restride.retrain.sessions import Entry
from restride.retrain.trial import Condition
from restride.signals.schema import FloatArray
from validation.row import Row

FOLDER: Final = "fit-run-one-runner-2016-2020"
MEASURE: Final = "step rate"
SHARE: Final = "share of contact time"
DRAWS: Final = 10_000
INTERVALS: Final = 2000
ALPHA: Final = 0.05
POWER: Final = 0.80
# of 2000 intervals that hold a true 95 %, a share below this comes in 1 of 400
COVERAGE: Final = 0.936
LOOKS: Final = 8

Noise = Callable[[np.random.Generator, int, int], FloatArray]


def rows(shared: Path) -> list[Row]:
    """Figures for every kind of noise, at the size that the plan asks for."""
    error, note = _noise(shared)
    effect = error.mdc
    blocks = blocks_needed(effect, error.sd)
    found = [
        Row(f"{MEASURE}: SD between runs of one runner, one watch", 60 * error.sd, "per min", None, note=note),
        Row("pairs planned for one MDC", float(blocks), "1", None, note="two sessions each, 5 %, 80 %"),
    ]
    kinds: dict[str, Noise] = {
        "independent": lambda rng, n, k: rng.standard_normal((n, k)),
        "drift of 1 SD a session": lambda rng, n, k: rng.standard_normal((n, k)) + np.arange(k),
        "learning": lambda rng, n, k: rng.standard_normal((n, k)) - 4 * np.exp(-np.arange(k) / 3),
        "autocorrelation 0.3": lambda rng, n, k: _autocorrelated(rng, n, k, 0.3),
        "autocorrelation 0.7": lambda rng, n, k: _autocorrelated(rng, n, k, 0.7),
        "heavy tails (t, 3)": lambda rng, n, k: rng.standard_t(3, (n, k)) / np.sqrt(3.0),
    }
    for name, noise in kinds.items():
        found += _figures(name, _scaled(noise, error.sd), effect, blocks)
    series = _minutes(shared)
    lag = np.mean([np.corrcoef(s[:-1], s[1:])[0, 1] for s in series])
    real = f"minutes of {len(series)} real runs as sessions, lag-1 correlation {lag:.2f}"
    sd = float(np.mean([np.diff(s).std() / np.sqrt(2.0) for s in series]))
    found += _figures("real minutes", lambda rng, n, k: _windows(rng, series, n, k), MDC_PER_SD * sd, blocks, real)
    return [*found, *_looking(blocks), _unsure_plan(), *_carried(blocks)]


def _noise(shared: Path) -> tuple[OwnError, str]:
    """Noise between the runs of one device, of the measure that has three; the strap's share beside it."""
    table = history(shared / FOLDER).table
    own = table[table["measure"] == MEASURE]
    device = own["device"].value_counts().idxmax()
    error = own_error(own.loc[own["device"] == device, "value"].to_numpy(dtype=float))
    share = own_error(table.loc[table["measure"] == SHARE, "value"].to_numpy(dtype=float))
    low, high = error.sd_interval or (np.nan, np.nan)
    return error, (
        f"{error.n} runs in six weeks, 95 % {60 * low:.1f} to {60 * high:.1f}, MDC {60 * error.mdc:.1f}; "
        f"autocorrelation: not from {error.n}. {SHARE}: SD {100 * share.sd:.2f} points, {share.n} runs over "
        "four years, two watches"
    )


def _figures(name: str, noise: Noise, effect: float, blocks: int, note: str = "") -> list[Row]:
    rng = np.random.default_rng(20_261_121)
    none = _differences(rng, noise, 0.0, DRAWS, blocks)
    some = _differences(rng, noise, effect, DRAWS, blocks)
    found = [randomisation(one).interval for one in some[:INTERVALS]]
    held = float(np.mean([low <= effect <= high for low, high in (i for i in found if i)]))
    counted = note or f"{DRAWS} trials of {2 * blocks} sessions"
    return [
        Row(f"{name}: no effect called one", float((two_sided(none) <= ALPHA).mean()), "1", ALPHA, "max", counted),
        Row(f"{name}: one MDC found", float((two_sided(some) <= ALPHA).mean()), "1", POWER if _judged(name) else None),
        Row(f"{name}: 95 % interval holds the effect", held, "1", COVERAGE, "min", f"{INTERVALS} trials"),
    ]


def _scaled(noise: Noise, sd: float) -> Noise:
    return lambda rng, n, k: sd * noise(rng, n, k)


def _judged(name: str) -> bool:
    """Power is judged where the noise has about the size planned for; a drift of 1 SD a session goes beyond."""
    return not name.startswith("drift")


def _differences(rng: np.random.Generator, noise: Noise, effect: float, n: int, blocks: int) -> FloatArray:
    """A minus B of each pair; AB or BA by lot, sessions as the noise has them."""
    sessions = noise(rng, n, 2 * blocks).reshape(n, blocks, 2)
    a_first = rng.integers(0, 2, size=(n, blocks)).astype(bool)
    apart: FloatArray = np.where(a_first, 1.0, -1.0) * (sessions[..., 0] - sessions[..., 1]) + effect
    return apart


def _autocorrelated(rng: np.random.Generator, n: int, k: int, r: float) -> FloatArray:
    """Sessions with a standard deviation of 1 that depend on the one before."""
    steps = rng.standard_normal((k, n))
    steps[1:] *= np.sqrt(1 - r**2)
    return np.array(list(accumulate(steps, lambda before, step: r * before + step))).T


def _minutes(shared: Path) -> list[FloatArray]:
    """Step rate of every whole minute of each run."""
    out = []
    for path in sorted((shared / FOLDER).glob("*.fit")):
        run = read(path)
        own = records(run, on_clock(run, "step_rate"), in_motion(run))
        out.append(minutes.by_minute(own)[1])
    return out


def _windows(rng: np.random.Generator, series: list[FloatArray], n: int, k: int) -> FloatArray:
    """Stretches of neighbouring minutes, from any of the runs."""
    starts = [(i, start) for i, one in enumerate(series) for start in range(one.size - k + 1)]
    drawn = rng.integers(0, len(starts), size=n)
    return np.array([series[i][start : start + k] for i, start in (starts[d] for d in drawn)])


def _looking(blocks: int) -> list[Row]:
    """What a look after every pair would do, and why there is none."""
    rng = np.random.default_rng(1)
    apart = _differences(rng, lambda r, n, k: r.standard_normal((n, k)), 0.0, 4000, blocks + LOOKS)
    alarms = np.zeros(4000, dtype=bool)
    for looks in range(blocks, blocks + LOOKS + 1):
        alarms |= two_sided(apart[:, :looks]) <= ALPHA
    note = f"tested after each of {LOOKS} more pairs; restride tests once, at the planned size"
    return [Row("no effect called one, if one did look after every pair", float(alarms.mean()), "1", None, note=note)]


def _carried(blocks: int) -> list[Row]:
    """How often what a session leaves behind is told: where it leaves nothing, and as much as the effect."""
    found = []
    for share, bar in ((0.0, ALPHA), (0.5, None), (1.0, None)):
        rng = np.random.default_rng(3)
        told = []
        for seed in range(400):
            due: list[Condition] = ["A" if letter == "A" else "B" for letter in "".join(draw_order(blocks, seed=seed))]
            done = np.array([0.5 if which == "A" else -0.5 for which in due])
            values = MDC_PER_SD * (done + share * np.r_[0.0, done[:-1]]) + rng.standard_normal(done.size)
            sessions = [Entry(k, "", w, w, v, "") for k, (w, v) in enumerate(zip(due, values.tolist(), strict=True), 1)]
            told.append(checks(sessions)[0].told)
        name = f"carry-over of {share:g} of an effect of one MDC told"
        found.append(Row(name, float(np.mean(told)), "1", bar, "max", "400 trials; 99 % interval"))
    return found


def _unsure_plan() -> Row:
    """Power where the noise is known from three baseline sessions only, as people will have it."""
    rng = np.random.default_rng(2)
    found = []
    for _ in range(4000):
        sd = own_error(rng.standard_normal(3)).sd
        apart = MDC_PER_SD * sd + np.sqrt(2.0) * rng.standard_normal((1, 6))
        found.append(two_sided(apart)[0] <= ALPHA)
    note = "the MDC itself is then off by a factor of 0.5 to 6; restride says so when it plans"
    return Row("one MDC found, the MDC estimated from three sessions", float(np.mean(found)), "1", None, note=note)
