"""What is planted is in the files, where it was planted, and nowhere else."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from tests.twin.takes import STRIDES, Take

from restride.body import scaled, track
from restride.readers import load, read
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import SITES
from restride.twin import BUSY_THIGH, DEMO_FAULTS, QUIET_TIBIALIS, WEAK_GLUTEUS, Fault, Truth, write
from restride.twin.faults import inside
from restride.twin.person import ELECTRODES

FILES = ("emg.csv", "forces.mot", "running.trc", "standing.trc", "take.yaml", "truth.json")


def _rms(take: Take, channel: str, window: tuple[float, float]) -> float:
    """Root mean square of the recorded EMG inside a window of the leg's strides, in volts."""
    emg = take.recording["emg"].sel(channel=channel)
    own = take.truth.events
    side = "left" if channel.endswith("_l") else "right"
    contacts = own.loc[(own["side"] == side) & (own["name"] == "initial_contact"), "time_s"].to_numpy()
    time_s = emg["time"].values
    phase = np.interp(time_s, contacts, np.arange(contacts.size), left=np.nan, right=np.nan)
    chosen = (100 * phase % 100 >= window[0]) & (100 * phase % 100 < window[1]) & ~np.isnan(phase)
    return float(np.sqrt(np.mean(emg.values[chosen] ** 2)))


def _planted(truth: Truth, side: str, name: str) -> FloatArray:
    chosen = (truth.events["side"] == side) & (truth.events["name"] == name)
    return truth.events.loc[chosen, "time_s"].to_numpy(dtype=np.float64)


def test_force_in_the_file_begins_and_ends_at_the_planted_events(healthy: Take) -> None:
    grf = healthy.recording["grf"]
    time_s = grf["time"].values
    found = {"initial_contact": 1, "toe_off": -1}
    for side in ("left", "right"):
        steps = np.diff((grf.sel(side=side, space="y").values > 20.0).astype(int))
        for name, way in found.items():
            own = _planted(healthy.truth, side, name)
            crossings = time_s[np.flatnonzero(steps == way)]
            assert crossings.size == own.size
            # the force takes some milliseconds from 0 to 20 N, longer at its end
            assert_allclose(crossings, own, atol=0.010)


def test_upward_force_carries_the_stated_mass(healthy: Take) -> None:
    contacts = healthy.truth.events.query("name == 'initial_contact' and side == 'right'")["time_s"]
    whole = healthy.recording["grf"].sel(space="y", time=slice(contacts.min(), contacts.max()))
    assert_allclose(float(whole.sum("side").mean()) / 9.81, healthy.truth.mass_kg, rtol=0.01)


def test_each_leg_has_the_strides_asked_for(healthy: Take) -> None:
    contacts = healthy.truth.events[healthy.truth.events["name"] == "initial_contact"]
    assert contacts["side"].value_counts().to_dict() == {"left": STRIDES + 1, "right": STRIDES + 1}


def test_folder_reads_without_a_doubt_and_says_that_it_is_synthetic(healthy: Take) -> None:
    assert healthy.recording.synthetic
    assert load(healthy.folder / "take.yaml").synthetic
    assert json.loads((healthy.folder / "truth.json").read_text())["synthetic"] is True
    assert healthy.recording.doubts == ()
    assert sorted(p.name for p in healthy.folder.iterdir()) == sorted(FILES)


def test_channels_are_both_legs_of_every_electrode_in_volts(healthy: Take) -> None:
    emg = healthy.recording["emg"]
    assert emg.attrs["units"] == "V"
    assert set(map(str, emg["channel"].values)) == {f"{site}_{s}" for site in ELECTRODES for s in "lr"}
    assert 1e-5 < float(np.abs(emg).max()) < 2e-2


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(healthy: Take, tmp_path: Path) -> None:
    write(tmp_path / "again", faults=(), seed=5, strides=STRIDES)
    write(tmp_path / "other", faults=(), seed=6, strides=STRIDES)
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (healthy.folder / name).read_bytes()
    assert (tmp_path / "other" / "emg.csv").read_bytes() != (healthy.folder / "emg.csv").read_bytes()


def test_fault_leaves_motion_force_and_timing_alone(healthy: Take, weak: Take, busy: Take) -> None:
    for take in (weak, busy):
        for name in ("forces.mot", "running.trc", "standing.trc", "take.yaml"):
            assert (take.folder / name).read_bytes() == (healthy.folder / name).read_bytes()


def test_quiet_fault_changes_its_channel_alone(healthy: Take, quiet: Take) -> None:
    others = [c for c in map(str, healthy.recording["emg"]["channel"].values) if c != "tibialis_anterior_l"]
    assert_array_equal(
        quiet.recording["emg"].sel(channel=others).values, healthy.recording["emg"].sel(channel=others).values
    )


def test_quiet_fault_quietens_its_window_and_nothing_outside(healthy: Take, quiet: Take) -> None:
    channel, (start, end) = "tibialis_anterior_l", QUIET_TIBIALIS.window
    inner = (start + 6, end - 6)
    assert_allclose(_rms(quiet, channel, inner) / _rms(healthy, channel, inner), QUIET_TIBIALIS.size, atol=0.03)
    outside = (0.0, start - 2)
    assert_allclose(_rms(quiet, channel, outside), _rms(healthy, channel, outside), rtol=1e-6)


def test_weak_fault_holds_its_muscles_at_their_share(healthy: Take, weak: Take) -> None:
    muscles = [f"{m}_l" for m in SITES["gluteus_medius"]]
    did, would = (take.truth.activation.sel(muscle=muscles).values for take in (weak, healthy))
    assert_allclose(did, WEAK_GLUTEUS.size * would, atol=1e-12)


