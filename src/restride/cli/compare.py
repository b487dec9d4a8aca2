"""The command that compares two recordings of one person."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from restride.errors import RestrideError
from restride.findings.conditions import FACTORS
from restride.pipeline import Analysis, Plan, analyse
from restride.pipeline.comparison import Comparison, compare, write_comparison
from restride.readers import known_devices, read

OUTPUTS: Final = ("report.html", "findings.json", "curves.nc")
# of each kind of row, so many are said in the terminal; the page has all
SHOWN: Final = 5
Say = Callable[[str], None]


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", run: Callable[..., int]) -> None:
    """Add ``compare`` to the commands of restride.

    Parameters
    ----------
    commands : action of argparse
    run : callable
        Takes the options and does the work.
    """
    parser = commands.add_parser(
        "compare",
        help="two recordings of one person, leg by leg: shoes, days, before and after",
        description="Each of A and B is one recording: a file, or the folder of its files. Differences are A minus B.",
    )
    parser.add_argument("recordings", nargs="*", type=Path, metavar="A B", help="two files or folders")
    parser.add_argument("--a", nargs="+", type=Path, metavar="FILE", help="the files of A, where it has no folder")
    parser.add_argument("--b", nargs="+", type=Path, metavar="FILE", help="the files of B, where it has no folder")
    parser.add_argument("--take-a", type=Path, metavar="FILE", help="take.yaml of A (in a folder it is found)")
    parser.add_argument("--take-b", type=Path, metavar="FILE", help="take.yaml of B")
    parser.add_argument("--names", nargs=2, metavar=("A", "B"), help='what they are called: "soft shoe" "hard shoe"')
    parser.add_argument(
        "--asked", nargs="+", default=[], metavar="FACTOR", help=f"what is the question: {', '.join(FACTORS)}"
    )
    parser.add_argument("--same-electrodes", action="store_true", help="no EMG electrode was moved between A and B")
    parser.add_argument(
        "--baseline",
        nargs="+",
        default=[],
        type=Path,
        metavar="SESSION",
        help="files or folders of three sessions or more in which nothing was changed: your own day-to-day noise",
    )
    parser.add_argument("--out", type=Path, default=Path("restride-comparison"), help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print findings.json instead of words")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.set_defaults(run=run)


def compared(options: argparse.Namespace, say: Say) -> tuple[Comparison, Path]:
    """Read, analyse and compare what the options name; write everything. The comparison and its page.

    Parameters
    ----------
    options : Namespace
        Of the command.
    say : callable
        Told in words which step begins.

    Raises
    ------
    RestrideError
        If A and B are not both given, or an output would overwrite a file that was given.
    """
    a, b = _both(options)
    _refuse_own_input([*a, *b, *options.baseline], options.out)
    first, second = (
        _analysed(files, take, letter, say)
        for files, take, letter in ((a, options.take_a, "A"), (b, options.take_b, "B"))
    )
    sessions = [_analysed([path], None, f"baseline {k}", say) for k, path in enumerate(options.baseline, start=1)]
    say("comparing")
    found = compare(
        first,
        second,
        baseline=sessions,
        names=tuple(options.names) if options.names else None,
        asked=options.asked,
        same_electrodes=options.same_electrodes,
    )
    return found, _written(found, options.out, say)


def words(comparison: Comparison) -> list[str]:
    """The comparison for the terminal: warnings first.

    Parameters
    ----------
    comparison : Comparison
    """
    lines = [f" ! {w.message} {w.remedy}".rstrip() for w in comparison.warnings if w.severity == "warning"]
    lines += [comparison.summary.sentence, comparison.summary.sureness]
    strong = [f for f in comparison.changes if f.strength > 0][:SHOWN]
    strong += [f for f in comparison.interactions if f.strength > 0][:SHOWN]
    lines += [f"    {f.sentence}" for f in strong]
    lines += [
        f"Of the {side} leg: {text}" for side, origin in comparison.origin.items() for text in origin.sentences[:1]
    ]
    lines += [f"Not measured: {text}" for text in comparison.summary.not_measured]
    lines += [f" - {w.message} {w.remedy}".rstrip() for w in comparison.warnings if w.severity != "warning"]
    return [line for line in lines if line]


def _both(options: argparse.Namespace) -> tuple[Sequence[Path], Sequence[Path]]:
    given = [[path] for path in options.recordings]
    if options.a:
        given.insert(0, options.a)
    if options.b:
        given.append(options.b)
    if len(given) != 2:
        raise RestrideError(
            f"expected two recordings, found {len(given)}; give two files or folders, or --a FILES --b FILES where a "
            "recording has several files and no folder"
        )
    return given[0], given[1]


def _analysed(files: Sequence[Path], take: Path | None, name: str, say: Say) -> Analysis:
    say(f"{name}: reading the files")
    try:
        recording = read(files, take=take, devices=known_devices.usual_path(os.environ))
        return analyse(recording, Plan(), progress=lambda step: say(f"{name}: {step}"))
    except RestrideError as error:
        raise type(error)(f"{name}: {error}") from error


def _written(comparison: Comparison, out: Path, say: Say) -> Path:
    from restride import report

    say("drawing the page")
    write_comparison(comparison, out)
    page = out / OUTPUTS[0]
    page.write_text(report.build_comparison(comparison), encoding="utf-8")
    return page


def _refuse_own_input(files: Sequence[Path], out: Path) -> None:
    given = {f.resolve() for f in files if f.is_file()}
    clash = [name for name in OUTPUTS if (out / name).resolve() in given]
    if clash:
        raise RestrideError(f"expected a folder that holds none of the files given, found {clash[0]}; choose --out")
