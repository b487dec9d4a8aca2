"""Body-worn sensors: from what a sensor on a foot feels to strides."""

from restride.imu.feet import STRIDE_COLUMNS, FootStrides, feet

__all__ = ["STRIDE_COLUMNS", "FootStrides", "feet"]
