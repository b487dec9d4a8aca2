"""A made-up origin with every verdict a page can show; an example, no result of any method."""

import dataclasses
from typing import Final

import numpy as np
import xarray as xr
from tests.report.example import EMG, _activity, _gain

from restride.findings.origin import Cause, Departure, Kind, MuscleOrigin, Origin, Verdict
from restride.findings.statistics import Estimate
from restride.signals.schema import FloatArray

PHASE: Final = np.linspace(0.0, 1.0, 101)
NOT_BOTH: Final = "measured on the right leg only"
LEGS: Final = ("left leg", "right leg")


def origin() -> Origin:
    """The left tibialis anterior is quieter than asked for in swing; the others answer, or cannot be told."""
    return Origin(
        situations=LEGS,
        curves=_curves(),
        muscles=(
            _muscle("tibialis_anterior", "too quiet", "left leg", (-0.38, -0.02, -0.36), p=0.0004),
            _muscle("gluteus_maximus", "explained", "left leg", (0.21, 0.19, 0.02), p=0.6),
            _muscle("gluteus_medius", "cannot tell", "", (np.nan,) * 3, reason=NOT_BOTH),
            _muscle("vastus_lateralis", "late", "right leg", (0.12, 0.0, 0.12), p=0.012),
            _muscle("biceps_femoris", "alike", "", (0.01, 0.0, 0.01), p=0.9),
        ),
        causes=(
            _cause("too quiet", "tibialis anterior", 0.93, window=(62.0, 84.0)),
            _cause("weak", "dorsiflexors", 0.05),
            _cause("late", "tibialis anterior", 0.015),
            _cause("too quiet", "extensor digitorum longus", 0.004),
        ),
        named=_cause("too quiet", "tibialis anterior", 0.93, window=(62.0, 84.0)),
        untold="The motion and the data cannot tell a quiet tibialis anterior from a weak one: both look alike here.",
        odds=240.0,
        departures=(
            Departure("tibialis anterior", 61.0, (58.0, 64.0)),
            Departure("ankle dorsiflexion", 66.0, (62.0, 71.0)),
            Departure("gluteus maximus", 93.0, (84.0, 104.0)),
        ),
        sentences=("The left tibialis anterior is quieter in swing than this movement asks for.",),
        method="made up for the tests of the page",
    )


def mirrored(given: Origin) -> Origin:
    """The same of a person whose left leg is the right one: other names, other signs."""
    turned = {"left leg": "right leg", "right leg": "left leg", "": ""}

    def negative(e: Estimate) -> Estimate:
        return dataclasses.replace(e, value=-e.value, interval=e.interval and (-e.interval[1], -e.interval[0]))

    muscles = tuple(
        dataclasses.replace(
            m,
            situation=turned[m.situation],
            measured=negative(m.measured),
            required=negative(m.required),
            unexplained=negative(m.unexplained),
        )
        for m in given.muscles
    )
    return dataclasses.replace(given, muscles=muscles, curves=-given.curves)


def _curves() -> xr.Dataset:
    required = {site: np.zeros(101) for site in EMG} | {"gluteus_maximus": 0.3 * _activity("gluteus_maximus", PHASE)}
    unexplained = {site: _left_less_right(site) for site in EMG}
    unexplained["vastus_lateralis"] = 0.3 * np.sin(2 * np.pi * PHASE) * (PHASE < 0.5)
    curves: dict[str, FloatArray] = {
        "required": np.stack([required[s] for s in EMG], axis=1),
        "unexplained": np.stack([unexplained[s] for s in EMG], axis=1),
    }
    curves["measured"] = curves["required"] + curves["unexplained"]
    edges = {f"{name}{edge}": values + way for name, values in curves.items() for edge, way in EDGES.items()}
    coords = {"phase": np.arange(101.0), "site": list(EMG)}
    return xr.Dataset(
        {name: (("phase", "site"), values) for name, values in (curves | edges).items()}, coords=coords
    ).assign(p=(("phase", "site"), np.ones((101, len(EMG)))))


EDGES: Final = {"_low": -0.05, "_high": 0.05}


def _left_less_right(site: str) -> FloatArray:
    return _activity(site, PHASE) * (_gain(site, "left") - _gain(site, "right"))


def _muscle(
    site: str, verdict: Verdict, situation: str, values: tuple[float, ...], *, p: float = np.nan, reason: str = ""
) -> MuscleOrigin:
    measured, required, unexplained = (
        Estimate(v, None, reason, (3, 3)) if reason else Estimate(v, (v - 0.05, v + 0.05), "", (3, 3)) for v in values
    )
    sentence = f"Made up: {site.replace('_', ' ')}."
    window = (66.0, 84.0)
    return MuscleOrigin(
        site,
        verdict,
        situation,
        reason,
        window,
        "early swing",
        measured,
        required,
        unexplained,
        p,
        sentence,
    )


def _cause(kind: Kind, name: str, probability: float, *, window: tuple[float, float] = (0.0, 100.0)) -> Cause:
    sentence = f"The left {name} by itself explains what departs."
    return Cause(kind, (name.replace(" ", "_"),), name, "left leg", window, 0.3, probability, sentence)
