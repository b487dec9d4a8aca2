"""From an analysis to the page's records: words, tables and panels, nothing computed anew."""

import importlib.metadata
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from restride.chapters.chapter import Chapter
from restride.findings.finding import Finding
from restride.pipeline.analysis import Analysis
from restride.report.motion import moving
from restride.report.origin import origin_part
from restride.report.page import Page, Table
from restride.report.panels import absent, columns, toe_offs
from restride.report.parts import part_of
from restride.report.words import capital, lettered, number, strides, typeset
from restride.signals.recording import Doubt
from restride.signals.vocabulary import plain

HIGHLIGHTS: Final = 3
# keys of a method that are no words yet
METHODS: Final = {"emg": "EMG", "active": "On and off"}
# measure of a channel -> words with unit, factor, decimals
QUALITY: Final[dict[str, tuple[str, float, int]]] = {
    "signal_to_noise_db": ("Loud against quiet (dB)", 1.0, 0),
    "whiteness": ("High against low frequencies", 1.0, 2),
    "hum_fraction": ("Mains hum (%)", 100.0, 1),
    "repetition": ("Repetition of one wave", 1.0, 2),
    "rise_ratio": ("Suddenness of rises", 1.0, 2),
    "clipped_fraction": ("At the rail (%)", 100.0, 1),
    "missing_fraction": ("Missing (%)", 100.0, 1),
}
LOUD: Final = {"V": ("Loud (µV)", 1e6, 0)}
# unit of a finding -> unit shown, factor, decimals
SHOWN: Final[dict[str, tuple[str, float, int]]] = {
    "1": ("", 1.0, 2),
    "rad": ("°", 180 / np.pi, 1),
    "deg": ("°", 1.0, 1),
    "N m": ("N·m", 1.0, 1),
    "s": ("s", 1.0, 3),
    "%": ("% of stride", 1.0, 1),
}
STRIDE_UNITS: Final = {"_s": " (s)", "_per_min": " (per min)", "_m": " (m)", "_hz": " (Hz)"}


def page_of(analysis: Analysis) -> Page:
    """Everything the page shows."""
    body, no_body = moving(analysis)
    quality, quality_words = _quality(analysis)
    table, table_words = _strides(analysis)
    summary = analysis.summary
    return Page(
        synthetic=analysis.synthetic,
        sentence=typeset(summary.sentence),
        sureness=typeset(summary.sureness),
        not_measured=tuple(typeset(capital(text)) for text in summary.not_measured),
        conditions=tuple(_conditions(analysis)),
        highlights=tuple(typeset(capital(f.sentence)) for f in analysis.findings[:HIGHLIGHTS] if f.strength > 0),
        strided=bool(analysis.cycles["kept"].any()),
        parts=tuple(map(part_of, analysis.chapters)),
        moving=body,
        no_body=no_body,
        origin=origin_part(analysis.origin, reference=analysis.emg_axis) if analysis.origin else None,
        columns=columns(analysis),
        absent=tuple(map(typeset, absent(analysis))),
        findings=_findings(analysis.findings),
        quality=quality,
        quality_words=quality_words,
        strides=table,
        strides_words=table_words,
        doubts=analysis.doubts,
        methods=Table(
            "methods",
            "How each quantity was obtained",
            ("Quantity", "Method"),
            tuple((METHODS.get(k, capital(plain(k))), v) for k, v in analysis.method.items() if v),
        ),
        settings=Table(
            "settings",
            f"Settings of this analysis (plan {analysis.plan.fingerprint()})",
            ("Setting", "Value"),
            tuple((plain(k), _setting(v)) for k, v in analysis.plan.settings().items()),
        ),
        sources=tuple(f"{s.format}, sha256 {s.sha256[:16]}…" for s in analysis.recording.sources),
        version=importlib.metadata.version("restride"),
    )


