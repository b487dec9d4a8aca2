"""A made-up walker whose contacts are known: feet, plates, a belt, all from a few numbers."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from restride.signals.recording import Recording
from restride.signals.schema import SPACE, FloatArray, labelled

LABELS = ("LHEE", "LTOE", "RHEE", "RTOE", "LASI", "RASI", "SACR")
LEG_M, FOOT_M, WIDTH_M, WEIGHT_N = 0.9, 0.2, 0.1, 700.0


# a swing that speeds up over its first eighth and brakes over its last: share of the time and of the way
SHARE = np.linspace(0.0, 1.0, 801)
_SPEED = np.minimum(1.0, 8.0 * np.minimum(SHARE, 1.0 - SHARE))
PATH = np.concatenate([[0.0], np.cumsum((_SPEED[1:] + _SPEED[:-1]) / 2)])
PATH /= PATH[-1]


@dataclass(frozen=True)
class Walker:
    """Constant strides; on a belt the ground moves and the person stays.

    The left foot lands at 0, ``stride_s``, ...; the right one half a stride later.
    """

    speed_m_s: float = 1.3
    stride_s: float = 1.1
    contact: float = 0.62
    belt: bool = False
    turned_rad: float = 0.0
    seconds: float = 4.4

    def landing_s(self, side: str) -> FloatArray:
        first = 0.0 if side == "left" else self.stride_s / 2
        return np.arange(first, self.seconds, self.stride_s)

    def foot(self, side: str, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Heel, shape (time, 3), and whether the foot is down."""
        phase = ((time_s - self.landing_s(side)[0]) / self.stride_s) % 1.0
        step = np.floor((time_s - self.landing_s(side)[0]) / self.stride_s)
        swing = np.clip((phase - self.contact) / (1 - self.contact), 0.0, 1.0)
        reach = self.speed_m_s * self.stride_s
        along = reach * (step + np.interp(swing, SHARE, PATH))
        along = along + self.speed_m_s * self.landing_s(side)[0]
        up = 0.03 + 0.08 * np.sin(np.pi * swing) ** 2
        across = np.full_like(time_s, -WIDTH_M if side == "left" else WIDTH_M)
        return np.stack([along, up, across], axis=1), phase < self.contact

    def markers(self, rate_hz: float = 100.0) -> xr.DataArray:
        time_s = np.arange(round(self.seconds * rate_hz)) / rate_hz
        points = []
        for side in ("left", "right"):
            heel, _ = self.foot(side, time_s)
            points += [heel, heel + np.array([FOOT_M, 0.02, 0.0])]
        # highest when one foot passes the other, as a walker is
        bounce = LEG_M - 0.02 * np.cos(4 * np.pi * time_s / self.stride_s)
        pelvis = np.stack([self.speed_m_s * time_s + 0.1, bounce, 0 * time_s], axis=1)
        points += [pelvis + np.array(at) for at in ((0.1, 0.0, -0.12), (0.1, 0.0, 0.12), (-0.1, 0.0, 0.0))]
        values = np.stack(points, axis=1)
        if self.belt:
            values[:, :, 0] -= self.speed_m_s * time_s[:, None]
        values = values @ self._turn().T
        coords = {"time": time_s, "marker": list(LABELS), "space": list(SPACE)}
        return labelled(values, dims=("time", "marker", "space"), coords=coords, units="m", frame="lab")

    def _turn(self) -> FloatArray:
        c, s = np.cos(self.turned_rad), np.sin(self.turned_rad)
        return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])

    def on_plates(
        self, owners: dict[str, tuple[str, int]], *, rate_hz: float = 1000.0, late_s: float = 0.0
    ) -> Recording:
        """Plates by name, each stepped on in one stance: (side, number of that side's stance).

        ``late_s``: the foot lands this much before it reaches the plate.
        """
        time_s = np.arange(round(self.seconds * rate_hz)) / rate_hz
        grf = np.zeros((time_s.size, len(owners), 3))
        cop = np.zeros_like(grf)
        for p, (side, number) in enumerate(owners.values()):
            start_s = self.landing_s(side)[number]
            inside = (time_s >= start_s + late_s) & (time_s < start_s + self.contact * self.stride_s)
            share = (time_s[inside] - start_s) / (self.contact * self.stride_s)
            grf[inside, p, 1] = WEIGHT_N * np.sin(np.pi * share) ** 0.5
            heel, _ = self.foot(side, time_s)
            cop[inside, p] = heel[inside] * [1, 0, 1] + share[:, None] * [FOOT_M, 0.0, 0.0]
        return Recording(signals={"markers": self.markers()} | _plates(time_s, list(owners), grf, cop))


def _plates(time_s: FloatArray, names: list[str], grf: FloatArray, cop: FloatArray) -> dict[str, xr.DataArray]:
    dims, coords = ("time", "plate", "space"), {"time": time_s, "plate": names, "space": list(SPACE)}
    parts = {"plate_grf": (grf, "N"), "plate_cop": (cop, "m"), "plate_free_moment": (0 * grf, "N m")}
    return {k: labelled(v, dims=dims, coords=coords, units=u, name=k, frame="lab") for k, (v, u) in parts.items()}
