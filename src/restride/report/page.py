"""What the page shows, as records: gathered once from an analysis, then only drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from restride.signals.recording import Doubt, Side
from restride.signals.schema import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Mean curve of one leg and its spread over strides.

    Attributes
    ----------
    mean, low, high : ndarray, shape (101,)
        Mean, and mean -/+ 1 SD of strides; low and high are NaN with a single stride.
    n : int
        Strides.
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """Left minus right with its 95 % interval over strides, each of shape (101,).

    Attributes
    ----------
    mean, low, high : ndarray
    floor : ndarray
        Size up to which the method alone may make a difference; infinite where it is not known.
    p : ndarray
        Over the whole curve, of the stretch a phase belongs to, 1 outside of any; all NaN where not tested.
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    floor: FloatArray
    p: FloatArray = field(default_factory=lambda: np.full(101, np.nan))


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One small multiple.

    Attributes
    ----------
    key : str
        Identifier, unique in the page.
    title, axis, unit : str
        What is drawn; what the vertical axis means, in words; unit of the numbers.
    digits : int
        Decimals of a number in this unit.
    sides, required : mapping of side to Band
        Measured, and required by this motion. A side that is missing was not measured.
    difference : Difference or None
    toe_off : mapping of side to float
        Percent of that side's own stride.
    notes : tuple of str
        Sides that are not shown, and why.
    from_zero : bool
        The axis starts at zero (an activity), or spans the data (an angle).
    active : mapping of side to ndarray, shape (101,)
        Share of strides in which the muscle was switched on; NaN where not known.
    """

    key: str
    title: str
    axis: str
    unit: str
    digits: int
    sides: Mapping[Side, Band]
    required: Mapping[Side, Band] = field(default_factory=dict)
    difference: Difference | None = None
    toe_off: Mapping[Side, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    from_zero: bool = False
    active: Mapping[Side, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A joint with its panels, top to bottom, and words beneath its title."""

    title: str
    panels: tuple[Panel, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of ready words; the first column names the row, notes stand beneath."""

    key: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MuscleRow:
    """A muscle of the body with its largest activity on either side, for the list beside the body.

    ``departs`` has the words of either leg's verdict, and is empty where no origin was sought.
    """

    name: str
    title: str
    measured: Mapping[Side, float | None]
    required: Mapping[Side, float | None]
    departs: Mapping[Side, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of a legend: a small drawing, the word for it, and what it means."""

    swatch: str
    word: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Still:
    """One moment of the stride as a picture (a data address) with its words."""

    image: str
    width: int
    height: int
    caption: str
    alternative: str


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """The moving body: what the browser gets, the stills, and the list of muscles."""

    label: str
    followed: Side
    other_start: float | None
    stride_s: float
    payload: Mapping[str, object]
    stills: Mapping[str, tuple[Still, ...]]
    muscles: tuple[MuscleRow, ...]
    caution: str
    beside: Literal["required", "origin"] = "required"
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A cause that was weighed: its name, its chance in words, and a bar as long as it is probable."""

    name: str
    chance: str
    bar: str


@dataclass(frozen=True, slots=True)
class MuscleCard:
    """One muscle: the verdict in words, where it holds, why not, and the figure of its parts."""

    title: str
    swatch: str
    verdict: str
    where: str
    reason: str
    sentence: str
    figure: str


@dataclass(frozen=True, slots=True, eq=False)
class OriginPart:
    """What departs between two situations, and whether the movement asks for it.

    Attributes
    ----------
    sentences : tuple of str
    named, wrong : str
        The cause that is named and its chance of being wrong, in words; empty where none is.
    untold : str
    weighed : tuple of Weighed
    chance : str
        How much likelier the data are with a cause than with none.
    cards : tuple of MuscleCard
        Without the muscles that are alike.
    alike : str
        Those, in one sentence.
    scale : str
        What the figures show, and in which unit.
    marks : tuple of Mark
    strip, strip_words : str
        Order of departure as a drawing; empty without any.
    numbers : Table
    method : str
    """

    sentences: tuple[str, ...]
    named: str
    wrong: str
    untold: str
    weighed: tuple[Weighed, ...]
    chance: str
    cards: tuple[MuscleCard, ...]
    alike: str
    scale: str
    marks: tuple[Mark, ...]
    strip: str
    strip_words: str
    numbers: Table
    method: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, drawn: what up means, the chart in words, and name and sample of each series."""

    title: str
    axis: str
    words: str
    svg: str
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of the page."""

    key: str
    title: str
    sentences: tuple[str, ...]
    sureness: str
    measures: Table
    drawings: tuple[Drawing, ...]
    not_measured: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Everything on the page, in the order a reader meets it.

    ``strided`` is False where no stride was cut: then there are only the parts.
    """

    synthetic: bool
    sentence: str
    sureness: str
    not_measured: tuple[str, ...]
    conditions: tuple[tuple[str, str], ...]
    highlights: tuple[str, ...]
    strided: bool
    parts: tuple[Part, ...]
    moving: Moving | None
    no_body: str
    origin: OriginPart | None
    columns: tuple[Column, ...]
    absent: tuple[str, ...]
    findings: Table
    quality: Table | None
    quality_words: str
    strides: Table
    strides_words: str
    doubts: tuple[Doubt, ...]
    methods: Table
    settings: Table
    sources: tuple[str, ...]
    version: str
