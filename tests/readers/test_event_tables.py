"""Tables of contacts: every event keeps its foot, its name and its time."""

from pathlib import Path

import pytest

import restride
from restride.cycles import kept, segment
from restride.errors import ReadError
from restride.readers import event_tables
from restride.readers.take import Take

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def read(folder: Path, text: str, take: Take | None = None) -> list[tuple[float, str, str]]:
    path = folder / "contacts.csv"
    path.write_text(text, encoding="utf-8")
    assert event_tables.sniff(text.encode())
    events = event_tables.read_event_table(path, take or Take()).events
    return list(events[["time_s", "side", "name"]].itertuples(index=False, name=None))


def test_columns_per_cycle_belong_to_the_side_that_take_yaml_states(tmp_path: Path) -> None:
    found = read(tmp_path, "touchdown_s,liftoff_s\n1.4,2.1\n2.4,\n", Take(contacts_of="left"))
    assert found == [(1.4, "left", "initial_contact"), (2.1, "left", "toe_off"), (2.4, "left", "initial_contact")]


def test_without_a_side_the_table_is_refused_with_the_line_that_helps(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"contacts: \{side: left\}"):
        read(tmp_path, "touchdown_s,liftoff_s\n1.4,2.1\n")


def test_frames_are_not_taken_for_seconds(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="expected the unit of the column 'ic'"):
        read(tmp_path, "foot,start,ic,tc\nleft,494,657,586\n", Take(contacts_of="left"))


def test_a_side_in_the_name_of_a_column_goes_before_the_stated_one(tmp_path: Path) -> None:
    text = "LHS_s,RTO [s],right foot strike (ms)\n1.0,1.1,1500\n2.0,2.1,2500\n"
    assert read(tmp_path, text, Take(contacts_of="left")) == [
        (1.0, "left", "initial_contact"),
        (1.1, "right", "toe_off"),
        (1.5, "right", "initial_contact"),
        (2.0, "left", "initial_contact"),
        (2.1, "right", "toe_off"),
        (2.5, "right", "initial_contact"),
    ]


def test_rows_of_events_keep_their_own_side(tmp_path: Path) -> None:
    text = "time_s;side;event\n0,5;R;Foot Strike\n0,9;left;toe off\n"
    assert read(tmp_path, text) == [(0.5, "right", "initial_contact"), (0.9, "left", "toe_off")]


def test_rows_that_are_no_contacts_are_told(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("time,foot,event\n1,left,heel strike\n2,both,jump\n", encoding="utf-8")
    recording = event_tables.read_event_table(path, Take())
    assert len(recording.events) == 1
    assert "both jump" in recording.doubts[0].message


@pytest.mark.parametrize(
    "head", ["time_s,TA_r,SO_r\n0,1,2\n", "percent,right\n1,2\n", "", "liftoff\n2\n", "time,touchdown_force\n1,2\n"]
)
def test_other_tables_are_left_to_their_readers(head: str) -> None:
    assert not event_tables.sniff(head.encode())


def test_an_empty_table_of_contacts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="times of contacts"):
        read(tmp_path, "touchdown_s,liftoff_s\n,\n", Take(contacts_of="left"))


def test_a_folder_of_emg_and_cycles_reads_in_one_call(shared: Path) -> None:
    take = EXAMPLES / "walk-emg-synergies" / "take.yaml"
    recording = restride.read(shared / "walk-emg-synergies", take=take)
    strides = kept(segment(recording.events))
    # the first touchdown of the set's own table, and five whole strides of the right leg
    assert strides["start_s"].iloc[0] == 1.414
    assert strides["toe_off_s"].iloc[0] == 2.074
    assert list(strides["side"]) == ["right"] * 5
    assert recording["emg"].sizes["channel"] == 13
