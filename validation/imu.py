"""Foot sensors against motion capture, a sacral sensor against force.

One healthy walker with cameras (both feet); of the person with multiple sclerosis there is no
reference, so those strides are only shown. Strides are compared as the set's borders are drawn,
from toe-off to toe-off; a stride is found if both its borders lie within ``BORDER_S`` of ours.
Events and lengths are compared for every stride of the cameras that is ours, turns included.

Sacrum, running: 31 conditions of one runner. Neither file states its rate or its axes: the first
half of each row of accelerations goes with the vertical force (r = 0.97) and is as long as it, so it
is the vertical one at the rate of the force, 500 Hz as the authors' article says. Contact of the
force is above 10 % of body weight, because the stored force swings by 8 % in flight.

The constants of the foot's method are then changed by 30 % each, one at a time; the worst figure of any
change stands in rows of its own, without a bar.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest import mock

import numpy as np
import pandas as pd
import xarray as xr

from restride.chapters.worn_feet import compared
from restride.imu import FootStrides, alignment, feet, rests, running_steps, swings
from restride.readers import read
from restride.readers.take import Take, parsed
from restride.signals.schema import SIDES
from validation.row import Row

SET: Final = "imu-foot-shimmer"
RATE_HZ: Final = 204.8
CAMERA_HZ: Final = 100.0
BORDER_S: Final = 0.03  # as the challenges that gaitmap's authors publish for stride segmentation
WIDER_S: Final = 0.05  # as the figures known for its methods on this recording
PARTED_S: Final = 0.02  # four samples: more than the grain of the set
TOE_LEAVES_M_S: Final = 0.8  # a toe that still stands moves slower, one that swings four times faster
CHANCES: Final = 10  # of strides called left or right by chance, per foot
FALSE_SHARE: Final = 0.05  # as the intervals promise for all measures together
F1, BIAS_MS, SPREAD_MS, LENGTH_CM = 0.98, 20.0, 10.0, 3.5
SACRUM: Final = "imu-run-sacrum"
FORCE_HZ: Final = 500.0
ON_GROUND: Final = 0.10  # of body weight
STEP_RATE_PERCENT, CONTACT_MS = 1.0, 30.0
CONSTANTS: Final = (
    *((rests, name) for name in ("WINDOW_S", "REST_SHARE", "STILL_RAD_S", "FREE_M_S2")),
    *((swings, name) for name in ("STILL_FAST", "IMPACT_SHARE", "BEFORE_IMPACT_S", "TURN_RAD", "LEAST_SPEED_M_S")),
    (alignment, "LONGEST_STRIDE_S"),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Figures of one analysis, all of both feet together."""

    f1: float
    borders: str
    plain_f1: dict[float, float]
    contact_ms: np.ndarray
    toe_off_ms: np.ndarray
    length_cm: np.ndarray
    clearance_cm: np.ndarray
    sides: np.ndarray
    asked: int


def rows(shared: Path) -> list[Row]:
    """Figures of the healthy walker with bars; of the patient and under changed constants without."""
    folder = shared / SET
    found = _compared(folder)
    return [
        *_judged(found),
        *_at_turns(folder),
        *_angles(folder),
        *_told_of_nothing(folder),
        *_patient(folder),
        *_sensitivity(folder),
        *_sacrum(shared / SACRUM),
    ]


def _judged(found: Compared) -> list[Row]:
    # missed are one turning stride, which is not kept, and one that ends with the foot pivoting where it stands
    note = f"{found.borders}: one turns, one ends in a pivot; gaitmap 0.966 to 1.00 within 50 ms"
    out = [Row("foot IMU, F1 of strides, borders drawn as the set's, within 30 ms", found.f1, "1", F1, note=note)]
    out += [
        Row(
            f"foot IMU, F1 of strides, borders at our toe-off, within {1e3 * within:.0f} ms",
            f1,
            "1",
            None,
            note="three borders at turns differ; see toe-off in turns",
        )
        for within, f1 in found.plain_f1.items()
    ]
    for side in SIDES:
        out += _of_side(found, side)
    missed = float(found.asked - found.sides.size)
    out.append(Row("foot IMU, strides of the cameras without one of ours", missed, "1", None, note="a turn"))
    return out


