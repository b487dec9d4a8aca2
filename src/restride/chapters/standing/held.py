"""How long each attempt on one leg was held, from the best source there is."""

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from restride import standing
from restride.chapters.standing.attempts import Attempt, Column, against, attempts, with_eyes, within
from restride.cycles.feet import HEEL, TOE, middle_of
from restride.errors import RestrideError
from restride.signals.recording import Recording, Side
from restride.signals.schema import SIDES, SPACE, labelled

HELD: Final = Column("time on one leg", "s", "", 1.0, 1, "s", "longer", "shorter")
COLUMNS: Final = ("number", "side", "eyes", "start_s", "end_s", "held_s", "ended", "method")
_BY_FORCE: Final = "force of the free foot below 20 N (restride.standing.held_by_force)"
_BY_MARKERS: Final = "heel and toe of the free foot more than 2 cm above the floor (restride.standing.held_by_height)"
_BY_SENSOR: Final = "sensor on the free foot, off the floor (restride.standing.held_by_sensor)"
_BY_PLATE: Final = "whole weight on the plate (restride.standing.on_plate); a foot set down on it is not seen"
_STILL_ON: Final = "end of the recording"
# a plate that is still fully loaded within this of the end was left by nobody
END_S: Final = 0.2
# where a foot lies on the floor: the lowest place of its marker but for a few stray samples
LOWEST: Final = 0.02


def held(recording: Recording) -> pd.DataFrame:
    """The longest spell on one leg of each attempt, columns ``COLUMNS``; ``number`` counts the attempts from 0.

    Parameters
    ----------
    recording : Recording
        Force sorted by foot, markers of the free foot, a sensor on it, or the plate under the standing leg.
    """
    rows = [
        (number, *row)
        for number, attempt in enumerate(attempts(recording))
        if (row := _one(recording, attempt)) is not None
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def held_words(spells: pd.DataFrame) -> list[str]:
    """How long each leg was held, and left against right where both were."""
    if spells.empty:
        return []
    said = []
    for (side, eyes), own in spells.groupby(["side", "eyes"], sort=False):
        said.append(_spell_words(str(side), own, with_eyes(eyes)))
    whole = spells[spells["ended"] != _STILL_ON]
    return [*said, *against(whole, "held_s", HELD, counted="spells")]


def _spell_words(side: str, own: pd.DataFrame, eyes: str) -> str:
    to_the_end = own["ended"] == _STILL_ON
    if (own["method"] == _BY_PLATE).any():
        return (
            f"The whole weight stayed on the plate under the {side} leg for {_listed(own)}{eyes}; a foot set down on "
            "the same plate would not show."
        )
    if to_the_end.all():
        trials = {1: "its trial", 2: "both trials"}.get(len(own), f"all {len(own)} trials")
        return f"The {side} leg was held to the end of {trials}{eyes}: {_listed(own)}."
    down = "or to the end of the recording" if to_the_end.any() else "until the other foot touched down"
    return f"The {side} leg was held for {_listed(own)}{eyes}, {down}."


def _listed(own: pd.DataFrame) -> str:
    return ", ".join(f"{float(seconds):.1f} s" for seconds in own["held_s"])


def _one(recording: Recording, attempt: Attempt) -> tuple[object, ...] | None:
    for found, method in (
        (_by_force, _BY_FORCE),
        (_by_markers, _BY_MARKERS),
        (_by_sensor, _BY_SENSOR),
        (_by_plate, _BY_PLATE),
    ):
        try:
            spells = found(recording, attempt)
        except RestrideError:
            continue
        if spells is not None and not spells.empty:
            longest = spells.sort_values("held_s").iloc[-1]
            times = (float(longest[name]) for name in ("start_s", "end_s", "held_s"))
            return longest["stands_on"], attempt.eyes or "", *times, longest["ended"], method
    return None


def _by_force(recording: Recording, attempt: Attempt) -> pd.DataFrame | None:
    if "grf" not in recording:
        return None
    found = standing.held_by_force(within(recording["grf"], attempt))
    return found if attempt.stands_on is None else found[found["stands_on"] == attempt.stands_on]


def _by_markers(recording: Recording, attempt: Attempt) -> pd.DataFrame | None:
    """The lower of heel and toe decides, each above the lowest place it comes to."""
    if attempt.stands_on is None or "markers" not in recording:
        return None
    markers = within(recording["markers"], attempt)
    ends = [middle_of(markers, names, side=_other(attempt.stands_on)) for names in (HEEL, TOE)]
    heights = [end[:, SPACE.index("y")] for end in ends if end is not None]
    if len(heights) < len(ends) or any(np.isnan(height).all() for height in heights):
        return None
    above = np.min([height - np.nanquantile(height, LOWEST) for height in heights], axis=0)
    height = labelled(above, dims=("time",), units="m", coords={"time": markers["time"].values})
    return standing.held_by_height(height, stands_on=attempt.stands_on)


def _other(side: Side) -> Side:
    return "right" if side == "left" else "left"


def _by_sensor(recording: Recording, attempt: Attempt) -> pd.DataFrame | None:
    if attempt.stands_on is None or "acc" not in recording or "gyr" not in recording:
        return None
    acc, gyr = (on_foot(recording[kind], _other(attempt.stands_on)) for kind in ("acc", "gyr"))
    if acc is None or gyr is None:
        return None
    return standing.held_by_sensor(within(acc, attempt), within(gyr, attempt), stands_on=attempt.stands_on)


def _by_plate(recording: Recording, attempt: Attempt) -> pd.DataFrame | None:
    if attempt.stands_on is None or "plate_grf" not in recording:
        return None
    plates = within(recording["plate_grf"], attempt)
    force = plates.isel(space=SPACE.index("y"), drop=True).sum("plate", skipna=False).assign_attrs(units="N")
    start_s, end_s = standing.on_plate(force)
    ended = _STILL_ON if float(force["time"][-1]) - end_s < END_S else "touch-down"
    row = {"stands_on": attempt.stands_on, "start_s": start_s, "end_s": end_s}
    return pd.DataFrame([row | {"held_s": end_s - start_s, "ended": ended}])


def on_foot(array: xr.DataArray, side: str) -> xr.DataArray | None:
    """The signal of the sensor on one foot, dims (time, space); None if there is none.

    Parameters
    ----------
    array : DataArray, dims (time, sensor, space)
    side : {"left", "right"}
    """
    if not {"segment", "side"} <= set(array.coords) or side not in SIDES:
        return None
    worn = (array["segment"].values.astype(str) == "foot") & (array["side"].values.astype(str) == side)
    return array.isel(sensor=int(worn.argmax()), drop=True) if worn.any() else None
