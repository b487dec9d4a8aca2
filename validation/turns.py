"""Pedal turns and one-leg drills, all synthetic: no recordings with a known crank angle or drill are published.

Riders are drawn at random (lengths, saddle, foot, cadence, gyroscope offset, noise), so the figures
say how well the methods do on riders like these, not on people. The shank's constant was found
on 2000 riders of another seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr

from restride import cycles, imu
from restride.findings.drills import Fade, apart, fade
from restride.signals.recording import Drill, Side
from restride.signals.schema import SIDES, SPACE, labelled
from restride.signals.units import GRAVITY_M_S2
from validation.row import Row

RIDERS: Final = 60
SECONDS: Final = 40.0
RATE_HZ: Final = 100.0
SETTLING: Final = slice(500, -500)
DRILLS: Final = 1000
DRILL_S: Final = 60.0


def rows(shared: Path) -> list[Row]:  # noqa: ARG001  every topic has this signature
    """Angle of the pedal by each sensor, turns, work, drills."""
    return [*angles(), *work(), *drilled()]


@dataclass(frozen=True, slots=True)
class Ride:
    """One rider: angle of each pedal, tilt of each foot (toes up) and of each shank (forwards)."""

    time_s: np.ndarray
    pedal: np.ndarray
    foot: np.ndarray
    shank: np.ndarray
    crank_m: float


def drawn(rng: np.random.Generator) -> Ride:
    """A rider at random; feet tilt by up to 20 degrees either way, at any moment of the turn."""
    time_s = np.arange(0.0, SECONDS, 1.0 / RATE_HZ)
    cadence_hz = rng.uniform(0.8, 1.8)
    turning = 2 * np.pi * cadence_hz * (1.0 + 0.1 * np.sin(2 * np.pi * time_s / 20.0 + rng.uniform(0, 6)))
    right = np.cumsum(turning) / RATE_HZ + rng.uniform(0, 2 * np.pi)
    pedal = np.column_stack([right + np.pi, right])
    swing, when, mean = np.deg2rad(rng.uniform(0, 20)), rng.uniform(0, 2 * np.pi), np.deg2rad(rng.uniform(-25, 5))
    foot = mean + swing * np.cos(pedal - when)
    crank_m = rng.uniform(0.165, 0.175)
    leg = (rng.uniform(0.38, 0.48), rng.uniform(0.36, 0.46), np.deg2rad(rng.uniform(25, 40)), rng.uniform(71, 77))
    ankle = np.array([rng.uniform(-0.14, -0.09), rng.uniform(0.08, 0.12)])
    shank = np.column_stack([shank_tilt(pedal[:, i], foot[:, i], crank_m, ankle, leg) for i in range(2)])
    return Ride(time_s, pedal, foot, shank, crank_m)


def shank_tilt(
    pedal: np.ndarray, foot: np.ndarray, crank_m: float, ankle: np.ndarray, leg: tuple[float, float, float, float]
) -> np.ndarray:
    """Forward tilt of a shank between hip and pedal; ``leg``: thigh, shank, knee at its straightest, seat tube."""
    thigh_m, shank_m, straightest, tube_deg = leg
    at = crank_m * np.column_stack([np.sin(pedal), np.cos(pedal)]) + turned(ankle, foot)
    longest = np.sqrt(thigh_m**2 + shank_m**2 + 2 * thigh_m * shank_m * np.cos(straightest))
    tube = np.array([-np.cos(np.deg2rad(tube_deg)), np.sin(np.deg2rad(tube_deg))])
    heights = np.linspace(0.4, 1.2, 400)
    farthest = np.array([np.linalg.norm(h * tube - at[:500], axis=1).max() for h in heights])
    line = np.interp(longest, farthest, heights) * tube - at
    length = np.linalg.norm(line, axis=1)
    cosine = (shank_m**2 + length**2 - thigh_m**2) / (2 * shank_m * length)
    tilt: np.ndarray = np.arctan2(line[:, 0], line[:, 1]) + np.arccos(np.clip(cosine, -1.0, 1.0))
    return tilt


def felt(ride: Ride, segment: str, rng: np.random.Generator) -> tuple[xr.DataArray, xr.DataArray]:
    """What sensors on one kind of segment of both legs feel; a crank has one."""
    sides = ("right",) if segment == "crank" else SIDES
    acc, gyr = (np.zeros((ride.time_s.size, len(sides), 3)) for _ in range(2))
    spot = np.array([rng.uniform(-0.06, 0.04), rng.uniform(0.04, 0.08)])
    for i, side in enumerate(sides):
        j = SIDES.index(side)
        axle = ride.crank_m * np.column_stack([np.sin(ride.pedal[:, j]), np.cos(ride.pedal[:, j])])
        turn = {"crank": -ride.pedal, "foot": ride.foot, "shank": -ride.shank}[segment][:, j]
        place = {"crank": 0.5 * axle, "foot": axle + turned(spot, ride.foot[:, j]), "shank": axle}[segment]
        lab = np.gradient(np.gradient(place, 1 / RATE_HZ, axis=0), 1 / RATE_HZ, axis=0) + np.array([0.0, GRAVITY_M_S2])
        cos, sin = np.cos(turn), np.sin(turn)
        acc[:, i, :2] = np.column_stack([cos * lab[:, 0] + sin * lab[:, 1], cos * lab[:, 1] - sin * lab[:, 0]])
        gyr[:, i, 2] = np.gradient(turn, 1 / RATE_HZ) + rng.normal(scale=0.01)
    acc += rng.normal(scale=0.3, size=acc.shape)
    gyr += rng.normal(scale=0.02, size=gyr.shape)
    coords: dict[str, object] = {
        "time": ride.time_s,
        "sensor": [f"{segment}_{side}" for side in sides],
        "space": list(SPACE),
        "segment": ("sensor", [segment] * len(sides)),
        "side": ("sensor", list(sides)),
    }
    dims = ("time", "sensor", "space")
    return (
        labelled(acc, dims=dims, units="m/s^2", coords=coords, frame="segment"),
        labelled(gyr, dims=dims, units="rad/s", coords=coords, frame="segment"),
    )


def turned(vector: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """A fixed vector (forward, up) turned about the axis to the right, shape (time, 2)."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([cos * vector[0] - sin * vector[1], sin * vector[0] + cos * vector[1]])