def _of_side(found: Compared, side: str) -> list[Row]:
    on = found.sides == side
    count = f"{on.sum()} strides"
    late, off, longer, higher = (
        d[on] for d in (found.contact_ms, found.toe_off_ms, found.length_cm, found.clearance_cm)
    )
    contact = f"{count}, {late.mean():+.1f} ms; gaitmap +25 to +50"
    length = f"{count}, bias {longer.mean():+.1f}, SD {longer.std(ddof=1):.1f} cm; gaitmap 3.8"
    name = "foot IMU, stride length, mean absolute error"
    against = f"SD {higher.std(ddof=1):.1f} cm, against the toe marker"
    return [
        Row(f"foot IMU, initial contact, bias, {side}", abs(float(late.mean())), "ms", BIAS_MS, "max", contact),
        Row(f"foot IMU, initial contact, SD, {side}", float(late.std(ddof=1)), "ms", SPREAD_MS, "max", count),
        Row(f"{name}, {side}", float(np.abs(longer).mean()), "cm", LENGTH_CM, "max", length),
        Row(f"foot IMU, toe-off, bias, {side}", float(off.mean()), "ms", None, note=f"SD {off.std(ddof=1):.1f} ms"),
        Row(f"foot IMU, toe clearance, bias, {side}", float(higher.mean()), "cm", None, note=against),
    ]


def _compared(folder: Path) -> Compared:
    strides = _feet(folder / "imu_sample.csv", _both()).strides
    borders = pd.read_csv(folder / "stride_borders_sample.csv")
    events = pd.read_csv(folder / "stride_events_sample.csv")
    ends = pd.read_csv(folder / "position_sample.csv", index_col=0).groupby("s_id")[["pos_x", "pos_y"]].last()
    cameras = pd.read_csv(folder / "mocap_sample.csv", header=[0, 1], index_col=0)
    differences = []
    for _, seen in events.iterrows():
        toe_off_s, contact_s = float(seen["tc"]) / RATE_HZ, float(seen["ic"]) / RATE_HZ
        own = strides[strides["side"] == seen["foot"]]
        own = own[(own["start_s"] < toe_off_s) & (own["end_s"] > contact_s)]
        if len(own) != 1:
            continue
        one = own.iloc[0]
        toe_m = cameras[(f"{str(seen['foot'])[0].upper()}_TOE", "z")].to_numpy(dtype=float) / 1e3
        differences.append(
            (
                str(seen["foot"]),
                1e3 * (one["initial_contact_s"] - contact_s),
                1e3 * (one["toe_off_s"] - toe_off_s),
                1e2 * (one["stride_length_m"] - float(np.hypot(*ends.loc[seen["s_id"]]))),
                1e2 * (one["clearance_m"] - _clearance_m(toe_m, float(one["start_s"]), toe_off_s, contact_s)),
            )
        )
    sides, *columns = zip(*differences, strict=True)
    contact, toe_off, length, clearance = (np.array(c, dtype=float) for c in columns)
    f1, counts = _f1(_drawn_as_the_set(strides, folder), borders, BORDER_S)
    plain = {within: _f1(strides, borders, within)[0] for within in (BORDER_S, WIDER_S)}
    return Compared(f1, counts, plain, contact, toe_off, length, clearance, np.array(sides), len(events))


def _f1(strides: pd.DataFrame, borders: pd.DataFrame, within_s: float) -> tuple[float, str]:
    """F1 of strides from toe-off to toe-off, and its counts in words."""
    hits = ours = 0
    for side in SIDES:
        own = strides[strides["side"] == side]
        own = own[own["toe_off_s"].notna()]
        spans = [
            (a, b)
            for (a, b), kept in zip(itertools.pairwise(own["toe_off_s"]), own["kept"], strict=False)
            if kept and b - a < alignment.LONGEST_STRIDE_S
        ]
        ours += len(spans)
        for _, border in borders[borders["foot"] == side].iterrows():
            start_s, end_s = float(border["start"]) / RATE_HZ, float(border["end"]) / RATE_HZ
            hits += any(abs(a - start_s) <= within_s and abs(b - end_s) <= within_s for a, b in spans)
    return 2 * hits / (ours + len(borders)), f"{hits} of {len(borders)} found, {ours - hits} beside them"


