"""Whatever an outing holds or lacks, its chapters are whole sentences and numbers that the page can draw."""

import re

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from restride.chapters.watch import chapters
from restride.report.parts import part_of
from restride.signals.recording import Recording, Source
from restride.signals.schema import KINDS, SIDES, labelled
from restride.signals.units import SI_UNITS

# kind -> usual value and its spread
ONE: dict[str, tuple[float, float]] = {
    "power": (200.0, 80.0),
    "cadence": (1.4, 0.3),
    "step_rate": (2.7, 0.2),
    "speed": (3.0, 1.0),
    "heart_rate": (2.3, 0.2),
    "contact_time": (0.25, 0.02),
    "contact_left_share": (0.5, 0.01),
    "left_share": (0.5, 0.05),
    "vertical_oscillation": (0.09, 0.01),
    "altitude": (100.0, 5.0),
    "distance": (0.0, 0.0),
    "turn_rate": (0.0, 0.1),
}
SIDED: dict[str, tuple[float, float]] = {
    "torque_effectiveness": (0.8, 0.05),
    "pedal_smoothness": (0.2, 0.02),
    "power_phase": (3.0, 2.0),
}


@st.composite
def outings(draw: st.DrawFn) -> Recording:
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    size = draw(st.sampled_from([1, 2, 7, 60, 400, 1500]))
    time_s = np.cumsum(rng.choice([1.0, 1.0, 1.0, 7.0, 300.0], p=[0.5, 0.3, 0.15, 0.04, 0.01], size=size))
    kinds = draw(st.lists(st.sampled_from([*ONE, *SIDED]), min_size=1, max_size=9, unique=True))
    missing = draw(st.sampled_from([0.0, 0.3, 0.95]))
    still = draw(st.booleans())
    signals = {}
    for kind in kinds:
        middle, spread = ONE.get(kind) or SIDED[kind]
        shape = tuple({"time": size, "side": 2, "bound": 2}[dim] for dim in KINDS[kind].dims)
        values = middle + (0.0 if still else spread) * rng.normal(size=shape)
        values = np.cumsum(np.abs(rng.normal(3.0, 1.0, size=size))) if kind == "distance" else values
        values = np.clip(values, 0.0, 1.0) if kind.endswith("share") else values
        coords: dict[str, object] = {"time": time_s, "side": list(SIDES), "bound": ["start", "end"]}
        coords = {name: value for name, value in coords.items() if name in KINDS[kind].dims}
        if kind == "left_share":
            known = rng.uniform(size=size) < draw(st.sampled_from([0.0, 0.5, 1.0]))
            coords["side_known"] = ("time", known)
        values[rng.uniform(size=shape) < missing] = np.nan
        signals[kind] = labelled(values, dims=KINDS[kind].dims, units=KINDS[kind].units[0], coords=coords, name=kind)
    sport = draw(st.sampled_from(["cycling", "running", "walking", "sport not stated"]))
    return Recording(signals, sources=(Source(f"FIT ({sport})", "0" * 64),))


@settings(max_examples=60, deadline=None)
@given(outings())
def test_any_outing_has_chapters_that_can_be_told_and_drawn(recording: Recording) -> None:
    found = chapters(recording, pd.DataFrame())
    assert [c.key for c in found].count("course") == (1 if set(recording.signals) - {"turn_rate"} else 0)
    assert len({c.key for c in found}) == len(found)
    for chapter in found:
        for text in (*chapter.sentences, chapter.sureness, *chapter.not_measured, *(c.words for c in chapter.charts)):
            assert not re.search(r"\bnan\b|\bNone\b|\binf\b", text), text
        assert all(s.endswith(".") for s in chapter.sentences), chapter.sentences
        for m in chapter.measures:
            assert np.isfinite(m.value) or m.interval_reason, m
            assert m.units in SI_UNITS
            assert (m.interval is None) == bool(m.interval_reason), m
            assert m.interval is None or m.interval[0] <= m.interval[1], m
        for chart in chapter.charts:
            assert chart.x.ndim == 1
            assert all(v.shape == chart.x.shape for v in chart.series.values()), chart.title
        part_of(chapter)
