"""Watches and power pedals: what the devices state, what another decoder read, and damaged files.

The device's own session values are no truth about the legs, but they are the maker's reading of the
same records: whoever decodes and weights them rightly comes out where the device does. Two files were
decoded by an independent program; every number of theirs must be ours. Damage: single bytes changed,
and files cut off, must end in an error of ours or in a partial reading that says so.
"""

import resource
import tempfile
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from restride import cycles
from restride.chapters.chapter import Chapter
from restride.chapters.watch import chapters
from restride.errors import RestrideError
from restride.findings import Balance, balance, minutes, samples
from restride.readers import read
from restride.readers.fit import read_fit
from restride.readers.fit_fields import column, left_share_of_summary
from restride.readers.fit_messages import decode
from restride.readers.pedals import pedal_signals
from restride.readers.take import parsed
from restride.readers.watch_clock import increasing
from restride.signals.recording import Recording
from restride.signals.schema import SIDES
from validation.row import Row

PEDALS: Final = ("edge1000_balance_te_ps", "edge810_vector_balance", "fenix6_turbo_power_phase")
STRAPS: Final = (
    "fit-run-one-runner-2016-2020/2016-09-25_fenix3",
    "fit-run-one-runner-2016-2020/2018-02-04_fenix3_stryd",
    "fit-run-one-runner-2016-2020/2020-03-21_fenix6x_stryd_balance",
    "fit-run/fenix5x_stryd_balance",
    "fit-run/fenix5_run_short",
)
UNSTATED: Final = (
    "fit-power-pedals/wahoo_elemnt_balance",
    "fit-edge-cases/elemnt-bolt-no-application-id-inside-developer-data-id",
)
ONE_SIDED: Final = ("edge820_te_ps", "edge4655_te_ps_no_balance")
BAR_POINTS: Final = 0.3
STEADY: Final = 300
BALANCE: Final = "avg_stance_time_balance"
# shorter laps are pauses, and their smart records too few
SHORTEST_LAP_S: Final = 60.0
SESSION: Final = {
    ("torque_effectiveness", "left"): 82.5,
    ("torque_effectiveness", "right"): 83.0,
    ("pedal_smoothness", "left"): 24.0,
    ("pedal_smoothness", "right"): 24.5,
}

MUTANTS: Final = 500  # of each file
WHOLE: Final = 4  # of them from the whole file, the rest from its beginning: definitions are there
BEGINNING: Final = 6_000  # bytes
LONGEST_S: Final = 5.0
LARGEST_MIB: Final = 1024.0


def rows(shared: Path) -> list[Row]:
    """Decoding, sides, session values, damage."""
    return [
        *against_device(shared),
        *sides_kept(shared),
        *one_sided(shared),
        *laps(shared),
        *arcs(shared),
        *pages(shared),
        *steady(),
        *against_decoder(shared),
        *damaged(shared),
    ]


def headline(recording: Recording) -> Balance:
    """The weighted mean of the whole outing."""
    return balance(recording)[0]


def points(recording: Recording) -> tuple[float, str]:
    """Percentage points between our headline and the device's value, and both in words."""
    found = balance(recording)
    ours, plain, device = found[0], found[1], next(r for r in found if r.method == "stated by the device")
    note = f"left {100 * ours.share:.2f} %, plain {100 * plain.share:.2f} %, device {100 * device.share:.2f} %"
    return 100 * abs(ours.share - device.share), note


def against_device(shared: Path) -> Iterator[Row]:
    """Power of the pedals and contact time of the straps, as their sessions state them."""
    for name in (*(f"fit-power-pedals/{pedal}" for pedal in PEDALS), *STRAPS):
        value, note = points(read(shared / f"{name}.fit"))
        yield Row(f"{Path(name).name}, balance against device", value, "points", BAR_POINTS, "max", note)
    recording = read(shared / f"fit-power-pedals/{PEDALS[2]}.fit")
    for (kind, side), stated in SESSION.items():
        ours = 100 * float(np.nanmean(recording[kind].sel(side=side).where(recording["power"] > 0).values))
        note = f"plain mean with power {ours:.2f} %, device {stated:.1f} % in steps of 0.5"
        yield Row(f"fenix6, {side} {kind.replace('_', ' ')}", abs(ours - stated), "points", 0.5, "max", note)


