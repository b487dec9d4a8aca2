"""take.yaml: what the files of a take do not say about themselves.

Every key, its type and its unit is listed in docs/take.md. A key that is not known is
refused with its nearest match, because a misspelt side or clock would otherwise be
lost without a word.
"""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeVar, get_args

import pandas as pd
import yaml

from restride.errors import ReadError, UnitsError
from restride.readers.filmed import VIEWS, VideoNotes
from restride.readers.worn import SEGMENTS, SensorNotes, Worn
from restride.signals.recording import (
    EVENT_COLUMNS,
    EVENT_NAMES,
    Conditions,
    Count,
    Drill,
    Eyes,
    Side,
    Subject,
    Test,
    Trial,
    no_events,
)
from restride.signals.schema import SIDES
from restride.signals.units import to_si
from restride.signals.vocabulary import SITES, side_of, without_side

FILE_NAME: Final = "take.yaml"
SWAPPABLE: Final = ("angles", "balance", "emg", "events", "forces", "markers")
_AXES: Final = ("+x", "-x", "+y", "-y", "+z", "-z")

_MOVEMENTS: Final[tuple[Literal["walking", "running", "cycling"], ...]] = ("walking", "running", "cycling")
_TESTS: Final[tuple[Test, ...]] = get_args(Test)
_EYES: Final[tuple[Eyes, ...]] = get_args(Eyes)
# a day: nobody counts for longer whether a leg has come back
_LONGEST_MIN: Final = 1440.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EmgNotes:
    """What is said about the EMG of a take.

    Attributes
    ----------
    unit : str or None
        Unit of the numbers in the file; None: as the file says.
    rate_hz : float or None
        Sampling rate; replaces the file's own times.
    starts_at_s : float or None
        Time of the first sample on the clock of the take; None: as the file says.
    clock_factor : float
        Seconds of the take per second of the EMG clock.
    delay_s : float
        By how much the EMG comes late (radio link, filters); it is moved earlier.
    side : "left", "right" or None
        Side of every channel whose label does not say one.
    gain : float
        Amplifier gain still contained in the numbers.
    """

    unit: str | None = None
    rate_hz: float | None = None
    starts_at_s: float | None = None
    clock_factor: float = 1.0
    delay_s: float = 0.0
    side: Side | None = None
    gain: float = 1.0


@dataclass(frozen=True, slots=True)
class ForceNotes:
    """What is said about forces that do not say it themselves: rate, unit, and which foot stepped on which plate."""

    rate_hz: float | None = None
    unit: str | None = None
    plates: Mapping[str, Side] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Axes:
    """Axes of the files: where the person goes and where up is, each ``"+x"`` ... ``"-z"``."""

    forward: str
    up: str


@dataclass(frozen=True, slots=True)
class Take:
    """What a person states about one take; everything has a default of "not stated"."""

    subject: Subject = field(default_factory=Subject)
    conditions: Conditions = field(default_factory=Conditions)
    channels: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    emg: EmgNotes = EmgNotes()
    forces: ForceNotes = field(default_factory=ForceNotes)
    sensors: SensorNotes = field(default_factory=SensorNotes)
    video: VideoNotes = field(default_factory=VideoNotes)
    static: str | None = None
    files: tuple[str, ...] = ()
    events: tuple[tuple[float, Side, str], ...] = ()
    contacts_of: Side | None = None
    axes: Axes | None = None
    marker_unit: str | None = None
    sides_swapped: frozenset[str] = frozenset()
    share_of: Side | None = None
    synthetic: bool = False

    def stated_events(self) -> pd.DataFrame:
        """The events stated by hand, as a table of events."""
        if not self.events:
            return no_events()
        rows = [(time_s, side, name, "take.yaml") for time_s, side, name in self.events]
        return pd.DataFrame(rows, columns=list(EVENT_COLUMNS))


