"""One part of a page beside the curves per stride: sentences, numbers and charts about one thing.

Whatever does not come in strides of a leg is told in chapters: an outing of a watch, pedal
turns, standing, steps of a trunk sensor. The page draws them without knowing which is which.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from restride.signals.schema import FloatArray

Whose = Literal["left", "right", "both", "one, not stated which", ""]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number, with everything needed to judge it.

    Attributes
    ----------
    name : str
        In words: "contact time".
    side : {"left", "right", "both", "one, not stated which", ""}
        Empty: of the whole body.
    value : float
        In ``units``; NaN: not measured, with the reason in ``interval_reason``.
    units : str
        SI, one of ``signals.units.SI_UNITS``.
    interval : tuple of float or None
        95 % interval of ``value``.
    interval_reason : str
        Why there is no interval; empty if there is one.
    n : int
        How many of ``counted`` it rests on.
    counted : str
        "strides", "steps", "minutes", "turns", "trials".
    method : str
    shown_in : str
        Unit to show, where the usual one for ``units`` is not the field's: "per min" for Hz.
    """

    name: str
    side: Whose
    value: float
    units: str
    interval: tuple[float, float] | None
    interval_reason: str
    n: int
    counted: str
    method: str
    shown_in: str = ""

    def row(self) -> dict[str, object]:
        """The measure as a flat row for JSON and tables."""
        row: dict[str, object] = asdict(self)
        del row["interval"]
        low, high = self.interval or (None, None)
        return row | {"interval_low": low, "interval_high": high}


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """One drawing: values against time, against another quantity, or a path in the plane.

    Attributes
    ----------
    title : str
        What is drawn, in words.
    x : ndarray, shape (n,)
        In ``x_units``, one of ``signals.units.SI_UNITS``.
    x_words, y_words : str
        What the axes mean, without their units.
    x_units, y_units : str
    series : mapping of name to ndarray, shape (n,)
        In ``y_units``; "left" and "right" are drawn as the legs, NaN is not measured.
    style : {"line", "dots", "path", "strips"}
        "path": x and y on one scale, as a path over the floor. "strips": each series is a share from 0 to 1, drawn
        as a strip; series are called "left ..." and "right ...".
    level : float or None
        A line to compare with, in ``y_units``: 0.5 for shares.
    level_words : str
        What that line is.
    words : str
        The drawing in one sentence, for who cannot see it.
    x_shown_in, y_shown_in : str
        As ``Measure.shown_in``.
    marks : mapping of side to float
        Of strips: a place along x for each leg, in ``x_units``.
    marks_words : str
        What those places are.
    """

    title: str
    x: FloatArray
    x_words: str
    x_units: str
    series: Mapping[str, FloatArray]
    y_words: str
    y_units: str
    style: Literal["line", "dots", "path", "strips"]
    words: str
    level: float | None = None
    level_words: str = ""
    x_shown_in: str = ""
    y_shown_in: str = ""
    marks: Mapping[str, float] = field(default_factory=dict)
    marks_words: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Chapter:
    """What a recording shows about one thing.

    Attributes
    ----------
    key : str
        Identifier, unique in the page: "balance", "standing".
    title : str
    sentences : tuple of str
        In plain words, the most telling first; it tops the page where no stride does.
    sureness : str
        How sure the first sentence is, and what it rests on.
    measures : tuple of Measure
    charts : tuple of Chart
    not_measured : tuple of str
        What this cannot say, one thing each.
    method : str
        How it was obtained.
    """

    key: str
    title: str
    sentences: tuple[str, ...]
    sureness: str
    measures: tuple[Measure, ...] = ()
    charts: tuple[Chart, ...] = ()
    not_measured: tuple[str, ...] = ()
    method: str = field(default="")
