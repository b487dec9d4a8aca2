"""Which channel is which muscle and side, and what about that is doubtful.

A label is read as words: ``"Voltage.L Tib Ant"``, ``"R_GL"``, ``"LTIB"``,
``"gastrocnemius_med_r"``, ``"LT VASTUS LAT."``. Words in English, French and German
and the usual abbreviations are in two tables below. Where a label allows more than
one muscle, the likelier is taken and a doubt names both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import xarray as xr

from restride.readers.take import Take
from restride.signals.recording import Doubt, Side
from restride.signals.schema import FloatArray, labelled
from restride.signals.units import to_si
from restride.signals.vocabulary import SUFFIX, Site, plain, side_of, without_side

# a channel of this name has no muscle under it
_UNNAMED: Final = re.compile(
    r"(?i)^\s*(pin|unused|spare|empty|reserved|channel|chan|ch|analog|input|emg|voltage)?[\s_.]*\d*\s*$"
)


# an envelope may undershoot zero by this share of its peak after a filter without damping
OVERSHOOT: Final = 0.05
# skin gives less than this; more is what an amplifier made of it
MOST_SKIN_V: Final = 0.01


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a label says, with the reason to doubt it (empty if there is none)."""

    site: Site
    doubt: str = ""


def sort(label: str, *, description: str = "") -> Sorting:
    """Muscle and side a channel label says; a description decides where the label is doubtful.

    Parameters
    ----------
    label : str
        As in the file.
    description : str
        A longer name of the same channel, if the file has one (``"L Vaste Ext"``).

    Returns
    -------
    Sorting
        ``site.muscle`` is a key of ``vocabulary.SITES`` or None, ``site.side`` is None
        where the label does not say one.
    """
    found = _read(label)
    if description and (found.doubt or found.site.muscle is None):
        longer = _read(description)
        sides_agree = found.site.side is None or longer.site.side in (None, found.site.side)
        if longer.site.muscle is not None and sides_agree and (not longer.doubt or found.site.muscle is None):
            return Sorting(Site(longer.site.muscle, longer.site.side or found.site.side), longer.doubt)
    return found


def is_unnamed(label: str) -> bool:
    """Whether a label names nothing: empty, ``Pin 4``, ``channel 12``."""
    return bool(_UNNAMED.match(_stem(label)))


def sorted_emg(
    values: FloatArray,
    time_s: FloatArray,
    labels: Sequence[str],
    *,
    units: Sequence[str],
    take: Take,
    descriptions: Sequence[str] = (),
) -> tuple[xr.DataArray, tuple[Doubt, ...]]:
    """EMG with every channel under the name of its muscle and side, and the doubts left.

    Parameters
    ----------
    values : array, shape (time, channel)
        In the units of the file.
    time_s : array, shape (time,)
    labels : sequence of str, one per channel
    units : sequence of str, one per channel
        As the file writes them; ``""`` where it does not say.
    take : Take
        ``channels`` overrides the sorting, ``emg`` gives unit, gain, clock and side.
    descriptions : sequence of str, one per channel, or none

    Returns
    -------
    DataArray, dims (time, channel), units "V" or "unstated"
        ``channel`` is ``<site>_<l|r>``, or the file label if it could not be sorted;
        coordinates ``label`` and ``site`` (``""`` if not sorted).
        ``attrs["processed"] = "envelope"`` if no channel ever swings below zero.
    tuple of Doubt
    """
    kept = [i for i, label in enumerate(labels) if take.channels.get(label, "") is not None]
    names, sites, doubts = _named(
        [labels[i] for i in kept], [descriptions[i] if descriptions else "" for i in kept], take
    )
    scaled, unit, unit_doubts = _in_volts(values[:, kept], [units[i] for i in kept], take)
    emg = labelled(
        scaled,
        dims=("time", "channel"),
        units=unit,
        coords={
            "time": on_the_take_clock(time_s, take),
            "channel": names,
            "label": ("channel", [labels[i] for i in kept]),
            "site": ("channel", sites),
        },
    )
    doubts += unit_doubts
    doubts += _gain_doubts(emg)
    if is_envelope(emg):
        emg.attrs["processed"] = "envelope"
        doubts.append(
            Doubt(
                "emg",
                "The EMG never goes below zero: it was rectified before it came here, so its noise cannot be judged "
                "and its unit may be a share of a maximum.",
                "Give the raw EMG if there is one.",
                severity="note",
            )
        )
    return emg, tuple(doubts)