def load(path: str | os.PathLike[str]) -> Take:
    """What a take.yaml states.

    Raises
    ------
    ReadError
        If it is not a mapping in YAML, or a key or value is not one of docs/take.md.
    """
    name = Path(path).name
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ReadError(f"expected {name} to be a file that can be read, found none; check its path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" near line {where.line + 1}" if where is not None else ""
        raise ReadError(f"{name}: expected YAML, found something else{line}; see docs/take.md") from error
    return parsed({} if content is None else content, name=name)


def parsed(content: object, *, name: str = FILE_NAME) -> Take:
    """A ``Take`` from the mapping a take.yaml holds; raises ReadError as ``load`` does."""
    notes = _notes(content, name)
    notes.known(
        *("subject", "conditions", "channels", "emg", "static", "files", "events", "axes", "markers"),
        *("sides_swapped", "balance", "sensors", "forces", "video", "contacts", "synthetic"),
    )
    markers, balance = notes.below("markers"), notes.below("balance")
    markers.known("unit")
    balance.known("share_of")
    contacts = notes.below("contacts")
    contacts.known("side")
    forces, swapped = _forces(notes.below("forces")), _swapped(notes)
    if forces.plates and "forces" in swapped:
        raise ReadError(f"{name}: expected forces: plates or sides_swapped: [forces], found both; the first will do")
    sides: tuple[Side, ...] = ("left", "right")
    return Take(
        subject=_subject(notes.below("subject")),
        conditions=_conditions(notes.below("conditions")),
        channels=_channels(notes.below("channels")),
        emg=_emg(notes.below("emg")),
        forces=forces,
        sensors=_sensors(notes.below("sensors")),
        video=_video(notes.below("video")),
        static=notes.text("static"),
        files=tuple(notes.texts("files")),
        events=_events(notes),
        contacts_of=contacts.choice("side", sides),
        axes=_axes(notes),
        marker_unit=_unit(markers, "m"),
        sides_swapped=swapped,
        share_of=balance.choice("share_of", sides),
        synthetic=notes.choice("synthetic", (False, True)) or False,
    )


@dataclass(frozen=True, slots=True)
class _Notes:
    """One mapping of the file, read key by key, and its place for messages."""

    content: Mapping[object, object]
    where: str

    def known(self, *keys: str) -> None:
        for key in self.content:
            if key not in keys:
                near = difflib.get_close_matches(str(key), keys, n=1, cutoff=0.4)
                hint = f"did you mean {near[0]!r}?" if near else f"known here are {', '.join(keys)}"
                raise ReadError(f"{self.where}: expected a known key, found {str(key)!r}; {hint}")

    def below(self, key: str) -> "_Notes":
        found = self.content.get(key)
        return _notes({} if found is None else found, f"{self.where}: {key}")

    def text(self, key: str) -> str | None:
        found = self.content.get(key)
        if found is not None and not isinstance(found, str):
            raise ReadError(f"{self.where}: expected {key} to be text, found {found!r}; put it in quotes")
        return found

    def texts(self, key: str) -> list[str]:
        found = self.content.get(key)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(x, str) for x in found):
            raise ReadError(f"{self.where}: expected {key} to be a list of names, found {found!r}")
        return found

    def rows(self, key: str) -> list["_Notes"]:
        found = self.content.get(key) or []
        if not isinstance(found, list):
            raise ReadError(f"{self.where}: expected {key} to be a list, found {found!r}; see docs/take.md")
        return [_notes(item, f"{self.where}: {key}: {i}") for i, item in enumerate(found, start=1)]

    def number(self, key: str, *, low: float | None = None, high: float | None = None) -> float | None:
        found = self.content.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise ReadError(f"{self.where}: expected {key} to be a number, found {found!r}")
        if (low is not None and found <= low) or (high is not None and found >= high):
            raise ReadError(f"{self.where}: expected {key} between {low} and {high}, found {found}; check its unit")
        return float(found)

    def choice(self, key: str, choices: tuple[T, ...]) -> T | None:
        found = self.content.get(key)
        if found is None:
            return None
        for choice in choices:
            if found == choice:
                return choice
        raise ReadError(f"{self.where}: expected {key} to be one of {choices}, found {found!r}")


def _notes(content: object, where: str) -> _Notes:
    if not isinstance(content, Mapping):
        raise ReadError(f"{where}: expected keys with values, found {content!r}; see docs/take.md")
    return _Notes(content, where)


def _subject(notes: _Notes) -> Subject:
    notes.known("mass_kg", "height_m")
    mass_kg = notes.number("mass_kg", low=2.0, high=400.0)
    height_m = notes.number("height_m", low=0.4, high=2.8)
    said = FILE_NAME
    return Subject(mass_kg, height_m, said if mass_kg else "", said if height_m else "")


