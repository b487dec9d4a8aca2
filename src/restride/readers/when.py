"""When a file began, as ISO 8601: with the offset from UTC where it is known, never with a place."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

# FIT counts seconds from here; smaller counts are of a device that did not know the time yet (FIT protocol)
_FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)
_LEAST_FIT_S: Final = 0x10000000
# EDF has two digits for the year: 85 to 99 are of the last century; the first of January 1985 hides the date
_EDF_CENTURY: Final = 85


def from_utc(seconds: float) -> str:
    """The time of a count of seconds from 1970, UTC; empty if it is none.

    Parameters
    ----------
    seconds : float
    """
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""


def from_fit(seconds: float) -> str:
    """The time of a FIT timestamp, UTC; empty if the device did not know it.

    Parameters
    ----------
    seconds : float
    """
    if not _LEAST_FIT_S <= seconds < 2**32 - 1:
        return ""
    return (_FIT_EPOCH + timedelta(seconds=seconds)).isoformat(timespec="seconds")


def from_edf(header: bytes) -> str:
    """Local time in the header of an EDF file; empty if it is hidden or damaged.

    Parameters
    ----------
    header : bytes
        At least the first 184.
    """
    try:
        day, month, year = (int(part) for part in header[168:176].decode("ascii").split("."))
        hour, minute, second = (int(part) for part in header[176:184].decode("ascii").split("."))
        century = 1900 if year >= _EDF_CENTURY else 2000
        found = datetime(century + year, month, day, hour, minute, second)
    except ValueError:
        return ""
    return "" if (found.year, found.month, found.day) == (1985, 1, 1) else found.isoformat(timespec="seconds")


def from_date_and_time(header: Mapping[str, object]) -> str:
    """Local time from the texts ``date`` (``2017-1-23``) and ``time`` (``10:28:51.69``); empty if damaged.

    Parameters
    ----------
    header : mapping
    """
    try:
        year, month, day = (int(part) for part in str(header.get("date", "")).split("-"))
        hour, minute, second = str(header.get("time", "")).split(":")
        return datetime(year, month, day, int(hour), int(minute), int(float(second))).isoformat(timespec="seconds")
    except ValueError:
        return ""