def is_envelope(emg: xr.DataArray) -> bool:
    """Whether no channel swings below zero but for the overshoot of a filter; raw EMG swings both ways."""
    lowest, highest = emg.min("time", skipna=True).values, emg.max("time", skipna=True).values
    return bool(emg.size) and bool((lowest >= -OVERSHOOT * highest).all())


def on_the_take_clock(time_s: FloatArray, take: Take) -> FloatArray:
    """Times of EMG samples on the clock of the other files, as take.yaml states it."""
    notes = take.emg
    if notes.rate_hz is not None:
        time_s = time_s[0] + np.arange(time_s.size) / notes.rate_hz
    if notes.starts_at_s is not None:
        time_s = notes.starts_at_s + (time_s - time_s[0]) * notes.clock_factor
    else:
        time_s = time_s * notes.clock_factor
    return np.asarray(time_s - notes.delay_s, dtype=np.float64)


def _named(labels: Sequence[str], descriptions: Sequence[str], take: Take) -> tuple[list[str], list[str], list[Doubt]]:
    names: list[str] = []
    sites: list[str] = []
    doubts: list[Doubt] = []
    sideless: list[str] = []
    for label, description in zip(labels, descriptions, strict=True):
        stated = take.channels.get(label)
        # what a person states is not read as a label once more
        sorting = (
            Sorting(Site(without_side(stated), side_of(stated))) if stated else sort(label, description=description)
        )
        muscle, side = sorting.site.muscle, sorting.site.side or take.emg.side
        name = f"{muscle}{SUFFIX[side]}" if muscle and side else label
        if name in names:
            doubts.append(_doubt_twice(label, name))
            name, muscle = label if label not in names else f"{label}_{len(names) + 1}", None
        names.append(name)
        sites.append(muscle if muscle and side else "")
        doubts += _label_doubts(label, sorting)
        sideless += [label] if muscle and side is None else []
    return names, sites, [*doubts, *_side_doubts(sideless)]


def _label_doubts(label: str, sorting: Sorting) -> list[Doubt]:
    remedy = f'Add to take.yaml under channels: "{label}": <muscle>_l or _r (or null to leave it out).'
    if sorting.site.muscle is None:
        text = sorting.doubt or f"The label {label!r} names no muscle known here; the channel is kept but not used."
        return [Doubt(label, text, remedy)]
    return [Doubt(label, sorting.doubt, remedy)] if sorting.doubt else []


def _side_doubts(sideless: Sequence[str]) -> list[Doubt]:
    if not sideless:
        return []
    text = f"These EMG channels do not say which leg they are from, and are kept but not used: {', '.join(sideless)}."
    return [Doubt("emg", text, "Add to take.yaml: emg: {side: right} (or left), or name each under channels.")]


def _doubt_twice(label: str, name: str) -> Doubt:
    return Doubt(
        label,
        f"A second channel, {label!r}, also reads as {plain(name)}; only the first is used under that name.",
        f'Say which is which in take.yaml under channels: "{label}": ...',
    )


def _in_volts(values: FloatArray, units: Sequence[str], take: Take) -> tuple[FloatArray, str, list[Doubt]]:
    stated = [take.emg.unit or unit for unit in units]
    known = [to_si(unit) if unit else ("unstated", 1.0) for unit in stated]
    if known and all(si == "V" for si, _ in known):
        return values * [factor for _, factor in known] / take.emg.gain, "V", []
    doubt = Doubt(
        "emg",
        "The unit of the EMG is not stated, so its size in microvolts is not known; shapes and left against right are.",
        "Add to take.yaml: emg: {unit: mV} (or V, uV).",
        severity="note",
    )
    return values / take.emg.gain, "unstated", [doubt]


def _gain_doubts(emg: xr.DataArray) -> list[Doubt]:
    spread = emg.std("time", skipna=True)
    if emg.attrs["units"] != "V" or not emg.size or float(spread.median()) <= MOST_SKIN_V:
        return []
    text = (
        f"The EMG swings by {1e3 * float(spread.median()):.0f} mV, more than skin gives: the gain of the amplifier "
        "is still in it, and microvolts shown are not those of the muscle."
    )
    return [Doubt("emg", text, "Add to take.yaml: emg: {gain: 1000} (as set on the amplifier).", severity="note")]


def _stem(label: str) -> str:
    """The label without what a recorder puts before it (``Voltage.``, ``EMG:``)."""
    return re.sub(r"(?i)^\s*(voltage|emg|analog|imported[^.]*)\s*[.:_\-]\s*(?=\S)", "", label).strip()


def _read(label: str) -> Sorting:
    words = [w for w in re.split(r"[^0-9a-zäöüéèß]+", _spaced(_stem(label)).lower()) if w]
    side, rest = _side_word(words)
    muscle, other = _muscle(rest)
    if muscle is None and side is None and rest:
        return _glued(label, rest)
    return Sorting(Site(muscle, side), _say(label, muscle, other))


