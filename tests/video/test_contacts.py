"""Contacts of the near leg: planted ones found, of the leg that is near, by walkers and runners, or refused."""

from pathlib import Path

import numpy as np
import pytest
from tests.video.films import filmed, runner

from restride.errors import CycleError
from restride.readers import read
from restride.signals.recording import Side
from restride.video import cleaned, contacts, events


@pytest.mark.parametrize(("view", "side"), [("side-left", "left"), ("side-right", "right")])
def test_planted_contacts_of_the_near_leg_are_found(view: str, side: str) -> None:
    film = filmed(runner(), view=view, noise_px=4)
    found, true = events(film), runner().events
    assert set(found["side"]) == {side}
    assert found["method"].str.startswith("video").all()
    for name in ("initial_contact", "toe_off"):
        ours, theirs = (t[(t["side"] == side) & (t["name"] == name)]["time_s"].to_numpy() for t in (found, true))
        theirs = theirs[(theirs > 0.1) & (theirs < film["time"].values[-1] - 0.1)]
        off = ours[np.abs(ours - theirs[:, None]).argmin(axis=1)] - theirs
        # half a picture, though a single one is 33 ms
        assert abs(off.mean()) < 0.017
        assert off.std() < 0.006


def test_time_on_the_ground_comes_with_an_interval_no_narrower_than_a_picture() -> None:
    true = runner().events
    right = true[true["side"] == "right"]
    on, off = (right[right["name"] == n]["time_s"].to_numpy() for n in ("initial_contact", "toe_off"))
    planted_s = np.mean([off[off > t][0] - t for t in on if (off > t).any()])
    found = contacts(filmed(runner(), view="side-right", noise_px=4), side="right")
    assert found.movement == "running"
    assert found.half_s >= 1 / 30 - 1e-9
    assert abs(found.contact_s - planted_s) < found.half_s


def test_more_pictures_give_a_finer_answer() -> None:
    slow, fast = (contacts(filmed(runner(), rate_hz=hz, noise_px=2), side="left") for hz in (30.0, 120.0))
    assert fast.half_s < slow.half_s / 2


def test_contacts_do_not_depend_on_the_side_of_the_camera() -> None:
    left = contacts(filmed(runner(), view="side-left"), side="left")
    right = contacts(filmed(runner(), view="side-right"), side="left")
    assert left.contact_s == pytest.approx(right.contact_s, abs=1e-9)


def test_a_real_runner_runs_and_is_on_the_ground_as_long_as_runners_are(shared: Path) -> None:
    film = read(shared / "video-run-side" / "male_side.pose.json")["keypoints"]
    found = contacts(cleaned(film).keypoints, side="left")
    assert found.movement == "running"
    # 180 to 320 ms by literature, to a picture
    assert 0.18 - 1 / 30 < found.contact_s < 0.32 + 1 / 30
    assert set(events(film)["side"]) == {"left"}


@pytest.mark.parametrize("view", ["back", "front"])
def test_contacts_are_not_read_from_behind(view: str) -> None:
    with pytest.raises(CycleError, match="from a side"):
        events(filmed(runner(), view=view))


@pytest.mark.parametrize("side", ["left", "right"])
def test_poses_without_feet_give_no_contacts(side: Side) -> None:
    film = filmed(runner())
    bare = film.sel(keypoint=[k for k in film["keypoint"].values if "toe" not in str(k) and "heel" not in str(k)])
    with pytest.raises(CycleError, match="heel and toe"):
        contacts(bare, side=side)


def test_a_foot_that_is_hidden_is_not_made_up() -> None:
    film = filmed(runner()).copy()
    heel = int(np.flatnonzero(film["keypoint"].values == "heel_r")[0])
    film.values[::3, heel] = np.nan
    film.values[1::3, heel] = np.nan
    with pytest.raises(CycleError, match="hidden"):
        contacts(film, side="right")


def test_while_nobody_was_seen_there_are_no_strides() -> None:
    film = filmed(runner(), noise_px=3).copy()
    time_s = film["time"].values
    away = (time_s > 4.0) & (time_s < 7.0)
    film.values[away] = np.nan
    found = events(film)["time_s"].to_numpy()
    # half a stride at either edge may have been seen
    assert not ((found > 4.4) & (found < 6.6)).any()
    assert (found < 4.0).sum() > 8
    assert (found > 7.0).sum() > 8
    whole = contacts(filmed(runner(), noise_px=3), side="left")
    part = contacts(film, side="left")
    assert part.rhythm.strides < whole.rhythm.strides - 2
    assert part.contact_s == pytest.approx(whole.contact_s, abs=0.015)
