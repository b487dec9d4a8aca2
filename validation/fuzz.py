"""Damaged files of every kind: an error of ours or a recording of the same sides, in time and in little memory.

Small sound files are changed in bytes, overwritten in runs, given false lengths and cut off, with a seed. They are
read in processes of their own with a limit of memory and of time, so that a file that ends the program is counted,
not suffered. A side is silently wrong if it is another than in the sound file and no new warning is given.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from restride.errors import RestrideError
from restride.findings import balance
from restride.readers import read
from restride.readers.take import Take, parsed
from restride.signals.recording import Recording
from validation.fuzz_samples import Sample, samples
from validation.row import Row

LONGEST_S: Final = 5.0
STUCK_S: Final = 20.0  # without a sign: no alarm was heard
MOST_MIB: Final = 1024
FEWEST: Final = 10_000  # binary files
FEWEST_C3D: Final = 4_000
WORDS: Final = (b"\0\0", b"\xff\xff", b"\xff\x7f", b"\1\0", b"\0\x80", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f")
ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one damaged file ended; ``how`` begins with one word for the kind of ending."""

    sample: str
    how: str
    seconds: float
    peak_mib: float


class TooLongError(Exception):
    """Raised by the alarm."""


def rows(shared: Path) -> list[Row]:
    """Endings of all damaged files."""
    sound = samples(shared)
    with tempfile.TemporaryDirectory() as folder:
        logs = [Path(folder) / f"{worker}.log" for worker in range(max(2, os.cpu_count() or 2))]
        threads = [
            threading.Thread(target=_watched, args=(shared, worker, len(logs), log)) for worker, log in enumerate(logs)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        outcomes = [outcome for log in logs for outcome in _outcomes(log)]
    return list(_judged(outcomes, {s.name: s for s in sound}))


def _judged(outcomes: list[Outcome], sound: dict[str, Sample]) -> Iterator[Row]:
    binary = [o for o in outcomes if sound[o.sample].binary]
    kinds = Counter(o.sample.split(":")[0] for o in outcomes)
    note = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    yield Row("damaged binary files", float(len(binary)), "1", FEWEST, "min", note)
    yield Row("of them C3D, header and parameters", float(kinds["C3D"]), "1", FEWEST_C3D, "min")
    refused = sum(o.how == "refused" for o in outcomes)
    yield Row(
        "refused in words",
        float(refused),
        "1",
        None,
        note=f"of {len(outcomes)}; the others were read, whole or in part",
    )
    for word, name in (
        ("crash", "crashes"),
        ("hang", f"longer than {LONGEST_S:g} s"),
        ("memory", f"more than {MOST_MIB} MiB"),
        ("silent", "another side, unsaid"),
    ):
        found = [o for o in outcomes if o.how.startswith(word)]
        shown = "; ".join(f"{o.sample} {o.how}" for o in found[:3])
        yield Row(name, float(len(found)), "1", 0.0, "max", shown)
    slowest = max(outcomes, key=lambda o: o.seconds)
    yield Row("slowest", slowest.seconds, "s", LONGEST_S, "max", slowest.sample)
    yield Row("largest memory of a process", max(o.peak_mib for o in outcomes), "MiB", MOST_MIB, "max")


def _watched(shared: Path, worker: int, workers: int, log: Path) -> None:
    """Run a process over its share of the files, and a new one from the next file on if it ends before."""
    log.touch()
    begun = -1
    while True:
        command = [
            sys.executable,
            "-m",
            "validation.fuzz",
            str(shared),
            str(worker),
            str(workers),
            str(begun + 1),
            str(log),
        ]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            stuck = _stuck(process, log)
        lines = log.read_text().splitlines()
        if process.returncode == 0 or not lines:
            return
        last = lines[-1].split("\t")
        if len(last) > 2 or int(last[0]) == begun:
            raise RuntimeError(f"expected the reading of damaged files to go on, it ended with {process.returncode}")
        begun = int(last[0])
        with log.open("a") as out:
            how = "hang without end" if stuck else f"crash of the program, status {process.returncode}"
            out.write(f"{begun}\t{last[1]}\t{how}\t{STUCK_S if stuck else 0}\t0\n")


def _stuck(process: "subprocess.Popen[bytes]", log: Path) -> bool:
    """Wait for a process; end it if its log does not grow."""
    size, since = -1, time.monotonic()
    while True:
        try:
            process.wait(timeout=0.5)
            return False
        except subprocess.TimeoutExpired:
            if log.stat().st_size != size:
                size, since = log.stat().st_size, time.monotonic()
            elif time.monotonic() - since > STUCK_S:
                process.kill()
                return True


def _outcomes(log: Path) -> Iterator[Outcome]:
    for line in log.read_text().splitlines():
        cells = line.split("\t")
        if len(cells) == 5:
            yield Outcome(cells[1], cells[2], float(cells[3]), float(cells[4]))


def work(shared: Path, worker: int, workers: int, first: int, log: Path) -> None:
    """Read every ``workers``-th damaged file from number ``first`` on, and log each ending.

    Parameters
    ----------
    shared : Path
    worker, workers, first : int
    log : Path
        Gets one line when a file is begun, and one when it has ended.
    """
    warnings.simplefilter("error")
    signal.signal(signal.SIGALRM, _alarm)
    take = parsed({})
    number = 0
    with tempfile.TemporaryDirectory() as folder, log.open("a", buffering=1) as out:
        mine = [s for s in samples(shared) if s.mutants]
        sound = {s.name: _sound(s, Path(folder)) for s in mine}
        pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (pages + MOST_MIB * 2**20, resource.RLIM_INFINITY))
        for sample in mine:
            rng = np.random.default_rng(zlib.crc32(sample.content))
            path = Path(folder) / f"damaged{sample.suffix}"
            for _ in range(sample.mutants):
                content = damaged(sample, rng)
                number += 1
                if number % workers != worker or number < first:
                    continue
                out.write(f"{number}\t{sample.name}\n")
                path.write_bytes(content)
                how, seconds = _timed(path, sound[sample.name], take)
                if seconds > LONGEST_S:  # once more: a busy machine holds a file up once, an endless loop always
                    how, seconds = _timed(path, sound[sample.name], take)
                peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                out.write(f"{number}\t{sample.name}\t{how}\t{seconds:.4f}\t{peak_mib:.0f}\n")


