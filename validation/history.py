"""Years of outings against what the watch itself stated, and against the sessions of the same files."""

from pathlib import Path
from typing import Final

import numpy as np

from restride.pipeline.history import history
from restride.readers import read
from restride.readers.fit_messages import decode
from validation.row import Row

FOLDER: Final = "fit-run-one-runner-2016-2020"
# measure -> signal with the device's own mean; bars: a watch rounds and pauses as it likes
STATED: Final = {
    "step rate": "step_rate",
    "contact time": "contact_time",
    "vertical oscillation": "vertical_oscillation",
    "heart rate": "heart_rate",
}
MEAN: Final = 0.02
SHARE: Final = 0.003


def rows(shared: Path) -> list[Row]:
    """Largest relative difference of each mean, the share, the speed; marks of changed devices."""
    table = history(shared / FOLDER).table
    values = {
        (str(f), str(m)): float(v) for f, m, v in zip(table["file"], table["measure"], table["value"], strict=True)
    }
    off: dict[str, list[float]] = {}
    for path in sorted((shared / FOLDER).glob("*.fit")):
        recording = read(path)
        file = recording.sources[0].sha256[:12]
        for measure, kind in STATED.items():
            stated = recording[kind].attrs.get("device_value") if kind in recording else None
            if stated is not None and (file, measure) in values:
                off.setdefault(measure, []).append(abs(values[file, measure] / float(stated) - 1))
        share = recording["contact_left_share"].attrs.get("device_value") if "contact_left_share" in recording else None
        if share is not None:
            off.setdefault("share", []).append(abs(values[file, "share of contact time"] - float(share)))
        session = decode(path.read_bytes()).all_of("session")[0]
        speed = next((v for k in ("enhanced_avg_speed", "avg_speed") if isinstance(v := session.get(k), float)), np.nan)
        off.setdefault("speed", []).append(abs(values[file, "speed"] / speed - 1))
    found = [
        Row(f"{measure}: largest difference", max(off[measure]), "1", MEAN, "max", f"{len(off[measure])} outings")
        for measure in (*STATED, "speed")
        if measure in off
    ]
    found.append(Row("left share of contact time: largest difference", max(off["share"]), "1", SHARE, "max"))
    changed = int(table.loc[table["measure"] == "contact time", "device_changed"].sum())
    # fenix3 to fenix6x, and strap to pod, by the description of the set
    return [*found, Row("changes of device not marked", float(abs(changed - 2)), "1", 0.0, "max")]
