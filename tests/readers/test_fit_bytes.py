"""FIT bytes to messages, against fitdecode and against files of known content."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers import fit_files, fit_oracle
from tests.readers.fit_files import RECORD, START, UINT8, UINT16, UINT32, definition, packed, ride, whole

from restride.errors import ReadError
from restride.readers.fit_checksum import checksum
from restride.readers.fit_messages import Message, Messages, decode

DAMAGED = (
    "fit-edge-cases/compressed-speed-distance.fit",
    "fit-run/fenix5_run_short.fit",
    "fit-run/fenix5x_stryd_balance.fit",
)
MUTANTS = 40
BEGINNING = 4000
MOST = 40_000  # bytes of each recording; the validation compares them whole


@given(st.binary(max_size=700))
def test_the_checksum_is_that_of_one_bit_after_the_other(content: bytes) -> None:
    assert checksum(content) == fit_files.checksum(content)


def test_every_number_is_what_fitdecode_reads(shared: Path) -> None:
    files = sorted(shared.glob("fit-*/*.fit"))
    assert len(files) >= 25
    for file in files:
        content = file.read_bytes()[:MOST]
        theirs, sums_agree = fit_oracle.messages(content)
        ours = decode(content)
        assert ours.checksum == sums_agree, file.name
        assert by_name(ours) == {name: list(map(plain, rows)) for name, rows in theirs.items()}, file.name


def test_damaged_files_give_every_message_that_fitdecode_gives(shared: Path) -> None:
    rng = np.random.default_rng(7)
    complete = 0
    for name in (
        "fit-edge-cases/compressed-speed-distance",
        "fit-run/fenix5_run_short",
        "fit-run/fenix5x_stryd_balance",
    ):
        content = (shared / f"{name}.fit").read_bytes()[:BEGINNING]
        for _ in range(MUTANTS):
            mutant = bytearray(content)
            for place in rng.integers(0, len(mutant), size=3):
                mutant[place] ^= int(rng.integers(1, 256))
            theirs, _ = fit_oracle.messages(bytes(mutant))
            try:
                ours = by_name(decode(bytes(mutant)))
            except ReadError:
                ours = {}
            for kind, rows in theirs.items():
                found = ours.get(kind, [])
                assert len(found) >= len(rows)
                complete += len(rows)
                for row, expected in zip(found, rows, strict=False):
                    # parts of a field that is laid out otherwise than the profile says are left out
                    assert {**plain(expected), **row} == plain(expected)
                    assert all(name.startswith("enhanced_") for name in plain(expected).keys() - row.keys())
    assert complete > MUTANTS


def test_big_endian_is_read() -> None:
    body = definition(0, RECORD, [(253, UINT32, 1), (7, UINT16, 1)])
    body = bytes([body[0], 0, 1]) + struct.pack(">H", RECORD) + body[5:]
    body += bytes([0]) + struct.pack(">IH", START, 321)
    assert decode(whole(body)).records == ({"timestamp": float(START), "power": 321.0},)


def test_a_compressed_time_counts_on_over_its_32_seconds() -> None:
    body = definition(0, RECORD, [(253, UINT32, 1)]) + bytes([0]) + packed(UINT32, [START])
    body += definition(1, RECORD, [(4, UINT8, 1)])
    seconds = (3, 20, 31, 40, 71, 72)
    for second in seconds:
        body += bytes([0x80 | 1 << 5 | (START + second) & 31, 90])
    times = [row["timestamp"] for row in decode(whole(body)).records]
    assert times == [START, *(START + second for second in seconds)]


def test_messages_of_two_layouts_stay_in_order() -> None:
    body = definition(0, RECORD, [(253, UINT32, 1)]) + definition(1, RECORD, [(253, UINT32, 1), (7, UINT16, 1)])
    for i in range(9):
        body += bytes([i % 2]) + packed(UINT32, [START + i]) + (packed(UINT16, [i]) if i % 2 else b"")
    records = decode(whole(body)).records
    assert [row["timestamp"] for row in records] == [START + i for i in range(9)]
    assert [row.get("power") for row in records] == [i if i % 2 else None for i in range(9)]


def test_an_empty_field_is_not_there() -> None:
    records = decode(ride(6, columns={"heart_rate": [60, -1, 61, -1, 62, 63]})).records
    assert [row.get("heart_rate") for row in records] == [60, None, 61, None, 62, 63]


def test_a_distance_of_few_bits_counts_on() -> None:
    body = definition(0, RECORD, [(8, fit_files.BYTE, 3)])
    steps = [0, 3000, 4000, 6000, 9000]  # sixteenths of a metre, of which 12 bits are stored
    for step in steps:
        body += bytes([0]) + ((250 | (step & 0xFFF) << 12).to_bytes(3, "little"))
    records = decode(whole(body)).records
    assert [row["distance"] for row in records] == [step / 16 for step in steps]
    assert {row["speed"] for row in records} == {2.5}


@pytest.mark.parametrize("cut", [1, 2, 3, 20])
def test_a_file_cut_off_gives_its_whole_messages_and_says_so(cut: int) -> None:
    content = ride(50)
    found = decode(content[:-cut])
    assert found.damage
    assert found.checksum is None
    assert len(found.records) == 50


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_decoder(body: bytes) -> None:
    try:
        found = decode(whole(body))
    except ReadError:
        return
    assert found.records or found.others


def by_name(found: Messages) -> dict[str, list[dict[str, object]]]:
    rows = {name: [plain((row, {})) for row in others] for name, others in found.others.items()}
    records = list(map(plain, zip(found.records, found.developer, strict=True)))
    return rows | ({"record": records} if records else {})


def plain(row: tuple[Message, Message]) -> dict[str, object]:
    # as text, so that NaN equals NaN
    return {name: repr(value) for name, value in {**row[0], **row[1]}.items()}
