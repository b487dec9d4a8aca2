"""Numbers and curves of a film for its chapter: cadence, contact, and angles over strides."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import xarray as xr
from scipy.stats import t as student

from restride import video
from restride.chapters.chapter import Chart, Measure, Whose
from restride.signals.recording import Doubt, Side
from restride.signals.schema import FloatArray

FEWEST: Final = 3
# times the usual stride: two of them are one that was missed
LONGEST: Final = 1.5
POINTS: Final = 101

_NAMES: Final = {"knee_angle": "knee flexion", "hip_flexion": "hip flexion", "ankle_angle": "ankle dorsiflexion"}

_ANGLES: Final = "video, angle in the plane of the picture"
_RHYTHM: Final = "video, rhythm of the ankle against the hips (restride.video.rhythm)"
_CONTACT: Final = "video, average stride (restride.video.contacts)"


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """What was found in one film.

    Attributes
    ----------
    keypoints : DataArray, dims (time, keypoint, axis), units "1"
        Cleaned.
    seen : Seen
    rate_hz : float
        Pictures a second.
    rhythms, contacts : mapping from side
        Of the legs that were seen well enough.
    angles : DataArray or None
        Of both legs; None where the view is not known.
    doubts : tuple of Doubt
    """

    keypoints: xr.DataArray
    seen: video.Seen
    rate_hz: float
    rhythms: dict[Side, video.Rhythm]
    contacts: dict[Side, video.Contacts]
    angles: xr.DataArray | None
    doubts: tuple[Doubt, ...]


def cadence(main: video.Rhythm) -> Measure:
    """Steps of both legs, from the strides of one."""
    return Measure(
        name="cadence, steps of both legs",
        side="",
        value=2 * main.stride_hz,
        units="Hz",
        interval=(2 * main.interval_hz[0], 2 * main.interval_hz[1]),
        interval_reason="",
        n=main.strides,
        counted="strides",
        method=f"{_RHYTHM}, twice the {main.side} leg's strides",
        shown_in="per min",
    )


def contact_measures(found: video.Contacts) -> list[Measure]:
    """Time and share of the average stride on the ground."""
    side, hz, n = found.rhythm.side, found.rhythm.stride_hz, found.rhythm.strides
    low, high = found.contact_s - found.half_s, found.contact_s + found.half_s
    return [
        Measure("time on the ground", side, found.contact_s, "s", (low, high), "", n, "strides", _CONTACT, "ms"),
        Measure(
            name="share of the stride on the ground",
            side=side,
            value=found.contact_s * hz,
            units="1",
            interval=(low * hz, high * hz),
            interval_reason="",
            n=n,
            counted="strides",
            method=_CONTACT,
            shown_in="%",
        ),
    ]


def angle_measures(film: Film, found: video.Contacts) -> list[Measure]:
    """Angles of one leg at contact and where they are largest, over its strides."""
    if film.angles is None:
        return []
    side = found.rhythm.side
    events = video.placed_events(found, film.keypoints["time"].values)
    on_s = events.loc[events["name"] == "initial_contact", "time_s"].to_numpy()
    rows: list[tuple[str, FloatArray]] = []
    for name, words in _NAMES.items():
        curve = _curve(film.angles, f"{name}_{side[0]}")
        if curve is None:
            continue
        strides = [_between(curve, a, b) for a, b in _strides(on_s)]
        on = round(100 * found.contact_s * found.rhythm.stride_hz)
        rows.append((f"{words} at contact", np.array([s[0] for s in strides])))
        if name == "knee_angle":
            rows.append((f"{words}, most while on the ground", np.array([s[: on + 1].max() for s in strides])))
            rows.append((f"{words}, most in swing", np.array([s[on:].max() for s in strides])))
        else:
            rows.append((f"{words}, most", np.array([s.max() for s in strides])))
            rows.append((f"{words}, least", np.array([s.min() for s in strides])))
    pitch = _curve(film.angles, f"foot_pitch_{side[0]}")
    if pitch is not None:
        rows.append(("toes up at contact", np.interp(on_s, *pitch)))
    far = "; of the far leg, partly guessed: not to be compared" if side != film.seen.near else ""
    measures = [_of_strides(name, side, values, note=far) for name, values in rows]
    lean = _curve(film.angles, "trunk_lean")
    if lean is not None and side == film.seen.near:
        whole = np.array([_between(lean, a, b).mean() for a, b in _strides(on_s)])
        measures.append(_of_strides("lean of the trunk, forward", "", whole))
    return [m for m in measures if m.n >= FEWEST]


def _of_strides(name: str, side: Whose, values: FloatArray, *, note: str = "") -> Measure:
    """A measure that is the mean over strides; strides with a gap are left out."""
    known = values[np.isfinite(values)]
    half = np.nan
    if known.size >= FEWEST:
        half = float(student.ppf(0.975, known.size - 1) * known.std(ddof=1) / np.sqrt(known.size))
    mean = float(known.mean()) if known.size else float("nan")
    return Measure(
        name=name,
        side=side,
        value=mean,
        units="rad",
        interval=(mean - half, mean + half) if np.isfinite(half) else None,
        interval_reason="" if np.isfinite(half) else "fewer than three strides without a gap",
        n=int(known.size),
        counted="strides",
        method=f"{_ANGLES}; the interval is that of chance, the zero of every angle is off by some degrees{note}",
    )


def _strides(on_s: FloatArray) -> list[tuple[float, float]]:
    """From contact to contact, without what spans strides that were not seen."""
    longest_s = LONGEST * float(np.median(np.diff(on_s))) if on_s.size > 1 else 0.0
    return [(float(a), float(b)) for a, b in pairwise(on_s) if b - a < longest_s]


def _curve(angles: xr.DataArray, name: str) -> tuple[FloatArray, FloatArray] | None:
    if name not in angles["coordinate"].values:
        return None
    return angles["time"].values, angles.sel(coordinate=name).values


def _between(curve: tuple[FloatArray, FloatArray], start_s: float, end_s: float) -> FloatArray:
    """A curve from one time to another on 101 points; NaN beside a gap."""
    return np.asarray(np.interp(np.linspace(start_s, end_s, POINTS), *curve), dtype=np.float64)


def angle_chart(film: Film, found: video.Contacts) -> Sequence[Chart]:
    """Angles of the near leg through the average stride."""
    if film.angles is None:
        return ()
    side = found.rhythm.side
    events = video.placed_events(found, film.keypoints["time"].values)
    on_s = events.loc[events["name"] == "initial_contact", "time_s"].to_numpy()
    series: dict[str, FloatArray] = {}
    for name, words in _NAMES.items():
        curve = _curve(film.angles, f"{name}_{side[0]}")
        if curve is not None and on_s.size > FEWEST:
            strides = np.stack([_between(curve, a, b) for a, b in _strides(on_s)])
            whole = strides[np.isfinite(strides).all(axis=1)]
            if len(whole) >= FEWEST:
                series[words] = whole.mean(axis=0)
    if not series:
        return ()
    return (
        Chart(
            title=f"Joints of the {side} leg through the average stride",
            x=np.linspace(0.0, 1.0, POINTS),
            x_words="stride, from contact to contact",
            x_units="1",
            x_shown_in="%",
            series=series,
            y_words="angle in the plane of the picture",
            y_units="rad",
            style="line",
            words=f"Mean angles of the {side} leg over its strides, from one contact to the next.",
        ),
    )


def pelvic_drop(film: Film, side: Side) -> Measure | None:
    """How far the pelvis hangs on the side of the swinging leg, while one leg carries; None where it was not seen."""
    if film.angles is None or "pelvis_list" not in film.angles["coordinate"].values:
        return None
    names = [f"ankle_{side[0]}", f"ankle_{'r' if side == 'left' else 'l'}"]
    if any(name not in film.keypoints["keypoint"].values for name in names):
        return None
    own, other = (film.keypoints.sel(keypoint=name, axis="y").values for name in names)
    carries = np.nan_to_num(other - own) > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], carries, [False]]).astype(int)))
    # whole spans only, and none of a flicker
    shortest = 0.1 * film.rate_hz
    spans = [(a, b) for a, b in edges.reshape(-1, 2) if a > 0 and b < carries.size and b - a > shortest]
    tilt = film.angles.sel(coordinate="pelvis_list").values * (1.0 if side == "left" else -1.0)
    values = np.array([tilt[(a + b) // 2] for a, b in spans])
    return _of_strides("drop of the swinging side of the pelvis", side, values) if len(spans) >= FEWEST else None
