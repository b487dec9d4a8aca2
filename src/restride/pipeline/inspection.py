"""What a recording holds and what is doubtful about it, as facts and in words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
import pandas as pd

from restride import cycles, emg
from restride.chapters.outing import outing, outing_words
from restride.chapters.worn import worn, worn_words
from restride.errors import RestrideError
from restride.pipeline.answers import answer_words, answers
from restride.pipeline.clocks import clock_checks, doubts_of
from restride.signals.recording import Recording, Source
from restride.signals.schema import sampling_rate_hz
from restride.signals.vocabulary import plain, side_of


def inspect(recording: Recording) -> dict[str, object]:
    """Facts about a recording, ready for JSON.

    Returns
    -------
    dict
        ``files``, ``signals`` (kind, rate, span, units, names, share missing), ``sides`` per
        kind, ``events``, ``subject``, ``conditions``, ``channels`` (usable or why not),
        ``outing`` (of a watch or power pedals, see there), ``worn`` (of body-worn sensors),
        ``answers`` (of a laboratory or a video), ``clocks`` (of two devices that saw the same
        contacts), ``doubts``.
    """
    channels = _channels(recording)
    checks = clock_checks(recording)
    return {
        "synthetic": recording.synthetic,
        "outing": outing(recording),
        "worn": worn(recording),
        "clocks": [check.row() for check in checks],
        "answers": answers(recording, unusable={str(c["channel"]) for c in channels if not c["usable"]}),
        "files": [_file(source) for source in recording.sources],
        "signals": [_signal(recording, kind) for kind in sorted(recording.signals)],
        "events": _events(recording),
        "subject": asdict(recording.subject),
        "conditions": {k: v for k, v in asdict(recording.conditions).items() if v not in (None, "", ())},
        "channels": channels,
        "doubts": [asdict(d) for d in (*recording.doubts, *doubts_of(checks))],
    }


def words(found: Mapping[str, object]) -> list[str]:
    """The same facts as lines for a person."""
    lines: list[str] = []
    if found["synthetic"]:
        lines.append("Synthetic data: made up, not measured on a person.")
    lines += [
        f"file: {', '.join(filter(None, (str(f['format']), str(f['device']), str(f['started']))))}"
        for f in _rows(found["files"])
    ]
    lines.append(_subject_words(found["subject"]))
    of_a_watch = found.get("outing")
    if isinstance(of_a_watch, dict):
        lines += outing_words(of_a_watch)
    of_sensors = found.get("worn")
    if isinstance(of_sensors, dict):
        lines += worn_words(of_sensors)
    for signal in _rows(found["signals"]):
        lines.append(
            f"{signal['kind']}: {signal['rate_hz']:g} Hz, {signal['start_s']:.2f} to {signal['end_s']:.2f} s, "
            f"unit {signal['units']}, {signal['percent_missing']:.1f} % missing"
        )
        if isinstance(signal["names"], list) and signal["names"]:
            lines.append("    " + ", ".join(map(str, signal["names"])))
    counts = Counter(f"{e['side']} {plain(str(e['name']))}" for e in _rows(found["events"]))
    stated = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
    lines.append(f"events in the files: {stated or 'none stated'}")
    of_a_laboratory = found.get("answers")
    if isinstance(of_a_laboratory, dict):
        lines += answer_words(of_a_laboratory)
    for channel in _rows(found["channels"]):
        state = "usable" if channel["usable"] else "NOT usable"
        reason = f": {channel['reason']}" if channel["reason"] else ""
        lines.append(f"channel {channel['channel']} (file: {channel['label']}): {state}{reason}")
    lines += [f"clocks: {check['message']}" for check in _rows(found["clocks"]) if check["agree"] is not False]
    doubts = _rows(found["doubts"])
    lines.append("Nothing is doubtful." if not doubts else "Doubtful or missing:")
    for doubt in doubts:
        mark = "!" if doubt["severity"] == "warning" else "-"
        lines.append(f" {mark} {doubt['about']}: {doubt['message']} {doubt['remedy']}".rstrip())
    return lines


def _file(source: Source) -> dict[str, object]:
    return {"format": source.format, "sha256": source.sha256, "device": source.device, "started": source.started}


def _subject_words(subject: object) -> str:
    facts = subject if isinstance(subject, dict) else {}
    parts = [
        f"{name} {facts[key]:g} {unit} ({facts[source]})" if facts.get(key) is not None else f"{name} not stated"
        for name, key, unit, source in (
            ("mass", "mass_kg", "kg", "mass_source"),
            ("height", "height_m", "m", "height_source"),
        )
    ]
    return "person: " + ", ".join(parts)


def _signal(recording: Recording, kind: str) -> dict[str, object]:
    array = recording[kind]
    name_dim = next((str(d) for d in array.dims if d not in ("time", "space")), None)
    names = [str(v) for v in array[name_dim].values] if name_dim else []
    time_s = array["time"].values
    sides = sorted({side for n in names if (side := side_of(n))} | ({*names} & {"left", "right"}))
    return {
        "kind": kind,
        "units": array.attrs["units"],
        "rate_hz": round(sampling_rate_hz(array), 3) if time_s.size > 1 else float("nan"),
        "start_s": float(time_s[0]) if time_s.size else float("nan"),
        "end_s": float(time_s[-1]) if time_s.size else float("nan"),
        "names": [plain(n) if kind == "emg" else n for n in names],
        "sides": sides,
        "percent_missing": float(100 * np.isnan(array.values).mean()) if array.size else 0.0,
    }


def _events(recording: Recording) -> list[dict[str, object]]:
    return [{str(k): v for k, v in row.items()} for row in recording.events.to_dict("records")]


def _channels(recording: Recording) -> list[dict[str, object]]:
    if "emg" not in recording:
        return []
    try:
        table = emg.quality(recording["emg"], cycles=_cycles(recording))
    except RestrideError as error:
        return [{"channel": "all", "label": "", "usable": False, "reason": str(error)}]
    signal = recording["emg"]
    labels = dict(zip(map(str, signal["channel"].values), map(str, signal["label"].values), strict=True))
    return [
        {"channel": c, "label": labels[c], "usable": bool(u), "reason": r}
        for c, u, r in zip(table["channel"], table["usable"], table["reason"], strict=True)
    ]


def _cycles(recording: Recording) -> pd.DataFrame | None:
    return cycles.segment(recording.events) if len(recording.events) else None


def _rows(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []
