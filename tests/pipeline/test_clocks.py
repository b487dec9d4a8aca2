"""Clocks of two devices: said where they agree, where they differ, and where nobody can tell."""

import dataclasses
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tests.cycles.test_emg_strides import WALK, legs, planted
from tests.emg import bursty

import restride
from restride import imu
from restride.cycles import events_from_force
from restride.pipeline import inspection
from restride.pipeline.clocks import clock_checks, doubts_of
from restride.readers import take as takes
from restride.signals.recording import Recording, Source
from restride.signals.schema import labelled

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TWO_FILES = (Source("one", "a"), Source("other", "b"))


def walk_on_two_clocks(*, shift_s: float, factor: float, strides: int = 90) -> Recording:
    """Force that rises at planted contacts, and EMG of the same walk on a clock of its own."""
    rng = np.random.default_rng(7)
    contacts = {"left": planted(2.0, 1.1, strides, seed=1), "right": planted(2.55, 1.1, strides, seed=1)}
    envelope = legs(contacts, WALK)
    time_s = np.arange(0, envelope["time"].values[-1], 1 / 1000)
    values = [
        np.interp(time_s, envelope["time"].values, column) * 1e-4 * bursty.coloured(rng, time_s.size)
        for column in envelope.values.T
    ]
    names = [str(name) for name in envelope["channel"].values]
    emg = bursty.recorded(dict(zip(names, values, strict=True))).assign_coords(
        time=(time_s - shift_s) / factor,
        label=("channel", names),
        site=("channel", [name[:-2] for name in names]),
    )
    # switched on a little later than the plates
    emg = emg.isel(time=slice(500, None))
    slow_s = time_s[::5]
    force = np.zeros((slow_s.size, 2, 3))
    for i, moments in enumerate(contacts.values()):
        down = np.any([(slow_s >= m) & (slow_s < m + 0.65) for m in moments], axis=0)
        force[:, i, 1] = 700.0 * down
    coords = {"time": slow_s, "side": ["left", "right"], "space": ["x", "y", "z"]}
    grf = labelled(force, dims=("time", "side", "space"), units="N", coords=coords, frame="lab")
    return Recording({"emg": emg, "grf": grf}, sources=TWO_FILES)


def test_a_planted_shift_and_drift_become_lines_of_take_yaml() -> None:
    (check,) = clock_checks(walk_on_two_clocks(shift_s=4.0, factor=0.98))
    assert check.agree is False
    (doubt,) = doubts_of([check])
    stated = re.search(r"emg: \{starts_at_s: (\S+), clock_factor: (\S+)\}", doubt.remedy)
    assert stated is not None
    # the EMG's first sample was taken at 0.5 s of the force; EMG shows a contact within 0.12 s
    assert float(stated[1]) == pytest.approx(0.5, abs=0.12)
    assert float(stated[2]) == pytest.approx(0.98, abs=1e-3)


def test_one_clock_is_said_to_be_one_without_a_doubt() -> None:
    (check,) = clock_checks(walk_on_two_clocks(shift_s=0.0, factor=1.0))
    assert check.agree is True
    assert check.found.sure
    assert doubts_of([check]) == ()
    assert check.row()["clock_factor"] == pytest.approx(1.0, abs=1e-3)


def test_one_file_has_one_clock() -> None:
    recording = walk_on_two_clocks(shift_s=4.0, factor=0.98, strides=10)
    assert clock_checks(dataclasses.replace(recording, sources=TWO_FILES[:1])) == []
    assert clock_checks(Recording({})) == []


def test_emg_of_the_device_that_recorded_the_force_is_not_checked() -> None:
    recording = walk_on_two_clocks(shift_s=0.0, factor=1.0, strides=10)
    emg = recording["emg"]
    start_s, end_s = emg["time"].values[[0, -1]]
    grf = recording["grf"].sel(time=slice(start_s - 1e-9, end_s + 1e-9))
    assert clock_checks(recording.replaced(signals={"grf": grf})) == []


def run(shared: Path, *, rate_hz: float | None = None, starts_at_s: float | None = None) -> Recording:
    """The shared run with some more said about the clock of its EMG."""
    take = takes.load(EXAMPLES / "run-emg-grf-mocap" / "take.yaml")
    notes = dataclasses.replace(take.emg, rate_hz=rate_hz, starts_at_s=starts_at_s)
    return restride.read(shared / "run-emg-grf-mocap", take=dataclasses.replace(take, emg=notes))


