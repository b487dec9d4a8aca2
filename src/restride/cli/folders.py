"""The commands that look through a folder: gather and history."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Final

from restride.errors import RestrideError
from restride.pipeline.gathering import gather, gathered_words, sessions_table, write_takes
from restride.pipeline.history import history, history_chapters
from restride.pipeline.own_errors import own_error_chapters
from restride.readers import known_devices
from restride.signals.recording import Doubt

TABLE: Final = "sessions.csv"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``gather`` and ``history`` to the commands of restride."""
    gathers = commands.add_parser("gather", help="a folder of recordings in, a table of its sessions out")
    gathers.add_argument("folder", type=Path, metavar="FOLDER")
    gathers.add_argument("--out", type=Path, help="folder for sessions.csv (default: restride-<name of FOLDER>)")
    gathers.add_argument("--write-takes", action="store_true", help="write the suggested take.yaml files, over none")
    gathers.add_argument("--json", action="store_true", help="print the table as JSON")
    gathers.set_defaults(run=_gather)

    years = commands.add_parser("history", help="years of watch files in, one table and one page of them out")
    years.add_argument("folder", type=Path, metavar="FOLDER", help="of one person")
    years.add_argument("--out", type=Path, default=Path("history.csv"), help="table to write (default: %(default)s)")
    years.add_argument("--json", action="store_true", help="print the table as JSON")
    years.set_defaults(run=_history)


def _gather(options: argparse.Namespace) -> int:
    found = gather(options.folder, devices=_devices(), progress=_say, processes=os.cpu_count() or 1)
    _say("")
    table = sessions_table(found)
    out: Path = options.out or Path(f"restride-{options.folder.resolve().name}")
    out.mkdir(parents=True, exist_ok=True)
    table.to_csv(out / TABLE, index=False)
    if options.json:
        print(json.dumps(json.loads(table.to_json(orient="records")), indent=2, ensure_ascii=False))
        return 0
    print("\n".join(gathered_words(found)))
    suggested = [session for session in found.sessions if session.take]
    if options.write_takes:
        written, there = write_takes(found, options.folder)
        print("".join(f"\nwritten: {path.as_posix()}" for path in written).lstrip())
        print("".join(f"\nleft as it is: {path.as_posix()}" for path in there).lstrip())
    else:
        for session in suggested:
            print(f"\n{session.take_path.as_posix()} could say:\n{session.take.rstrip()}")
    print(f"\nThe table: {(out / TABLE).resolve()}")
    return 0


def _history(options: argparse.Namespace) -> int:
    if not options.folder.is_dir():
        raise RestrideError(f"expected a folder, found none of the name {options.folder.name}; check its path")
    found = history(options.folder, devices=_devices(), progress=_say, processes=os.cpu_count() or 1)
    _say("")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    found.table.to_csv(options.out, index=False)
    if options.json:
        print(json.dumps(json.loads(found.table.to_json(orient="records")), indent=2, ensure_ascii=False))
        return 0
    chapters = [*history_chapters(found.table), *own_error_chapters(found.table)]
    for chapter in chapters:
        print("\n".join((*chapter.sentences, chapter.sureness)))
    for name, reason in found.left_out:
        print(f" - {name} was left out: {reason}")
    print(f"\nThe table: {options.out.resolve()}")
    if chapters:
        from restride import report

        page = options.out.with_suffix(".html")
        left_out = [Doubt(name, f"The file was left out: {reason}") for name, reason in found.left_out]
        page.write_text(report.tell(chapters, left_out=left_out), encoding="utf-8")
        print(f"The page: {page.resolve()}")
    return 0


def _devices() -> Path:
    return known_devices.usual_path(os.environ)


def _say(step: str) -> None:
    """One line on stderr that the next step overwrites; an empty step ends it."""
    print(f"\r… {step}" if step else "", end="" if step else "\n", file=sys.stderr, flush=True)