def angles() -> Iterator[Row]:
    """How far the top of the pedal lies from where it was, and how many turns are found."""
    for segment, bar in (("crank", 2.0), ("foot", 10.0), ("shank", 15.0)):
        apart_deg, tilt_deg, lost, wrong = [], [], 0, 0
        for seed in range(RIDERS):
            rng = np.random.default_rng(seed)
            ride = drawn(rng)
            found = imu.pedalling(*felt(ride, segment, rng))
            away = (found.angle.values - ride.pedal + np.pi) % (2 * np.pi) - np.pi
            apart_deg += np.rad2deg(np.abs(np.nanmedian(away[SETTLING], axis=0))).tolist()
            if found.foot_tilt is not None:
                tilt_deg.append(float(np.rad2deg(np.abs(found.foot_tilt.values - ride.foot)[SETTLING].max())))
            table = cycles.turns(found.angle)
            planted = sum(int(np.diff(np.floor(ride.pedal[[500, -500], j] / (2 * np.pi)))[0]) for j in range(2))
            inner = table[(table["start_s"] > 5.0) & (table["end_s"] < SECONDS - 5.0)]
            lost += max(0, planted - 4 - int(inner["kept"].sum()))
            wrong += int((~inner["kept"]).sum())
        value = float(np.quantile(apart_deg, 0.95))
        note = f"synthetic, {RIDERS} riders, median {np.median(apart_deg):.1f}, worst {max(apart_deg):.1f}"
        yield Row(f"{segment} sensor, top of the pedal, 95 %", value, "degrees", bar, "max", note)
        yield Row(f"{segment} sensor, turns lost or left out", float(lost + wrong), "turns", 0.0, "max", "synthetic")
        if tilt_deg:
            worst = float(np.quantile(tilt_deg, 0.95))
            yield Row("foot sensor, tilt of the foot, 95 %", worst, "degrees", 3.0, "max", "synthetic, worst moment")


def work() -> Iterator[Row]:
    """The left leg's part of the work from angle and torque, against what was planted."""
    worst = 0.0
    for seed in range(RIDERS):
        rng = np.random.default_rng(seed)
        ride = drawn(rng)
        mean = rng.uniform(8.0, 20.0, size=2)
        torque = mean * (1 + rng.uniform(0.5, 1.5) * np.sin(ride.pedal)) + rng.normal(scale=1.0, size=ride.pedal.shape)
        coords = {"time": ride.time_s, "side": list(SIDES)}
        angle = labelled(ride.pedal, dims=("time", "side"), units="rad", coords=coords)
        push = labelled(torque, dims=("time", "side"), units="N m", coords=coords)
        turn = cycles.turn_work(push, angle, cycles.turns(angle)).groupby("side")["work_j"].mean()
        worst = max(worst, 100 * abs(turn["left"] / turn.sum() - mean[0] / mean.sum()))
    yield Row("share of the work by torque", worst, "points", 0.3, "max", f"synthetic, worst of {RIDERS} riders")


def drilled() -> Iterator[Row]:
    """Two drills of a minute: equal fading, and one that fades by 20 % of its start more."""
    rng = np.random.default_rng(1)
    said, missed, wrong = 0, 0, 0
    for _ in range(DRILLS):
        said += apart(*pair(0.15, 0.15, rng)).certain
        found = apart(*pair(0.30, 0.10, rng))
        missed += not found.certain
        wrong += found.certain and found.per_minute > 0
    note = f"synthetic, {DRILLS} pairs, noise of 5 % over 3 s"
    yield Row("equal drills, a leg said to fade faster", 100 * said / DRILLS, "%", 2.0, "max", note)
    yield Row("drills 20 % a minute apart, not told", 100 * missed / DRILLS, "%", None, "max", note)
    yield Row("drills 20 % a minute apart, wrong leg", float(wrong), "1", 0.0, "max", note)


def pair(left: float, right: float, rng: np.random.Generator) -> tuple[Fade, Fade]:
    """Fading of each leg over its own minute."""
    time_s = np.arange(DRILL_S)
    found = []
    sides: tuple[Side, Side] = SIDES
    for side, slope in zip(sides, (left, right), strict=True):
        noise = np.convolve(rng.normal(scale=0.05 * np.sqrt(3), size=time_s.size + 2), np.ones(3) / 3, mode="valid")
        found.append(fade(time_s, 100.0 * (1.0 - slope * time_s / 60.0 + noise), [Drill(0.0, DRILL_S, side)]))
    return found[0], found[1]