def arcs(shared: Path) -> Iterator[Row]:
    """Start and end of the push of each leg as the page tells them, against the session."""
    chapter = next(c for c in _told(shared / f"fit-power-pedals/{PEDALS[2]}.fit") if c.key == "pedalling")
    of_name: dict[tuple[str, str], list[float]] = {}
    for m in chapter.measures:
        if m.units == "rad" and m.side in SIDES:
            of_name.setdefault((m.name, m.side), []).append(m.value)
    apart = [abs((ours - stated + np.pi) % (2 * np.pi) - np.pi) for ours, stated in of_name.values()]
    note = f"{len(apart)} bounds; median {np.rad2deg(np.median(apart)):.1f}; the session may weigh otherwise"
    yield Row("fenix6, bounds of the push against device", float(np.rad2deg(max(apart))), "degrees", None, "max", note)


def sides_kept(shared: Path) -> Iterator[Row]:
    """Files that never set the flag of the side: no record may name a leg, nor any row."""
    for name in UNSTATED:
        recording = read(shared / f"{name}.fit")
        named = float(recording["left_share"]["side_known"].values.sum())
        named += sum(row.of == "left leg" for row in balance(recording))
        doubted = any(d.about == "left_share" and d.severity == "warning" for d in recording.doubts)
        note = headline(recording).sentence if doubted else "no doubt says so"
        yield Row(f"{Path(name).name[:20]}, legs named", named if doubted else np.inf, "1", 0.0, "max", note)


def one_sided(shared: Path) -> Iterator[Row]:
    """Meters of one leg: recognised in words, and no balance."""
    for name in ONE_SIDED:
        recording = read(shared / f"fit-power-pedals/{name}.fit")
        told = any(d.message.startswith("One-sided meter") for d in recording.doubts)
        yield Row(f"{name}, rows of balance", float(len(balance(recording))) if told else np.inf, "1", 0.0, "max")
    # a meter that doubles one leg writes 50 % for ever: put into the records of a real ride
    records = decode((shared / f"fit-power-pedals/{PEDALS[1]}.fit").read_bytes()).records
    pedalling = (column(records, "power") > 0) & (column(records, "cadence") > 0)
    for raw, words in ((0x80 | 50, "50 %"), (0x80, "0 %"), (0x80 | 100, "100 %")):
        doubling = [{**row, "left_right_balance": float(raw)} for row in records]
        signals, doubts = pedal_signals(doubling, np.arange(len(records), dtype=np.float64), pedalling)
        told = any(d.message.startswith("One-sided meter") for d in doubts)
        kept = float("left_share" in signals)
        yield Row(f"constant {words}, shares kept", kept if told else np.inf, "1", 0.0, "max", "records of edge810")


def laps(shared: Path) -> Iterator[Row]:
    """The share of each lap of a minute or more as the device states it, against its records."""
    for name in (f"fit-power-pedals/{PEDALS[1]}", *STRAPS[:4]):
        path = shared / f"{name}.fit"
        messages, recording = decode(path.read_bytes()), read(path)
        clock_s = column(messages.records, "timestamp")
        first_s = clock_s[increasing(clock_s)][0]
        power = "left_share" in recording
        own = samples(recording, "power" if power else "contact time")
        apart: list[float] = []
        for lap in messages.all_of("lap"):
            stated = lap.get("left_right_balance" if power else BALANCE)
            if not isinstance(stated, float):
                continue
            began_s, lasts_s = lap["start_time"], lap["total_elapsed_time"]
            assert isinstance(began_s, float)
            assert isinstance(lasts_s, float)
            start_s = began_s - first_s
            inside = (own.time_s >= start_s) & (own.time_s < start_s + lasts_s)
            share = left_share_of_summary(np.array([stated]))[0][0] if power else stated / 100
            if own.lasts_s[inside].sum() >= SHORTEST_LAP_S:
                ours = float(np.average(own.share[inside], weights=own.weight[inside]))
                apart.append(100 * abs(ours - share))
        note = f"{len(apart)} laps; 0.3 points is the bar of the sessions"
        yield Row(f"{Path(name).name[:20]}, laps against device", max(apart), "points", BAR_POINTS, "max", note)


