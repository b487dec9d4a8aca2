"""``read``: the files of one take into one recording, and the table of formats.

A new format is one file with one reader and one line in ``FORMATS``. Other packages add
theirs as entry points of the group ``restride.readers``, each a ``Format``.
"""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from restride.errors import ReadError, RestrideError
from restride.readers import (
    c3d,
    crank_tables,
    delsys,
    edf,
    emg_tables,
    event_tables,
    fit,
    fit_tables,
    force_tables,
    imu_tables,
    known_devices,
    mobilised,
    motion_analysis,
    mvnx,
    noraxon,
    opensignals,
    opensim_tables,
    poses,
    qualisys,
    sensor_logger,
    tracks,
    trc,
)
from restride.readers import take as takes
from restride.readers.merging import Part, merged
from restride.readers.take import Take
from restride.signals.recording import Doubt, Recording

ENTRY_POINTS: Final = "restride.readers"
VIDEOS: Final = (".mp4", ".mov", ".avi", ".mkv", ".m4v", ".webm")
_HEAD_BYTES: Final = 4096
# of a folder in which nothing can be read: more would hide the first
_MOST_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file restride reads.

    Attributes
    ----------
    name : str
    suffixes : tuple of str
        Lower case with the dot.
    sniff : callable
        Whether a file that begins with these bytes is of this kind.
    read : callable
        From one file to a recording with y up; raises ReadError.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[Path, Take], Recording]


FORMATS: Final[tuple[Format, ...]] = (
    Format("C3D", (".c3d",), c3d.sniff, c3d.read_c3d),
    Format("TRC", (".trc",), trc.sniff, trc.read_trc),
    Format("OpenSim table", (".mot", ".sto"), opensim_tables.sniff, opensim_tables.read_table),
    Format("FIT", (".fit",), fit.sniff, fit.read_fit),
    Format("crank table", (".csv", ".txt", ".tsv"), crank_tables.sniff, crank_tables.read_crank_table),
    Format("FIT table", (".csv",), fit_tables.sniff, fit_tables.read_fit_table),
    Format("GPX or TCX track", (".gpx", ".tcx"), tracks.sniff, tracks.read_track),
    Format("ANC", (".anc",), motion_analysis.sniff, motion_analysis.read_anc),
    Format("Delsys Trigno CSV", (".csv", ".txt"), delsys.sniff, delsys.read_trigno),
    Format("Noraxon", (".csv", ".txt"), noraxon.sniff, noraxon.read_noraxon),
    Format("OpenSignals text", (".txt",), opensignals.sniff_text, opensignals.read_opensignals_text),
    Format("OpenSignals HDF5", (".h5", ".hdf5"), opensignals.sniff_hdf5, opensignals.read_opensignals_hdf5),
    Format("EDF", (".edf", ".bdf"), edf.sniff, edf.read_edf),
    Format("Qualisys TSV", (".tsv",), qualisys.sniff, qualisys.read_qualisys),
    Format("force table", (".csv", ".txt", ".tsv"), force_tables.sniff, force_tables.read_force_table),
    Format("table of events", (".csv", ".txt", ".tsv"), event_tables.sniff, event_tables.read_event_table),
    Format("MVNX", (".mvnx",), mvnx.sniff, mvnx.read_mvnx),
    Format("Mobilise-D", (".mat",), mobilised.sniff, mobilised.read_mobilised),
    Format("Sensor Logger", (".csv",), sensor_logger.sniff, sensor_logger.read_sensor_logger),
    Format("IMU table", (".csv", ".txt", ".tsv"), imu_tables.sniff, imu_tables.read_imu_table),
    Format("EMG table", (".csv", ".txt", ".tsv"), emg_tables.sniff, emg_tables.read_emg_table),
    Format("pose table", (".json",), poses.sniff, poses.read_poses),
)


