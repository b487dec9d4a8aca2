"""The command that asks many recordings what a condition did to either leg."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from restride.chapters.chapter import Chapter
from restride.errors import RestrideError
from restride.findings.conditions import FACTORS
from restride.pipeline import Analysis, Plan, analyse
from restride.pipeline.comparison import factor_chapters, session_rows
from restride.readers import known_devices, read
from restride.signals.recording import Doubt

TABLE: Final = "sessions.csv"
Say = Callable[[str], None]


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", run: Callable[..., int]) -> None:
    """Add ``factors`` to the commands of restride.

    Parameters
    ----------
    commands : action of argparse
    run : callable
        Takes the options and does the work.
    """
    parser = commands.add_parser(
        "factors", help="many recordings of one person: what a shoe, a surface, a direction did to either leg"
    )
    parser.add_argument("recordings", nargs="+", type=Path, metavar="RECORDING", help="files, or folders of one each")
    parser.add_argument(
        "--factor", nargs="+", required=True, metavar="FACTOR", help=f"stated in take.yaml: {', '.join(FACTORS)}"
    )
    parser.add_argument(
        "--measure",
        nargs="+",
        default=[],
        help='"ankle angle, range"; without: the times of strides; wrong ones list all',
    )
    parser.add_argument("--out", type=Path, default=Path("restride-factors"), help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print the table of sessions as JSON")
    parser.set_defaults(run=run)


def asked(options: argparse.Namespace, say: Say) -> tuple[pd.DataFrame, tuple[Chapter, ...], Path]:
    """Read and analyse the recordings, ask, write table and page: the table, its chapters, the page.

    Parameters
    ----------
    options : Namespace
        Of the command.
    say : callable
        Told in words which step begins.

    Raises
    ------
    RestrideError
        If no recording could be read, or as ``session_rows`` and ``factor_chapters`` do.
    """
    from restride import report

    analyses: list[Analysis] = []
    places: list[str] = []
    left_out: list[Doubt] = []
    for k, path in enumerate(options.recordings, start=1):
        say(f"recording {k} of {len(options.recordings)}")
        try:
            recording = read(path, devices=known_devices.usual_path(os.environ))
            analyses.append(analyse(recording, Plan()))
        except RestrideError as error:
            left_out.append(Doubt(path.name, f"The recording was left out: {error}."))
            continue
        places.append(_session(path, [source.started for source in recording.sources]))
    if not analyses:
        raise RestrideError(f"expected recordings, none could be read; {left_out[0].message}")
    # numbers, because a folder may be called after a person
    number = {place: str(k) for k, place in enumerate(dict.fromkeys(places), start=1)}
    rows = session_rows(analyses, [number[p] for p in places], factors=options.factor, measures=options.measure)
    chapters = factor_chapters(rows, factors=options.factor)
    options.out.mkdir(parents=True, exist_ok=True)
    rows.to_csv(options.out / TABLE, index=False)
    page: Path = options.out / "report.html"
    page.write_text(report.tell(chapters, left_out=left_out), encoding="utf-8")
    return rows, chapters, page


def _session(path: Path, started: Sequence[str]) -> str:
    """The day on which the recording says it began; else the folder that holds it."""
    days = sorted(start[:10] for start in started if start)
    return days[0] if days else str(path.resolve().parent)