def pages(shared: Path) -> Iterator[Row]:
    """What a page says first of every file, and that it never names or compares legs that were not told apart."""
    folders = ("fit-run", "fit-run-one-runner-2016-2020", "fit-power-pedals", "fit-edge-cases", "run-watch-course-csv")
    files = sorted(f for folder in folders for f in (shared / folder).iterdir() if f.suffix in (".fit", ".csv"))
    told = {file: _told(file) for file in files}
    silent = [file.name for file, found in told.items() if not found or not found[0].sentences[0].endswith(".")]
    yield Row("outings without a first sentence", float(len(silent)), "1", 0.0, "max", f"of {len(files)}; {silent}")
    for name in UNSTATED:
        found = told[shared / f"{name}.fit"]
        words = " ".join(w for chapter in found for w in (*chapter.sentences, *(m.name for m in chapter.measures)))
        sides = {m.side for chapter in found for m in chapter.measures} & set(SIDES)
        named = float("left leg" in words.lower()) + len(sides)
        yield Row(f"{Path(name).name[:20]}, legs named on the page", named, "1", 0.0, "max", found[0].sentences[0])
    for name in ONE_SIDED:
        found = told[shared / f"fit-power-pedals/{name}.fit"]
        compared = sum("balance" in chapter.key for chapter in found)
        compared += sum("left less right" in m.name for chapter in found for m in chapter.measures)
        note = found[0].sentences[0]
        yield Row(f"{name}, legs compared on the page", float(compared), "1", 0.0, "max", note)


def steady() -> Iterator[Row]:
    """Synthetic rides in which nothing changes: how many have a sentence too many, and what the intervals hold."""
    time_s, whole = np.arange(1800.0), np.ones(1800)
    said, held = 0, np.zeros(4)
    for seed in range(STEADY):
        rng = np.random.default_rng(1000 + seed)
        share = 0.5 + np.repeat(rng.normal(scale=0.01, size=30), 60) + rng.normal(scale=0.02, size=1800)
        power, cadence = (np.repeat(rng.normal(m, 0.1 * m, size=60), 30) for m in (200.0, 1.5))
        turning = np.repeat(rng.normal(scale=0.1, size=180), 10)
        own = minutes.Records(time_s, share, power, whole)
        found = [minutes.slope(own, x, rng=rng) for x in (np.floor(time_s / 60.0), power, cadence)]
        found.append(minutes.contrast(own, turning > 0.08, turning < -0.08, rng=rng))
        said += any(one.certain for one in found)
        held += [one.interval is not None and one.interval[0] <= 0 <= one.interval[1] for one in found]
    note = f"synthetic, {STEADY} rides of 30 minutes, four comparisons each"
    yield Row("steady rides with a sentence too many", 100 * said / STEADY, "%", 5.0, "max", note)
    yield Row("95 % intervals that hold the truth, worst", 100 * held.min() / STEADY, "%", 92.0, "min", note)


def _told(file: Path) -> list[Chapter]:
    recording = read(file, take=parsed({}))
    return list(chapters(recording, cycles.segment(recording.events)))


