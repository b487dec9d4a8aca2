"""The answer of a trial: only at its end, with the right sign, and with everything that did not go by the plan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.retrain.made import FIRST, noted, plan, sessions, started

from restride.retrain import Noted, Result, Trial, load, note, plan_words, progress_words, result, result_chapter
from restride.retrain.carry_over import checks
from restride.retrain.sessions import Entry


def logged(folder: Path, values: Sequence[float | None]) -> tuple[Trial, Result]:
    folder.mkdir(parents=True, exist_ok=True)
    started(folder)
    noted(folder, values)
    trial = load(folder)
    return trial, result(trial)


def test_before_the_planned_end_nothing_is_compared(tmp_path: Path) -> None:
    for count in (0, 1, 6, 11):
        trial, found = logged(tmp_path / str(count), sessions(-30.0)[:count])
        assert found.verdict == "not yet"
        assert found.test is None
        assert found.checks == ()
        assert found.sessions_left == 12 - count
        words = " ".join(progress_words(trial, found))
        assert "Not enough yet" in words
        assert "lower" not in words
        assert "higher" not in words


def test_the_noise_seen_so_far_says_nothing_of_the_effect(tmp_path: Path) -> None:
    _, none = logged(tmp_path / "0", sessions(0.0)[:8])
    _, large = logged(tmp_path / "30", sessions(-30.0)[:8])
    assert large.noise == pytest.approx(none.noise)
    assert large.power == pytest.approx(none.power)


def test_more_noise_than_planned_is_told_with_what_it_would_take(tmp_path: Path) -> None:
    trial, found = logged(tmp_path, sessions(0.0, sd=12.0)[:10])
    assert found.noise > 4.0
    assert found.power < 0.7
    assert found.blocks_needed > 6
    assert f"It would take {2 * found.blocks_needed} sessions" in progress_words(trial, found)[1]


def test_a_true_effect_is_told_with_its_sign_and_size(tmp_path: Path) -> None:
    trial, found = logged(tmp_path, sessions(-9.0))
    assert found.verdict == "lower"
    assert found.test is not None
    assert found.test.interval is not None
    assert found.test.interval[0] <= -9.0 <= found.test.interval[1]
    first = result_chapter(trial, found).sentences[0]
    assert first.startswith("Under A (thin shoes), contact time was ")
    assert first.endswith("ms lower than under B (thick shoes), which the plan calls better.")
    assert "ms lower, over 6 pairs of sessions." in result_chapter(trial, found).sureness
    assert "significant" not in " ".join(result_chapter(trial, found).sentences)


def test_exchanging_a_and_b_flips_the_sign(tmp_path: Path) -> None:
    values = sessions(9.0)
    trial, found = logged(tmp_path, values)
    flip = {"A": "B", "B": "A"}
    order = tuple(pair[::-1] for pair in trial.plan.design.order)
    design = replace(trial.plan.design, order=order)  # type: ignore[arg-type]
    entries = tuple(replace(e, due=flip[e.due], done=flip[e.done]) for e in trial.entries)  # type: ignore[arg-type]
    turned = result(replace(trial, plan=replace(trial.plan, design=design), entries=entries))
    assert found.test is not None
    assert turned.test is not None
    assert turned.test.difference == pytest.approx(-found.test.difference)
    assert turned.test.p == found.test.p
    assert (found.verdict, turned.verdict) == ("higher", "lower")


def test_what_cannot_be_told_says_so_and_what_is_left_open(tmp_path: Path) -> None:
    trial, found = logged(tmp_path, sessions(0.0, seed=2))
    assert found.verdict == "cannot tell"
    chapter = result_chapter(trial, found)
    assert chapter.sentences[0].startswith("12 sessions cannot tell A (thin shoes) from B (thick shoes)")
    assert "as large as the one asked for (8.3 ms) is ruled out" in chapter.sentences[1]
    wild, noisy = logged(tmp_path / "noisy", sessions(0.0, seed=2, sd=30.0))
    assert "is not ruled out either" in result_chapter(wild, noisy).sentences[1]


def test_a_lost_session_costs_its_pair_and_the_reserve_stands_in(tmp_path: Path) -> None:
    values: list[float | None] = [*sessions(-9.0, count=14)]
    values[3] = None
    trial, found = logged(tmp_path, values[:12])
    assert (found.verdict, found.sessions_left) == ("not yet", 2)
    noted(tmp_path, values[12:], first=13)
    found = result(load(tmp_path))
    assert found.verdict == "lower"
    assert found.state.lost == 1
    assert len(found.state.pairs) == 6
    assert any("Session 4 has no value" in s for s in result_chapter(load(tmp_path), found).sentences)
    assert trial.plan.design.blocks == 6


def test_too_many_lost_sessions_leave_no_answer(tmp_path: Path) -> None:
    values: list[float | None] = [*sessions(-9.0, count=16)]
    for k in (0, 3, 5):
        values[k] = None
    trial, found = logged(tmp_path, values)
    assert found.verdict == "too few"
    assert found.test is None
    assert "too few for any answer" in result_chapter(trial, found).sentences[0]


def test_a_session_against_the_lot_counts_as_the_lot_had_it_and_is_told(tmp_path: Path) -> None:
    started(tmp_path)
    values = sessions(-9.0)
    noted(tmp_path, values[:11])
    day = FIRST + timedelta(days=40)
    done = "A" if plan().due[11] == "B" else "B"
    note(tmp_path, Noted(done, day, values[11], deviation="left the others at home"))
    trial = load(tmp_path)
    found = result(trial)
    assert found.test is not None
    a = [v for v, due in zip(values, plan().due, strict=False) if due == "A"]
    b = [v for v, due in zip(values, plan().due, strict=False) if due == "B"]
    assert found.test.difference == pytest.approx(np.mean(a) - np.mean(b))
    told = result_chapter(trial, found).sentences
    assert any("Session 12 was done under" in s and "left the others at home" in s for s in told)
    assert any("pairs that followed the lot alone" in s for s in told)


def test_a_trial_that_was_stopped_is_shown_but_not_tested(tmp_path: Path) -> None:
    started(tmp_path)
    noted(tmp_path, sessions(-9.0)[:6])
    note(tmp_path, Noted(plan().due[6], FIRST + timedelta(days=40), 250.0, red_flag="numb foot"))
    trial = load(tmp_path)
    found = result(trial)
    chapter = result_chapter(trial, found)
    assert (found.verdict, found.test) == ("stopped", None)
    assert "numb foot. Talk to a clinician" in chapter.sentences[0]
    assert len(chapter.charts) == 2


def test_dots_stand_by_what_was_done_and_pairs_by_the_lot(tmp_path: Path) -> None:
    trial, found = logged(tmp_path, sessions(-9.0))
    dots, pairs = result_chapter(trial, found).charts
    assert list(dots.series) == ["thin shoes (A)", "thick shoes (B)"]
    assert [int(np.isfinite(v).sum()) for v in dots.series.values()] == [6, 6]
    assert dots.y_units == "s"
    assert found.test is not None
    assert pairs.series["A minus B"].mean() == pytest.approx(found.test.difference / 1000)
    measure = result_chapter(trial, found).measures[0]
    assert measure.value == pytest.approx(found.test.difference / 1000)


def test_speed_that_goes_with_the_condition_is_told(tmp_path: Path) -> None:
    started(tmp_path)
    for k, value in enumerate(sessions(-9.0)):
        due = plan().due[k]
        speed = 3.3 if due == "A" else 3.0
        note(tmp_path, Noted(due, FIRST + timedelta(days=k), value, speed_m_s=speed, device=f"watch {k % 2}"))
    trial = load(tmp_path)
    told = " ".join(result_chapter(trial, result(trial)).sentences)
    assert "Speed differed: 3.30 m/s under A, 3.00 m/s under B" in told
    assert "recorded by 2 devices" in told


def entries(values: list[float], due: str) -> list[Entry]:
    return [Entry(k, "2026-03-01", w, w, v, "") for k, (w, v) in enumerate(zip(due, values, strict=True), 1)]  # type: ignore[arg-type]


def test_what_was_planted_beside_the_effect_is_found_again() -> None:
    due = "".join(pair for pair in plan().design.order)
    rng = np.random.default_rng(5)
    size = {"A": 0.5, "B": -0.5}
    values = []
    for k, which in enumerate(due):
        before = size[due[k - 1]] if k else 0.0
        values.append(250 + 9 * size[which] + 4 * before + 2 * (k % 2) - 1.5 * k + 0.01 * rng.standard_normal())
    found = checks(entries(values, due))
    assert [check.value for check in found] == pytest.approx([4.0, 2.0, -1.5], abs=0.1)
    assert all(check.told for check in found)


def test_noise_alone_is_told_as_carry_over_at_most_in_1_of_100() -> None:
    due = "".join(pair for pair in plan().design.order)
    rng = np.random.default_rng(6)
    told = [[c.told for c in checks(entries(list(rng.standard_normal(16)), due))] for _ in range(600)]
    assert np.mean(told) == pytest.approx(0.01, abs=0.01)


def test_an_order_that_cannot_tell_them_apart_says_so() -> None:
    found = checks(entries([1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 6.0, 8.0, 9.0, 4.0, 3.0, 1.0], "AB" * 6))
    assert all(np.isnan(check.value) for check in found)
    assert found[0].reason == "the order that was drawn does not tell them apart"


def test_a_plan_says_how_long_it_takes_and_what_comes_first() -> None:
    words = " ".join(plan_words(plan()))
    assert "12 sessions in 6 pairs" in words
    assert "By lot: AB BA BA AB BA AB (in reserve, should sessions be lost: AB BA)" in words
    assert words.endswith("First session: thin shoes.")
