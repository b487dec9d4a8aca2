"""The last row of a text table that was cut off while it was written or copied."""

from restride.errors import ReadError


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
