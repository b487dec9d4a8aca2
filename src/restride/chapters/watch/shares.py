"""The share of each leg over an outing: of power by pedals, of contact time by a strap."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from restride.chapters.chapter import Chapter, Measure, Whose
from restride.chapters.watch.records import (
    BEND_RAD_S,
    PEDALS,
    STEEP,
    duration,
    ground,
    measure,
    points,
)
from restride.chapters.watch.share_charts import EVEN, at_counting, rows_of, share_charts
from restride.findings import Balance, Samples, balance, minutes, samples
from restride.findings.drills import drills
from restride.findings.minutes import Records, Resampled
from restride.findings.outing_samples import SHARES, Quantity
from restride.signals.recording import Recording
from restride.signals.vocabulary import listed, plain

# a meter's zero can be off by a few percent of what each leg gives: our allowance, two points of the share
ZERO: Final = 0.02


@dataclass(frozen=True, slots=True)
class _Change:
    """One way in which the share may change: its number and the sentence for it."""

    what: str
    name: str
    found: Resampled
    scale: float
    sentence: str


def shares(recording: Recording) -> list[Chapter]:
    """A chapter for each share that was recorded of the legs, power first.

    Parameters
    ----------
    recording : Recording
        With ``left_share`` and ``power``, or with ``contact_left_share``.
    """
    rows = balance(recording)
    told: list[Chapter] = []
    for quantity in SHARES:
        own = [row for row in rows if row.quantity == quantity]
        if own:
            told.append(_chapter(recording, quantity, own))
    return told


def _chapter(recording: Recording, quantity: Quantity, rows: list[Balance]) -> Chapter:
    counting = samples(recording, quantity)
    changes = _changes(recording, quantity, counting)
    side: Whose = "left" if counting.of == "left leg" else "one, not stated which"
    power = quantity == "power"
    return Chapter(
        key="balance_of_power" if power else "balance_of_contact",
        title="Left and right: share of the work" if power else "Left and right: share of the contact time",
        sentences=(
            _first(rows[0], side),
            *_evenness(rows[0], side),
            *_without_drills(recording, quantity, counting),
            *_device(rows),
            *_changed(changes, counting),
        ),
        sureness=_sureness(recording, quantity, rows[0], counting),
        measures=(*_measures(rows, side), *_of_laps(recording, counting, side), *_change_measures(changes, side)),
        charts=share_charts(recording, quantity, counting),
        not_measured=_not_measured(recording, quantity, side),
        method=(
            f"{rows[0].method} over records with power and cadence"
            if power
            else f"{rows[0].method} over records with contact"
        )
        + "; 95 % intervals from drawing whole minutes; a change is told where its 99 % interval leaves zero",
    )


def _first(row: Balance, side: Whose) -> str:
    span = "" if row.interval is None else " (95 % interval {:.1f} to {:.1f})".format(*(100 * v for v in row.interval))
    share, time = f"{100 * row.share:.1f} %", duration(row.covered_s)
    leg = "The left leg" if side == "left" else "One leg, and the file does not say which,"
    leg = leg if row.quantity == "power" else "The left leg, as watches count it,"
    if row.quantity == "power":
        return f"{leg} did {share} of the work in {time} of pedalling{span}; an even share would be 50 %."
    return f"{leg} had {share} of the time on the ground in {time} on foot{span}; an even share would be 50 %."


def _evenness(row: Balance, side: Whose) -> list[str]:
    apart = 100 * abs(row.share - EVEN)
    if row.quantity != "power":
        return []
    if abs(row.share - EVEN) <= ZERO:
        return [f"That is {apart:.1f} points from even, which is less than a meter's own zero may be off."]
    whose = "the left leg gave " + ("less" if row.share < EVEN else "more") if side == "left" else "the legs differ"
    return [f"That is {apart:.1f} points from even: {whose}, unless the meter's zero is off by as much."]


def _without_drills(recording: Recording, quantity: Quantity, counting: Samples) -> list[str]:
    """What is left of the share without the times of one leg alone, which are whole by themselves."""
    found = drills(recording) if quantity == "power" else []
    both = np.ones(counting.time_s.size, dtype=bool)
    for drill in found:
        both &= (counting.time_s < drill.start_s) | (counting.time_s >= drill.end_s)
    if both.all() or not counting.weight[both].sum() > 0:
        return []
    share = float(np.average(counting.share[both], weights=counting.weight[both]))
    alone = duration(float(counting.lasts_s[~both].sum()))
    return [f"That holds {alone} of one leg alone; without them the share is {100 * share:.1f} %."]


def _device(rows: list[Balance]) -> list[str]:
    stated = next((row for row in rows if row.method == "stated by the device"), None)
    if stated is None:
        return []
    plain = next(row for row in rows if row.method == "plain mean")
    return [
        f"The device itself states {100 * stated.share:.2f} % for the session; from its records it is "
        f"{100 * rows[0].share:.2f} %, and {100 * plain.share:.2f} % if all records count alike."
    ]


def _changes(recording: Recording, quantity: Quantity, counting: Samples) -> list[_Change]:
    """Over time, with load and on the ground: each with its sentence, told or not."""
    rng = np.random.default_rng(0)
    own = Records(counting.time_s, counting.share, counting.weight, counting.lasts_s)
    share = "left leg's share" if counting.of == "left leg" else "share"
    found = [_over_time(own, share, rng)]
    loads = (
        (("power", 100.0, "per 100 W more"), ("cadence", 10 / 60.0, "per 10 turns per minute more"))
        if quantity == "power"
        else (("speed", 1.0, "per m/s faster"),)
    )
    for kind, step, words in loads:
        if kind in recording:
            x = at_counting(recording, quantity, counting, kind)
            change = minutes.slope(own, x, rng=rng)
            found.append(
                _Change(kind, f"change of the share {words}", change, step, _along(change, share, step, words))
            )
    slope = rows_of(recording, quantity, counting, ground(recording))
    turning = at_counting(recording, quantity, counting, "turn_rate")
    for what, values, edge, high, low in (
        ("slope", slope, STEEP, "uphill", "downhill"),
        ("bends", turning, BEND_RAD_S, "in bends to the left", "in bends to the right"),
    ):
        apart = minutes.contrast(own, values > edge, values < -edge, rng=rng)
        more = "higher" if apart.value > 0 else "lower"
        sentence = f"{high[0].upper()}{high[1:]} the {share} is {points(apart)} {more} than {low}."
        found.append(_Change(what, f"share {high} less that {low}", apart, 1.0, sentence))
    return [change for change in found if np.isfinite(change.found.value)]


def _over_time(own: Records, share: str, rng: np.random.Generator) -> _Change:
    """Along a straight line through the minutes; told from its start to its end, counted per hour."""
    hours = (np.floor(own.time_s / 60.0) + 0.5) / 60.0
    found = minutes.slope(own, hours, rng=rng)
    way = "rose" if found.value > 0 else "fell"
    sentence = f"From start to end the {share} {way} by {points(found, scale=float(np.ptp(hours)))}."
    return _Change("time", "change of the share per hour", found, 1.0, sentence)


def _along(found: Resampled, share: str, step: float, words: str) -> str:
    verb = "rises" if found.value > 0 else "falls"
    caution = " A zero that is off by some watts looks the same." if words.startswith("per 100 W") else ""
    return f"The {share} {verb} by {points(found, scale=step)} {words}.{caution}"


def _changed(changes: list[_Change], counting: Samples) -> list[str]:
    sure = [change.sentence for change in changes if change.found.certain]
    tested = [change.what for change in changes if change.found.interval is not None]
    if sure:
        return sure
    if not tested:
        return [f"{duration(float(counting.lasts_s.sum()))} are too short to say whether it changes."]
    return [f"No change with {listed(tested, last='or')} goes beyond its interval."]


def _sureness(recording: Recording, quantity: Quantity, row: Balance, counting: Samples) -> str:
    if quantity == "contact time":
        whose = "the file does not say whose share it is; it is taken as the left leg's, as watches show"
        return (
            f"Rests on {duration(row.covered_s)} of one outing; {whose}. The interval holds what varied on the way, "
            "not an error of the strap or of how it sits."
        )
    if counting.of != "left leg":
        whose = "the device states no side, so the size of the share is known and its sign is not"
    elif bool(recording["left_share"]["side_known"].values[counting.row].all()):
        whose = "the side is stated for every record"
    else:
        whose = "only records with a stated side count"
    return (
        f"Rests on {duration(row.covered_s)} of one outing with one meter; {whose}. The interval holds what varied on "
        "the way, not the meter's own zero."
    )


def _measures(rows: list[Balance], side: Whose) -> list[Measure]:
    whole = [row for row in rows if row.units == "1" and not row.part]
    found = [_share_measure(row, side, "") for row in whole]
    if rows[0].quantity == "power" and side == "left":
        # the same number seen from the other leg, so that nobody has to subtract
        turned = None if rows[0].interval is None else (1 - rows[0].interval[1], 1 - rows[0].interval[0])
        found.append(_share_measure(replace(rows[0], share=1 - rows[0].share, interval=turned), "right", ""))
    bands = [row for row in rows if row.part and row.units == "1" and row.split != "minutes"]
    return found + [_share_measure(row, side, f", {row.part}") for row in bands]


def _share_measure(row: Balance, side: Whose, part: str) -> Measure:
    return Measure(
        name=f"share of the {row.quantity}{part}",
        side=side,
        value=row.share,
        units="1",
        interval=row.interval,
        interval_reason=row.interval_reason,
        n=row.minutes,
        counted="minutes" if row.minutes else "",
        method=row.method,
        shown_in="%",
    )


def _of_laps(recording: Recording, counting: Samples, side: Whose) -> list[Measure]:
    """The share of each lap of a minute or more, counted as the device counts."""
    found: list[Measure] = []
    rng = np.random.default_rng(0)
    for number, lap in enumerate(recording.laps, start=1):
        part = counting.where((counting.time_s >= lap.start_s) & (counting.time_s < lap.end_s))
        if part.lasts_s.sum() < minutes.SHORTEST_PART_S:
            continue
        mean = minutes.mean(Records(part.time_s, part.share, part.weight, part.lasts_s), rng=rng)
        name = f"share in lap {number}, from {lap.start_s / 60:.0f} to {lap.end_s / 60:.0f} min"
        found.append(measure(name, mean, "1", "weighted mean", side=side, shown_in="%"))
    return found


def _change_measures(changes: list[_Change], side: Whose) -> list[Measure]:
    return [
        measure(c.name, c.found, "1", "weighted, over minutes", side=side, shown_in="%", scale=c.scale) for c in changes
    ]


def _not_measured(recording: Recording, quantity: Quantity, side: Whose) -> tuple[str, ...]:
    texts = ["single steps" if quantity == "contact time" else "single turns of the pedals: a record is a mean of some"]
    if quantity == "power":
        texts.append("the share to better than the meter's own zero; compare a meter with itself, never two makes")
    else:
        texts.append(
            "how far the share of contact time by a strap can be trusted: no comparison with force is published"
        )
    if quantity == "power":
        # a meter in the crank's spider knows no leg, and writes 0 or one figure for both
        texts += [
            f"the {plain(d.about)} of each leg: this meter does not measure it"
            for d in recording.doubts
            if d.about in PEDALS and d.about not in recording
        ]
    if side != "left":
        texts.append("which leg does more: pedal ten seconds with the left leg alone and look which way the share goes")
    return tuple(texts)
