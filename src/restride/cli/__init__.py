"""The restride command: demo, analyse, compare, factors, inspect, devices, gather, history, trial, doctor."""

import argparse
import json
import os
import sys
import time
import warnings
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from restride.cli import compare, factors
from restride.cli.folders import add_commands
from restride.cli.trial import add_trial
from restride.errors import RestrideError
from restride.pipeline import Analysis, Plan, analyse, health, inspection, write
from restride.readers import known_devices, read
from restride.signals.recording import Recording


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (0 done, 1 the data or setting is at fault, 2 wrong use)."""
    options = _parser().parse_args(arguments)
    warnings.simplefilter("default")
    try:
        status: int = options.run(options)
    except RestrideError as error:
        print(f"\nrestride: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("restride: stopped; nothing was changed", file=sys.stderr)
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="restride",
        description="Shows the firing pattern of a leg in motion. It measures and explains; it never diagnoses. "
        "Everything stays on this computer.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="make a synthetic runner with planted faults, analyse it, open the page")
    demo.add_argument("--out", type=Path, default=Path("restride-demo"), help="folder to write (default: %(default)s)")
    demo.add_argument("--seed", type=int, default=0, help="of the synthetic runner (default: %(default)s)")
    demo.add_argument("--no-open", action="store_true", help="only print the page's path")
    demo.set_defaults(run=_demo)

    analyses = commands.add_parser(
        "analyse", help="one recording in (of a laboratory, sensors, a watch, pedals, a video), one page out"
    )
    analyses.add_argument(
        "files", nargs="+", type=Path, metavar="FILES", help="the files of one recording, or their folder"
    )
    analyses.add_argument("--take", type=Path, help="take.yaml with what the files do not say")
    analyses.add_argument("--out", type=Path, help="folder to write (default: restride-<name of the first file>)")
    analyses.add_argument("--json", action="store_true", help="print findings.json instead of words")
    analyses.add_argument("--open", action="store_true", help="open the page in the browser")
    analyses.set_defaults(run=_analyse)

    compare.add_command(commands, _compare)
    factors.add_command(commands, _factors)

    inspect = commands.add_parser("inspect", help="what is in these files, and what is doubtful")
    inspect.add_argument("files", nargs="+", type=Path, metavar="FILE")
    inspect.add_argument("--take", type=Path, help="take.yaml with what the files do not say")
    inspect.add_argument("--json", action="store_true", help="print as JSON")
    inspect.set_defaults(run=_inspect)

    devices = commands.add_parser("devices", help="watches and pedals that have left and right the wrong way round")
    devices.add_argument("do", nargs="?", choices=("list", "swap", "unswap"), default="list", help="default: list")
    devices.add_argument("device", nargs="?", help="serial number, or 'unit ...' as inspect shows it")
    devices.set_defaults(run=_devices)

    add_commands(commands)
    add_trial(commands)

    doctor = commands.add_parser("doctor", help="is everything that restride needs in place")
    doctor.add_argument("--json", action="store_true", help="print as JSON")
    doctor.set_defaults(run=_doctor)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from restride import twin

    progress = _Progress()
    progress("making a synthetic runner with planted faults")
    take = options.out / "take"
    truth = twin.write(take, seed=options.seed, faults=twin.DEMO_FAULTS)
    progress.done()
    print("This runner is synthetic: made by restride's own body model, with faults planted on purpose:")
    for fault in truth.faults:
        print(f"  - {fault}")
    progress("reading the files")
    analysis = analyse(read(take), Plan(), progress=progress)
    page = _write(analysis, options.out, progress)
    _say(analysis, page)
    if not options.no_open:
        _open(page)
    return 0


def _analyse(options: argparse.Namespace) -> int:
    progress = _Progress()
    out = options.out or Path(f"restride-{options.files[0].stem}")
    _refuse_own_input(options.files, out)
    progress("reading the files")
    recording = read(options.files, take=options.take, devices=_devices_file())
    analysis = analyse(recording, Plan(), progress=progress)
    page = _write(analysis, out, progress)
    if options.json:
        print((out / "findings.json").read_text(encoding="utf-8"))
    else:
        _say(analysis, page)
    if options.open:
        _open(page)
    return 0


def _compare(options: argparse.Namespace) -> int:
    progress = _Progress()
    comparison, page = compare.compared(options, progress)
    progress.done()
    if options.json:
        print((options.out / "findings.json").read_text(encoding="utf-8"))
    else:
        print("\n".join(["", *compare.words(comparison), f"\nThe page: {page.resolve()}"]))
    if options.open:
        _open(page)
    return 0


def _factors(options: argparse.Namespace) -> int:
    progress = _Progress()
    rows, chapters, page = factors.asked(options, progress)
    progress.done()
    if options.json:
        print(json.dumps(json.loads(rows.to_json(orient="records")), indent=2, ensure_ascii=False))
        return 0
    for chapter in chapters:
        print("\n".join(("", f"{chapter.title}:", *chapter.sentences, chapter.sureness)))
    print(f"\nThe table: {(options.out / factors.TABLE).resolve()}\nThe page: {page.resolve()}")
    return 0


def _inspect(options: argparse.Namespace) -> int:
    progress = _Progress()
    progress("reading the files")
    recording: Recording = read(options.files, take=options.take, devices=_devices_file())
    progress.done()
    found = inspection.inspect(recording)
    if options.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        print("\n".join(inspection.words(found)))
    return 0


def _devices_file() -> Path:
    return known_devices.usual_path(os.environ)


def _devices(options: argparse.Namespace) -> int:
    file = _devices_file()
    if options.do == "list":
        marks = known_devices.swapped(file)
        print(
            "\n".join(f"unit {mark}: left and right are exchanged on reading" for mark in marks)
            or "No device is listed."
        )
        print(f"The list: {file}" if file.exists() else f"The list would be: {file}")
        return 0
    if not options.device:
        raise RestrideError(f"expected the serial number of a device, found none; restride devices {options.do} NUMBER")
    change = known_devices.swap if options.do == "swap" else known_devices.unswap
    mark = change(file, options.device)
    now = "are exchanged from now on" if options.do == "swap" else "are left as the device writes them from now on"
    print(f"unit {mark}: left and right {now} (written to {file})")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    checks = health.checks()
    if options.json:
        print(json.dumps([{"name": c.name, "ok": c.ok, "found": c.found} for c in checks], indent=2))
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.found}")
    return 0 if all(c.ok for c in checks) else 1


def _write(analysis: Analysis, out: Path, progress: "_Progress") -> Path:
    from restride import report

    progress("drawing the page")
    write(analysis, out)
    page = out / "report.html"
    page.write_text(report.build(analysis), encoding="utf-8")
    progress.done()
    return page


def _say(analysis: Analysis, page: Path) -> None:
    print()
    print(analysis.summary.sentence)
    print(analysis.summary.sureness)
    if analysis.origin is not None:
        print("Where the differences come from:")
        print("\n".join(f"    {sentence}" for sentence in analysis.origin.sentences))
    for chapter in analysis.chapters:
        told = [sentence for sentence in chapter.sentences if sentence != analysis.summary.sentence]
        if told:
            print(f"{chapter.title}:")
            print("\n".join(f"    {sentence}" for sentence in told))
    for missing in analysis.summary.not_measured:
        print(f"Not measured: {missing}")
    for doubt in analysis.doubts:
        mark = "!" if doubt.severity == "warning" else "-"
        print(f" {mark} {doubt.about}: {doubt.message}" + (f" {doubt.remedy}" if doubt.remedy else ""))
    print(f"\nThe page: {page.resolve()}")


def _refuse_own_input(files: Sequence[Path], out: Path) -> None:
    taken = {out / name for name in ("report.html", "findings.json", "curves.nc")}
    given = {f.resolve() for f in files if f.is_file()}
    clash = [t for t in taken if t.resolve() in given]
    if clash:
        raise RestrideError(
            f"expected a folder that holds none of the files given, found {clash[0].name}; choose --out"
        )


def _open(page: Path) -> None:
    """Open the page if there is a screen; the path has been printed anyway."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    webbrowser.open(page.resolve().as_uri())


class _Progress:
    """Says on stderr which step runs, and how long the last one took."""

    def __init__(self) -> None:
        self._step: str | None = None
        self._since = 0.0

    def __call__(self, step: str) -> None:
        self.done()
        self._step, self._since = step, time.monotonic()
        print(f"… {step}", file=sys.stderr, end="", flush=True)

    def done(self) -> None:
        if self._step is not None:
            print(f" ({time.monotonic() - self._since:.1f} s)", file=sys.stderr, flush=True)
        self._step = None
