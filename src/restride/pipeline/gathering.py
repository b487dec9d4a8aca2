"""A folder of recordings as a table: what each file is, and which belong to one session.

Nothing is moved or changed. A folder is taken to hold the recordings of one person.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from restride.chapters.outing import is_outing
from restride.errors import RestrideError
from restride.pipeline.many_files import each
from restride.readers import FORMATS, Take, read
from restride.readers.sorting import sort
from restride.readers.take import FILE_NAME, load
from restride.signals.recording import Recording
from restride.signals.vocabulary import plain

# words of a file's name that say what it holds, not which trial it is
_KIND_WORDS: Final = frozenset(
    (
        *("emg", "semg", "raw", "processed", "filtered", "analog", "video", "keypoints", "data", "export"),
        *("grf", "force", "forces", "forceplate", "plates", "events", "cycles", "contacts"),
        *("marker", "markers", "mocap", "motion", "capture", "kinematics", "kinetics", "angles", "ik", "id"),
        *("imu", "imus", "acc", "gyr", "sensor", "sensors", "foot", "feet", "left", "right"),
        *("static", "calibration", "cal", "trial"),
    )
)
COLUMNS: Final = ("session", "file", "kind", "device", "started", "duration_s", "holds", "grouped_by", "problem")


@dataclass(frozen=True, slots=True)
class Found:
    """One file.

    Attributes
    ----------
    path : Path
        Below the folder that was looked through.
    kind, device, started, sha256 : str
        As in ``Source``; ``kind`` is its format.
    duration_s : float
        NaN where it holds no signal.
    kinds : tuple of str
        Of its signals.
    holds : str
        In words.
    questions : tuple of str
        Lines for take.yaml that only a person can complete.
    problem : str
        Why it cannot be read; empty if it can.
    """

    path: Path
    kind: str = ""
    device: str = ""
    started: str = ""
    sha256: str = ""
    duration_s: float = float("nan")
    kinds: tuple[str, ...] = ()
    holds: str = ""
    questions: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Files that were recorded together.

    Attributes
    ----------
    files : tuple of Found
    grouped_by : str
        What speaks for it, in words.
    take : str
        A take.yaml to complete; empty where none is needed or one is there.
    take_path : Path
        Where it would go, below the folder.
    """

    files: tuple[Found, ...]
    grouped_by: str
    take: str
    take_path: Path


@dataclass(frozen=True, slots=True)
class Gathered:
    """A folder: its sessions, the files that cannot be read, and how many are of no format known here."""

    sessions: tuple[Session, ...]
    unread: tuple[Found, ...]
    unknown: int


def gather(
    folder: Path,
    *,
    devices: Path | None = None,
    progress: Callable[[str], None] | None = None,
    processes: int = 1,
) -> Gathered:
    """Every file in a folder and below it, and the sessions they make.

    Parameters
    ----------
    folder : Path
    devices : path, optional
        As in ``restride.read``.
    progress : callable, optional
        Told in words how far it is.
    processes : int
        How many files are read at a time.

    Raises
    ------
    RestrideError
        If the folder is none, or holds no file of a known kind.

    Notes
    -----
    Together belong files whose times overlap, files that a take.yaml beside them names, files
    of one folder with one name but for words such as "emg" or "markers", and files of
    one folder whose names say only what they hold, if no kind of signal comes twice.
    """
    if not folder.is_dir():
        raise RestrideError(f"expected a folder, found none of the name {folder.name}; check its path")
    suffixes = {suffix for known in FORMATS for suffix in known.suffixes}
    every = sorted(p for p in folder.rglob("*") if p.is_file() and not _hidden(p.relative_to(folder)))
    paths = [p for p in every if p.suffix.lower() in suffixes]
    if not paths:
        raise RestrideError(f"expected recordings in {folder.name}, found none; name the folder that holds them")
    files: list[Found] = []
    seen: dict[str, Path] = {}
    look = partial(_looked_at, folder=folder, devices=devices)
    for _, found in each(look, paths, processes=processes, progress=progress):
        if found.sha256 and found.sha256 in seen:
            found = Found(found.path, problem=f"the same file as {seen[found.sha256]}")
        seen.setdefault(found.sha256, found.path)
        files.append(found)
    readable = [f for f in files if not f.problem]
    unread = tuple(f for f in files if f.problem)
    unknown = sum(p.suffix.lower() not in suffixes and p.name != FILE_NAME for p in every)
    return Gathered(tuple(_sessions(folder, readable)), unread, unknown)


