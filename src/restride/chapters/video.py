"""The chapter of a video: rhythm, contact and angles in the plane of the picture, and what one camera cannot say."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import video
from restride.chapters.chapter import Chapter
from restride.chapters.video_measures import (
    Film,
    angle_chart,
    angle_measures,
    cadence,
    contact_measures,
    pelvic_drop,
)
from restride.errors import RestrideError
from restride.signals.recording import Doubt, Recording, Side
from restride.signals.schema import SIDES, sampling_rate_hz

# a leg is told of only where its points were found and sure in most pictures
MOSTLY: Final = 0.8
SURE: Final = 0.5
OF_A_LEG: Final = ("hip", "knee", "ankle", "heel", "big_toe")

_NOT_SAID: Final = (
    "anything across the plane of the picture: turns of the leg inward and outward, and how wide the steps are",
    "lengths and speed in metres: nothing in the picture tells its scale",
    "forces, joint moments and the work of muscles",
)


def doubts_of(recording: Recording) -> tuple[Doubt, ...]:
    """What is doubtful about a video: legs that changed places, jumps, a view nobody stated.

    Parameters
    ----------
    recording : Recording
    """
    if "keypoints" not in recording:
        return ()
    try:
        found = (*video.cleaned(recording["keypoints"]).doubts, *video.seen_from(recording["keypoints"]).doubts)
    except RestrideError as error:
        return (Doubt("keypoints", str(error)),)
    return tuple(doubt for doubt in found if doubt not in recording.doubts)


def chapters(recording: Recording, table: pd.DataFrame) -> list[Chapter]:
    """What a video shows; empty without one.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Not used: a video's strides are its own.
    """
    del table
    if "keypoints" not in recording:
        return []
    try:
        film = _film(recording["keypoints"])
    except RestrideError as error:
        return [_nothing(str(error))]
    if not film.rhythms:
        return [_nothing("no rhythm of steps was found in it")]
    return [_across(film)] if film.seen.view in ("back", "front") else [_along(film)]


def _film(keypoints: xr.DataArray) -> Film:
    seen = video.seen_from(keypoints)
    clean = video.cleaned(keypoints)
    rhythms: dict[Side, video.Rhythm] = {}
    contacts: dict[Side, video.Contacts] = {}
    for side in SIDES:
        if side != seen.near and not _trusted(clean.keypoints, side):
            continue
        try:
            rhythms[side] = video.rhythm(clean.keypoints, side=side)
            contacts[side] = video.contacts(clean.keypoints, side=side)
        except RestrideError:
            continue  # what was found of this leg stays; the rest is said not to be measured
    try:
        angles = video.angles(keypoints, legs="both") if seen.view else None
    except RestrideError:
        angles = None
    rate_hz = sampling_rate_hz(keypoints)
    return Film(clean.keypoints, seen, rate_hz, rhythms, contacts, angles, (*clean.doubts, *seen.doubts))


def _trusted(keypoints: xr.DataArray, side: Side) -> bool:
    """Whether hip, knee, ankle and foot of a leg were found, and sure, in most pictures."""
    names = [f"{name}_{side[0]}" for name in OF_A_LEG if f"{name}_{side[0]}" in keypoints["keypoint"].values]
    points = keypoints.sel(keypoint=names)
    found = np.isfinite(points.values).all(axis=2)
    sure = np.nan_to_num(points["confidence"].values, nan=1.0) >= SURE if "confidence" in points.coords else found
    return bool(names) and bool(((found & sure).mean(axis=0) >= MOSTLY).all())


def _nothing(why: str) -> Chapter:
    return Chapter(
        key="video",
        title="The video",
        sentences=(f"The video tells nothing of steps: {why}.",),
        sureness="Its keypoints were read; nothing was computed from them.",
        not_measured=_NOT_SAID,
    )


def _along(film: Film) -> Chapter:
    """A person seen from a side."""
    near = film.seen.near
    main = film.rhythms.get(near) if near else None
    main = main or next(iter(film.rhythms.values()))
    own = film.contacts.get(near) if near else None
    measures = [cadence(main), *(m for c in film.contacts.values() for m in contact_measures(c))]
    for found in film.contacts.values():
        measures += angle_measures(film, found)
    missing = list(_NOT_SAID)
    if own is None:
        missing.insert(0, "how long a foot is on the ground: heel and toe of the near foot were not seen well enough")
    missing.insert(0, _of_the_far_leg(film))
    return Chapter(
        key="video",
        title=f"The video, {_view_words(film)}",
        sentences=tuple(_sentences(film, main, own)),
        sureness=_sureness(film, main),
        measures=tuple(measures),
        charts=tuple(angle_chart(film, own)) if own else (),
        not_measured=tuple(missing),
        method=(
            "Keypoints of a pose estimator; unsure points are gaps. Rhythm by the harmonics of a stride, contact by "
            "the average stride, angles between lines from joint to joint in the plane of the picture."
        ),
    )


def _view_words(film: Film) -> str:
    words = {
        "side-left": "from the left",
        "side-right": "from the right",
        "back": "from behind",
        "front": "from the front",
    }
    return words.get(film.seen.view, "from an unknown side")


def _sentences(film: Film, main: video.Rhythm, own: video.Contacts | None) -> list[str]:
    low, high = (120 * hz for hz in main.interval_hz)
    rate = f"{120 * main.stride_hz:.1f} steps a minute"
    sure = f"The cadence lies between {low:.1f} and {high:.1f} steps a minute ({main.strides} strides)"
    if own is None:
        found = [f"Filmed {_view_words(film)}, this person takes {rate}.", f"{sure}."]
    else:
        share = 100 * own.contact_s * main.stride_hz
        word = "runner" if own.movement == "running" else "walker"
        compared = "a walker's: more than 50 %" if own.movement == "running" else "a runner's: less than 50 %"
        found = [
            f"Filmed {_view_words(film)}, this {word} takes {rate}, and the {main.side} foot is on the ground for "
            f"{share:.0f} % of its stride ({compared}).",
            f"{sure}; the {main.side} foot, the near one, is on the ground for {1e3 * own.contact_s:.0f} ms, give or "
            f"take {1e3 * own.half_s:.0f}.",
        ]
        found += _angle_sentence(film, own)
    return found + [doubt.message for doubt in film.doubts]


def _angle_sentence(film: Film, own: video.Contacts) -> list[str]:
    told = {m.name: m.value for m in angle_measures(film, own)}
    at, most = told.get("knee flexion at contact"), told.get("knee flexion, most in swing")
    if at is None or most is None or not np.isfinite(at + most):
        return []
    return [
        f"The {own.rhythm.side} knee is bent by {np.rad2deg(at):.0f}° when the foot lands and by at most "
        f"{np.rad2deg(most):.0f}° in swing."
    ]


def _sureness(film: Film, main: video.Rhythm) -> str:
    half = 60 * (main.interval_hz[1] - main.interval_hz[0])
    return (
        f"The cadence rests on {main.strides} strides and is sure to {half:.1f} steps a minute. One picture is "
        f"{1e3 / film.rate_hz:.0f} ms, so times on the ground are no surer than that; on films made by "
        "calculation from markers beside force plates they were short by 15 ms, 31 ms at worst (two runners)."
    )


def _of_the_far_leg(film: Film) -> str:
    near = film.seen.near
    if near is None:
        return f"which leg is near: {film.seen.doubts[0].message} {film.seen.doubts[0].remedy}".rstrip(" .")
    far: Side = "right" if near == "left" else "left"
    if far in film.contacts:
        return (
            f"how the legs differ: the {far} leg is behind the {near} one at times, and its numbers are those of an "
            "estimator that guesses then; they are shown, and not compared"
        )
    return f"the {far} leg, which is far from the camera and too often hidden: none of its numbers is given"


def _across(film: Film) -> Chapter:
    """A person seen from behind or from the front."""
    main = max(film.rhythms.values(), key=lambda r: r.explained)
    low, high = (120 * hz for hz in main.interval_hz)
    drops = [m for side in SIDES if (m := pelvic_drop(film, side)) is not None]
    sentences = [
        f"Filmed {_view_words(film)}, this person takes {120 * main.stride_hz:.1f} steps a minute "
        f"(between {low:.1f} and {high:.1f})."
    ]
    for drop in drops:
        other = "right" if drop.side == "left" else "left"
        word = "drops" if drop.value > 0 else "rises"
        sentences.append(
            f"When the {drop.side} leg carries alone, the {other} side of the pelvis {word} by "
            f"{abs(np.rad2deg(drop.value)):.1f}°."
        )
    return Chapter(
        key="video",
        title=f"The video, {_view_words(film)}",
        sentences=(*sentences, *(doubt.message for doubt in film.doubts)),
        sureness=(
            f"The cadence rests on {main.strides} strides. The tilt of the pelvis is that of a line between two "
            "guessed hip joints; nobody has measured how true it is."
        ),
        measures=(cadence(main), *drops),
        not_measured=(
            "how long a foot is on the ground, and the angles of knee and ankle: that takes a view from the side",
            *_NOT_SAID[1:],
        ),
        method="Keypoints of a pose estimator; pelvic drop midway through the time in which the other foot is higher.",
    )