def against_decoder(shared: Path) -> Iterator[Row]:
    """Every number of two files that an independent decoder wrote down."""
    table = pd.read_csv(shared / "fit-run/fenix5_run_short-records.csv")
    recording = read(shared / "fit-run/fenix5_run_short.fit")
    stamps = pd.to_datetime(table["timestamp"].str.replace(" PDT", ""), format="%a %b %d %H:%M:%S %Y")
    clock_s = (stamps - stamps.iloc[0]).dt.total_seconds().to_numpy()
    # the table leaves the fraction of the cadence out
    ours = {
        "heart_rate": recording["heart_rate"].values * 60,
        "cadence": np.floor(recording["step_rate"].values * 30 + 1e-9),
        **{kind: recording[kind].values for kind in ("speed", "distance", "altitude")},
    }
    apart = [float(np.abs(clock_s - recording["speed"]["time"].values).max())]
    apart += [float(np.abs(ours[name] - table[name].to_numpy()).max()) for name in ours]
    yield Row("fenix5, against another decoder", max(apart), "1", 1e-9, "max", f"{len(table)} records x {len(apart)}")

    table = pd.read_csv(shared / "fit-edge-cases/compressed-speed-distance-records.csv", na_values=["null"])
    table.columns = [name.split("[")[0].strip().lower() for name in table.columns]
    recording = read(shared / "fit-edge-cases/compressed-speed-distance.fit")
    # the other decoder leaves out the first record, which holds a time and nothing else
    ours = {
        "timestamp": recording["speed"]["time"].values + table["timestamp"].iloc[0] - 5.0,
        "heart rate": recording["heart_rate"].values * 60,
        "speed": recording["speed"].values,
        "distance": recording["distance"].values,
        "cadence": recording["step_rate"].values * 30,
    }
    apart = [difference(ours[name][1:], table[name].to_numpy(dtype=np.float64)) for name in ours]
    note = f"{len(table)} records x {len(apart)}"
    yield Row("compressed speed and distance, likewise", max(apart), "1", 1e-9, "max", note)


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Largest difference; infinite if not the same records are empty."""
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return np.inf
    return float(np.nanmax(np.abs(ours - theirs)))


def damaged(shared: Path) -> Iterator[Row]:
    """All files as they are, and then with bytes changed and ends cut off."""
    files = sorted(shared.glob("fit-*/*.fit"))
    unread = [f.name for f in files if not readable(f)]
    yield Row("FIT files that are not read", float(len(unread)), "1", 0.0, "max", f"of {len(files)}; {unread}")
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(survived, files))
    note = f"{MUTANTS * len(files)} mutants, {sum(f.refused for f in found)} refused in words, the others read in part"
    yield Row("damage that changes a number unsaid", float(sum(f.silent for f in found)), "1", 0.0, "max", note)
    yield Row("slowest of them", max(f.slowest_s for f in found), "s", LONGEST_S, "max")
    yield Row("largest memory of a process", max(f.peak_mib for f in found), "MiB", LARGEST_MIB, "max")


@dataclass(frozen=True, slots=True)
class Survival:
    """How the mutants of one file ended."""

    refused: int
    silent: int
    slowest_s: float
    peak_mib: float


def survived(file: Path) -> Survival:
    """Read the mutants of one file; an error that is not ours is not caught and fails the topic."""
    content = file.read_bytes()
    unharmed = read_fit(file, parsed({}))
    rng = np.random.default_rng(zlib.crc32(content))
    refused, silent, slowest_s = 0, 0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.fit"
        for i in range(MUTANTS):
            path.write_bytes(mutated(content if i < WHOLE else content[:BEGINNING], rng))
            start = time.perf_counter()
            try:
                found = read_fit(path, parsed({}))
                silent += not told(found) and not alike(found, unharmed)
            except RestrideError:
                refused += 1
            slowest_s = max(slowest_s, time.perf_counter() - start)
    return Survival(refused, silent, slowest_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def readable(path: Path) -> bool:
    """Whether a file is read at all."""
    try:
        return bool(read(path, take=parsed({})).signals)
    except RestrideError:
        return False


def mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """The content with up to four bytes changed, and in every second case its end cut off."""
    changed = bytearray(content)
    for place in rng.integers(0, len(changed), size=rng.integers(1, 5)):
        changed[place] ^= int(rng.integers(1, 256))
    return bytes(changed[: rng.integers(14, len(changed) + 1)] if rng.random() < 0.5 else changed)


def told(recording: Recording) -> bool:
    """Whether a doubt says that the file is damaged or its checksum wrong."""
    return any(d.about == "file" and d.severity == "warning" for d in recording.doubts)


def alike(one: Recording, other: Recording) -> bool:
    """Whether two recordings hold the same numbers."""
    return set(one.signals) == set(other.signals) and all(
        one[kind].shape == other[kind].shape and np.array_equal(one[kind].values, other[kind].values, equal_nan=True)
        for kind in one.signals
    )
