"""The own noise: its size by hand, its interval by chance, and no number where none can be had."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from restride.findings.own_error import against, own_error


def test_the_smallest_change_is_that_of_two_noisy_sessions() -> None:
    error = own_error([9.0, 11.0, 10.0])
    assert (error.mean, error.sd, error.n) == (10.0, 1.0, 3)
    assert error.mdc == pytest.approx(1.96 * 2**0.5)
    # tables of chi-square, 2 degrees of freedom: 7.378 and 0.0506
    assert error.sd_interval == pytest.approx(((2 / 7.3778) ** 0.5, (2 / 0.050636) ** 0.5), rel=1e-4)
    assert error.mdc_interval == pytest.approx(tuple(1.96 * 2**0.5 * end for end in error.sd_interval or ()))


def test_the_interval_holds_the_true_noise_in_19_of_20() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(1500):
        low, high = own_error(3.0 * rng.standard_normal(5)).sd_interval or (0.0, 0.0)
        held += low <= 3.0 <= high
    # binomial: 1.96 * sqrt(0.05 * 0.95 / 1500) is 1.1 %
    assert held / 1500 == pytest.approx(0.95, abs=0.017)


def test_two_sessions_without_any_change_differ_by_more_in_1_of_20() -> None:
    rng = np.random.default_rng(2)
    mdc = own_error(rng.standard_normal(100_000)).mdc
    apart = np.abs(np.subtract(*rng.standard_normal((2, 100_000))))
    assert (apart > mdc).mean() == pytest.approx(0.05, abs=0.003)


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [1.0, 2.0, np.nan]])
def test_below_three_sessions_there_is_a_reason_instead_of_a_number(values: list[float]) -> None:
    error = own_error(values)
    assert np.isnan(error.mdc)
    assert error.mdc_interval is None
    assert "expected at least 3" in error.reason
    assert against(5.0, error).verdict == "not known"


def test_a_scale_too_coarse_to_move_shows_no_noise() -> None:
    error = own_error([5.0, 5.0, 5.0, 5.0])
    assert np.isnan(error.mdc)
    assert "equal" in error.reason


def test_a_session_that_was_not_measured_is_left_out() -> None:
    assert own_error([9.0, np.nan, 11.0, 10.0]) == own_error([9.0, 11.0, 10.0])


def test_few_sessions_and_a_drift_are_told() -> None:
    few = own_error([9.0, 11.0, 10.0], about="contact time")
    assert [d.severity for d in few.doubts] == ["note"]
    assert "6.3 times as large" in few.doubts[0].message
    assert few.doubts[0].about == "contact time"
    drifting = own_error([1.0, 2.1, 2.9, 4.0, 5.1, 6.0, 7.1, 7.9, 9.0])
    assert [d.severity for d in drifting.doubts] == ["warning"]
    assert "drift" in drifting.doubts[0].message


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=9),
    st.floats(-1e4, 1e4),
    st.floats(0.01, 100.0),
)
def test_unit_and_sign_of_a_change_do_not_matter(values: list[float], change: float, factor: float) -> None:
    error = own_error(values)
    scaled = own_error([factor * v for v in values])
    if error.reason or scaled.reason or np.ptp(values) < 1e-6:
        return
    assert scaled.mdc == pytest.approx(factor * error.mdc, rel=1e-6)
    assert against(change, error) == against(-change, error)
    if abs(abs(change) / error.mdc - 1) > 1e-6 and abs(abs(change) / (error.mdc_interval or (0, 1))[1] - 1) > 1e-6:
        assert against(factor * change, scaled).verdict == against(change, error).verdict


def test_a_change_is_within_unsure_or_beyond() -> None:
    error = own_error([9.0, 11.0, 10.0])
    assert [against(size, error).verdict for size in (2.7, 2.8, 17.4, 17.5)] == ["within", "unsure", "unsure", "beyond"]
    assert "smaller than your own day-to-day noise" in against(2.7, error).words
    assert against(float("nan"), error).verdict == "not known"