def _spaced(label: str) -> str:
    """``TibAnt`` as ``Tib Ant``; capitals alone (``LTIB``) stay together."""
    return re.sub(r"(?<=[a-zäöüéè])(?=[A-Z])", " ", label)


def _side_word(words: Sequence[str]) -> tuple[Side | None, list[str]]:
    sides = {_SIDE_WORDS[w] for w in words if w in _SIDE_WORDS}
    if len(sides) != 1 or len(words) == 1:
        return None, list(words)
    return sides.pop(), [w for w in words if w not in _SIDE_WORDS]


def _glued(label: str, words: list[str]) -> Sorting:
    """A side letter without a gap before or after a muscle: ``LTIB``, ``TAR``, ``LGAST MED``."""
    first, last = words[0], words[-1]
    ways = [(first[:1], [first[1:], *words[1:]]), (last[-1:], [*words[:-1], last[:-1]])]
    found: list[tuple[Side, str, str]] = []
    for letter, rest in ways:
        muscle, other = _muscle(rest)
        side = _SIDE_WORDS.get(letter)
        if side is not None and muscle is not None:
            found.append((side, muscle, other))
    if len({side for side, _, _ in found}) == 2:
        both = " or ".join(f"{side} {plain(muscle)}" for side, muscle, _ in found)
        return Sorting(Site(None, None), f"The label {label!r} could mean {both}; the channel is kept but not used.")
    return Sorting(Site(found[0][1], found[0][0]), _say(label, *found[0][1:])) if found else Sorting(Site(None, None))


def _muscle(words: Sequence[str]) -> tuple[str | None, str]:
    """Muscle of some words and what else they could mean; whole abbreviations first."""
    joined = "".join(words)
    if joined in _ABBREVIATIONS:
        return _ABBREVIATIONS[joined]
    for stems, muscle, other in _PHRASES:
        if words and all(any(w.startswith(stem) for w in words) for stem in stems):
            return muscle, other
    return None, ""


def _say(label: str, muscle: str | None, other: str) -> str:
    if muscle is None or not other:
        return ""
    return f"The label {label!r} was taken as {plain(muscle)}; it could also mean {other}."


_LEFT: Final[Side] = "left"
_RIGHT: Final[Side] = "right"
_SIDE_WORDS: Final[Mapping[str, Side]] = MappingProxyType(
    {
        **dict.fromkeys(("l", "lt", "le", "left", "links", "li", "gauche"), _LEFT),
        **dict.fromkeys(("r", "rt", "ri", "right", "rechts", "re", "droite"), _RIGHT),
    }
)

# abbreviation -> muscle, and what else it could mean ("" if nothing)
_ABBREVIATIONS: Final[Mapping[str, tuple[str | None, str]]] = MappingProxyType(
    {
        **dict.fromkeys(("ta", "tiba"), ("tibialis_anterior", "")),
        "tib": ("tibialis_anterior", "tibialis posterior"),
        **dict.fromkeys(("tp", "tibp"), ("tibialis_posterior", "")),
        **dict.fromkeys(("pl", "perl", "fibl"), ("peroneus_longus", "")),
        **dict.fromkeys(("pb", "perb", "fibb"), ("peroneus_brevis", "")),
        **dict.fromkeys(("pe", "per", "pero", "fib"), ("peroneus_longus", "peroneus brevis")),
        **dict.fromkeys(("so", "sol"), ("soleus", "")),
        **dict.fromkeys(("mg", "gasm", "medgas", "mgas", "gasmed"), ("gastrocnemius_medialis", "")),
        **dict.fromkeys(("lg", "gasl", "latgas", "gaslat"), ("gastrocnemius_lateralis", "")),
        "gm": ("gastrocnemius_medialis", "gluteus medius or maximus"),
        "gl": ("gastrocnemius_lateralis", "a gluteal muscle"),
        **dict.fromkeys(("gas", "gast", "gc", "gs", "jum"), ("gastrocnemius", "one of its two heads only")),
        **dict.fromkeys(("rf", "rec", "rect", "recf"), ("rectus_femoris", "")),
        **dict.fromkeys(("vl", "vlo", "vaslat"), ("vastus_lateralis", "")),
        **dict.fromkeys(("vm", "vmo", "vasmed"), ("vastus_medialis", "")),
        "vas": ("vastus_lateralis", "vastus medialis"),
        **dict.fromkeys(("bf", "bflh", "lh"), ("biceps_femoris", "")),
        "bic": ("biceps_femoris", "biceps brachii"),
        "st": ("semitendinosus", ""),
        "sm": ("semimembranosus", ""),
        "mh": ("medial_hamstrings", ""),
        **dict.fromkeys(("isc", "ij", "hs"), ("medial_hamstrings", "biceps femoris")),
        **dict.fromkeys(("gmax", "glmax", "gluma"), ("gluteus_maximus", "")),
        **dict.fromkeys(("gmed", "glmed", "glume"), ("gluteus_medius", "")),
        "grf": ("gluteus_maximus", "a ground reaction force"),
        "ma": ("gluteus_maximus", "another muscle"),
        "me": ("gluteus_medius", "another muscle"),
        "fl": ("tensor_fasciae_latae", "another muscle"),
        "tfl": ("tensor_fasciae_latae", ""),
        "al": ("adductor_longus", ""),
        **dict.fromkeys(("gr", "gra"), ("gracilis", "")),
        "sar": ("sartorius", ""),
        "edl": ("extensor_digitorum_longus", ""),
        "ehl": ("extensor_hallucis_longus", ""),
    }
)

