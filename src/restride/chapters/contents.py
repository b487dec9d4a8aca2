"""The last chapter: what a recording holds, where nothing more can be said of it."""

import numpy as np
import pandas as pd

from restride.chapters.chapter import Chapter
from restride.signals.recording import Recording
from restride.signals.schema import sampling_rate_hz
from restride.signals.vocabulary import listed, plain

# kind -> what it is, in words; kinds not here are called by their own name
_NAMES = {
    "emg": "muscle activity (EMG)",
    "markers": "markers",
    "static_markers": "markers of a standing trial",
    "grf": "ground force of each foot",
    "plate_grf": "ground force of each plate",
    "vertical_force": "vertical ground force",
    "acc": "acceleration",
    "gyr": "turning rate",
    "mag": "magnetic field",
    "angles": "joint angles",
    "keypoints": "keypoints of a video",
}
# computed beside another kind, so not worth a mention of their own
_BESIDE = ("cop", "free_moment", "plate_cop", "plate_free_moment", "plate_moment", "root", "static_markers")


def contents(recording: Recording, table: pd.DataFrame) -> Chapter:
    """What was recorded and for how long, and why no stride could be cut from it.

    Parameters
    ----------
    recording : Recording
    table : DataFrame
        Strides as from ``cycles.segment``, none of them kept.
    """
    held = [_one(recording, kind) for kind in sorted(recording.signals) if kind not in _BESIDE]
    reasons = sorted(set(table["reason"]) - {""}) if len(table) else []
    why = f"no whole stride was found in it ({'; '.join(reasons)})" if reasons else "no stride was found in it"
    return Chapter(
        key="contents",
        title="What was recorded",
        sentences=(f"This recording holds {listed(held) if held else 'nothing'}; {why}.",),
        sureness="That is what the files hold; nothing was computed beyond it.",
        not_measured=("how the legs differ: that takes strides, turns of the pedals, or a trial of each leg",),
    )


def _one(recording: Recording, kind: str) -> str:
    array = recording[kind]
    time_s = array["time"].values
    names = [str(d) for d in array.dims if d not in ("time", "space", "side", "axis")]
    number = array.sizes[names[0]] if names else 0
    count = f"{number} {plain(names[0])}{'' if number == 1 else 's'} of " if names else ""
    if kind in ("markers", "keypoints"):  # counted by their own name
        count = f"{number} "
    span = f"{time_s[-1] - time_s[0]:.1f} s" if time_s.size > 1 else "one sample"
    rate = f" at {sampling_rate_hz(array):.4g} Hz" if time_s.size > 1 else ""
    empty = "" if np.isfinite(array.values).any() else ", all missing"
    return f"{count}{_NAMES.get(kind, plain(kind))} ({span}{rate}{empty})"
