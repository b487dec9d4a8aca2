"""One figure of the validation, beside the bar it has to clear."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure.

    Attributes
    ----------
    name : str
        What was measured, on which recording, on which side.
    value : float
        NaN where it could not be measured; that never passes a bar.
    units : str
    bar : float or None
        None: shown beside the others, not judged.
    kind : {"min", "max"}
        Whether the value has to be at least or at most the bar.
    note : str
        Source, number of cases, or what falls short and why.
    """

    name: str
    value: float
    units: str
    bar: float | None
    kind: Literal["min", "max"] = "min"
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the value clears the bar; a figure without a bar always does."""
        if self.bar is None:
            return True
        return self.value >= self.bar if self.kind == "min" else self.value <= self.bar
