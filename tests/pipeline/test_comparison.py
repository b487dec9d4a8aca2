"""One recording against another, the whole way, on real recordings."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.report.example import analysis as example

import restride as rs
from restride.errors import RestrideError
from restride.findings.origin import Situation
from restride.pipeline.comparison import Comparison, origins, write_comparison
from restride.pipeline.comparison.confounds import speed_of
from restride.report import build_comparison
from restride.signals.recording import Source

RUN = ("grf.mot", "markers.trc")


@pytest.fixture(scope="module")
def slow(shared: Path) -> rs.Analysis:
    return rs.analyse(rs.read([shared / "run-four-speeds/run200" / name for name in RUN]))


@pytest.fixture(scope="module")
def fast(shared: Path) -> rs.Analysis:
    return rs.analyse(rs.read([shared / "run-four-speeds/run500" / name for name in RUN]))


@pytest.fixture(scope="module")
def compared(slow: rs.Analysis, fast: rs.Analysis) -> Comparison:
    return rs.compare(fast, slow)


@pytest.fixture(scope="module")
def outings(shared: Path) -> list[rs.Analysis]:
    return [rs.analyse(rs.read(shared / "fit-run" / f)) for f in ("fenix5x_stryd_balance.fit", "fenix2_run.fit")]


def other(analysis: rs.Analysis, *, electrodes: str = "", mark: str = "1", **conditions: object) -> rs.Analysis:
    """The analysis as that of another file, under other conditions."""
    stated = dataclasses.replace(analysis.recording.conditions, electrodes=electrodes, **conditions)  # type: ignore[arg-type]
    recording = dataclasses.replace(analysis.recording, conditions=stated, sources=(Source("trc", mark * 64),))
    return dataclasses.replace(analysis, recording=recording)


def scaled(analysis: rs.Analysis, side: str, factor: float) -> rs.Analysis:
    """All EMG of one leg so many times as large."""
    emg = analysis.curves["emg"]
    factors = np.where(emg["side"].values == side, factor, 1.0)[:, None, None]
    assert emg.dims == ("cycle", "phase", "site")
    return dataclasses.replace(analysis, curves={**analysis.curves, "emg": emg.copy(data=emg.values * factors)})


def with_reference(analysis: rs.Analysis, volts: float) -> rs.Analysis:
    sites = analysis.curves["emg"]["site"].values
    values = np.full(len(sites), volts)
    reference = xr.DataArray(values, dims="site", coords={"site": sites}, attrs={"units": "V"})
    return dataclasses.replace(analysis, emg_reference=reference)


def test_contact_is_shorter_at_speed_on_both_legs_without_an_interaction_and_speed_is_warned_of(
    compared: Comparison,
) -> None:
    contact = {f.side: f for f in compared.changes if f.name == "contact time"}
    assert all(f.value < -0.08 and f.strength > 0 for f in contact.values())
    assert set(contact) == {"left", "right"}
    assert next(f for f in compared.interactions if f.name.startswith("contact time")).strength == 0
    assert [w.about for w in compared.warnings if w.severity == "warning"] == ["speed"]
    assert "cannot be told from a speed effect" in compared.warnings[0].message
    assert "differ in speed" in compared.summary.sureness


def test_the_speed_is_found_from_the_feet(slow: rs.Analysis, fast: rs.Analysis) -> None:
    # the folders are named by the belt's speed
    assert speed_of(slow) == pytest.approx(2.0, abs=0.06)
    assert speed_of(fast) == pytest.approx(5.0, abs=0.15)


def test_exchanging_a_and_b_turns_every_sign_and_nothing_else(
    slow: rs.Analysis, fast: rs.Analysis, compared: Comparison
) -> None:
    back = rs.compare(slow, fast)
    for here, there in ((compared.changes, back.changes), (compared.interactions, back.interactions)):
        turned = {(f.name, f.window, f.side): f for f in there}
        assert len(turned) == len(here)
        for f in here:
            g = turned[f.name, f.window, f.side]
            np.testing.assert_allclose([g.value, g.this, g.strength], [-f.value, *_second(f), f.strength], atol=1e-9)
    for kind, table in compared.differences.items():
        np.testing.assert_allclose(back.differences[kind]["mean"], -table["mean"], atol=1e-9)
        np.testing.assert_allclose(back.differences[kind]["low"], -table["high"], atol=1e-9)


def _second(f: rs.findings.Finding) -> tuple[float]:
    """What the exchange makes of ``this``: the other recording's number, or the leg's change turned round."""
    return (-f.this,) if f.compared_with.startswith("the change") else (f.other,)


def test_files_come_back_from_disk_as_they_were(compared: Comparison, tmp_path: Path) -> None:
    findings, curves = write_comparison(compared, tmp_path)
    content = json.loads(findings.read_text(encoding="utf-8"))
    assert content["summary"]["sentence"] == compared.summary.sentence
    assert [row["value"] for row in content["changes"]] == [f.value for f in compared.changes]
    assert {row["own_noise"] for row in content["changes"]} == {"not known"}
    with xr.open_dataset(curves, engine="h5netcdf") as dataset:
        np.testing.assert_array_equal(dataset["angles_first"].values, compared.curves["angles"][0].values)
        assert list(dataset["side_second"].values) == list(compared.curves["angles"][1]["side"].values)


def test_the_page_puts_warnings_before_the_sentence_and_asks_no_network(compared: Comparison) -> None:
    page = build_comparison(compared)
    assert page.index("speed effect") < page.index("top-sentence")
    assert "https:" not in page.split("<body")[0]
    # one drawing per leg, of the same height and axes
    assert page.count("data-panel='angles-knee_angle-left'") == page.count("data-panel='angles-knee_angle-right'") == 1
    assert "Bigger than your day-to-day noise?" in page


def test_baseline_sessions_answer_whether_a_change_is_more_than_noise(
    slow: rs.Analysis, compared: Comparison, fast: rs.Analysis
) -> None:
    sessions = [_longer(slow, 0.01 * k) for k in (-1, 0, 1, 2)]
    found = rs.compare(fast, slow, baseline=sessions)
    contact = next(f for f in found.changes if f.name == "contact time" and f.side == "left")
    # SD of -0.01, 0, 0.01, 0.02 is 0.0129, so 1.96 sqrt(2) of it is 0.036; its upper end 0.133
    assert found.own_noise[contact].verdict == "unsure"
    joint = next(f for f in found.changes if f.topic == "joint")
    assert found.own_noise[joint].verdict == "not known"
    assert compared.own_noise[contact].words.startswith("not known: fewer than three baseline sessions")


def _longer(analysis: rs.Analysis, seconds: float) -> rs.Analysis:
    table = analysis.spatiotemporal
    return dataclasses.replace(
        analysis, spatiotemporal=table.assign(contact_time_s=table["contact_time_s"] + seconds), curves={}
    )


def test_what_lies_within_the_own_noise_never_tops_the_page(slow: rs.Analysis, fast: rs.Analysis) -> None:
    # sessions as far apart as these two recordings are
    sessions = [slow, fast, slow, fast, slow, fast]
    assert rs.compare(fast, slow, baseline=sessions).summary.sentence.startswith("Nothing changed between A and B")


def test_other_devices_and_speeds_of_outings_are_warned_of(outings: list[rs.Analysis]) -> None:
    found = rs.compare(*outings)
    assert [w.about for w in found.warnings] == ["speed", "device"]
    contact = next(m for m in found.measures if m.name == "contact time")
    assert contact.value == pytest.approx(contact.this - contact.other)
    assert contact.interval is not None
    assert contact.interval[0] < contact.value < contact.interval[1]
    back = next(m for m in rs.compare(*outings[::-1]).measures if m.name == "contact time")
    assert back.interval == pytest.approx((-contact.interval[1], -contact.interval[0]))


def test_the_interval_of_two_outings_is_that_of_independent_means(outings: list[rs.Analysis]) -> None:
    found = rs.compare(*outings)
    measure = next(m for m in found.measures if m.name == "contact time")
    one, two = (next(m for c in o.chapters for m in c.measures if m.name == "contact time") for o in outings)
    assert one.interval is not None
    assert two.interval is not None
    assert measure.interval is not None
    low = np.sqrt((one.value - one.interval[0]) ** 2 + (two.interval[1] - two.value) ** 2)
    assert measure.interval[0] == pytest.approx(measure.value - low)


def test_without_one_sticking_a_gain_of_all_electrodes_changes_nothing() -> None:
    a = example(moving=False)
    b = other(scaled(a, "left", 1.0))
    louder = other(scaled(scaled(a, "left", 3.0), "right", 3.0))
    plain, gained = rs.compare(a, b), rs.compare(a, louder)
    for f, g in zip(plain.changes, gained.changes, strict=True):
        assert g.value == pytest.approx(f.value, abs=1e-9)
    assert not plain.one_sticking
    assert any(w.about == "electrodes" for w in plain.warnings)
    assert plain.summary.sentence.startswith("Nothing changed")


def test_without_one_sticking_a_quieter_left_leg_shows_in_its_share_and_nowhere_in_its_size() -> None:
    a = example(moving=False)
    found = rs.compare(other(scaled(a, "left", 0.2)), a)
    shares = [f for f in found.interactions if "left share" in f.name and f.what == "tibialis_anterior"]
    assert all(f.value < 0 for f in shares)
    assert "mean activity" not in {f.name.split(", ")[-1] for f in found.changes if f.topic == "muscle"}
    assert found.summary.sentence.startswith("The left leg's share of")


def test_within_one_sticking_sizes_are_compared_on_one_scale() -> None:
    a = with_reference(other(example(moving=False), electrodes="May"), 1e-4)
    half = with_reference(other(example(moving=False), electrodes="May", mark="2"), 5e-5)
    found = rs.compare(half, a)
    assert found.one_sticking
    assert "electrodes" not in {d.factor for d in found.conditions}
    rows = [f for f in found.changes if f.name == "tibialis anterior, mean activity"]
    # the same shares of half the reference: half the size, on both legs
    for f in rows:
        assert f.this == pytest.approx(f.other / 2)
    assert not any(f.strength > 0 for f in found.interactions if "share" in f.name)


def test_the_question_names_the_two_and_is_no_warning() -> None:
    a, b = other(example(moving=False), shoe="flat"), other(example(moving=False), shoe="soft", mark="2")
    found = rs.compare(a, b)
    assert found.names == ("A (flat)", "B (soft)")
    assert "shoe" not in {w.about for w in found.warnings}


@pytest.mark.parametrize(("side", "degrees", "words"), [("left", 20, "extension"), ("right", -20, "flexion")])
def test_a_knee_held_otherwise_is_told_with_leg_and_direction(side: str, degrees: float, words: str) -> None:
    a = example(moving=False, emg=False)
    angles = a.curves["angles"]
    there = (angles["coordinate"] == "knee_angle") & (angles["side"] == side)
    turned = angles.where(~there, angles + np.deg2rad(degrees)).transpose(*angles.dims).assign_attrs(angles.attrs)
    b = dataclasses.replace(other(a), curves={**a.curves, "angles": turned})
    sentence = rs.compare(a, b).summary.sentence
    other_side = {"left": "right", "right": "left"}[side]
    assert sentence.startswith(f"The {side} knee was 20° further into {words} in A than in B")
    assert f"the {other_side} leg was not" in sentence


def test_mirrored_legs_exchange_their_sides() -> None:
    a = example(moving=False)
    b = other(scaled(a, "left", 0.5))
    here, there = rs.compare(b, a), rs.compare(_mirrored(b), _mirrored(a))
    turned = {"left": "right", "right": "left"}
    values = {(f.name, f.window_name, turned[f.side]): f.value for f in here.changes}
    assert {(f.name, f.window_name, f.side): f.value for f in there.changes} == pytest.approx(values)
    between = {(f.name, f.window_name): -f.value for f in here.interactions}
    assert {(f.name, f.window_name): f.value for f in there.interactions} == pytest.approx(between)


def _mirrored(analysis: rs.Analysis) -> rs.Analysis:
    swap = {"left": "right", "right": "left"}
    curves = {
        k: c.assign_coords(side=("cycle", [swap[str(s)] for s in c["side"].values])) for k, c in analysis.curves.items()
    }
    table, times = analysis.cycles, analysis.spatiotemporal
    return dataclasses.replace(
        analysis,
        curves=curves,
        cycles=table.assign(side=table["side"].map(swap)),
        spatiotemporal=times.assign(side=times["side"].map(swap)),
    )


def test_the_same_files_twice_are_refused(slow: rs.Analysis) -> None:
    with pytest.raises(RestrideError, match="found the same files for A and B"):
        rs.compare(slow, dataclasses.replace(slow, chapters=()))


def test_a_recording_without_strides_against_one_with_strides_says_which(
    slow: rs.Analysis, outings: list[rs.Analysis]
) -> None:
    with pytest.raises(RestrideError, match="found none in B"):
        rs.compare(slow, outings[1])


def test_walking_is_not_compared_with_running(slow: rs.Analysis) -> None:
    with pytest.raises(RestrideError, match="found running in A and walking in B"):
        rs.compare(slow, other(example(moving=False)))


def test_two_tests_are_not_compared() -> None:
    bare = example(moving=False, emg=False)
    with pytest.raises(RestrideError, match="expected one test"):
        rs.compare(other(bare, test="toe_taps"), other(bare, test="heel_walk", mark="2"))


def test_where_a_change_comes_from_is_asked_only_of_electrodes_left_in_place() -> None:
    a, b = example(moving=False), other(example(moving=False))
    anew = rs.compare(a, b)
    assert not anew.origin
    assert any("electrodes were not left in place" in text for text in anew.summary.not_measured)
    left = rs.compare(with_reference(a, 1e-4), with_reference(b, 1e-4), same_electrodes=True)
    assert not left.origin
    assert any("markers and force plates in both" in text for text in left.summary.not_measured)


def with_emg(analysis: rs.Analysis, size: float) -> rs.Analysis:
    """Two muscles of which each stride holds its own size everywhere, on a reference of 0.1 mV."""
    like = analysis.curves["angles"]
    sizes = size * np.where(like["side"].values == "left", 1.0, 0.5)[:, None, None] * np.ones((1, 101, 2))
    coords = {k: like[k] for k in ("cycle", "phase", "side")} | {"site": ["soleus", "tibialis_anterior"]}
    emg = xr.DataArray(sizes, dims=("cycle", "phase", "site"), coords=coords, attrs={"units": "1"})
    return with_reference(dataclasses.replace(analysis, curves={**analysis.curves, "emg": emg}), 1e-4)


def test_each_leg_is_asked_for_itself_where_its_change_comes_from(
    slow: rs.Analysis, fast: rs.Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Situation, Situation]] = []

    def answer(first: Situation, second: Situation, **_: object) -> str:
        asked.append((first, second))
        return first.side

    monkeypatch.setattr(origins, "origin", answer)
    found = rs.compare(with_emg(fast, 0.8), with_emg(slow, 0.4), same_electrodes=True)
    assert [str(answered) for answered in found.origin.values()] == list(found.origin) == ["left", "right"]
    for (first, second), size in zip(asked, (1.0, 0.5), strict=True):
        assert (first.name, second.name) == ("leg in A", "leg in B")
        np.testing.assert_allclose(first.emg, 0.8 * size)
        np.testing.assert_allclose(second.emg, 0.4 * size)
        # the faster stride is the shorter one
        assert first.task.time_s[-1] < second.task.time_s[-1]
