"""Every error restride raises on purpose.

RestrideError
├── ReadError      a file could not be read: damaged, empty, of another kind
├── SchemaError    an array or table does not keep its promise (dims, coords)
├── UnitsError     a unit is missing, unknown or of the wrong quantity
├── GapError       missing samples where the method needs an unbroken run
├── CycleError     no stride can be cut, or none is left
└── ModelError     the body model cannot be built or does not fit the data

A message says what was expected, what was found, and what to do next.
"""


class RestrideError(Exception):
    """Base of all errors that restride raises on purpose."""


class ReadError(RestrideError):
    """A file could not be read as what it was taken for."""


class SchemaError(RestrideError):
    """An array or table lacks a promised dimension, coordinate or column."""


class UnitsError(RestrideError):
    """A unit is missing, unknown, or belongs to another quantity."""


class GapError(RestrideError):
    """Samples are missing where the method needs an unbroken run."""


class CycleError(RestrideError):
    """No stride could be cut, or none was left after rejection."""


class ModelError(RestrideError):
    """The body model cannot be built or does not fit the data."""
