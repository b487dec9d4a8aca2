"""Each fault is named, and a quiet muscle is not one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import signal
from tests.emg.bursty import RATE_HZ, coloured, muscle, recorded

from restride.emg import quality
from restride.readers import read

COUNT = 5000
TIME_S = np.arange(COUNT) / RATE_HZ


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def row(values: np.ndarray) -> pd.Series:
    return quality(recorded({"soleus_l": values})).iloc[0]


def test_a_muscle_is_usable(rng: np.random.Generator) -> None:
    assert row(muscle(rng))["usable"]
    assert row(muscle(rng))["reason"] == ""


def test_a_quiet_muscle_is_usable_whatever_its_size(rng: np.random.Generator) -> None:
    assert row(1e-3 * muscle(rng))["usable"]


def test_a_still_but_connected_electrode_is_usable_with_a_warning(rng: np.random.Generator) -> None:
    still = row(5e-6 * coloured(rng, COUNT))
    assert still["usable"]
    assert "cannot tell" in still["reason"]


def test_white_noise_is_an_unplugged_electrode(rng: np.random.Generator) -> None:
    noise = row(4e-4 * rng.standard_normal(COUNT))
    assert not noise["usable"]
    assert "unplugged" in noise["reason"]


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_mains_hum_is_named_for_either_mains(rng: np.random.Generator, mains_hz: float) -> None:
    hum = row(muscle(rng) + 1e-4 * np.sin(2 * np.pi * mains_hz * TIME_S))
    assert "mains hum" in hum["reason"]
    assert hum["hum_fraction"] > 0.25


def test_resting_at_the_rails_is_saturated(rng: np.random.Generator) -> None:
    loud = muscle(rng, size_v=1.0)
    assert "saturated" in row(np.clip(loud, -0.3, 0.3))["reason"]


def test_a_single_clipped_crest_is_a_warning(rng: np.random.Generator) -> None:
    values = muscle(rng, size_v=1.0)
    values[2000:2004] = 5.0
    some = row(values)
    assert some["usable"]
    assert "clipped" in some["reason"]


def test_a_stuck_channel_is_flat() -> None:
    assert "flat" in row(np.full(COUNT, 0.3))["reason"]


def test_the_same_wave_again_and_again_is_a_disturbance(rng: np.random.Generator) -> None:
    wave = np.sin(2 * np.pi * 37 * TIME_S) + 0.5 * np.sin(2 * np.pi * 74 * TIME_S)
    assert "periodic" in row(wave + 0.1 * coloured(rng, COUNT))["reason"]


def test_steps_that_ring_out_are_an_overload(rng: np.random.Generator) -> None:
    knocks = np.zeros(COUNT)
    knocks[rng.integers(100, COUNT, 40)] = 1.0
    ringing = signal.sosfilt(signal.butter(2, (60.0, 120.0), btype="bandpass", fs=RATE_HZ, output="sos"), knocks)
    assert "overload" in row(ringing + 1e-4 * coloured(rng, COUNT))["reason"]


def test_a_channel_lost_for_more_than_half_is_not_usable(rng: np.random.Generator) -> None:
    values = muscle(rng)
    values[1000:4000] = np.nan
    assert "nothing recorded" in row(values)["reason"]
    assert row(values)["missing_fraction"] == 0.6


def test_a_slow_recorder_is_said_for_every_channel() -> None:
    out = quality(recorded({"a_l": np.zeros(300), "b_r": np.zeros(300)}, rate_hz=100.0))
    assert not out["usable"].any()
    assert out["reason"].str.contains("too slowly").all()


def test_a_muscle_far_quieter_than_its_partner_is_said_and_kept(rng: np.random.Generator) -> None:
    pair = {"soleus_l": 0.1 * muscle(rng), "soleus_r": muscle(rng)}
    out = quality(recorded(pair)).set_index("channel")
    assert out.loc["soleus_l", "usable"]
    assert "quieter than on the other leg (10%)" in str(out.loc["soleus_l", "reason"])
    assert out.loc["soleus_r", "reason"] == ""


def test_a_gain_changes_no_verdict(rng: np.random.Generator) -> None:
    channels = {"a_l": muscle(rng), "b_r": rng.standard_normal(COUNT)}
    one = quality(recorded(channels))
    other = quality(recorded({k: 250 * v for k, v in channels.items()}))
    assert one["reason"].tolist() == other["reason"].tolist()


def knocked(rng: np.random.Generator) -> tuple[xr.DataArray, pd.DataFrame]:
    """Six strides of 0.8 s, the third one knocked."""
    values = muscle(rng)
    values[1900:1950] += 5e-3 * np.sin(np.pi * np.arange(50) / 50)
    starts = 0.2 + 0.8 * np.arange(6)
    cycles = pd.DataFrame({"start_s": starts, "end_s": starts + 0.8, "toe_off_s": starts + 0.5})
    return recorded({"soleus_l": values}), cycles.assign(side="left", kept=True, reason="")


def test_a_knocked_stride_is_named(rng: np.random.Generator) -> None:
    emg, cycles = knocked(rng)
    assert quality(emg, cycles=cycles)["rejected_cycles"].iloc[0] == (2,)


def test_a_stride_of_the_other_leg_is_not_blamed(rng: np.random.Generator) -> None:
    emg, cycles = knocked(rng)
    assert quality(emg, cycles=cycles.assign(side="right"))["rejected_cycles"].iloc[0] == ()


# state of each channel by the curator of the set: sides with signal; all else is lost
GOOD_SIDE = {"HC002D06": "R", "HC002D25": "R", "HC030A05": "L", "HC032A03": "L", "HC036A10": "L"}


@pytest.mark.parametrize("take", list(GOOD_SIDE))
def test_good_and_lost_channels_of_children_are_told_apart(shared: Path, take: str) -> None:
    recording = read([shared / "c3d-walk-children-emg" / f"{take}.c3d"])
    emg = recording["emg"]
    out = quality(emg).assign(label=[str(v).rsplit(".", 1)[-1] for v in emg["label"].values])
    muscles = [f"{GOOD_SIDE[take]} {m}" for m in ("Rect", "Hams", "Gast", "Tib Ant")]
    assert sorted(out.loc[out["usable"], "label"]) == sorted(muscles)
    assert (out.loc[~out["usable"], "reason"] != "").all()


def test_the_quiet_leg_of_a_one_sided_ankle_is_muscle_not_an_unplugged_electrode(shared: Path) -> None:
    recording = read([shared / "c3d-walk-one-sided-ankle" / "PiG_Motion-FlatFoot-Hole.c3d"])
    out = quality(recording["emg"]).set_index("channel")
    for name in ("tibialis_anterior_l", "peroneus_longus_l"):
        assert out.loc[name, "usable"]
        assert "quieter than on the other leg (11%)" in str(out.loc[name, "reason"])
    assert out.loc["tibialis_anterior_r", "reason"] == ""


def test_all_channels_of_two_sound_recordings_are_usable(shared: Path) -> None:
    for take in ("run-emg-grf-mocap/emg_raw.csv", "c3d-walk-emg-type4-plates/Gait.c3d"):
        assert quality(read([shared / take])["emg"])["usable"].all()
