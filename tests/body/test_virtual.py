"""Markers on a posed body: on the right leg, in front and behind where they belong, with gaps kept."""

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from restride.body import generic, virtual_markers
from restride.body.pose import as_labelled
from restride.signals.facing import body_front
from restride.signals.schema import FloatArray

BODY = generic()
ANGLES = BODY.coordinates


def posed(frames: int = 3, **degrees: float) -> tuple[xr.DataArray, xr.DataArray]:
    q: FloatArray = np.zeros((frames, len(ANGLES)))
    for name, value in degrees.items():
        q[:, ANGLES.index(name)] = np.deg2rad(value)
    return as_labelled(BODY, q, np.zeros((frames, 3)), np.arange(frames) / 100)


def test_a_standing_body_has_its_left_markers_on_the_left_and_its_toes_in_front() -> None:
    markers = virtual_markers(BODY, *posed())
    place = {str(m): markers.sel(marker=m).values[0] for m in markers["marker"].values}
    for name in ("ASI", "PSI", "HEE", "MT2"):
        assert place["L" + name][2] < 0 < place["R" + name][2]
        assert_allclose(place["L" + name] * [1, 1, -1], place["R" + name], atol=1e-9)
    assert place["LMT2"][0] - place["LHEE"][0] == pytest.approx(0.2, abs=0.005)
    front = body_front(markers)
    assert front is not None
    assert_allclose(front, [1, 0, 0], atol=0.02)


def test_a_bent_knee_lifts_the_heel_of_its_own_leg_only() -> None:
    straight, bent = (virtual_markers(BODY, *posed(knee_angle_l=a)).isel(time=0) for a in (0.0, 60.0))
    assert float((bent - straight).sel(marker="LHEE", space="y")) > 0.15
    assert_allclose(bent.sel(marker="RHEE"), straight.sel(marker="RHEE"))


def test_a_missing_angle_leaves_no_markers_in_its_frame() -> None:
    angles, root = posed()
    angles[1, 4] = np.nan
    hidden = np.isnan(virtual_markers(BODY, angles, root).values).any(axis=(1, 2))
    assert hidden.tolist() == [False, True, False]
