"""What the movement required and how it was tracked, beside OpenSim 4.6 on the same walking stride."""

from pathlib import Path
from typing import Final

from benchmarks import stride
from benchmarks.line import Line, against
from benchmarks.peer import opensim

REQUIRED_RATIO: Final = 300.0
KINEMATICS_RATIO: Final = 10.0


def lines(shared: Path) -> list[Line]:
    """Required activation, and joint angles from markers."""
    data = shared / "walk-emg-mocap-grf"
    walk = stride.load(data)
    with opensim(data) as peer:
        name = f"OpenSim {peer.version.partition('-')[0]}"
        return [
            against(
                f"required activation, {walk.frames} frames",
                lambda: stride.required(walk),
                lambda: peer.seconds("static_optimisation"),
                REQUIRED_RATIO,
                name=name,
            ),
            against(
                f"inverse kinematics, {len(walk.tracked)} markers",
                lambda: stride.kinematics(walk),
                lambda: peer.seconds("inverse_kinematics", markers=walk.tracked),
                KINEMATICS_RATIO,
                name=name,
            ),
        ]
