"""Names and sentences of the page: quieter and busier, never weak or bad."""

import re
from collections.abc import Iterable, Mapping
from itertools import product
from string import ascii_lowercase
from typing import Final

import numpy as np

from restride.findings.curve_tests import p_in_words
from restride.report.page import Band, Difference, Panel
from restride.report.svg import apart, beyond, runs, tested
from restride.signals.recording import Side
from restride.signals.schema import FloatArray
from restride.signals.vocabulary import listed, plain

# coordinate -> title of its panel; the axis says what up means
ANGLES: Final[Mapping[str, tuple[str, str]]] = {
    "hip_flexion": ("Hip flexion", "flexion up"),
    "hip_adduction": ("Hip adduction", "adduction up"),
    "hip_rotation": ("Hip rotation", "internal rotation up"),
    "knee_angle": ("Knee flexion", "flexion up"),
    "ankle_angle": ("Ankle dorsiflexion", "dorsiflexion up"),
    "subtalar_angle": ("Subtalar inversion", "inversion up"),
    "pelvis_tilt": ("Pelvic tilt", "backward tilt up"),
    "pelvis_list": ("Pelvic obliquity", "drop of the own side up"),
    "pelvis_rotation": ("Pelvic rotation", "own side forward up"),
}
MOMENTS: Final[Mapping[str, tuple[str, str]]] = {
    "hip_flexion": ("Hip flexion moment", "flexors up"),
    "hip_adduction": ("Hip adduction moment", "adductors up"),
    "hip_rotation": ("Hip rotation moment", "internal rotators up"),
    "knee_angle": ("Knee moment", "flexors up"),
    "ankle_angle": ("Ankle moment", "dorsiflexors up"),
    "subtalar_angle": ("Subtalar moment", "invertors up"),
}
# muscle of the body model -> its name
MUSCLES: Final[Mapping[str, str]] = {
    "addbrev": "adductor brevis",
    "addlong": "adductor longus",
    "addmagDist": "adductor magnus, distal",
    "addmagIsch": "adductor magnus, ischial",
    "addmagMid": "adductor magnus, middle",
    "addmagProx": "adductor magnus, proximal",
    "bflh": "biceps femoris, long head",
    "bfsh": "biceps femoris, short head",
    "edl": "extensor digitorum longus",
    "ehl": "extensor hallucis longus",
    "fdl": "flexor digitorum longus",
    "fhl": "flexor hallucis longus",
    "gaslat": "gastrocnemius, lateral",
    "gasmed": "gastrocnemius, medial",
    "glmax1": "gluteus maximus, upper",
    "glmax2": "gluteus maximus, middle",
    "glmax3": "gluteus maximus, lower",
    "glmed1": "gluteus medius, front",
    "glmed2": "gluteus medius, middle",
    "glmed3": "gluteus medius, rear",
    "glmin1": "gluteus minimus, front",
    "glmin2": "gluteus minimus, middle",
    "glmin3": "gluteus minimus, rear",
    "grac": "gracilis",
    "iliacus": "iliacus",
    "perbrev": "peroneus brevis",
    "perlong": "peroneus longus",
    "piri": "piriformis",
    "psoas": "psoas",
    "recfem": "rectus femoris",
    "sart": "sartorius",
    "semimem": "semimembranosus",
    "semiten": "semitendinosus",
    "soleus": "soleus",
    "tfl": "tensor fasciae latae",
    "tibant": "tibialis anterior",
    "tibpost": "tibialis posterior",
    "vasint": "vastus intermedius",
    "vaslat": "vastus lateralis",
    "vasmed": "vastus medialis",
}


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def ended(text: str) -> str:
    """The text with a full stop, if it ends without any stop."""
    return text if text.endswith((".", "!", "?", ")")) else text + "."


def typeset(text: str) -> str:
    """The text with minus signs before numbers, and units kept on the line of their number."""
    text = re.sub(r"(?<![\w.])-(?=\d)", "−", text)
    return re.sub(r"(?<=\d) (?=(?:%|°|N m|N·m|mm|ms|m/s|kg|s)(?![\w]))", "\u00a0", text)


def site_title(site: str) -> str:
    """``tibialis_anterior`` becomes ``Tibialis anterior``."""
    return capital(plain(site))


