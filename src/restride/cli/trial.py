"""The commands of a trial of one person: plan, log, result."""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from restride import retrain
from restride.chapters.chapter import Measure
from restride.errors import RestrideError
from restride.findings.own_error import MDC_PER_SD, own_error
from restride.pipeline import analyse
from restride.pipeline.outcomes import Scored, scored
from restride.readers import known_devices, read
from restride.retrain import Design, Noise, Noted, Outcome, Stop, TrialPlan
from restride.retrain.log import HIGHEST_PAIN
from restride.retrain.planner import SPARE
from restride.retrain.trial import ALPHA, VERSION, Better
from restride.retrain.words import shown_factor
from restride.signals.recording import Doubt
from restride.signals.units import to_si

PAGE: Final = "result.html"
SEED_BITS: Final = 32


def add_trial(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``trial`` with its three commands to the commands of restride."""
    trial = commands.add_parser("trial", help="thin shoes or cushioned? a trial of one person: plan, log, result")
    does = trial.add_subparsers(required=True, metavar="plan|log|result")

    plans = does.add_parser("plan", help="two conditions, one measure: how many sessions, in which order")
    plans.add_argument("--question", help='in your words: "thin shoes or cushioned?" (default: A or B?)')
    plans.add_argument("--a", required=True, metavar="WORDS", help="the one condition")
    plans.add_argument("--b", required=True, metavar="WORDS", help="the other condition")
    plans.add_argument("--outcome", required=True, help='the one measure that decides: "share of contact time", "felt"')
    plans.add_argument("--better", choices=("higher", "lower"), help="which way counts as better, if any")
    plans.add_argument("--units", help="of numbers given by hand: ms, deg, %%, 1 for a score (default: 1)")
    noise = plans.add_mutually_exclusive_group(required=True)
    noise.add_argument("--baseline", nargs="+", type=Path, metavar="FILE", help="one recording per baseline session")
    noise.add_argument("--values", nargs="+", type=float, metavar="X", help="the measure of each baseline session")
    noise.add_argument("--noise", type=float, help="SD of the measure between like sessions, if it is known")
    noise.add_argument("--mdc", type=float, help="minimal detectable change of the measure, if it is known")
    plans.add_argument("--effect", type=float, help="difference that matters, in the unit shown (default: one MDC)")
    plans.add_argument("--wash-out-days", type=int, default=1, help="from session to session (default: %(default)s)")
    plans.add_argument("--at-most", type=int, default=40, help="sessions at most (default: %(default)s)")
    plans.add_argument("--stop-pain", type=float, default=3.0, help="ends it: pain of 10 above (default: %(default)g)")
    plans.add_argument("--stop-worse", type=int, default=3, help="ends it: sessions felt worse (default: %(default)s)")
    plans.add_argument("--seed", type=int, help="of the lot (default: drawn)")
    plans.set_defaults(run=_plan)

    logs = does.add_parser("log", help="add a session, and see what is due next")
    logs.add_argument("condition", nargs="?", default="", help="what was done, in the words of the plan, or A or B")
    what = logs.add_mutually_exclusive_group()
    what.add_argument("--value", type=float, help="the measure, in the units of the plan")
    what.add_argument(
        "--files", nargs="+", type=Path, metavar="FILE", help="the recording of the session, to be scored"
    )
    what.add_argument("--missed", action="store_true", help="the session that was due did not take place")
    logs.add_argument("--date", type=_date, help="YYYY-MM-DD (default: of the recording, or today)")
    logs.add_argument("--pain", type=float, help="0 none, 10 the worst")
    logs.add_argument("--felt", choices=("better", "same", "worse"), help="against what is usual")
    logs.add_argument("--speed", type=float, metavar="M/S", help="metres per second, where the file does not say")
    logs.add_argument("--device", help="what recorded it, where no file says")
    logs.add_argument("--red-flag", metavar="WORDS", help="ends it: new numbness, weakness that stays, a fall")
    logs.add_argument("--notes")
    logs.add_argument("--deviation", metavar="WHY", help="keep a session that departs from the plan, and why it did")
    logs.add_argument("--correct", type=int, metavar="N", help="put session N right in what this says; both are kept")
    logs.set_defaults(run=_log)

    results = does.add_parser("result", help="how many more sessions, and after the last the answer with a page")
    results.add_argument("--json", action="store_true", help="print the measures as JSON")
    results.set_defaults(run=_result)
    for command in (plans, logs, results):
        command.add_argument("--folder", type=Path, default=Path("restride-trial"), help="default: %(default)s")


def _plan(options: argparse.Namespace) -> int:
    outcome, noise, doubts = _noise(options)
    effect = noise.mdc if options.effect is None else options.effect / shown_factor(outcome)
    plan = TrialPlan(
        restride_trial=VERSION,
        question=options.question or f"{options.a} or {options.b}?",
        a=options.a.strip(),
        b=options.b.strip(),
        planned_on=_today().isoformat(),
        outcome=outcome,
        noise=noise,
        design=_design(options, float(effect), noise.sd),
        stop=Stop(options.stop_pain, options.stop_worse),
    )
    path = retrain.write_plan(plan, options.folder)
    print("\n".join(retrain.plan_words(plan)))
    _say_doubts(doubts)
    print(f"\nThe plan: {path.resolve()}")
    return 0


def _log(options: argparse.Namespace) -> int:
    trial = retrain.load(options.folder)
    outcome = trial.plan.outcome
    if not _is_whole(options):
        raise RestrideError(
            "expected the condition with --value or --files, or --missed alone, found something else; as in: restride "
            f'trial log "{trial.plan.a}" --{"files run.fit" if outcome.scored_from == "file" else "value 5"}'
        )
    if options.value is not None and outcome.scored_from == "file":
        raise RestrideError(f"expected --files: the plan scores {outcome.measure} from recordings, found a number")
    if options.condition:
        retrain.condition_of(trial.plan, options.condition)  # before a long analysis
    found = _score(options.files, outcome) if options.files else None
    day = options.date or (_day(found.started) if found else None) or (None if options.correct else _today())
    if day is not None and day > _today():
        raise RestrideError(f"expected a session that took place, found the date {day.isoformat()}, which is to come")
    noted = Noted(
        condition=options.condition,
        on=day,
        value=found.offer.value if found else options.value,
        file=found.sha256 if found else "",
        device=(found.offer.device if found else "") or options.device or "",
        speed_m_s=options.speed if options.speed is not None else found.speed_m_s if found else None,
        pain=options.pain,
        felt=options.felt or "",
        red_flag=options.red_flag or "",
        notes=options.notes or "",
        deviation=options.deviation or "",
        missed=options.missed,
    )
    entry, doubts = retrain.note(options.folder, noted, corrects=options.correct)
    kept = "its score is kept and shown at the end" if entry.file else "it is kept"
    print(f"Session {entry.session} of {entry.date} is logged; {kept}.")
    trial = retrain.load(options.folder)
    _say_doubts((*doubts, *trial.doubts))
    print("\n".join(retrain.progress_words(trial, retrain.result(trial))))
    return 0


def _result(options: argparse.Namespace) -> int:
    trial = retrain.load(options.folder)
    found = retrain.result(trial)
    if found.verdict == "not yet":
        _say_doubts(trial.doubts)
        print("\n".join(retrain.progress_words(trial, found)))
        return 0
    from restride import report

    chapter = retrain.result_chapter(trial, found)
    page = options.folder / PAGE
    page.write_text(report.tell([chapter], left_out=list(trial.doubts)), encoding="utf-8")
    if options.json:
        content = {"verdict": found.verdict, "sentences": chapter.sentences, "measures": _rows(chapter.measures)}
        print(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False))
        return 0
    print("\n".join((*chapter.sentences, chapter.sureness)))
    _say_doubts(trial.doubts)
    print(f"\nThe page: {page.resolve()}")
    return 0


def _noise(options: argparse.Namespace) -> tuple[Outcome, Noise, tuple[Doubt, ...]]:
    """The outcome, and the person's own noise of it, from whatever was given."""
    better: Better = options.better or "not stated"
    if options.baseline:
        if options.units:
            raise RestrideError("expected no --units beside --baseline, found one; the recordings say theirs")
        sessions = _baseline(options.baseline, options.outcome)
        first = sessions[0]
        outcome = Outcome(first.measure, first.offer.units, first.offer.shown_in, better, "file")
        values = tuple(session.offer.value for session in sessions)
        files = tuple(session.sha256 for session in sessions)
        return outcome, *_measured(values, files, first.offer.device, outcome.measure)
    units = options.units or "1"
    to_si(units)
    outcome = Outcome(options.outcome.strip(), units, "", better, "hand")
    if options.values:
        return outcome, *_measured(tuple(options.values), (), "", outcome.measure)
    sd = options.noise if options.noise is not None else options.mdc / MDC_PER_SD
    return outcome, Noise(float(sd), float(sd * MDC_PER_SD), (), (), (), ""), ()


def _measured(
    values: tuple[float, ...], files: tuple[str, ...], device: str, about: str
) -> tuple[Noise, tuple[Doubt, ...]]:
    error = own_error(values, about=about)
    if error.mdc_interval is None:
        raise RestrideError(f"{error.reason}; add baseline sessions, or state --noise")
    return Noise(error.sd, error.mdc, error.mdc_interval, values, files, device), error.doubts


def _baseline(paths: Sequence[Path], measure: str) -> list[Scored]:
    """Every baseline recording scored, in order of time; one device, each file once."""
    sessions = []
    for k, path in enumerate(paths, start=1):
        _say(f"baseline {k} of {len(paths)}")
        sessions.append(_scored([path], measure))
    sessions.sort(key=lambda session: session.started)
    if len({session.sha256 for session in sessions}) < len(sessions):
        raise RestrideError("expected a recording of its own for each baseline session, found one twice; leave it out")
    devices = sorted({session.offer.device for session in sessions})
    if len(devices) > 1:
        raise RestrideError(
            f"expected baseline sessions of one device, found {len(devices)}: {'; '.join(devices)}. The step between "
            "two devices is not your noise: leave out those of the other"
        )
    units = {session.offer.units for session in sessions}
    if len(units) > 1:
        raise RestrideError(f"expected one unit in all baseline sessions, found {', '.join(sorted(units))}")
    return sessions


def _is_whole(options: argparse.Namespace) -> bool:
    """Whether a session was told: a condition with its number, none that took place, or a red flag."""
    if options.correct is not None:  # only what changes has to be told
        return True
    given = options.value is not None or bool(options.files)
    if options.missed or not given:
        # a red flag may come between two sessions, and is taken as it comes
        return bool(options.red_flag) or (options.missed and not options.condition)
    return bool(options.condition)


def _design(options: argparse.Namespace, effect: float, sd: float) -> Design:
    """As many pairs as the effect takes, in an order drawn by lot."""
    blocks = retrain.blocks_needed(effect, sd, at_most=options.at_most // 2)
    seed = secrets.randbits(SEED_BITS) if options.seed is None else options.seed
    if not 0 <= options.stop_pain <= HIGHEST_PAIN or options.stop_worse < 1:
        raise RestrideError(
            f"expected --stop-pain from 0 to {HIGHEST_PAIN:g} and --stop-worse of 1 or more, found "
            f"{options.stop_pain:g} and {options.stop_worse}; leave them out for the default"
        )
    if options.wash_out_days < 0 or seed < 0:
        raise RestrideError("expected a wash-out and a seed of 0 or more, found less; leave them out for the default")
    return Design(
        effect=effect,
        blocks=blocks,
        power=round(retrain.power(effect, sd, blocks), 3),
        alpha=ALPHA,
        wash_out_days=options.wash_out_days,
        at_most_sessions=options.at_most,
        seed=seed,
        order=retrain.draw_order(min(blocks + SPARE, options.at_most // 2), seed=seed),
    )


def _score(paths: Sequence[Path], outcome: Outcome) -> Scored:
    """A session scored from its recording, in the units of the plan."""
    _say("scoring the recording")
    found = _scored(paths, outcome.measure)
    (units, factor), (asked, wanted) = to_si(found.offer.units), to_si(outcome.units)
    if units != asked:
        raise RestrideError(
            f"expected {outcome.measure} in {outcome.units!r}, found {found.offer.units!r}; log a --value"
        )
    return replace(found, offer=replace(found.offer, value=found.offer.value * factor / wanted))


def _scored(paths: Sequence[Path], measure: str) -> Scored:
    recording = read(paths, devices=known_devices.usual_path(os.environ))
    found = scored(analyse(recording), measure)
    return replace(found, sha256=" ".join(sorted(found.sha256.split())))


def _rows(measures: Sequence[Measure]) -> list[dict[str, object]]:
    return [{k: None if isinstance(v, float) and v != v else v for k, v in m.row().items()} for m in measures]


def _say_doubts(doubts: Sequence[Doubt]) -> None:
    for doubt in doubts:
        mark = "!" if doubt.severity == "warning" else "-"
        print(f" {mark} {doubt.about}: {doubt.message}" + (f" {doubt.remedy}" if doubt.remedy else ""))


def _say(step: str) -> None:
    print(f"… {step}", file=sys.stderr, flush=True)


def _today() -> date:
    return datetime.now(tz=UTC).astimezone().date()


def _day(started: str) -> date | None:
    """The day of a recording where the person is, as far as its clock says."""
    if not started:
        return None
    moment = datetime.fromisoformat(started)
    return moment.date() if moment.tzinfo is None else moment.astimezone().date()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected YYYY-MM-DD, found {text!r}") from None
