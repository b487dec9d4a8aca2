"""Joint angles without a pelvis: curves of both legs, and no body."""

from pathlib import Path

import numpy as np
from tests.readers.test_imu_formats import mvnx

import restride as rs


def test_angles_of_single_joints_are_compared_without_a_body(tmp_path: Path) -> None:
    path = tmp_path / "walk.mvnx"
    path.write_text(mvnx(frames=600), encoding="utf-8")
    analysis = rs.analyse(rs.read(path))
    angles = analysis.curves["angles"]
    assert set(angles["coordinate"].values) == {"hip_flexion", "knee_angle", "ankle_angle"}
    of_side = angles.groupby("side").mean(("cycle", "phase"))
    # the document's left joints are 30 degrees above the right ones
    apart = of_side.sel(side="left", coordinate="knee_angle") - of_side.sel(side="right", coordinate="knee_angle")
    assert abs(np.rad2deg(float(apart)) - 30) < 1
    assert analysis.body is None
    assert any("no body is shown" in doubt.message for doubt in analysis.doubts)
    assert "restride" in rs.report.build(analysis)
