"""Text tables of every kind, damaged: a recording or an error of ours, never a crash or a warning."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.readers.text_samples import SAMPLES

from restride.errors import ReadError, RestrideError
from restride.readers import read
from restride.readers.take import parsed
from restride.readers.text_rows import measurable
from restride.signals.recording import Recording

STRANGE = (
    *("1e250", "-1e308", "1e400", "nan", "inf", "", "-", "abc", "\x00", "１", "0", "-1", "1,5", '"', "'", "{", "]"),
    *("9" * 22, "1e-320", "\ufeff", "\r", "true", "é", "/", ";", "\t", ",", "#", "time", "1_000", "left", "R"),
)
places = st.floats(0, 1, exclude_max=True)
changes = st.lists(st.tuples(places, st.sampled_from(STRANGE) | st.text(max_size=4) | st.integers(1, 12)), max_size=6)
own_tmp = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_or_refused(path: Path, text: str) -> Recording | None:
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return read(path, take=parsed({}))
    except RestrideError:
        return None


@pytest.mark.parametrize("name", SAMPLES)
def test_the_sample_itself_is_read(tmp_path: Path, name: str) -> None:
    found = read_or_refused(tmp_path / name, SAMPLES[name])
    assert found is not None
    assert found.signals or len(found.events)


@pytest.mark.parametrize("name", SAMPLES)
@own_tmp
@given(changes=changes, end=st.one_of(st.just(1.0), places))
def test_cells_changed_doubled_or_lost_never_break_a_reader(
    tmp_path: Path, name: str, changes: list[tuple[float, str | int]], end: float
) -> None:
    parts = re.split(r"([\t,\n ])", SAMPLES[name])
    for place, change in changes:
        at = int(place * len(parts))
        # another cell, or some cells once more
        parts[at : at + 1] = [change] if isinstance(change, str) else parts[at : at + change] * 2
    found = read_or_refused(tmp_path / name, "".join(parts[: max(1, int(end * len(parts)))]))
    assert found is None or not any(np.isinf(signal.values).any() for signal in found.signals.values())


@pytest.mark.parametrize("suffix", sorted({Path(name).suffix for name in SAMPLES}))
@own_tmp
@given(text=st.text(max_size=200))
def test_any_text_is_refused_in_words(tmp_path: Path, suffix: str, text: str) -> None:
    assert read_or_refused(tmp_path / f"any{suffix}", text) is None


def test_a_number_beyond_all_measuring_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "emg.csv"
    path.write_text(SAMPLES["emg.csv"].replace("-0.3", "1e250"))
    with pytest.raises(ReadError, match="found 1e\\+250"):
        read(path)


def test_a_division_by_zero_written_down_is_not_measured() -> None:
    assert np.isnan(measurable(np.array([1.0, np.inf, -np.inf, np.nan]))).tolist() == [False, True, True, True]