def _conditions(notes: _Notes) -> Conditions:
    texts = ("surface", "shoe", "direction", "cue", "brace", "water", "electrodes")
    standing = ("test", "stands_on", "eyes", "trials", "recovery", "drills")
    notes.known("movement", "speed_m_s", "incline_percent", "minutes_since_start", "felt_0_to_10", *texts, *standing)
    surface, shoe, direction, cue, brace, water, electrodes = (notes.text(key) or "" for key in texts)
    stated = notes.choice("movement", _MOVEMENTS)
    return Conditions(
        movement=None if stated == "cycling" else stated,
        surface=surface,
        shoe=shoe,
        speed_m_s=notes.number("speed_m_s", low=-0.001, high=15.0),
        incline_percent=notes.number("incline_percent", low=-101.0, high=101.0),
        direction=direction,
        cue=cue,
        brace=brace,
        minutes_since_start=notes.number("minutes_since_start", low=-0.001),
        felt_0_to_10=notes.number("felt_0_to_10", low=-0.001, high=10.001),
        test=notes.choice("test", _TESTS),
        stands_on=notes.choice("stands_on", SIDES),
        eyes=notes.choice("eyes", _EYES),
        trials=tuple(_trial(trial) for trial in notes.rows("trials")),
        pedalling=True if stated == "cycling" else None,
        drills=tuple(_drill(drill) for drill in notes.rows("drills")),
        recovery=tuple(_count(count) for count in notes.rows("recovery")),
        water=water,
        electrodes=electrodes,
    )


def _trial(notes: _Notes) -> Trial:
    notes.known("start_s", "end_s", "stands_on", "eyes")
    start_s, end_s = notes.number("start_s"), notes.number("end_s")
    if start_s is None or end_s is None or end_s <= start_s:
        raise ReadError(f"{notes.where}: expected start_s before end_s, found {start_s} and {end_s}")
    return Trial(start_s, end_s, notes.choice("stands_on", SIDES), notes.choice("eyes", _EYES))


def _drill(notes: _Notes) -> Drill:
    notes.known("start_s", "end_s", "side")
    sides: tuple[Side, ...] = SIDES
    start_s, end_s, side = notes.number("start_s"), notes.number("end_s"), notes.choice("side", sides)
    if start_s is None or end_s is None or end_s <= start_s or side is None:
        raise ReadError(f"{notes.where}: expected start_s before end_s and side {SIDES}, found {dict(notes.content)}")
    return Drill(start_s, end_s, side)


def _count(notes: _Notes) -> Count:
    notes.known("minute", "side", "count")
    sides: tuple[Side, ...] = SIDES
    minute, side = notes.number("minute", low=-0.001, high=_LONGEST_MIN), notes.choice("side", sides)
    count = notes.number("count", low=-1.0)
    if minute is None or side is None or count is None or count != int(count):
        raise ReadError(f"{notes.where}: expected minute, side {SIDES} and a whole count, found {dict(notes.content)}")
    return Count(minute, side, int(count))


def _channels(notes: _Notes) -> Mapping[str, str | None]:
    names: dict[str, str | None] = {}
    for key in notes.content:
        label = str(key)
        name = names[label] = None if notes.content[key] is None else str(notes.content[key])
        if name is not None and (side_of(name) is None or without_side(name) not in SITES):
            near = difflib.get_close_matches(without_side(name), SITES, n=1)
            hint = f"did you mean {near[0]}_l or {near[0]}_r?" if near else f"muscles are {', '.join(SITES)}"
            raise ReadError(
                f"{notes.where}: expected a muscle ending in _l or _r for {label!r}, found {name!r}; {hint}"
            )
    return MappingProxyType(names)


def _emg(notes: _Notes) -> EmgNotes:
    notes.known("unit", "rate_hz", "starts_at_s", "clock_factor", "delay_s", "side", "gain")
    sides: tuple[Side, ...] = ("left", "right")
    delay_s = notes.number("delay_s", low=-10.0, high=10.0)
    return EmgNotes(
        unit=_unit(notes, "V"),
        rate_hz=notes.number("rate_hz", low=0.0),
        starts_at_s=notes.number("starts_at_s"),
        clock_factor=notes.number("clock_factor", low=0.0) or 1.0,
        delay_s=delay_s or 0.0,
        side=notes.choice("side", sides),
        gain=notes.number("gain", low=0.0) or 1.0,
    )


def _forces(notes: _Notes) -> ForceNotes:
    notes.known("rate_hz", "unit", "plates")
    given = notes.below("plates")
    below = _notes({str(label): side for label, side in given.content.items()}, given.where)
    sides: tuple[Side, ...] = SIDES
    plates: dict[str, Side] = {}
    for label in below.content:
        side = below.choice(str(label), sides)
        if side is None:
            raise ReadError(f"{below.where}: expected left or right for the plate {label!r}, found nothing; name it so")
        plates[str(label)] = side
    return ForceNotes(notes.number("rate_hz", low=0.0), _unit(notes, "N"), MappingProxyType(plates))


