"""Body-worn sensors: from what a sensor feels to strides and steps."""

from restride.imu.feet import STRIDE_COLUMNS, FootStrides, feet, reasons
from restride.imu.pedalling import Pedalling, pedalling
from restride.imu.running import STEP_COLUMNS, running_steps
from restride.imu.trunk import gait
from restride.imu.walking import regularity, walking_steps

__all__ = [
    "STEP_COLUMNS",
    "STRIDE_COLUMNS",
    "FootStrides",
    "Pedalling",
    "feet",
    "gait",
    "pedalling",
    "reasons",
    "regularity",
    "running_steps",
    "walking_steps",
]
