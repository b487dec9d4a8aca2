"""The few terms against the published trial they were fitted to."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from restride.signals.schema import FloatArray
from restride.twin.gait import DUTY, FORCE_TERMS, LEG_TERMS, STRIDE_S, angle_rad

# events_from_grf_20N.csv of the same trial: right contact, right toe-off
RIGHT_CONTACT_S, RIGHT_TOE_OFF_S = 0.868, 1.106


def _table(path: Path) -> pd.DataFrame:
    lines = path.read_text().splitlines()
    head = next(i for i, line in enumerate(lines) if line.strip() == "endheader")
    rows = [list(map(float, line.split())) for line in lines[head + 2 :] if line.strip()]
    return pd.DataFrame(rows, columns=lines[head + 1].split())


@pytest.mark.parametrize(("name", "sign", "limit_deg"), [
    ("hip_flexion", 1, 3.0), ("knee_angle", -1, 4.0), ("ankle_angle", 1, 3.0),
])  # fmt: skip
def test_terms_follow_the_published_right_leg(shared: Path, name: str, sign: int, limit_deg: float) -> None:
    table = _table(shared / "run-cmc-reference" / "runningModel_Kinematics_q.sto")
    phase = (table["time"].to_numpy() - RIGHT_CONTACT_S) / STRIDE_S
    ours = np.rad2deg(angle_rad(LEG_TERMS[name], phase))
    theirs: FloatArray = sign * table[f"{name}_r"].to_numpy()
    # the mean of both legs differs from the right one by up to 2.3 degrees
    assert np.sqrt(np.mean((ours - theirs) ** 2)) < limit_deg


def test_terms_follow_the_published_upward_force(shared: Path) -> None:
    table = _table(shared / "run-cmc-reference" / "runningModel_GRF_data.mot")
    share = (table["time"].to_numpy() - RIGHT_CONTACT_S) / (RIGHT_TOE_OFF_S - RIGHT_CONTACT_S)
    down = (share > 0) & (share < 1)
    ours = FORCE_TERMS[1] @ np.sin(np.pi * np.outer([1, 2, 3], share[down]))
    theirs = table["R_ground_force_vy"].to_numpy()[down] / (75.0 * 9.81)
    assert np.sqrt(np.mean((ours - theirs) ** 2)) < 0.12
    assert abs((RIGHT_TOE_OFF_S - RIGHT_CONTACT_S) / STRIDE_S - DUTY) < 0.005
