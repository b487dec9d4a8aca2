"""Steps of a force without a side: what the chapter says, and when it says nothing."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.cycles.test_force_steps import runner

import restride as rs
from restride.chapters.force_steps import chapters
from restride.cycles import segment
from restride.signals.recording import Conditions, Recording, no_events
from restride.signals.schema import labelled

NO_STRIDES = segment(no_events())


def test_a_force_without_a_side_gives_steps_and_says_so() -> None:
    (chapter,) = chapters(Recording({"vertical_force": runner()}), NO_STRIDES)
    assert "167 steps per minute" in chapter.sentences[0]
    assert "which foot is which is not known" in chapter.sentences[0]
    assert {m.side for m in chapter.measures} == {"both"}
    assert not any("zero of the force" in sentence for sentence in chapter.sentences)


def limping(longer_s: float, *, seed: int = 0) -> xr.DataArray:
    """A runner of whom every other contact lasts longer; contacts scatter by 4 ms."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(30 * 500) / 500
    force = np.zeros(time_s.size)
    for k in range(80):
        start_s, lasts_s = 0.3 + 0.36 * k, 0.24 + (k % 2) * longer_s + 0.004 * rng.standard_normal()
        inside = (time_s >= start_s) & (time_s < start_s + lasts_s)
        force[inside] = 1500 * np.sin(np.pi * (time_s[inside] - start_s) / lasts_s)
    return labelled(force, dims=("time",), units="N", coords={"time": time_s})


def test_a_limp_is_seen_without_its_side() -> None:
    (chapter,) = chapters(Recording({"vertical_force": limping(0.02)}), NO_STRIDES)
    assert "Every other contact lasts" in chapter.sentences[1]
    assert "nothing says which is which" in chapter.sentences[1]
    found = re.search(r"lasts (\d+) ms longer", chapter.sentences[1])
    assert found is not None
    assert abs(int(found[1]) - 20) <= 3


def test_even_steps_are_not_called_a_limp() -> None:
    said = [
        chapters(Recording({"vertical_force": limping(0.0, seed=k)}), NO_STRIDES)[0].sentences[1] for k in range(10)
    ]
    assert sum("longer" in sentence for sentence in said) <= 1


def test_plates_that_nobody_sorted_are_read_as_one_force() -> None:
    force = runner()
    values = np.stack([0 * force.values, force.values, 0 * force.values], axis=1)[:, None, :]
    plates = labelled(
        values,
        dims=("time", "plate", "space"),
        units="N",
        coords={"time": force["time"].values, "plate": ["belt"], "space": ["x", "y", "z"]},
    )
    assert chapters(Recording({"plate_grf": plates}), NO_STRIDES)


@pytest.mark.parametrize("test", [None, "quiet_standing"])
def test_who_stands_on_the_plate_takes_no_steps(test: str | None) -> None:
    time_s = np.arange(3000) / 100
    stands = labelled(700 + 3 * np.sin(time_s), dims=("time",), units="N", coords={"time": time_s})
    conditions = Conditions(test="quiet_standing" if test else None)
    assert chapters(Recording({"vertical_force": stands}, conditions=conditions), NO_STRIDES) == []


def test_the_published_run_is_told_on_a_page(shared: Path) -> None:
    take = Path("examples/run-force-drift/take.yaml")
    analysis = rs.analyse(rs.read(shared / "run-force-drift", take=take))
    assert analysis.summary.sentence.startswith("Running at 156 steps per minute")
    assert [c.title for c in analysis.chapters[0].charts] == [
        "Contact and flight, step by step",
        "Drift of the force's zero",
    ]
