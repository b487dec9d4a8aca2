"""The one thing every room is given: a frozen recording of one take."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

import pandas as pd
import xarray as xr

from restride.errors import SchemaError
from restride.signals.schema import SIDES, check_kind

Side = Literal["left", "right"]
Movement = Literal["walking", "running"]
Test = Literal[
    "quiet_standing",
    "single_leg_stance",
    "toe_taps",
    "single_leg_squat",
    "deadlift",
    "toe_lift",
    "heel_walk",
]
Eyes = Literal["open", "closed"]
# no foot takes a step in these, whatever its markers, sensors or muscles may look like
STANDING: Final[tuple[Test, ...]] = (
    *("quiet_standing", "single_leg_stance", "toe_taps", "single_leg_squat", "deadlift", "toe_lift"),
)

EVENT_COLUMNS: Final = ("time_s", "side", "name", "method")
EVENT_NAMES: Final = ("initial_contact", "toe_off")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who was recorded, as far as the body needs it; never a name.

    Attributes
    ----------
    mass_kg, height_m : float or None
        None: not stated.
    mass_source, height_source : str
        Where the figure came from, in words ("take.yaml", "C3D parameter").
    """

    mass_kg: float | None = None
    height_m: float | None = None
    mass_source: str = ""
    height_source: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt at a test within a take; ``stands_on`` and ``eyes`` None: as the whole take."""

    start_s: float
    end_s: float
    stands_on: Side | None = None
    eyes: Eyes | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How often one leg could do a movement, so many minutes after the run."""

    minute: float
    side: Side
    count: int


@dataclass(frozen=True, slots=True)
class Lap:
    """A stretch of an outing between two presses of the button, in s of the recording's clock."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Drill:
    """A time in which one leg alone pedalled, in s of the recording's clock."""

    start_s: float
    end_s: float
    side: Side


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under what the take was recorded; an empty string or None is "not stated".

    What can be asked about (shoe, surface, speed and the like) is compared by ``findings.conditions``.
    ``electrodes`` names one sticking of the electrodes: two takes with the same name were recorded
    without any being moved, so that the sizes of their EMG can be compared.
    """

    movement: Movement | None = None
    surface: str = ""
    shoe: str = ""
    speed_m_s: float | None = None
    incline_percent: float | None = None
    direction: str = ""
    cue: str = ""
    brace: str = ""
    minutes_since_start: float | None = None
    felt_0_to_10: float | None = None
    test: Test | None = None
    stands_on: Side | None = None
    eyes: Eyes | None = None
    trials: tuple[Trial, ...] = ()
    pedalling: bool | None = None
    drills: tuple[Drill, ...] = ()
    recovery: tuple[Count, ...] = ()
    water: str = ""
    electrodes: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """One recorder or sensor of a file.

    Attributes
    ----------
    name : str
        Make, model and role in words.
    mark : str
        Short hash of its serial number; empty if it states none.
    shares : tuple of {"power", "contact time"}
        What it may have measured of the share of each leg.
    """

    name: str
    mark: str
    shares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One file a recording was read from, known by its content, never by its path.

    Attributes
    ----------
    format, sha256, device : str
    devices : tuple of Device
    started : str
        When recording began, ISO 8601: with the offset from UTC where the file's clock is UTC or
        states its own, without one where it is the local time of an unknown place. Empty: not stated.
    """

    format: str
    sha256: str
    device: str = ""
    devices: tuple[Device, ...] = ()
    started: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something missing or uncertain, and the one action that settles it.

    Attributes
    ----------
    about : str
        What it concerns: a channel, a signal kind, "sides", "mass".
    message : str
        What was expected and what was found.
    remedy : str
        What to do next, for instance the line to add to take.yaml.
    source : str
        sha256 of the file it concerns; empty if it concerns the whole take.
    severity : {"note", "warning"}
        A warning can change a side, a sign or a size; a note cannot.
    """

    about: str
    message: str
    remedy: str = ""
    source: str = ""
    severity: Literal["note", "warning"] = "warning"


def no_events() -> pd.DataFrame:
    """An empty table of events with its columns and types."""
    return pd.DataFrame({"time_s": pd.Series(dtype=float)} | {c: pd.Series(dtype=str) for c in EVENT_COLUMNS[1:]})


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """All signals of one take, each at its own rate, with its events and doubts.

    Attributes
    ----------
    signals : mapping of kind to DataArray
        Kinds, dimensions and units as in ``signals.schema.KINDS``; vectors in the lab
        frame (x forward, y up, z right).
    events : DataFrame, columns ``time_s, side, name, method``
    subject, conditions
        As stated by the user or the files.
    sources, doubts
        What it was read from, and what is missing or uncertain.
    synthetic : bool
        The data are made up; every page made from them says so.
    laps : tuple of Lap
        As somebody pressed the button, in order of time; empty if there is one lap or none.
    """

    signals: Mapping[str, xr.DataArray]
    events: pd.DataFrame = field(default_factory=no_events)
    subject: Subject = Subject()
    conditions: Conditions = Conditions()
    sources: tuple[Source, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    synthetic: bool = False
    laps: tuple[Lap, ...] = ()

    def __post_init__(self) -> None:
        """Check every promise once, here at the door."""
        checked = {kind: check_kind(kind, array) for kind, array in self.signals.items()}
        object.__setattr__(self, "signals", MappingProxyType(checked))
        object.__setattr__(self, "events", _checked_events(self.events))

    def __getitem__(self, kind: str) -> xr.DataArray:
        """The signal of one kind; SchemaError names what there is instead."""
        if kind not in self.signals:
            raise SchemaError(f"expected a signal of kind {kind!r}, found only {sorted(self.signals)}")
        return self.signals[kind]

    def __contains__(self, kind: object) -> bool:
        """Whether a signal of this kind was recorded."""
        return kind in self.signals

    def replaced(
        self,
        *,
        signals: Mapping[str, xr.DataArray] | None = None,
        events: pd.DataFrame | None = None,
        doubts: tuple[Doubt, ...] | None = None,
    ) -> "Recording":
        """A copy with some signals added or replaced, other events, or other doubts."""
        return dataclasses.replace(
            self,
            signals={**self.signals, **(signals or {})},
            events=self.events if events is None else events,
            doubts=self.doubts if doubts is None else doubts,
        )


def _checked_events(events: pd.DataFrame) -> pd.DataFrame:
    missing = [c for c in EVENT_COLUMNS if c not in events.columns]
    if missing:
        raise SchemaError(f"events: expected columns {EVENT_COLUMNS}, missing {missing}")
    unknown_sides = set(events["side"]) - set(SIDES)
    unknown_names = set(events["name"]) - set(EVENT_NAMES)
    if unknown_sides or unknown_names:
        raise SchemaError(
            f"events: expected sides {SIDES} and names {EVENT_NAMES}, found {unknown_sides | unknown_names}; "
            "leave out events that are neither"
        )
    return events.loc[:, list(EVENT_COLUMNS)].sort_values("time_s", kind="stable").reset_index(drop=True)