def lettered(methods: Iterable[str]) -> dict[str, str]:
    """Each method once, with the letters that stand for it: a to z, then aa, ab, ..."""
    letters = [*ascii_lowercase, *(a + b for a, b in product(ascii_lowercase, repeat=2))]
    return dict(zip(dict.fromkeys(methods), letters, strict=False))


def number(value: float | None, digits: int) -> str:
    """A number with a proper minus sign; a dash if there is none."""
    if value is None or not np.isfinite(value):
        return "–"
    text = f"{value:.{digits}f}"
    return ("−" + text[1:] if text.startswith("-") else text) if float(text) else f"{0:.{digits}f}"


def strides(n: int) -> str:
    """``1 stride``, ``6 strides``."""
    return f"{n} stride" if n == 1 else f"{n} strides"


def panel_sentence(panel: Panel) -> str:
    """The figure in words, for those who do not see it and those in a hurry."""
    parts = [f"{panel.title}."]
    parts += [_of_leg(side, band, panel) for side, band in panel.sides.items()]
    if panel.difference is not None and len(panel.sides) == 2:
        parts.append(_of_difference(panel))
    parts += [f"Switched on in most strides, {side}: {_spans(share)}." for side, share in panel.active.items()]
    for side, band in panel.required.items():
        peak = int(np.nanargmax(band.mean))
        parts.append(f"Required {side}: peak {number(float(band.mean[peak]), panel.digits)} at {peak} %.")
    return " ".join([*parts, *panel.notes])


def _of_leg(side: Side, band: Band, panel: Panel) -> str:
    high, low = int(np.nanargmax(band.mean)), int(np.nanargmin(band.mean))
    unit = f" {panel.unit}" if panel.unit else ""
    top = f"peak {number(float(band.mean[high]), panel.digits)}{unit} at {high} %"
    if panel.from_zero:
        mean = number(float(np.nanmean(band.mean)), panel.digits)
        return f"{capital(side)}: {top}, mean {mean} ({strides(band.n)})."
    bottom = f"lowest {number(float(band.mean[low]), panel.digits)}{unit} at {low} %"
    return f"{capital(side)}: {top}, {bottom} ({strides(band.n)})."


def _of_difference(panel: Panel) -> str:
    assert panel.difference is not None
    difference = panel.difference
    if not np.isfinite(difference.low).any():
        return "Too few strides for an interval of the difference."
    differs, clear = apart(difference), beyond(difference)
    if not tested(difference):
        return _by_itself(difference, differs, clear)
    if not differs:
        return (
            "Left against right: nothing beyond what chance makes somewhere in a curve (whole-curve permutation test)."
        )
    least = min(float(np.nanmin(difference.p[a : b + 1])) for a, b in differs)
    how = f"(whole-curve permutation test, {p_in_words(least)}, over strides of this take)"
    if clear:
        return f"Left against right, beyond what the method itself may differ: {_where(difference, clear)} {how}."
    within = ", by less than the method itself may differ" if np.isfinite(difference.floor).any() else ""
    return f"Left against right{within}: {_where(difference, differs)} {how}."


def _by_itself(difference: Difference, differs: list[tuple[int, int]], clear: list[tuple[int, int]]) -> str:
    """What single phases show where strides are too few for a whole-curve test."""
    how = "each phase by itself, because strides are too few for a whole-curve test"
    if clear:
        return f"Left against right, beyond what the method itself may differ: {_where(difference, clear)} ({how})."
    if not differs:
        return f"The interval of left minus right holds zero throughout ({how})."
    within = ", by less than the method itself may differ" if np.isfinite(difference.floor).any() else ""
    return f"Left against right, the interval leaves zero{within}: {_where(difference, differs)} ({how})."


def _spans(share: FloatArray) -> str:
    """Stretches in which more than half of the strides agree."""
    with np.errstate(invalid="ignore"):
        most = [f"{a}–{b - 1} %" for a, b in runs(share > 0.5)]
    return listed(most) if most else "never"


def _where(difference: Difference, stretches: list[tuple[int, int]]) -> str:
    named = []
    for a, b in stretches:
        above = float(np.nanmean(difference.mean[a : b + 1])) > 0
        named.append(f"{'above' if above else 'below'} at {a}–{b} %")
    return listed(named)