def _sensors(notes: _Notes) -> SensorNotes:
    times = ("rate_hz", "time_unit", "starts_at_s", "clock_factor", "one_clock")
    notes.known(*times, "acc_unit", "gyr_unit", "trial", "worn")
    below = notes.below("worn")
    return SensorNotes(
        rate_hz=notes.number("rate_hz", low=0.0),
        acc_unit=_unit(notes, "m/s^2", key="acc_unit"),
        gyr_unit=_unit(notes, "rad/s", key="gyr_unit"),
        time_unit=notes.choice("time_unit", ("s", "ms", "us")),
        starts_at_s=notes.number("starts_at_s") or 0.0,
        clock_factor=notes.number("clock_factor", low=0.0) or 1.0,
        one_clock=notes.choice("one_clock", (False, True)) or False,
        trial=notes.text("trial"),
        worn=MappingProxyType({str(label): _worn(below.below(str(label))) for label in below.content}),
    )


def _video(notes: _Notes) -> VideoNotes:
    notes.known("rate_hz", "view", "height_px", "width_px", "mirrored")
    return VideoNotes(
        # film of a starting gun takes 1000 pictures a second; beyond 10,000 it is a slip
        rate_hz=notes.number("rate_hz", low=0.0, high=10_000.0),
        view=notes.choice("view", VIEWS),
        height_px=notes.number("height_px", low=0.0, high=100_000.0),
        width_px=notes.number("width_px", low=0.0, high=100_000.0),
        mirrored=notes.choice("mirrored", (False, True)) or False,
    )


def _worn(notes: _Notes) -> Worn:
    notes.known("segment", "side", "forward", "up")
    sides: tuple[Side, ...] = ("left", "right")
    segment, side = notes.choice("segment", SEGMENTS), notes.choice("side", sides)
    forward, up = notes.choice("forward", _AXES), notes.choice("up", _AXES)
    if segment is None or (side is None) != (segment in ("pelvis", "trunk")):
        raise ReadError(f"{notes.where}: expected a segment of {SEGMENTS} and, for a limb, its side {SIDES}")
    if (forward is None) != (up is None) or (forward is not None and up is not None and forward[1] == up[1]):
        raise ReadError(f"{notes.where}: expected forward and up along two different axes, found {forward} and {up}")
    return Worn(segment, side, forward, up)


def _unit(notes: _Notes, si: str, *, key: str = "unit") -> str | None:
    unit = notes.text(key)
    if unit is None:
        return None
    try:
        found, _ = to_si(unit)
    except UnitsError as error:
        raise ReadError(f"{notes.where}: {error}") from error
    if found not in (si, "unstated"):
        raise ReadError(f"{notes.where}: expected a unit of {si}, found {unit!r}")
    return unit


def _events(notes: _Notes) -> tuple[tuple[float, Side, str], ...]:
    sides: tuple[Side, ...] = ("left", "right")
    rows: list[tuple[float, Side, str]] = []
    for event in notes.rows("events"):
        event.known("time_s", "side", "name")
        time_s, side, name = event.number("time_s"), event.choice("side", sides), event.choice("name", EVENT_NAMES)
        if time_s is None or side is None or name is None:
            found = dict(event.content)
            raise ReadError(f"{event.where}: expected time_s, side {SIDES} and name {EVENT_NAMES}, found {found!r}")
        rows.append((time_s, side, name))
    return tuple(rows)


def _axes(notes: _Notes) -> Axes | None:
    below = notes.below("axes")
    below.known("forward", "up")
    forward, up = below.choice("forward", _AXES), below.choice("up", _AXES)
    if forward is None and up is None:
        return None
    if forward is None or up is None or forward[1] == up[1]:
        raise ReadError(f"{below.where}: expected forward and up along two different axes, found {forward} and {up}")
    return Axes(forward, up)


def _swapped(notes: _Notes) -> frozenset[str]:
    found = notes.content.get("sides_swapped")
    if found is None or isinstance(found, bool):
        return frozenset(SWAPPABLE if found else ())
    below = _notes(dict.fromkeys(notes.texts("sides_swapped")), f"{notes.where}: sides_swapped")
    below.known(*SWAPPABLE)
    return frozenset(str(key) for key in below.content)
