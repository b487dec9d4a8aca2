"""The power phase as a drawing: the turn of the crank seen from its right side, 0 at the top, forwards clockwise."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from restride.chapters.chapter import Chart
from restride.findings.minutes import Resampled
from restride.signals.schema import SIDES, FloatArray

# radii, so that four arcs do not lie on each other: whole push outside, its strongest part inside
RADII: Final = {
    ("power_phase", "left"): 1.0,
    ("power_phase", "right"): 0.9,
    ("power_phase_peak", "left"): 0.7,
    ("power_phase_peak", "right"): 0.6,
}
POINTS: Final = 61


def arc_chart(bounds: Mapping[tuple[str, str, str], Resampled]) -> list[Chart]:
    """The arcs of both legs around one turn; none where no leg has one.

    Parameters
    ----------
    bounds : mapping of (kind, side, "start" or "end") to Resampled
        Angles in rad, 0 at the top, growing forwards.
    """
    x: list[FloatArray] = []
    y: dict[str, list[FloatArray]] = {side: [] for side in SIDES}
    words: list[str] = []
    for (kind, side), radius in RADII.items():
        start, end = (bounds[kind, side, b].value if (kind, side, b) in bounds else np.nan for b in ("start", "end"))
        if not np.isfinite(start + end):
            continue
        angle = start + np.linspace(0.0, (end - start) % (2 * np.pi), POINTS)
        # a gap between arcs, so that the pen is lifted
        x.append(np.append(radius * np.sin(angle), np.nan))
        for other in SIDES:
            y[other].append(np.append(radius * np.cos(angle), np.nan) if other == side else np.full(POINTS + 1, np.nan))
        name = "push" if kind == "power_phase" else "strongest part"
        words.append(f"{side} {name} {np.rad2deg(start) % 360:.0f}° to {np.rad2deg(end) % 360:.0f}°")
    if not x:
        return []
    return [
        Chart(
            "Where in the turn each leg pushes",
            np.concatenate(x),
            "forwards",
            "1",
            {side: np.concatenate(parts) for side, parts in y.items() if any(np.isfinite(p).any() for p in parts)},
            "up; each leg\u2019s own turn, top at the top, forwards to the right",
            "1",
            "path",
            f"Each leg\u2019s own turn, 0° at the top: {', '.join(words)}.",
        )
    ]