def sessions_table(gathered: Gathered) -> pd.DataFrame:
    """One row per file, columns ``COLUMNS``; files that cannot be read have no session.

    Parameters
    ----------
    gathered : Gathered
    """
    rows = [
        (str(k), f.path.as_posix(), f.kind, f.device, f.started, f.duration_s, f.holds, session.grouped_by, "")
        for k, session in enumerate(gathered.sessions, start=1)
        for f in session.files
    ]
    rows += [("", f.path.as_posix(), "", "", "", float("nan"), "", "", f.problem) for f in gathered.unread]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def gathered_words(gathered: Gathered) -> list[str]:
    """The sessions as lines for a person.

    Parameters
    ----------
    gathered : Gathered
    """
    count = sum(len(s.files) for s in gathered.sessions)
    lines = [
        f"{_several(count, 'file')} in {_several(len(gathered.sessions), 'session')}"
        + (f", {_several(len(gathered.unread), 'file')} that cannot be read" if gathered.unread else "")
        + (f", {_several(gathered.unknown, 'file')} of no kind restride knows" if gathered.unknown else "")
        + ". All are taken to be of one person; nothing was moved or changed."
    ]
    for k, session in enumerate(gathered.sessions, start=1):
        started = min((f.started for f in session.files if f.started), default="")
        when = started.replace("T", " ").replace("+00:00", " UTC") or "no date"
        reason = f" ({session.grouped_by})" if session.grouped_by else ""
        lines.append(f"{k}. {when}, {_several(len(session.files), 'file')}{reason}")
        for f in session.files:
            long = f", {f.duration_s:.0f} s" if f.duration_s == f.duration_s else ""
            recorder = f", {f.device.partition(';')[0]}" if f.device else ""
            lines.append(f"   {f.path.as_posix()}: {f.kind}{recorder}{long}; {f.holds}")
    lines += [f"not read: {f.path.as_posix()}: {f.problem}" for f in gathered.unread]
    return lines


def write_takes(gathered: Gathered, folder: Path) -> tuple[list[Path], list[Path]]:
    """Write the suggested take.yaml of every session that has one; what is there is never overwritten.

    Parameters
    ----------
    gathered : Gathered
    folder : Path
        The folder it was gathered from.

    Returns
    -------
    written, there : list of Path
        Below the folder.
    """
    written: list[Path] = []
    there: list[Path] = []
    for session in gathered.sessions:
        if not session.take:
            continue
        try:
            with (folder / session.take_path).open("x", encoding="utf-8") as file:
                file.write(session.take)
            written.append(session.take_path)
        except FileExistsError:
            there.append(session.take_path)
    return written, there


