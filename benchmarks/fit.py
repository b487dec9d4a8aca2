"""FIT files to a table with one row per record, beside fitdecode row by row."""

from pathlib import Path
from typing import Final

import pandas as pd

from benchmarks.line import Line, against
from benchmarks.peer import from_pypi
from restride.readers import read
from restride.readers.fit_messages import decode
from restride.readers.take import parsed

RATIO: Final = 2.0
FILES: Final = (
    "fit-run-one-runner-2016-2020/2020-03-21_fenix6x_stryd_balance.fit",
    "fit-power-pedals/edge1000_balance_te_ps.fit",
    "fit-edge-cases/coros-pace-2-cycling-misaligned-fields.fit",
)


def lines(shared: Path) -> list[Line]:
    """To a table, and all the way to a recording with sides and doubts."""
    paths = [shared / name for name in FILES]
    take = parsed({})

    def tables() -> list[pd.DataFrame]:
        return [pd.DataFrame(decode(path.read_bytes()).records) for path in paths]

    rows = sum(len(table) for table in tables())
    with from_pypi("fit", *paths) as peer:
        return [
            against(
                f"FIT to a table, {rows} records",
                tables,
                lambda: peer.seconds("run"),
                RATIO,
                name=peer.version,
                our_runs=3,
            ),
            against(
                "FIT to a whole recording",
                lambda: [read(path, take=take) for path in paths],
                lambda: peer.seconds("run"),
                RATIO,
                name=f"{peer.version}, to a table",
                our_runs=3,
            ),
        ]