def page_of_chapters(chapters: Sequence[Chapter], *, left_out: Sequence[Doubt] = ()) -> Page:
    """A page of chapters that belong to no single recording, such as the outings of some years.

    Parameters
    ----------
    chapters : sequence of Chapter
        At least one; its first sentence tops the page.
    left_out : sequence of Doubt
    """
    first = chapters[0]
    nothing = Table("nothing", "", (), ())
    return Page(
        synthetic=False,
        sentence=typeset(first.sentences[0]),
        sureness=typeset(first.sureness),
        not_measured=tuple(typeset(capital(text)) for text in first.not_measured),
        conditions=(),
        highlights=(),
        strided=False,
        parts=tuple(map(part_of, chapters)),
        moving=None,
        no_body="",
        origin=None,
        columns=(),
        absent=(),
        findings=nothing,
        quality=None,
        quality_words="",
        strides=nothing,
        strides_words="",
        doubts=tuple(left_out),
        methods=Table(
            "methods",
            "How each quantity was obtained",
            ("Quantity", "Method"),
            tuple((chapter.title, chapter.method) for chapter in chapters if chapter.method),
        ),
        settings=nothing,
        sources=(),
        version=importlib.metadata.version("restride"),
    )


def _conditions(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """What the take was recorded under, in words; what was not stated is left out."""
    c, subject = analysis.recording.conditions, analysis.recording.subject
    rows: list[tuple[str, str | None]] = [
        ("movement", "cycling" if c.pedalling else c.movement),
        ("test", None if c.test is None else plain(c.test)),
        ("stands on", c.stands_on),
        ("eyes", c.eyes),
        ("surface", c.surface),
        ("shoe", c.shoe),
        ("speed", None if c.speed_m_s is None else f"{c.speed_m_s:.2f} m/s"),
        ("incline", None if c.incline_percent is None else f"{number(c.incline_percent, 1)} %"),
        ("direction", c.direction),
        ("cue", c.cue),
        ("brace", c.brace),
        ("water", c.water),
        ("electrodes", c.electrodes),
        ("minutes into the session", None if c.minutes_since_start is None else f"{c.minutes_since_start:g}"),
        ("felt, 0 to 10", None if c.felt_0_to_10 is None else f"{c.felt_0_to_10:g}"),
        ("mass", None if subject.mass_kg is None else f"{subject.mass_kg:.1f} kg"),
        ("height", None if subject.height_m is None else f"{subject.height_m:.2f} m"),
    ]
    for name, value in rows:
        if value:
            yield name, value
    for side, percent in toe_offs(analysis.cycles).items():
        yield f"{side} toe-off", f"{percent:.0f} % of stride"


def _findings(findings: tuple[Finding, ...]) -> Table:
    head = (
        "Finding",
        "Difference",
        "95 % interval",
        "Side and value",
        "Compared with",
        "Where in the stride",
        "Strides",
        "Method",
    )
    # the same few methods serve all rows: a letter in the row, the words once beneath
    letter = lettered(f.method for f in findings)
    rows = tuple(_finding_row(f, letter[f.method]) for f in findings)
    notes = tuple(f"Method {mark}: {method}." for method, mark in letter.items())
    return Table("findings", "All findings, strongest first", head, rows, notes)


def _finding_row(f: Finding, method: str) -> tuple[str, ...]:
    unit, factor, digits = SHOWN.get(f.units, (f.units, 1.0, 2))
    shown = f" {unit}" if unit and unit != "°" else unit
    low_high = (
        f"{number(factor * f.interval[0], digits)} to {number(factor * f.interval[1], digits)}{shown}"
        if f.interval
        else f.interval_reason or "none"
    )
    n = f"{f.n[0]}\u00a0and\u00a0{f.n[1]}" if f.n[1] else str(f.n[0])
    return (
        capital(f.name),
        f"{number(factor * f.value, digits)}{shown}",
        low_high,
        f"{f.side} {number(factor * f.this, digits)}{shown}",
        f"{f.compared_with} {number(factor * f.other, digits)}{shown}",
        f"{f.window_name}, {f.window[0]:.0f}–{f.window[1]:.0f}\u00a0%",
        n,
        method,
    )


def _quality(analysis: Analysis) -> tuple[Table | None, str]:
    """Quality per channel in the frame's own columns, and one sentence."""
    frame = analysis.quality
    if frame.empty:
        return None, "No EMG was recorded."
    usable = frame["usable"].astype(bool)
    first = ["channel", "usable", "reason"]
    rest = [str(c) for c in frame.columns if c not in (*first, "site", "side", "label")]
    emg = analysis.recording["emg"].attrs["units"] if "emg" in analysis.recording else ""
    known = QUALITY | ({"loud": LOUD[emg]} if emg in LOUD else {})
    words_of = {c: known[c][0] if c in known else capital(plain(c)) for c in rest}
    head = ("Channel", "Usable", "Why not", *words_of.values())
    rows = tuple(
        (
            plain_channel(str(row["channel"])),
            "usable" if row["usable"] else "not usable",
            str(row["reason"]) if not row["usable"] else "",
            *(number(known[c][1] * row[c], known[c][2]) if c in known else _cell(row[c]) for c in rest),
        )
        for row in frame.to_dict("records")
    )
    words = f"{int(usable.sum())} of {len(frame)} channels are usable."
    return Table("quality-table", "Quality of each EMG channel", head, rows), words


def plain_channel(name: str) -> str:
    """``tibialis_anterior_l`` becomes ``left tibialis anterior``; other names stay as they are."""
    side = {"_l": "left ", "_r": "right "}.get(name[-2:])
    return name if side is None else side + plain(name[:-2])


def _strides(analysis: Analysis) -> tuple[Table, str]:
    """Every stride, rejected ones with their reason, and the measures of the kept ones."""
    cycles, measures = analysis.cycles, _measures(analysis.spatiotemporal)
    head = ("Stride", "Side", "Start (s)", "End (s)", "Toe-off (%)", "Kept", *(words for _, words, _ in measures))
    rows = []
    for cycle, row in cycles.iterrows():
        toe_off = 100 * (row["toe_off_s"] - row["start_s"]) / (row["end_s"] - row["start_s"])
        rows.append(
            (
                str(cycle),
                str(row["side"]),
                number(row["start_s"], 3),
                number(row["end_s"], 3),
                number(toe_off, 1),
                "kept" if row["kept"] else f"rejected: {row['reason']}",
                *(value(cycle) for _, _, value in measures),
            )
        )
    kept = cycles[cycles["kept"]]["side"].value_counts()
    words = (
        f"{strides(int(kept.get('left', 0)))} of the left leg and {int(kept.get('right', 0))} of the right were used"
    )
    rejected = int((~cycles["kept"]).sum())
    words += f"; {strides(rejected)} rejected, each with its reason below." if rejected else "; none was rejected."
    return Table("strides-table", "All strides", head, tuple(rows)), words


def _measures(table: pd.DataFrame) -> list[tuple[str, str, Callable[[object], str]]]:
    """Columns of the spatiotemporal table: name, words with unit, and the text for a stride."""
    out: list[tuple[str, str, Callable[[object], str]]] = []
    if "cycle" in table.columns:
        table = table.set_index("cycle")
    for column in table.columns:
        if not pd.api.types.is_numeric_dtype(table[column]) or column in ("start_s", "end_s", "toe_off_s"):
            continue
        values = table[column].to_dict()
        words = str(column)
        for suffix, unit in STRIDE_UNITS.items():
            words = words.removesuffix(suffix) + unit if words.endswith(suffix) else words

        def text(cycle: object, values: dict[object, float] = values) -> str:
            return number(values.get(cycle), 3)

        out.append((str(column), capital(plain(words)), text))
    return out


def _cell(value: object) -> str:
    """A measure as text; digits by size."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return "–" if not np.isfinite(value) else f"{float(value):.3g}".replace("-", "−")
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _setting(value: object) -> str:
    return " to ".join(f"{v:g}" for v in value) if isinstance(value, tuple | list) else str(value)