def _several(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _looked_at(path: Path, *, folder: Path, devices: Path | None) -> Found:
    below = path.relative_to(folder)
    try:
        recording = read(path, devices=devices)
    except RestrideError as error:
        return Found(below, problem=str(error).removeprefix(f"{path.name}: "))
    source = recording.sources[0]
    times = [array["time"].values for array in recording.signals.values() if array.sizes["time"]]
    spans = [float(max(t[-1] for t in times) - min(t[0] for t in times))] if times else [float("nan")]
    return Found(
        below,
        kind=source.format,
        device=source.device,
        started=source.started,
        sha256=source.sha256,
        duration_s=spans[0],
        kinds=tuple(sorted(recording.signals)) or ("events",),
        holds=_holds(recording),
        questions=tuple(_questions(recording)),
    )


def _holds(recording: Recording) -> str:
    parts = []
    for kind in ("markers", "emg", "grf", "plate_grf", "angles", "acc", "keypoints"):
        if kind in recording:
            dims = [str(d) for d in recording[kind].dims if d not in ("time", "space")]
            parts.append(f"{_several(recording[kind].sizes[dims[0]], plain(dims[0]))} of {kind}" if dims else kind)
    if is_outing(recording):
        parts.append(
            "an outing with " + ", ".join(plain(k) for k in sorted(recording.signals) if k != "developer_fields")
        )
    if len(recording.events):
        parts.append(f"{len(recording.events)} events")
    return ", ".join(parts) or ", ".join(plain(k) for k in sorted(recording.signals)) or "nothing"


def _questions(recording: Recording) -> Iterator[str]:
    """Lines for take.yaml, each a comment: only a person knows the answer.

    Words in capitals are refused on reading, so that no side is stated by mistake.
    """
    if is_outing(recording):
        if any(d.about == "left_share" and "share_of" in d.remedy for d in recording.doubts):
            yield "# balance: {share_of: SIDE}     # whose share of power the device writes: left or right"
        return
    if recording.conditions.movement is None and set(recording.signals) & {"emg", "markers", "acc", "grf"}:
        yield "# conditions: {movement: MOVEMENT}     # walking or running"
    if "emg" in recording:
        emg = recording["emg"]
        unsorted = [str(v) for v, site in zip(emg["label"].values, emg["site"].values, strict=True) if not site]
        if any(sort(label).site.muscle and sort(label).site.side is None for label in unsorted):
            yield "# emg: {side: SIDE}     # left or right, of every channel that names a muscle and no side"
        if unsorted:
            yield "# channels:     # a muscle ending in _l or _r, or null to leave the channel out"
            yield from (f'#   "{label}": null' for label in unsorted)
    if "acc" in recording:
        acc = recording["acc"]
        segments = acc["segment"].values if "segment" in acc.coords else [""] * acc.sizes["sensor"]
        unplaced = [str(s) for s, segment in zip(acc["sensor"].values, segments, strict=True) if not segment]
        if unplaced:
            yield "# sensors:"
            yield "#   worn:     # foot, shank, thigh, wrist with their side; pelvis, trunk without"
            yield from (f'#     "{name}": {{segment: SEGMENT, side: SIDE}}' for name in unplaced)


def _sessions(folder: Path, files: Sequence[Found]) -> Iterator[Session]:
    """Groups of files, in order of time, then of name."""
    reasons: dict[int, str] = {}
    group = list(range(len(files)))

    def join(i: int, j: int, reason: str) -> None:
        one, other = sorted((group[i], group[j]))
        if one != other:
            reasons[one] = reasons.get(one) or reasons.get(other) or reason
            for k, g in enumerate(group):
                group[k] = one if g == other else g

    for i, one in enumerate(files):
        for j in range(i):
            if reason := _together(folder, files[j], one, files):
                join(j, i, reason)
    members = [[files[k] for k, own in enumerate(group) if own == g] for g in dict.fromkeys(group)]
    keys = list(dict.fromkeys(group))
    for g, own in sorted(zip(keys, members, strict=True), key=lambda item: _order(item[1])):
        alone = len({id(f) for f in files if f.path.parent == own[0].path.parent}) == len(own)
        yield _session(folder, own, reasons.get(g, ""), alone)


def _order(files: Sequence[Found]) -> tuple[bool, str, str]:
    started = min((f.started for f in files if f.started), default="")
    return not started, started, files[0].path.as_posix()


def _together(folder: Path, one: Found, other: Found, files: Sequence[Found]) -> str:
    """Why two files belong together; empty if nothing says so."""
    if one.started and other.started:
        return "times overlap" if _overlap(one, other) else ""
    if one.path.parent != other.path.parent:
        return ""
    named = _named_in_take(folder / one.path.parent)
    if named is not None and (not named or {one.path.name, other.path.name} <= named):
        return "a take.yaml beside them"
    key = _trial(one.path)
    if key != _trial(other.path):
        return ""
    if key:
        return f"one folder, one name: {key}"
    alike = [f for f in files if f.path.parent == one.path.parent and not _trial(f.path)]
    kinds = [kind for f in alike for kind in f.kinds]
    return "one folder, and each holds another kind" if len(kinds) == len(set(kinds)) else ""


def _named_in_take(folder: Path) -> frozenset[str] | None:
    """Names in a take.yaml of the folder; empty: all files, None: there is none that can be read."""
    if not (folder / FILE_NAME).is_file():
        return None
    try:
        take: Take = load(folder / FILE_NAME)
    except RestrideError:
        return None
    return frozenset({*take.files, *([take.static] if take.static else [])}) if take.files else frozenset()


def _trial(path: Path) -> str:
    """The name of a file without words that say what it holds."""
    words = [w for w in re.split(r"[\s_.\-]+", path.stem.lower()) if w]
    return "_".join(w for w in words if w not in _KIND_WORDS)


def _overlap(one: Found, other: Found) -> bool:
    starts = [datetime.fromisoformat(f.started) for f in (one, other)]
    if (starts[0].tzinfo is None) != (starts[1].tzinfo is None):
        return False
    lasts = [timedelta(seconds=f.duration_s if f.duration_s == f.duration_s else 0.0) for f in (one, other)]
    return starts[0] <= starts[1] + lasts[1] and starts[1] <= starts[0] + lasts[0]


def _session(folder: Path, files: Sequence[Found], reason: str, alone: bool) -> Session:
    place = files[0].path.parent
    name = _trial(files[0].path) or files[0].path.stem.lower()
    path = place / (FILE_NAME if alone else f"take-{name}.yaml")
    questions = list(dict.fromkeys(line for f in files for line in f.questions))
    spread = len({f.path.parent for f in files}) > 1
    needless = not questions and len(files) == 1
    if spread or needless or _named_in_take(folder / place) is not None:
        return Session(tuple(files), reason, "", path)
    names = ", ".join(f'"{f.path.name}"' for f in files)
    lines = [
        "# Suggested by restride gather. Lines that begin with # are questions: answer them and take the # away.",
        "# What can stand here is told in docs/take.md.",
        f"files: [{names}]",
        *questions,
        *_clock_lines(files),
    ]
    return Session(tuple(files), reason, "\n".join(lines) + "\n", path)


def _clock_lines(files: Sequence[Found]) -> list[str]:
    """When EMG or sensors began after the other files, by the files' own clocks."""
    dated = [f for f in files if f.started]
    if len(dated) < 2:
        return []
    first = min(dated, key=lambda f: f.started)
    lines = []
    for f in dated:
        key = "emg" if "emg" in f.kinds else "sensors" if "acc" in f.kinds else ""
        late_s = (datetime.fromisoformat(f.started) - datetime.fromisoformat(first.started)).total_seconds()
        if key and f is not first:
            lines.append(
                f"# {key}: {{starts_at_s: {late_s:.0f}}}     # by the clocks of the two devices, to a second at best"
            )
    return lines
