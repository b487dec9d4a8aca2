"""GPX and TCX: what a track carries, what it never carries, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from restride.chapters.watch import chapters
from restride.errors import ReadError
from restride.readers import read
from restride.readers.take import parsed
from restride.readers.watch_clock import EARTH_RADIUS_M, increasing, path_m, turn_rate
from restride.signals.recording import Recording
from restride.signals.schema import FloatArray

SIZE = 61
SPEED_M_S = 4.0


def circle(radius_m: float) -> tuple[FloatArray, FloatArray]:
    """Latitude and longitude in degrees of a circle run to the left, one fix per second."""
    angle = SPEED_M_S * np.arange(SIZE) / radius_m
    north, east = radius_m * np.sin(angle), radius_m * np.cos(angle)
    return np.rad2deg(north / EARTH_RADIUS_M), np.rad2deg(east / EARTH_RADIUS_M)


def gpx(tmp_path: Path, *, head: str = "", cut: int | None = None, kind: str = "running") -> Path:
    latitude, longitude = circle(40.0)
    points = "".join(
        f'<trkpt lat="{latitude[i]:.9f}" lon="{longitude[i]:.9f}"><ele>{100 + i}</ele>'
        f"<time>2024-05-01T10:{i // 60:02d}:{i % 60:02d}Z</time>"
        f"<extensions><x:hr>150</x:hr><x:cad>85</x:cad></extensions></trkpt>"
        for i in range(SIZE)
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<gpx xmlns="a" xmlns:x="b"><trk><type>{kind}</type><trkseg>'
    path = tmp_path / "track.gpx"
    path.write_text((text + points + "</trkseg></trk></gpx>")[:cut], encoding="utf-8")
    return path


def of(path: Path) -> Recording:
    return read(path, take=parsed({}))


def test_a_gpx_track_gives_distance_height_and_steps_in_si(tmp_path: Path) -> None:
    found = of(gpx(tmp_path))
    chord_m = 2 * 40.0 * np.sin(SPEED_M_S / 80.0)
    assert_allclose(found["distance"].values, chord_m * np.arange(SIZE), rtol=1e-4)
    assert_allclose(found["altitude"].values, 100.0 + np.arange(SIZE))
    assert_allclose(found["step_rate"].values, 2 * 85 / 60)
    assert_allclose(found["heart_rate"].values, 2.5)


def test_turning_left_is_positive(tmp_path: Path) -> None:
    rate = of(gpx(tmp_path))["turn_rate"].values
    assert_allclose(rate[6:-6], SPEED_M_S / 40.0, rtol=1e-3)
    assert np.isnan(rate[:3]).all()


def test_a_track_says_that_it_carries_no_left_and_right(tmp_path: Path) -> None:
    found = of(gpx(tmp_path))
    assert any(d.about == "sides" and "no left and right" in d.message for d in found.doubts)
    assert "left_share" not in found


def test_cadence_of_an_unnamed_sport_is_left_out(tmp_path: Path) -> None:
    found = of(gpx(tmp_path, kind="9"))
    assert "step_rate" not in found
    assert "cadence" not in found
    assert any(d.about == "cadence" for d in found.doubts)


def test_a_track_cut_off_is_read_up_to_the_cut_with_a_doubt(tmp_path: Path) -> None:
    found = of(gpx(tmp_path, cut=4000))
    assert 5 < found["distance"].sizes["time"] < SIZE
    assert any("damaged" in d.message for d in found.doubts)


@pytest.mark.parametrize("head", ['<!DOCTYPE gpx [<!ENTITY a "b">]>', '<!DOCTYPE gpx SYSTEM "file">'])
def test_declared_entities_are_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(ReadError, match="plain track"):
        of(gpx(tmp_path, head=head))


def test_a_tcx_track_gives_power_cadence_and_its_own_distance(tmp_path: Path) -> None:
    points = "".join(
        f"<Trackpoint><Time>2024-05-01T10:00:{i:02d}.500Z</Time><DistanceMeters>{7 * i}</DistanceMeters>"
        "<HeartRateBpm><Value>120</Value></HeartRateBpm><Cadence>90</Cadence>"
        "<Extensions><n:TPX><n:Speed>7.0</n:Speed><n:Watts>210</n:Watts></n:TPX></Extensions></Trackpoint>"
        for i in range(30)
    )
    path = tmp_path / "ride.tcx"
    path.write_text(
        '<?xml version="1.0"?><TrainingCenterDatabase xmlns="a" xmlns:n="b"><Activities><Activity Sport="Biking">'
        f"<Lap><Cadence>11</Cadence><Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>",
        encoding="utf-8",
    )
    found = of(path)
    assert found.sources[0].format == "TCX (biking)"
    assert_allclose(found["distance"].values, 7.0 * np.arange(30))
    assert_allclose(found["speed"].values, 7.0)
    assert_allclose(found["power"].values, 210.0)
    assert_allclose(found["cadence"].values, 1.5)
    assert_allclose(found["heart_rate"].values, 2.0)


def test_the_longest_run_of_times_is_kept() -> None:
    times = np.array([0.0, 1.0, 900.0, 2.0, np.nan, 3.0, 3.0, 4.0, 1e9])
    assert times[increasing(times)].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_path_across_the_date_line_is_short_and_straight() -> None:
    longitude = np.deg2rad(np.array([179.9999, 180.0 - 1e-9, -179.9999, -179.9998]))
    latitude = np.zeros(4)
    assert path_m(latitude, longitude)[-1] == pytest.approx(np.deg2rad(0.0003) * EARTH_RADIUS_M, rel=1e-3)
    times = np.arange(20.0)
    east = np.deg2rad((179.9995 + 0.0001 * np.arange(20) + 180) % 360 - 180)
    rate = turn_rate(times, np.zeros(20), east)
    assert_allclose(rate[np.isfinite(rate)], 0.0, atol=1e-9)


@pytest.mark.parametrize(("kind", "words"), [("running", "170 steps per minute"), ("cycling", "85 turns per minute")])
def test_a_track_has_a_page_that_compares_no_legs(tmp_path: Path, kind: str, words: str) -> None:
    (chapter,) = chapters(of(gpx(tmp_path, kind=kind)), pd.DataFrame())
    assert f"60 s recorded as {kind}, 0.2 km: " in chapter.sentences[0]
    assert words in chapter.sentences[0]
    assert chapter.sentences[0].endswith("nothing in this file separates the legs.")