# all the beginnings of words that must be there, in any order -> muscle, what else it could mean
_PHRASES: Final[Sequence[tuple[tuple[str, ...], str | None, str]]] = (
    (("tib", "ant"), "tibialis_anterior", ""),
    (("jamb", "ant"), "tibialis_anterior", ""),
    (("tib", "post"), "tibialis_posterior", ""),
    (("tib",), "tibialis_anterior", "tibialis posterior"),
    (("per", "brev"), "peroneus_brevis", ""),
    (("per", "lo"), "peroneus_longus", ""),
    (("fibul", "brev"), "peroneus_brevis", ""),
    (("fibul", "lo"), "peroneus_longus", ""),
    (("peron",), "peroneus_longus", "peroneus brevis"),
    (("fibul",), "peroneus_longus", "peroneus brevis"),
    (("gas", "med"), "gastrocnemius_medialis", ""),
    (("gas", "lat"), "gastrocnemius_lateralis", ""),
    (("jum", "int"), "gastrocnemius_medialis", ""),
    (("jum", "ext"), "gastrocnemius_lateralis", ""),
    (("gas",), "gastrocnemius", "one of its two heads only"),
    (("jum",), "gastrocnemius", "one of its two heads only"),
    (("wade",), "gastrocnemius", "soleus"),
    (("sol",), "soleus", ""),
    (("rect", "abd"), None, ""),
    (("rect",), "rectus_femoris", ""),
    (("vas", "lat"), "vastus_lateralis", ""),
    (("vas", "ext"), "vastus_lateralis", ""),
    (("vas", "interm"), None, ""),
    (("vas", "medius"), "vastus_medialis", "vastus intermedius"),
    (("vas", "int"), "vastus_medialis", "vastus intermedius"),
    (("vas", "med"), "vastus_medialis", ""),
    (("vas",), "vastus_lateralis", "vastus medialis"),
    (("quad",), "vastus_lateralis", "rectus femoris or vastus medialis"),
    (("bic", "fem"), "biceps_femoris", ""),
    (("bic", "bra"), None, ""),
    (("bic",), "biceps_femoris", "biceps brachii"),
    (("semit",), "semitendinosus", ""),
    (("semim",), "semimembranosus", ""),
    (("ham", "med"), "medial_hamstrings", ""),
    (("ham", "lat"), "biceps_femoris", ""),
    (("ham",), "medial_hamstrings", "biceps femoris"),
    (("isch",), "medial_hamstrings", "biceps femoris"),
    (("gl", "max"), "gluteus_maximus", ""),
    (("gl", "med"), "gluteus_medius", ""),
    (("gl", "min"), None, ""),
    (("grand", "fess"), "gluteus_maximus", ""),
    (("moy", "fess"), "gluteus_medius", ""),
    (("glut",), "gluteus_maximus", "gluteus medius"),
    (("fess",), "gluteus_maximus", "gluteus medius"),
    (("fasc", "lat"), "tensor_fasciae_latae", ""),
    (("tens",), "tensor_fasciae_latae", ""),
    (("add", "lo"), "adductor_longus", ""),
    (("add",), "adductor_longus", "another adductor"),
    (("grac",), "gracilis", ""),
    (("sart",), "sartorius", ""),
    (("iliops",), "iliopsoas", ""),
    (("psoas",), "iliopsoas", ""),
    (("ext", "dig"), "extensor_digitorum_longus", ""),
    (("ext", "hal"), "extensor_hallucis_longus", ""),
)