def test_the_run_at_its_true_rate_agrees_but_could_be_strides_apart(shared: Path) -> None:
    recording = run(shared)
    (check,) = clock_checks(recording)
    assert check.agree is True
    assert not check.found.sure
    low, high = check.found.factor_interval
    assert low < 1.0 < high
    found = inspection.inspect(recording)
    assert any(
        line.startswith("clocks: The clock of the EMG agrees with that of the forces and markers")
        for line in inspection.words(found)
    )


def test_the_run_at_the_wrong_rate_of_960_hz_is_caught(shared: Path) -> None:
    recording = run(shared, rate_hz=960.0)
    (check,) = clock_checks(recording)
    assert check.agree is False
    low, high = check.found.factor_interval
    # its description: the true rate is 1000 Hz
    assert low < 0.96 < high
    assert "does not run like that" in doubts_of([check])[0].message
    assert any("clock" in line and "does not run" in line for line in inspection.words(inspection.inspect(recording)))


def test_a_shift_of_half_a_stride_is_seen_but_not_set_right(shared: Path) -> None:
    (check,) = clock_checks(run(shared, starts_at_s=0.34))
    assert check.agree is False
    assert not check.found.sure
    assert "starts_at_s" not in check.remedy
    assert "Stamp three times" in check.remedy


def test_an_analysis_carries_the_doubt_about_the_clock(shared: Path) -> None:
    recording = run(shared, rate_hz=960.0)
    short = recording.replaced(signals={"emg": recording["emg"]})
    kept = {kind: short[kind] for kind in ("emg", "grf")}
    analysis = restride.analyse(dataclasses.replace(short, signals=kept))
    assert any(d.about == "clock" and "clock_factor" in d.remedy for d in analysis.doubts)


def worn_on_another_clock(shift_s: float, *, stamped: bool, monkeypatch: pytest.MonkeyPatch) -> Recording:
    """Twelve even strides on a plate and on foot sensors, with stamps before and after if asked for."""
    recording = walk_on_two_clocks(shift_s=0.0, factor=1.0, strides=12)
    grf = recording["grf"]
    stamps_s = [3.0, 3.5, 4.1, 35.0, 35.5, 36.1] if stamped else []
    time_s = np.arange(0, 40, 0.005)
    walking = np.interp(time_s - 8, grf["time"].values, grf.values[:, 0, 1], left=0.0, right=0.0)
    struck = sum((np.abs(time_s - s) < 0.03 for s in stamps_s), np.zeros(time_s.size))
    force = np.zeros((time_s.size, 2, 3))
    force[:, 0, 1] = walking + 1500 * struck
    coords = {"time": time_s, "side": ["left", "right"], "space": ["x", "y", "z"]}
    grf = labelled(force, dims=("time", "side", "space"), units="N", coords=coords, frame="lab")
    acc = np.zeros((time_s.size, 1, 3))
    acc[:, 0, 1] = 9.81 + 60 * struck
    axes = {"time": time_s - shift_s, "sensor": ["left shoe"], "space": ["x", "y", "z"]}
    along = {"segment": ("sensor", ["foot"]), "side": ("sensor", ["left"])}
    felt = {
        kind: labelled(values, dims=("time", "sensor", "space"), units=units, coords=axes | along)
        for kind, values, units in (("acc", acc, "m/s^2"), ("gyr", 0 * acc, "rad/s"))
    }
    contacts = events_from_force(grf.where(~(struck > 0)[:, None, None], 0.0))
    feet = contacts[contacts["name"] == "initial_contact"]
    # as the sensors of a real foot: 15 ms about the truth
    off_s = 0.015 * np.random.default_rng(3).standard_normal(len(feet))
    feet = feet.assign(time_s=feet["time_s"] + off_s - shift_s)
    monkeypatch.setattr(imu, "feet", lambda *_: SimpleNamespace(events=feet))
    return Recording({"grf": grf, **felt}, sources=TWO_FILES)


def test_stamps_that_force_and_sensors_saw_settle_the_shift(monkeypatch: pytest.MonkeyPatch) -> None:
    (check,) = clock_checks(worn_on_another_clock(2.5, stamped=False, monkeypatch=monkeypatch))
    assert not check.found.sure
    (check,) = clock_checks(worn_on_another_clock(2.5, stamped=True, monkeypatch=monkeypatch))
    assert check.found.sure
    assert check.agree is False
    # the sensors' first sample, at -2.5 s of their own clock, was taken at 0 s of the force
    stated = re.search(r"sensors: \{starts_at_s: (\S+), clock_factor: (\S+)\}", check.remedy)
    assert stated is not None
    assert float(stated[1]) == pytest.approx(0.0, abs=0.02)
    assert float(stated[2]) == pytest.approx(1.0, abs=1e-3)