def _drawn_as_the_set(strides: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """The same strides, their toe-offs where the set draws its borders.

    That is the fastest turning about the sensor's own y axis, which points across the shoe, 17 and
    20 degrees off the axis about which the foot turns in walking. On straight ways both are one
    sample apart at most; in a turn the foot rolls over its edge, and they part.
    """
    turning = read(folder / "imu_sample.csv", take=_both())["gyr"].sel(space="y")
    out = strides.copy()
    for i, swing in out[out["toe_off_s"].notna()].iterrows():
        until_s = (swing["toe_off_s"] + swing["initial_contact_s"]) / 2
        span = turning.sel(sensor=f"foot_{swing['side'][0]}", time=slice(swing["start_s"], until_s))
        out.at[i, "toe_off_s"] = float(span["time"][int(span.values.argmax())])
    return out


def _at_turns(folder: Path) -> list[Row]:
    """Where the set's borders part from our toe-offs, and what the toe marker says of both."""
    strides = _feet(folder / "imu_sample.csv", _both()).strides
    drawn = _drawn_as_the_set(strides, folder)
    borders = pd.read_csv(folder / "stride_borders_sample.csv")
    cameras = pd.read_csv(folder / "mocap_sample.csv", header=[0, 1], index_col=0)
    ours, sets = [], []
    for i in strides.index[(strides["toe_off_s"] - drawn["toe_off_s"]).abs() > PARTED_S]:
        swing, border_s = strides.loc[i], drawn.loc[i, "toe_off_s"]
        listed = borders.loc[borders["foot"] == swing["side"], ["start", "end"]].to_numpy() / RATE_HZ
        if np.abs(listed - border_s).min() > BORDER_S:
            continue  # the set lists no stride there
        names = [(f"{swing['side'][0].upper()}_TOE", axis) for axis in "xyz"]
        left_s = _toe_leaves_s(cameras[names].to_numpy(dtype=float) / 1e3, swing["start_s"], swing["initial_contact_s"])
        ours.append(1e3 * (swing["toe_off_s"] - left_s))
        sets.append(1e3 * (border_s - left_s))
    note = f"{len(ours)} steps; the set's borders {', '.join(f'{d:+.0f}' for d in sets)} ms"
    return [
        Row("foot IMU, toe-off in turns against the toe marker, median", float(np.median(ours)), "ms", None, note=note)
    ]


def _angles(folder: Path) -> list[Row]:
    """Pitch and whip of the foot against the line from heel to toe marker, each against its own rest."""
    found = _feet(folder / "imu_sample.csv", _both())
    cameras = pd.read_csv(folder / "mocap_sample.csv", header=[0, 1], index_col=0)
    time_s = np.arange(len(cameras)) / CAMERA_HZ
    out = []
    for side in SIDES:
        strides = found.strides[(found.strides["side"] == side) & found.strides["kept"]]
        toe, heel = (cameras[[(f"{side[0].upper()}_{m}", a) for a in "xyz"]].to_numpy(float) for m in ("TOE", "FCC"))
        x, y, z = (toe - heel).T
        pitch, heading = np.arctan2(z, np.hypot(x, y)), np.unwrap(np.arctan2(y, x))
        rest_rad = np.interp(strides["start_s"], time_s, pitch)
        for event, name in (("toe_off", "toe-off"), ("contact", "contact")):
            at_s = strides["toe_off_s" if event == "toe_off" else "initial_contact_s"]
            off = np.rad2deg(strides[f"pitch_{event}_rad"] - (np.interp(at_s, time_s, pitch) - rest_rad))
            note = f"SD {off.std(ddof=1):.1f} degrees, {len(off)} strides"
            out.append(Row(f"foot IMU, pitch at {name}, bias, {side}", float(off.mean()), "degrees", None, note=note))
        seen = np.array([_whip_deg(heading, time_s, swing, side) for _, swing in strides.iterrows()])
        own = np.rad2deg(strides["whip_rad"].to_numpy(float))
        note = f"SD {np.std(own - seen, ddof=1):.1f} degrees; {own.mean():.1f} against {seen.mean():.1f}"
        off_deg = float((own - seen).mean())
        out.append(Row(f"foot IMU, whip in swing, bias, {side}", off_deg, "degrees", None, note=note))
    return out


def _whip_deg(heading: np.ndarray, time_s: np.ndarray, swing: "pd.Series[float]", side: str) -> float:
    """Mean turn of the marker line in swing off a steady turn between the rests, toes outward positive."""
    start_s, end_s = float(swing["start_s"]), float(swing["end_s"])
    first, last = np.interp([start_s, end_s], time_s, heading)
    flight = (time_s >= float(swing["toe_off_s"])) & (time_s <= float(swing["initial_contact_s"]))
    off = (heading - first - (last - first) * (time_s - start_s) / (end_s - start_s))[flight]
    return float(np.rad2deg(off.mean())) * (1 if side == "left" else -1)


def _toe_leaves_s(toe_m: np.ndarray, rest_s: float, contact_s: float) -> float:
    """When the toe marker began to move, before it was fastest."""
    speed = np.linalg.norm(np.gradient(toe_m, 1 / CAMERA_HZ, axis=0), axis=1)
    a, b = round(rest_s * CAMERA_HZ), round(contact_s * CAMERA_HZ)
    fastest = a + int(speed[a:b].argmax())
    slow = np.flatnonzero(speed[a:fastest] < TOE_LEAVES_M_S)
    return (a + int(slow[-1] if slow.size else 0)) / CAMERA_HZ


def _clearance_m(toe_m: np.ndarray, rest_s: float, toe_off_s: float, contact_s: float) -> float:
    quarter = (contact_s - toe_off_s) / 4
    a, b = (round(t * CAMERA_HZ) for t in (toe_off_s + quarter, contact_s - quarter))
    return float(toe_m[a:b].min() - toe_m[round(rest_s * CAMERA_HZ)])


def _told_of_nothing(folder: Path) -> list[Row]:
    """One foot against itself, its strides called left and right by chance: how often a difference is told."""
    rng = np.random.default_rng(0)
    told = tried = 0
    walker = _feet(folder / "imu_sample.csv", _both()).strides
    patients = [
        _feet(folder / f"imu_sample_ms_{s}.csv", _take({"sensor": {"segment": "foot", "side": s}}, 102.4)).strides
        for s in SIDES
    ]
    for strides, rate_hz in ((walker, RATE_HZ), *((p, 102.4) for p in patients)):
        for side in SIDES:
            one = strides[(strides["side"] == side) & strides["kept"]]
            for _ in range(CHANCES if len(one) else 0):
                called = rng.permutation(np.arange(len(one)) % 2)
                rows_of = compared(one.assign(side=np.array(SIDES)[called]), rate_hz=rate_hz, one_clock=False)
                told += any(row.rank > 1 for row in rows_of)
                tried += 1
    note = f"{told} of {tried}; two walkers, four feet"
    return [Row("foot IMU, one foot against itself, difference told", told / tried, "1", FALSE_SHARE, "max", note)]


def _patient(folder: Path) -> list[Row]:
    out = []
    for side in SIDES:
        take = _take({"sensor": {"segment": "foot", "side": side}}, 102.4)
        strides = _feet(folder / f"imu_sample_ms_{side}.csv", take).strides
        kept = strides[strides["kept"]]
        length = kept["stride_length_m"]
        spread = f"SD {100 * length.std():.0f} cm, stride {kept['stride_s'].median():.2f} s; no reference"
        out.append(Row(f"foot IMU, MS, strides kept, {side}", float(len(kept)), "1", None, note=f"of {len(strides)}"))
        out.append(Row(f"foot IMU, MS, median stride length, {side}", float(length.median()), "m", None, note=spread))
    return out


def _sensitivity(folder: Path) -> list[Row]:
    found = []
    for module, name in CONSTANTS:
        for factor in (0.7, 1.3):
            with mock.patch.object(module, name, factor * getattr(module, name)):
                found.append((_compared(folder), f"{name} x {factor}"))
    measures = {
        "F1 of strides": ("min", "1", [c.f1 for c, _ in found]),
        "bias of initial contact": ("max", "ms", [abs(float(c.contact_ms.mean())) for c, _ in found]),
        "SD of initial contact": ("max", "ms", [float(c.contact_ms.std(ddof=1)) for c, _ in found]),
        "mean absolute error of length": ("max", "cm", [float(np.abs(c.length_cm).mean()) for c, _ in found]),
    }
    out = []
    for name, (kind, units, values) in measures.items():
        worst = int(np.argmin(values) if kind == "min" else np.argmax(values))
        out.append(Row(f"foot IMU, constants ±30 %, worst {name}", values[worst], units, None, note=found[worst][1]))
    return out


def _sacrum(folder: Path) -> list[Row]:
    force = pd.read_csv(folder / "GRF_one_sub.csv", header=None).to_numpy(dtype=float)
    felt_g = pd.read_csv(folder / "Accelerometer_one_sub.csv", header=None).to_numpy(dtype=float)[:, : force.shape[1]]
    time_s = np.arange(force.shape[1]) / FORCE_HZ
    rate, contact, rise, other = [], [], [], []
    for carried, felt in zip(force, felt_g, strict=True):
        rises, falls = _crossings(carried, time_s)
        spans = [(a, falls[falls > a][0]) for a in rises if (falls > a).any()]
        lasted = [b - a for a, b in spans]
        steps = running_steps(_trunk(felt, time_s))
        rate.append(100 * (float(np.diff(rises).mean()) / float(steps["step_s"].mean()) - 1))
        contact.append(1e3 * (float(steps["contact_time_s"].median()) - float(np.median(lasted))))
        rise.append(1e3 * (float(steps["oscillation_m"].median()) - _rise_m(carried, rises)))
        near = [int((steps["contact_s"] - a).abs().argmin()) for a, _ in spans]
        own = steps["contact_time_s"].to_numpy()[near]
        other.append(1e3 * ((own[::2].mean() - own[1::2].mean()) - (np.mean(lasted[::2]) - np.mean(lasted[1::2]))))
    off, late = np.abs(rate), np.abs(contact)
    return [
        Row(
            "sacrum, running, step rate, median difference",
            float(np.median(off)),
            "%",
            STEP_RATE_PERCENT,
            "max",
            f"{len(off)} conditions, worst {off.max():.1f} %; independent of the rate assumed",
        ),
        Row(
            "sacrum, running, contact time, median difference",
            float(np.median(late)),
            "ms",
            CONTACT_MS,
            "max",
            f"bias {np.mean(contact):+.0f}, SD {np.std(contact, ddof=1):.0f}, worst {late.max():.0f} ms; at 500 Hz",
        ),
        Row(
            "sacrum, running, vertical oscillation, median difference",
            float(np.median(np.abs(rise))),
            "mm",
            None,
            note=f"bias {np.mean(rise):+.0f}, SD {np.std(rise, ddof=1):.0f}, worst {np.abs(rise).max():.0f} mm",
        ),
        Row(
            "sacrum, running, contact of every other step, SD",
            float(np.std(other, ddof=1)),
            "ms",
            None,
            note="one leg against the other, of the difference that force shows: too much to tell legs apart",
        ),
    ]


def _rise_m(carried: np.ndarray, rises: np.ndarray) -> float:
    """Median rise and fall of the body from contact to contact, from force in body weights."""
    out = []
    for a, b in itertools.pairwise(rises):
        pull = 9.80665 * carried[round(a * FORCE_HZ) : round(b * FORCE_HZ)]
        speed = np.cumsum(pull - pull.mean()) / FORCE_HZ
        out.append(np.ptp(np.cumsum(speed - speed.mean()) / FORCE_HZ))
    return float(np.median(out))


def _crossings(force: np.ndarray, time_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times at which contact begins and ends; what lasts less than 80 ms is no contact."""
    change = np.diff((force > ON_GROUND).astype(int))
    rises, falls = time_s[1:][change == 1], time_s[1:][change == -1]
    return np.array([a for a in rises if (falls > a).any() and falls[falls > a][0] - a > 0.08]), falls


def _trunk(felt_g: np.ndarray, time_s: np.ndarray) -> xr.DataArray:
    values = np.zeros((len(felt_g), 1, 3))
    values[:, 0, 1] = felt_g * 9.80665
    coords = {"time": time_s, "sensor": ["pelvis"], "space": ["x", "y", "z"], "segment": ("sensor", ["pelvis"])}
    return xr.DataArray(values, dims=("time", "sensor", "space"), coords=coords, attrs={"units": "m/s^2"})


def _feet(path: Path, take: Take) -> FootStrides:
    recording = read(path, take=take)
    return feet(recording["acc"], recording["gyr"])


def _both() -> Take:
    return _take({f"{side}_sensor": {"segment": "foot", "side": side} for side in SIDES}, RATE_HZ)


def _take(worn: dict[str, dict[str, str]], rate_hz: float) -> Take:
    return parsed({"sensors": {"rate_hz": rate_hz, "acc_unit": "m/s^2", "gyr_unit": "deg/s", "worn": worn}})