def _sound(sample: Sample, folder: Path) -> Recording:
    path = folder / f"sound{sample.suffix}"
    path.write_bytes(sample.content)
    return read(path, take=parsed({}))


def _alarm(*_: object) -> None:
    raise TooLongError


def _timed(path: Path, sound: Recording, take: Take) -> tuple[str, float]:
    """How reading ended, and its seconds."""
    start = time.perf_counter()
    how = _ending(path, sound, take)
    seconds = time.perf_counter() - start
    return (f"hang of {seconds:.0f} s" if seconds > LONGEST_S else how), seconds


def _ending(path: Path, sound: Recording, take: Take) -> str:
    """One word for how reading a file ended, and what it was."""
    signal.setitimer(signal.ITIMER_REAL, LONGEST_S)
    try:
        found = read(path, take=take)
        wrong = wrong_sides(found, sound)
    except RestrideError:
        return "refused"
    except TooLongError:
        return "hang"
    except MemoryError:
        return "memory"
    except Exception as error:  # noqa: BLE001  whatever else it is, is what is counted here
        return f"crash {type(error).__name__} {' '.join(str(error).split())[:80]}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return f"silent {wrong}" if wrong else "read"


def wrong_sides(found: Recording, sound: Recording) -> str:
    """What has another side than in the sound recording, unsaid; empty if nothing has.

    Parameters
    ----------
    found, sound : Recording
    """
    known = {d.message for d in sound.doubts}
    if any(d.severity == "warning" and d.message not in known for d in found.doubts):
        return ""
    before, now = _sides(sound), _sides(found)
    wrong = [f"{what}: {before[what]} now {side}" for what, side in now.items() if before.get(what, side) != side]
    return ", ".join(wrong)


def _sides(recording: Recording) -> dict[str, str]:
    """Side of each channel, event and row of balance that has one."""
    sides: dict[str, str] = {}
    if "emg" in recording:
        emg = recording["emg"]
        names = [str(name) for name in emg["channel"].values]
        for k, (label, name) in enumerate(zip(emg["label"].values, names, strict=True)):
            if name.endswith(("_l", "_r")):
                sides |= {f"channel {label}": name[-2:], f"channel {k + 1} of {len(names)}": name[-2:]}
    for event in recording.events.itertuples():
        sides[f"{event.name} at {event.time_s:.3f} s"] = str(event.side)
    for kind in ("acc", "gyr"):
        if kind in recording and "side" in recording[kind].coords:
            of = recording[kind]["side"].values
            sides |= {f"{kind} {n}": str(s) for n, s in zip(recording[kind]["sensor"].values, of, strict=True) if s}
    if "left_share" in recording:
        for row in balance(recording):
            sides[f"balance {row.quantity} {row.method}"] = f"{row.of} {row.share:.4f}"
    return sides


def damaged(sample: Sample, rng: np.random.Generator) -> bytes:
    """The content with bytes changed, a run overwritten, a false length, or its end cut off.

    Parameters
    ----------
    sample : Sample
        Four in five changes fall into its first ``head`` bytes.
    rng : Generator
    """
    content = bytearray(sample.content)
    reach = sample.head if rng.random() < 0.8 else len(content)
    kind, place = int(rng.integers(0, 4)), int(rng.integers(0, reach))
    if kind == 0:
        for at in rng.integers(0, reach, int(rng.integers(1, 9))):
            content[at] ^= int(rng.integers(1, 256))
    elif kind == 1:
        run = content[place : place + int(rng.integers(2, 64))]
        content[place : place + len(run)] = rng.integers(0, 256, len(run), dtype=np.uint8).tobytes()
    elif kind == 2:
        word = WORDS[int(rng.integers(0, len(WORDS)))]
        content[place : place + len(word)] = word
    else:
        content = content[: max(1, int(rng.integers(1, len(content))))]
    return bytes(content)


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
