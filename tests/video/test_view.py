"""From where the camera looks: stated, seen, or said to be unknown; never taken for granted."""

import numpy as np
import pytest
from tests.video.films import filmed, runner

from restride.errors import SchemaError
from restride.video import seen_from


@pytest.mark.parametrize(("view", "near", "forward"), [("side-left", "left", -1), ("side-right", "right", 1)])
def test_who_faces_left_shows_the_left_leg(view: str, near: str, forward: int) -> None:
    for stated in (True, False):
        seen = seen_from(filmed(runner(), view=view, stated=stated))
        assert (seen.view, seen.near, seen.forward) == (view, near, forward)
        # what nobody stated is taken, and said to be taken
        assert bool(seen.doubts) is not stated


@pytest.mark.parametrize("view", ["back", "front"])
def test_behind_and_in_front_are_never_told_apart_without_a_word(view: str) -> None:
    assert seen_from(filmed(runner(), view=view)) == seen_from(filmed(runner(), view=view)).__class__(view, None, 0)
    unknown = seen_from(filmed(runner(), view=view, stated=False))
    assert unknown.view == ""
    assert unknown.near is None
    assert "video: {view" in unknown.doubts[0].remedy


def test_a_view_that_the_picture_contradicts_is_doubted() -> None:
    film = filmed(runner(), view="side-left")
    seen = seen_from(film.assign_attrs(view="side-right"))
    assert seen.near == "right"
    assert "mirrored" in seen.doubts[0].remedy
    assert seen_from(film.assign_attrs(view="back")).doubts


def test_a_table_without_hips_is_refused() -> None:
    film = filmed(runner())
    bare = film.sel(keypoint=[k for k in film["keypoint"].values if "hip" not in str(k)])
    with pytest.raises(SchemaError, match="hips and ankles"):
        seen_from(bare)


def test_feet_that_were_never_seen_tell_no_direction() -> None:
    film = filmed(runner(), stated=False)
    feet = film["keypoint"].isin(["heel_l", "heel_r", "big_toe_l", "big_toe_r"])
    assert seen_from(film.where(~feet, np.nan).assign_attrs(film.attrs)).forward == 0
