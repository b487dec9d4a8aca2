"""Rows of numbers in a text table, of which the last may have been cut off."""

import io
from typing import Final

import numpy as np
import pandas as pd

from restride.errors import ReadError
from restride.signals.schema import FloatArray

# a clock that counts nanoseconds since 1970 has 19 digits, and nothing else that is measured has more
BEYOND_ANY: Final = 1e20


def numbers_in(rows: str, width: int, *, separator: str | None = None) -> tuple[FloatArray, bool]:
    """Numbers in rows, shape (row, width), and whether a row that was cut off was dropped.

    Parameters
    ----------
    rows : str
        Lines of numbers.
    width : int
        Numbers a whole row has.
    separator : str, optional
        Between numbers; any blanks if not given.

    Raises
    ------
    ReadError
        If no whole row is left, or one holds something else than numbers.
    """
    whole, cut = without_cut_row(rows, width, separator=separator)
    missing = ["-nan(ind)", "nan(ind)"]
    try:
        table = pd.read_csv(
            io.StringIO(whole), sep=separator or r"\s+", header=None, dtype=np.float64, na_values=missing
        )
    except ValueError as error:
        raise ReadError(
            f"expected {width} numbers in each row, found something else; export the table again"
        ) from error
    if table.shape[1] < width:
        raise ReadError(f"expected {width} numbers in each row, found {table.shape[1]}; export the table again")
    return measurable(table.to_numpy(dtype=np.float64)[:, :width]), cut


def measurable(numbers: FloatArray) -> FloatArray:
    """The numbers of a table, NaN where a division by zero was written down.

    Parameters
    ----------
    numbers : array, any shape

    Raises
    ------
    ReadError
        If a number is larger than anything that is measured.
    """
    there: FloatArray = np.where(np.isfinite(numbers), numbers, np.nan)
    largest = float(np.nanmax(np.abs(there), initial=0.0)) if there.size else 0.0
    if largest > BEYOND_ANY:
        raise ReadError(f"expected measured numbers, found {largest:.2g}; the file is damaged: export it again")
    return there


def without_cut_row(rows: str, width: int, *, separator: str | None = None) -> tuple[str, bool]:
    """The rows without a last one that is too short, and whether there was one.

    Parameters
    ----------
    rows : str
        Lines of numbers.
    width : int
        Cells a whole row has.
    separator : str, optional
        Between cells; any blanks if not given.

    Raises
    ------
    ReadError
        If no whole row is left.
    """
    rows = rows.rstrip("\r\n")
    before, _, last = rows.rpartition("\n")
    # a table that ends in a line break ends in a whole row: blank cells at its end may not have been written
    cut = len(last.split(separator)) < width
    whole = before if cut else rows
    if not whole.strip():
        raise ReadError("expected at least one whole row of numbers, found none; the table is cut off: export it again")
    return whole, cut
