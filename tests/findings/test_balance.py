"""The share of each leg: what counts, how it is weighted, and when no leg may be named."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from restride.findings import grade
from restride.findings.balance import Balance, balance
from restride.readers import read
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray, labelled

SIZE = 1200  # 20 minutes at 1 Hz


def signal(values: FloatArray | float, units: str, *, known: bool | None = None) -> xr.DataArray:
    coords: dict[str, object] = {"time": np.arange(SIZE, dtype=float)}
    if known is not None:
        coords["side_known"] = ("time", np.full(SIZE, known))
    return labelled(np.broadcast_to(values, SIZE), dims=("time",), units=units, coords=coords)


def rider(
    share: FloatArray | float,
    *,
    power: FloatArray | float = 200.0,
    cadence: FloatArray | float = 1.5,
    known: bool = True,
) -> Recording:
    return Recording(
        {
            "left_share": signal(share, "1", known=known),
            "power": signal(power, "W"),
            "cadence": signal(cadence, "Hz"),
        }
    )


def row(rows: list[Balance], method: str, part: str = "") -> Balance:
    return next(r for r in rows if r.method == method and r.part == part)


def noisy(mean: float) -> FloatArray:
    return mean + np.random.default_rng(3).normal(0, 0.02, SIZE)


def test_the_headline_is_the_left_legs_part_of_the_work() -> None:
    power = np.where(np.arange(SIZE) < SIZE // 2, 100.0, 300.0)
    share = np.where(np.arange(SIZE) < SIZE // 2, 0.44, 0.52)
    rows = balance(rider(share, power=power))
    assert row(rows, "work-weighted mean").share == pytest.approx((100 * 0.44 + 300 * 0.52) / 400)
    assert row(rows, "plain mean").share == pytest.approx(0.48)
    assert row(rows, "work-weighted mean").of == "left leg"


@pytest.mark.parametrize("silent", ["power", "cadence"])
def test_coasting_is_left_out_whatever_its_share(silent: str) -> None:
    coasting = np.arange(SIZE) % 4 == 0
    power = np.where(coasting & (silent == "power"), 0.0, 200.0)
    cadence = np.where(coasting & (silent == "cadence"), 0.0, 1.5)
    share = np.where(coasting, 0.0, 0.47)
    rows = balance(rider(share, power=power, cadence=cadence))
    assert row(rows, "work-weighted mean").share == pytest.approx(0.47)
    assert row(rows, "work-weighted mean").covered_s == pytest.approx(0.75 * SIZE)


def test_a_one_leg_drill_with_power_counts() -> None:
    share = np.where(np.arange(SIZE) < SIZE // 4, 1.0, 0.5)
    assert row(balance(rider(share)), "work-weighted mean").share == pytest.approx(0.625)


def test_an_unknown_leg_is_never_named() -> None:
    rows = balance(rider(noisy(0.52), known=False))
    assert rows
    for each in rows:
        assert each.of == "one leg, not stated which"
        assert "left" not in each.sentence.lower().replace("not stated which", "")
        assert "right" not in each.sentence.lower()


def test_only_records_that_state_their_side_count_where_some_do() -> None:
    share = np.where(np.arange(SIZE) < 600, 0.45, 0.60)
    recording = rider(share)
    mixed = recording["left_share"].assign_coords(side_known=("time", np.arange(SIZE) < 600))
    rows = balance(recording.replaced(signals={"left_share": mixed}))
    assert row(rows, "work-weighted mean").share == pytest.approx(0.45)


def test_a_recording_without_shares_has_no_balance() -> None:
    assert balance(Recording({"power": signal(200.0, "W")})) == []


def test_shares_without_power_have_no_balance() -> None:
    assert balance(Recording({"left_share": signal(0.5, "1", known=True)})) == []


@settings(max_examples=20, deadline=None)
@given(st.floats(0.2, 0.8))
def test_exchanging_the_legs_mirrors_every_mean(mean: float) -> None:
    share = np.clip(noisy(mean), 0, 1)
    plain, mirrored = balance(rider(share)), balance(rider(1 - share))
    assert [r.part for r in plain] == [r.part for r in mirrored]
    means = [(a, b) for a, b in zip(plain, mirrored, strict=True) if a.method != "trend"]
    assert_allclose([a.share for a, _ in means], [1 - b.share for _, b in means], rtol=1e-12)


def test_the_interval_holds_the_true_share_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(60):
        # each minute has its own mean, as riders do: records within it are not independent
        share = 0.49 + np.repeat(rng.normal(0, 0.01, SIZE // 60), 60) + rng.normal(0, 0.02, SIZE)
        interval = row(balance(rider(share)), "work-weighted mean").interval
        assert interval is not None
        held += interval[0] <= 0.49 <= interval[1]
    assert 50 <= held <= 60


def test_the_same_seed_gives_the_same_interval() -> None:
    recording = rider(noisy(0.49))
    assert balance(recording) == balance(recording)


def test_four_minutes_have_no_interval_but_a_reason() -> None:
    share = np.where(np.arange(SIZE) < 240, 0.48, np.nan)
    headline = row(balance(rider(share)), "work-weighted mean")
    assert headline.interval is None
    assert "too few" in headline.interval_reason


def test_a_drift_is_found_per_hour() -> None:
    share = noisy(0.48) + 0.06 * np.arange(SIZE) / 3600
    trend = row(balance(rider(share)), "trend")
    assert trend.share == pytest.approx(0.06, abs=0.015)
    assert trend.interval is not None
    assert trend.interval[0] > 0


def test_bands_of_power_are_kept_apart() -> None:
    power = np.where(np.arange(SIZE) < 600, 150.0, 250.0)
    rows = balance(rider(np.where(power < 200, 0.44, 0.52), power=power))
    assert row(rows, "work-weighted mean", "100 to 200 W").share == pytest.approx(0.44)
    assert row(rows, "work-weighted mean", "200 to 300 W").share == pytest.approx(0.52)


def test_contact_time_is_weighted_by_time_and_split_by_turn() -> None:
    turning = np.where(np.arange(SIZE) < 300, 0.2, np.where(np.arange(SIZE) < 600, -0.2, 0.0))
    recording = Recording(
        {
            "contact_left_share": signal(np.where(turning > 0, 0.53, np.where(turning < 0, 0.49, 0.51)), "1"),
            "contact_time": signal(0.24, "s"),
            "step_rate": signal(2.8, "Hz"),
            "turn_rate": signal(turning, "rad/s"),
        }
    )
    rows = balance(recording)
    assert row(rows, "time-weighted mean").share == pytest.approx(0.51)
    assert row(rows, "time-weighted mean", "turning left").share == pytest.approx(0.53)
    assert row(rows, "time-weighted mean", "turning right").share == pytest.approx(0.49)


def test_the_device_is_quoted_only_about_the_same_leg() -> None:
    recording = rider(noisy(0.49))
    share = recording["left_share"].copy()
    share.attrs |= {"device_value": 0.4932, "device_side_known": True}
    assert row(balance(recording.replaced(signals={"left_share": share})), "stated by the device").share == 0.4932
    share.attrs["device_side_known"] = False
    methods = {r.method for r in balance(recording.replaced(signals={"left_share": share}))}
    assert "stated by the device" not in methods


def test_grade_of_an_even_climb_is_its_slope() -> None:
    gone = 5.0 * np.arange(SIZE, dtype=np.float64)
    found = grade(signal(100 + 0.05 * gone, "m"), signal(gone, "m"))
    assert_allclose(found.values[6:-6], 0.05, rtol=1e-9)
    assert np.isnan(found.values[:6]).all()


@pytest.mark.parametrize(
    ("name", "left"),
    [("edge1000_balance_te_ps", 0.4782), ("edge810_vector_balance", 0.5016), ("fenix6_turbo_power_phase", 0.4926)],
)
def test_the_devices_own_value_is_reproduced(shared: Path, name: str, left: float) -> None:
    found = row(balance(read(shared / f"fit-power-pedals/{name}.fit")), "work-weighted mean")
    assert found.of == "left leg"
    assert found.share == pytest.approx(left, abs=0.001)
