"""restride: the firing pattern of a leg, in motion.

Three lines are the whole way::

    import restride as rs

    analysis = rs.analyse(rs.read(["markers.trc", "forces.mot", "emg.csv"]))
    page = rs.report.build(analysis)

Names and rooms are loaded when they are first used, so that importing restride is quick.
"""

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from restride import (
        body,
        chapters,
        cycles,
        emg,
        findings,
        imu,
        pipeline,
        readers,
        report,
        retrain,
        signals,
        standing,
        twin,
        video,
    )
    from restride.pipeline import Analysis, Plan, analyse
    from restride.pipeline.comparison import Comparison, compare
    from restride.readers import read
    from restride.signals.recording import Recording

__all__ = [
    "Analysis",
    "Comparison",
    "Plan",
    "Recording",
    "analyse",
    "body",
    "chapters",
    "compare",
    "cycles",
    "emg",
    "findings",
    "imu",
    "pipeline",
    "read",
    "readers",
    "report",
    "retrain",
    "signals",
    "standing",
    "twin",
    "video",
]

_HOME: Final = {
    "Analysis": "restride.pipeline",
    "Comparison": "restride.pipeline.comparison",
    "Plan": "restride.pipeline",
    "Recording": "restride.signals.recording",
    "analyse": "restride.pipeline",
    "compare": "restride.pipeline.comparison",
    "read": "restride.readers",
}


def __getattr__(name: str) -> object:
    """The public name or room, imported on first use."""
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    if name in __all__:
        return importlib.import_module(f"restride.{name}")
    raise AttributeError(f"module 'restride' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names."""
    return __all__
