"""When a file began: the published files' own dates, and nothing made up."""

from pathlib import Path

import pytest

import restride
from restride.readers import when


def test_seconds_of_fit_count_from_the_last_day_of_1989() -> None:
    # FIT protocol: 1000000000 is 2021-09-08 01:46:40 UTC
    assert when.from_fit(1_000_000_000.0) == "2021-09-08T01:46:40+00:00"
    assert when.from_fit(12_345.0) == ""
    assert when.from_fit(float("nan")) == ""


def test_seconds_from_1970_are_utc() -> None:
    assert when.from_utc(0.0) == "1970-01-01T00:00:00+00:00"
    assert when.from_utc(float("nan")) == ""


@pytest.mark.parametrize(
    ("date", "time", "expected"),
    [
        ("03.04.21", "09.08.07", "2021-04-03T09:08:07"),
        ("03.04.99", "09.08.07", "1999-04-03T09:08:07"),
        ("01.01.85", "00.00.00", ""),
        ("X       ", "09.08.07", ""),
        ("31.02.21", "09.08.07", ""),
    ],
)
def test_dates_of_edf(date: str, time: str, expected: str) -> None:
    assert when.from_edf(b" " * 168 + date.encode() + time.encode()) == expected


def test_dates_of_opensignals() -> None:
    assert when.from_date_and_time({"date": "2017-1-23", "time": "10:28:51.69"}) == "2017-01-23T10:28:51"
    assert when.from_date_and_time({"date": "", "time": ""}) == ""
    assert when.from_date_and_time({}) == ""


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("fit-run-one-runner-2016-2020/2016-09-25_fenix3.fit", "2016-09-25T"),
        ("fit-run-one-runner-2016-2020/2020-05-01_fenix6x_stryd.fit", "2020-05-01T"),
        ("emg-vendor-exports/plux_emg_bursts.h5", "2017-01-23T10:28:51"),
    ],
)
def test_published_files_tell_their_own_day(shared: Path, file: str, expected: str) -> None:
    assert restride.read(shared / file).sources[0].started.startswith(expected)