def read(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    take: Take | str | os.PathLike[str] | None = None,
    devices: str | os.PathLike[str] | None = None,
) -> Recording:
    """One recording from all files of one take.

    Parameters
    ----------
    paths : path or sequence of paths
        Files, or a folder whose files are all read. A ``take.yaml`` alone will do if it
        holds counts after a run.
    take : Take or path, optional
        What the files do not say; otherwise a ``take.yaml`` beside the files, if there
        is one.
    devices : path, optional
        List of watches and pedals that have left and right the wrong way round, see
        ``readers.known_devices``; without it none is exchanged.

    Returns
    -------
    Recording
        Vectors in the lab frame (x forward, y up, z right), SI units, each signal at its
        own rate. Whatever is missing or doubtful is listed in ``doubts``.

    Raises
    ------
    ReadError
        If a file named cannot be read, or a folder holds none that can.
    """
    given = [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(p) for p in paths]
    if not given:
        raise ReadError("expected at least one file, found none; name the files of a take or their folder")
    # a pattern such as folder/* also names the take.yaml
    take = take if take is not None else next((path for path in given if path.name == takes.FILE_NAME), None)
    given = [path for path in given if path.name != takes.FILE_NAME]
    stated = take if isinstance(take, Take) else _stated(take, given)
    parts: list[Part] = []
    doubts: list[Doubt] = []
    files = _files(given, stated)
    # a film whose every picture is a file of its own
    pictures = set(poses.of_one_film([path for path, _ in files]))
    if pictures:
        parts.append(Part(min(pictures).name, poses.read_pose_pictures(tuple(pictures), stated)))
    for path, named in files:
        if path in pictures:
            continue
        try:
            parts.append(Part(path.name, _read_file(path, stated)))
        except RestrideError as error:
            if named:
                raise ReadError(f"{path.name}: {error}") from error
            doubts.append(Doubt(path.name, f"{path.name} was not used: {error}.", severity="note"))
    # counts after a run are noted by hand: there need be no file beside them
    if not parts and not stated.conditions.recovery:
        why = " ".join(doubt.message for doubt in doubts[:_MOST_REASONS])
        raise ReadError(
            "expected a file of a take (.c3d, .trc, .mot, .sto, .anc, .csv, .json), found none that can be read"
            f"{'. ' if why else ''}{why}"
        )
    recording = merged(parts, stated, doubts=tuple(doubts))
    return known_devices.with_known_devices(recording, known_devices.swapped(devices) if devices else (), stated)


def _stated(take: str | os.PathLike[str] | None, given: Sequence[Path]) -> Take:
    if take is not None:
        return takes.load(take)
    beside = [(path if path.is_dir() else path.parent) / takes.FILE_NAME for path in given]
    found = next((path for path in beside if path.is_file()), None)
    return takes.load(found) if found is not None else Take()


def _files(given: Sequence[Path], take: Take) -> list[tuple[Path, bool]]:
    """Files to read, each with whether it was named (and so must be readable)."""
    files: list[tuple[Path, bool]] = []
    for path in given:
        if path.is_dir():
            suffixes = {suffix for known in (*FORMATS, *_strangers()) for suffix in known.suffixes}
            inside = sorted(p for p in path.iterdir() if p.is_file() and _is_ours(p, suffixes))
            wanted = {*take.files, *([take.static] if take.static else [])} if take.files else set()
            missing = wanted - {p.name for p in inside}
            if missing:
                raise ReadError(
                    f"expected {', '.join(sorted(missing))} as take.yaml says, found no such file in the folder"
                )
            files += [(p, bool(wanted)) for p in inside if not wanted or p.name in wanted]
        elif path.exists():
            files.append((path, True))
        else:
            raise ReadError(f"expected a file or folder, found none of the name {path.name}; check its path")
    return files


def _read_file(path: Path, take: Take) -> Recording:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip():
        raise ReadError("expected a recording, found an empty file; copy or export it again")
    found = _format_of(path, head)
    return found.read(path, take)


def _format_of(path: Path, head: bytes) -> Format:
    formats = (*FORMATS, *_strangers())
    suffix = path.suffix.lower()
    for known in sorted(formats, key=lambda f: suffix not in f.suffixes):
        if known.sniff(head):
            return known
    if suffix in VIDEOS:
        raise ReadError(
            "expected the keypoints of a video, found the video itself; run a pose estimator on it, for instance "
            "rtmlib or Sports2D, and read what it writes (docs/video.md)"
        )
    names = ", ".join(f.name for f in formats)
    raise ReadError(f"expected one of {names}, found a {suffix or 'nameless'} file that begins like none of them")


def _is_ours(path: Path, suffixes: Collection[str]) -> bool:
    """Whether a file in a folder is meant: of JSON, which may be anything, only poses are."""
    if path.suffix.lower() != ".json":
        return path.suffix.lower() in suffixes
    with path.open("rb") as file:
        return poses.sniff(file.read(_HEAD_BYTES))


def _strangers() -> tuple[Format, ...]:
    """Formats other packages have added, by name."""
    loaded = [point.load() for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.name)]
    return tuple(f for f in loaded if isinstance(f, Format))
