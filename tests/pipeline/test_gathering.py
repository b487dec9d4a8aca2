"""A folder in, its sessions out: what belongs together, what cannot be read, and nothing changed."""

import shutil
from pathlib import Path

import pytest

from restride.errors import ReadError, RestrideError
from restride.pipeline.gathering import COLUMNS, gather, gathered_words, sessions_table, write_takes
from restride.readers.take import load
from restride.signals.vocabulary import both_sides

EMG = "time_s,tibialis_anterior_l [mV],soleus [mV]\n" + "".join(
    f"{k / 1000},{k % 7 - 3},{k % 5 - 2}\n" for k in range(2000)
)
GPX = "<gpx><trk><type>running</type><trkseg>{}</trkseg></trk></gpx>"


def track(hour: int, minutes: int) -> str:
    points = [
        f'<trkpt lat="0" lon="{k / 5000}"><time>2021-05-06T{hour:02d}:{k // 60:02d}:{k % 60:02d}Z</time></trkpt>'
        for k in range(60 * minutes)
    ]
    return GPX.format("".join(points))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two watches on one outing, a later outing, EMG with an unnamed channel, a broken file, a copy, notes."""
    root = tmp_path / "all"
    (root / "lab").mkdir(parents=True)
    (root / "wrist.gpx").write_text(track(9, 5), encoding="utf-8")
    (root / "phone.gpx").write_text(track(9, 6), encoding="utf-8")
    (root / "evening.gpx").write_text(track(18, 3), encoding="utf-8")
    (root / "lab" / "walk_emg.csv").write_text(EMG, encoding="utf-8")
    (root / "lab" / "walk_contacts.csv").write_text("left_touchdown_s\n0.5\n1.6\n", encoding="utf-8")
    (root / "broken.fit").write_bytes(b"nothing of a watch")
    (root / "copy.gpx").write_text(track(18, 3), encoding="utf-8")
    (root / "notes.md").write_text("left leg tired", encoding="utf-8")
    (root / ".hidden.gpx").write_text(track(20, 1), encoding="utf-8")
    return root


def test_files_are_grouped_by_time_or_by_name(folder: Path) -> None:
    sessions = gather(folder).sessions
    found = {frozenset(f.path.name for f in s.files): s.grouped_by for s in sessions}
    assert found == {
        frozenset({"wrist.gpx", "phone.gpx"}): "times overlap",
        frozenset({"copy.gpx"}): "",
        frozenset({"walk_emg.csv", "walk_contacts.csv"}): "one folder, one name: walk",
    }
    # in order of time, undated ones last
    assert [s.files[0].started[:13] for s in sessions] == ["2021-05-06T09", "2021-05-06T18", ""]


def test_bad_files_and_copies_are_listed_with_their_reason(folder: Path) -> None:
    found = gather(folder)
    reasons = {f.path.name: f.problem for f in found.unread}
    assert reasons.keys() == {"broken.fit", "evening.gpx"}
    assert reasons["evening.gpx"] == "the same file as copy.gpx"
    assert "begins like none of them" in reasons["broken.fit"]
    assert found.unknown == 1
    lines = gathered_words(found)
    assert lines[0].startswith("5 files in 3 sessions, 2 files that cannot be read, 1 file of no kind restride knows.")


def test_the_table_has_one_row_per_file(folder: Path) -> None:
    table = sessions_table(gather(folder))
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 7
    wrist = table.set_index("file").loc["wrist.gpx"]
    assert (wrist["kind"], wrist["started"], wrist["duration_s"]) == (
        "GPX (running)",
        "2021-05-06T09:00:00+00:00",
        299.0,
    )


def test_nothing_is_changed_unless_takes_are_asked_for_and_none_is_overwritten(folder: Path) -> None:
    before = sorted((p.as_posix(), p.read_bytes()) for p in folder.rglob("*") if p.is_file())
    found = gather(folder)
    assert before == sorted((p.as_posix(), p.read_bytes()) for p in folder.rglob("*") if p.is_file())
    written, there = write_takes(found, folder)
    assert Path("lab/take.yaml") in written
    assert there == []
    text = (folder / "lab" / "take.yaml").read_text(encoding="utf-8")
    (folder / "lab" / "take.yaml").write_text(text + "subject: {mass_kg: 70}\n", encoding="utf-8")
    again, there = write_takes(found, folder)
    assert again == []
    assert Path("lab/take.yaml") in there
    assert "mass_kg" in (folder / "lab" / "take.yaml").read_text(encoding="utf-8")


def test_a_suggested_take_states_no_side_and_refuses_to_be_half_filled_in(folder: Path) -> None:
    session = next(s for s in gather(folder).sessions if s.take_path == Path("lab/take.yaml"))
    path = folder / "suggested.yaml"
    path.write_text(session.take, encoding="utf-8")
    take = load(path)
    assert take.files == ("walk_contacts.csv", "walk_emg.csv")
    assert (take.emg.side, take.channels, take.conditions.movement) == (None, {}, None)
    assert '#   "soleus": null' in session.take
    # the marks taken away without an answer
    answered = "\n".join(line.removeprefix("# ") for line in session.take.splitlines()[2:] if "side" in line)
    path.write_text(answered, encoding="utf-8")
    with pytest.raises(ReadError, match="SIDE"):
        load(path)
    assert not any(name in session.take for name in both_sides("soleus"))


def test_a_take_beside_the_files_groups_them(folder: Path) -> None:
    (folder / "lab" / "walk_contacts.csv").rename(folder / "lab" / "second.csv")
    assert len(gather(folder).sessions) == 4
    (folder / "lab" / "take.yaml").write_text("files: [walk_emg.csv, second.csv]\n", encoding="utf-8")
    sessions = gather(folder).sessions
    assert [s.grouped_by for s in sessions][-1] == "a take.yaml beside them"
    assert sessions[-1].take == ""


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(RestrideError, match="found none"):
        gather(tmp_path)
    with pytest.raises(RestrideError, match="expected a folder"):
        gather(tmp_path / "missing")


def test_published_runs_of_one_trial_are_one_session(shared: Path, tmp_path: Path) -> None:
    for name in ("grf.mot", "markers.trc"):
        shutil.copyfile(shared / "run-four-speeds" / "run200" / name, tmp_path / name)
    (session,) = gather(tmp_path).sessions
    assert session.grouped_by == "one folder, and each holds another kind"