def test_weak_fault_is_answered_by_gluteus_minimus_and_tensor_fasciae_latae(healthy: Take, weak: Take) -> None:
    for muscle in ("glmin1_l", "glmin2_l", "glmin3_l", "tfl_l"):
        before, after = (float(take.truth.activation.sel(muscle=muscle).mean()) for take in (healthy, weak))
        assert after > 1.15 * before
    rest = ["tensor_fasciae_latae_l", "tensor_fasciae_latae_r"]
    louder, same = (_rms(weak, c, (0, 35)) / _rms(healthy, c, (0, 35)) for c in rest)
    assert louder > 1.15
    assert same == pytest.approx(1.0, abs=1e-6)


def test_weak_fault_leaves_the_right_leg_alone(healthy: Take, weak: Take) -> None:
    right = [str(m) for m in healthy.truth.activation["muscle"].values if str(m).endswith("_r")]
    assert_array_equal(
        weak.truth.activation.sel(muscle=right).values, healthy.truth.activation.sel(muscle=right).values
    )


def test_busy_thigh_adds_to_its_five_channels_inside_its_window_alone(healthy: Take, busy: Take) -> None:
    change = busy.truth.excitation - healthy.truth.excitation
    added = {str(c) for c in change["channel"].values if float(np.abs(change.sel(channel=c)).max()) > 1e-9}
    assert added == {f"{site}_l" for site in BUSY_THIGH.sites}
    for site in BUSY_THIGH.sites:
        assert_allclose(_rms(busy, f"{site}_l", (0, 33)), _rms(healthy, f"{site}_l", (0, 33)), rtol=1e-6)
        assert _rms(busy, f"{site}_l", (41, 59)) > 1.5 * _rms(healthy, f"{site}_l", (41, 59))


def test_fault_of_the_right_leg_is_on_the_right(healthy: Take, tmp_path: Path) -> None:
    write(tmp_path, faults=[f.mirrored() for f in (QUIET_TIBIALIS, WEAK_GLUTEUS)], seed=5, strides=STRIDES)
    emg, before = read(tmp_path)["emg"], healthy.recording["emg"]
    changed = {str(c) for c in emg["channel"].values if not np.array_equal(emg.sel(channel=c), before.sel(channel=c))}
    assert {c[-1] for c in changed} == {"r"}
    assert {"tibialis_anterior_r", "gluteus_medius_r", "tensor_fasciae_latae_r"} <= changed


def test_healthy_legs_require_the_same_on_average(healthy: Take) -> None:
    truth = healthy.truth
    own = truth.events[truth.events["name"] == "initial_contact"].groupby("side")["time_s"].agg(["min", "max"])
    for muscle in ("soleus", "tibant", "vaslat", "glmed1", "semimem"):
        left, right = (
            float(truth.activation.sel(muscle=f"{muscle}_{s[0]}", time=slice(*own.loc[s])).mean()) for s in own.index
        )
        assert_allclose(left, right, rtol=0.15)


def test_excitation_runs_ahead_of_activation_by_the_delay(healthy: Take) -> None:
    truth = healthy.truth
    time_s = truth.activation["time"].values
    ahead = truth.excitation.sel(channel="vastus_lateralis_r").values
    late = truth.activation.sel(muscle="vaslat_r").values
    lags_s = np.arange(-0.1, 0.1, 0.005)
    inner = (time_s > 0.2) & (time_s < time_s[-1] - 0.2)
    fits = [np.corrcoef(ahead[inner], np.interp(time_s + lag, time_s, late)[inner])[0, 1] for lag in lags_s]
    assert_allclose(lags_s[int(np.argmax(fits))], truth.delay_s, atol=0.006)


def test_tracked_angles_are_the_planted_ones(healthy: Take) -> None:
    found = track(
        scaled(healthy.recording), healthy.recording["markers"], static=healthy.recording["static_markers"]
    ).angles
    truth = healthy.truth.angles.sel(time=found["time"], method="nearest")
    for name in ("hip_flexion", "hip_adduction", "knee_angle", "ankle_angle"):
        for side in "lr":
            got, planted = (np.rad2deg(a.sel(coordinate=f"{name}_{side}").values) for a in (found, truth))
            # markers placed by hand (5 mm) shift an angle; what moves has to move
            assert abs(np.mean(got - planted)) < 3.0
            assert np.std(got - planted) < 1.0


def test_demo_writes_in_under_five_seconds_of_files_under_ten_megabytes(tmp_path: Path) -> None:
    write(tmp_path, strides=14)
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) < 10e6
    assert len(DEMO_FAULTS) == 3


@pytest.mark.parametrize("start", [0.0, 35.0, 80.0])
def test_window_is_one_inside_and_zero_outside_also_across_contact(start: float) -> None:
    phase: FloatArray = np.linspace(0.0, 2.0, 2001)
    share = inside((start, start + 40.0), phase)
    middle = ((100 * phase - start) % 100 > 6) & ((100 * phase - start) % 100 < 34)
    outside = (100 * phase - start) % 100 > 40
    assert_allclose(share[middle], 1.0)
    assert_allclose(share[outside], 0.0, atol=1e-12)


def test_mirrored_twice_is_the_same_fault() -> None:
    for fault in DEMO_FAULTS:
        assert fault.mirrored() != fault
        assert fault.mirrored().mirrored() == fault


def test_fault_says_in_words_where_it_is() -> None:
    fault: Fault = replace(QUIET_TIBIALIS, side="right")
    assert str(fault) == "right tibialis anterior: gives only 15 % of its activity from 35 to 100 % of the stride"
