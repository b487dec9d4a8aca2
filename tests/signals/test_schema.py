"""The promises of signals are checked where they come in."""

import numpy as np
import pytest
import xarray as xr

from restride.errors import SchemaError, UnitsError
from restride.signals.schema import KINDS, check_kind, labelled, require, sampling_rate_hz
from restride.signals.units import SI_UNITS, to_si


def markers() -> xr.DataArray:
    coords = {"time": np.arange(4) / 100, "marker": ["LHEE", "RHEE"], "space": ["x", "y", "z"]}
    return labelled(np.ones((4, 2, 3)), dims=("time", "marker", "space"), coords=coords, units="m", frame="lab")


def test_require_puts_the_dimensions_in_order_as_float64() -> None:
    turned = markers().transpose("space", "time", "marker").astype(np.float32)
    out = require(turned, dims=("time", "marker", "space"), units="m")
    assert out.dims == ("time", "marker", "space")
    assert out.dtype == np.float64


def test_a_missing_dimension_is_named() -> None:
    with pytest.raises(SchemaError, match="plate"):
        require(markers(), dims=("time", "plate", "space"))


def test_another_unit_is_refused_with_both_units_named() -> None:
    with pytest.raises(UnitsError, match=r"expected units N, found 'm'"):
        require(markers(), dims=("time", "marker", "space"), units="N")


def test_a_result_needs_a_unit_of_the_list() -> None:
    with pytest.raises(UnitsError, match="mm"):
        labelled(np.ones(3), dims=("time",), units="mm")


def test_labels_are_carried_over_only_along_kept_dimensions() -> None:
    out = labelled(np.ones(4), dims=("time",), like=markers(), units="m")
    assert set(out.coords) == {"time"}


def test_every_unit_of_every_kind_is_in_the_list() -> None:
    assert {u for kind in KINDS.values() for u in kind.units} <= SI_UNITS


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(SchemaError, match="shoes"):
        check_kind("shoes", markers())


def test_a_dimension_without_labels_is_refused() -> None:
    with pytest.raises(SchemaError, match="marker"):
        check_kind("markers", markers().drop_vars("marker"))


@pytest.mark.parametrize("times", [[0.0, 0.1, 0.1, 0.2], [0.0, 0.2, 0.1, 0.3]])
def test_time_must_increase(times: list[float]) -> None:
    with pytest.raises(SchemaError, match="time to increase"):
        check_kind("markers", markers().assign_coords(time=times))


def test_the_rate_is_that_of_the_usual_step() -> None:
    holed = markers().assign_coords(time=[0.0, 0.01, 0.02, 5.0])
    assert np.isclose(sampling_rate_hz(holed), 100.0)


def test_one_sample_has_no_rate() -> None:
    with pytest.raises(SchemaError, match="at least 2"):
        sampling_rate_hz(markers().isel(time=[0]))


@pytest.mark.parametrize(
    ("written", "si", "factor"),
    [("mm", "m", 1e-3), ("Nmm", "N m", 1e-3), (" uV ", "V", 1e-6), ("deg", "rad", np.pi / 180), ("kN", "N", 1e3)],
)
def test_units_of_files_become_si(written: str, si: str, factor: float) -> None:
    unit, found = to_si(written)
    assert unit == si
    assert np.isclose(found, factor, rtol=1e-12)


def test_an_unknown_unit_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(UnitsError, match=r"take\.yaml"):
        to_si("furlong")
