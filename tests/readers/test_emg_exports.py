from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.readers import emg_files

import restride
from restride.errors import ReadError
from restride.pipeline import inspection
from restride.readers.emg_channels import steady_clock
from restride.readers.opensignals import volts_from_counts
from restride.readers.take import EmgNotes, Take
from restride.signals.schema import sampling_rate_hz

COUNTS = np.array([0, 32768, 65535, 40000, 12880, 32768, 33000])


def said(recording: restride.Recording) -> str:
    return " ".join(f"{d.message} {d.remedy}" for d in recording.doubts)


def test_the_trigno_sample_is_read_as_its_header_and_table_say(shared: Path) -> None:
    recording = restride.read(shared / "emg-vendor-exports" / "delsys_trigno_sample.csv")
    emg = recording["emg"]
    assert emg.sizes == {"time": 2519, "channel": 2}
    assert emg.attrs["units"] == "V"
    assert sampling_rate_hz(emg) == pytest.approx(1259.259, rel=1e-6)
    # cells of its last row
    assert_allclose(emg.values[-1], [0.0002955825, -1.762417e-05], rtol=0, atol=0)
    assert emg["time"].values[-1] == pytest.approx(1.999588, abs=1e-6)


def test_the_trigno_sample_says_that_it_was_cut_and_that_blank_cells_are_no_gaps(shared: Path) -> None:
    recording = restride.read(shared / "emg-vendor-exports" / "delsys_trigno_sample.csv")
    assert "promises 81141 samples" in said(recording)
    assert not np.isnan(recording["emg"].values).any()


def test_the_plux_sample_becomes_volts_by_the_transfer_function_of_its_data_sheet(shared: Path) -> None:
    recording = restride.read(shared / "emg-vendor-exports" / "plux_emg_bursts.h5")
    emg = recording["emg"]
    assert emg.sizes == {"time": 28519, "channel": 1}
    assert emg["time"].values[-1] == pytest.approx(28.518)
    assert emg.attrs["units"] == "V"
    # smallest and largest count of the file, 16 bits, 3 V, gain 1000
    assert_allclose(
        [emg.min(), emg.max()], [(12880 / 65536 - 0.5) * 3e-3, (43226 / 65536 - 0.5) * 3e-3], rtol=0, atol=1e-15
    )
    assert recording.sources[0].device == "PLUX channeller"


@pytest.mark.parametrize("name", ["delsys_trigno_sample.csv", "plux_emg_bursts.h5"])
def test_emg_alone_is_inspected_and_its_analysis_says_what_strides_need(shared: Path, name: str) -> None:
    recording = restride.read(shared / "emg-vendor-exports" / name)
    words = "\n".join(inspection.words(inspection.inspect(recording)))
    assert "emg" in words
    assert "names no muscle known here" in words
    assert "cannot answer: where in the stride" in words
    analysis = restride.analyse(recording)
    assert not analysis.findings
    assert "emg" not in analysis.curves


def test_accelerometers_and_gyroscopes_of_the_trigno_sample_keep_their_own_rate(shared: Path) -> None:
    recording = restride.read(shared / "emg-vendor-exports" / "delsys_trigno_sample.csv")
    for kind in ("acc", "gyr"):
        # 148.148 Hz from 0 to its last time, 1.99800 s, in row 297 of the table
        assert recording[kind].sizes == {"time": 297, "sensor": 2, "space": 3}
        assert recording[kind]["time"].values[-1] == pytest.approx(296 * 0.00675, abs=1e-5)


def test_acceleration_of_a_trigno_sensor_is_in_metres_per_square_second_on_its_own_axes(tmp_path: Path) -> None:
    acc = restride.read(emg_files.trigno(tmp_path / "a.csv", {"L TA": emg_files.wave(60)}))["acc"]
    assert_allclose(acc.values, np.tile([0.6 * 9.80665, 0.0, -0.8 * 9.80665], (6, 1, 1)), rtol=1e-12)
    assert acc["sensor"].values.tolist() == ["L TA"]


def test_a_sensor_called_after_a_muscle_is_sorted(tmp_path: Path) -> None:
    path = emg_files.trigno(tmp_path / "a.csv", {"L TA": emg_files.wave(60), "R Soleus": emg_files.wave(60, step=0.5)})
    emg = restride.read(path)["emg"]
    assert emg["channel"].values.tolist() == ["tibialis_anterior_l", "soleus_r"]
    assert_allclose(emg.sel(channel="soleus_r"), emg_files.wave(60, step=0.5), rtol=1e-6)


def test_rounded_times_of_a_long_trigno_table_do_not_move_its_rate() -> None:
    times = np.array([float(f"{i / 1259.259:.7g}") for i in range(81141)])
    start_s, rate_hz, doubts = steady_clock(times)
    assert (start_s, doubts) == (0.0, ())
    assert rate_hz == pytest.approx(1259.259, rel=1e-7)


def test_a_header_that_contradicts_the_times_is_not_believed() -> None:
    start_s, rate_hz, doubts = steady_clock(2.0 + np.arange(500) / 1000, rate_hz=2000.0)
    assert start_s == pytest.approx(2.0)
    assert rate_hz == pytest.approx(1000.0)
    assert "the times were believed" in doubts[0].message


def test_times_that_stand_still_are_an_error() -> None:
    with pytest.raises(ReadError, match="increase"):
        steady_clock(np.ones(100))


def test_discover_gives_millivolts_and_leaves_out_the_slower_sensor_with_a_doubt(tmp_path: Path) -> None:
    fast, slow = 1e3 * emg_files.wave(90), 1e3 * emg_files.wave(53)
    sensors = {"L TA (81029)": (2148.1481, fast), "R TA (81030)": (1259.2593, slow)}
    recording = restride.read(emg_files.discover(tmp_path / "a.csv", sensors))
    assert "promises" not in said(recording)
    assert recording["emg"]["channel"].values.tolist() == ["tibialis_anterior_l"]
    assert_allclose(recording["emg"].values[:, 0], emg_files.wave(90), rtol=1e-6, atol=1e-12)
    assert "R TA (81030): EMG 1 (1259.26 Hz)" in said(recording)


def test_a_trigno_table_that_is_not_in_the_order_of_its_header_is_refused(tmp_path: Path) -> None:
    path = emg_files.trigno(tmp_path / "a.csv", {"L TA": emg_files.wave(40), "R TA": emg_files.wave(40)})
    swapped = path.read_text().replace('"L TA: EMG 0"', '"X"').replace('"R TA: EMG 1"', '"L TA: EMG 0"')
    path.write_text(swapped)
    with pytest.raises(ReadError, match="in their order"):
        restride.read(path)


@pytest.mark.parametrize("labels", [("LT TIB.ANT. (uV)", "RT SOLEUS (uV)"), ("LT TIB.ANT.,uV", "RT SOLEUS,uV")])
def test_microvolts_of_noraxon_become_volts_under_their_muscles(tmp_path: Path, labels: tuple[str, str]) -> None:
    left, right = 1e6 * emg_files.wave(40), 1e6 * emg_files.wave(40, step=0.4)
    path = emg_files.noraxon(tmp_path / "a.csv", {labels[0]: left, labels[1]: right, "Switch (On)": np.ones(40)})
    recording = restride.read(path)
    assert recording["emg"]["channel"].values.tolist() == ["tibialis_anterior_l", "soleus_r"]
    assert_allclose(recording["emg"].values, np.column_stack([left, right]) * 1e-6, rtol=1e-5, atol=1e-11)
    assert sampling_rate_hz(recording["emg"]) == pytest.approx(1500.0)
    assert "Switch" in said(recording)


def test_the_older_tab_export_of_noraxon_is_read_with_decimal_commas(tmp_path: Path) -> None:
    rows = ["\t".join([f"{i / 1500:.5f}", f"{10 * (-1) ** i:.1f}"]).replace(".", ",") for i in range(30)]
    head = ["Subject\tx", "Record\tx", "Date\tx", "", "Time,s\tRT RECTUS FEM.,uV"]
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*head, *rows]) + "\n")
    emg = restride.read(path)["emg"]
    assert emg["channel"].values.tolist() == ["rectus_femoris_r"]
    assert_allclose(emg.values[:3, 0], [1e-5, -1e-5, 1e-5])


def test_marks_of_noraxon_are_told_and_are_no_events(tmp_path: Path) -> None:
    columns = {"LT TIB.ANT. (uV)": 1e6 * emg_files.wave(40)}
    recording = restride.read(emg_files.noraxon(tmp_path / "a.csv", columns, marked=(15,)))
    assert "at 0.010 s" in said(recording)
    assert recording.events.empty


def test_acceleration_under_a_muscles_name_is_no_emg(tmp_path: Path) -> None:
    columns = {"LT TIB.ANT. (uV)": 1e6 * emg_files.wave(40), "Ultium EMG-RT TIB.ANT. Accel X (mG)": np.ones(40)}
    emg = restride.read(emg_files.noraxon(tmp_path / "a.csv", columns))["emg"]
    assert emg["label"].values.tolist() == ["LT TIB.ANT."]


def test_counts_in_the_middle_are_zero_volts_and_full_scale_is_half_the_supply_over_the_gain() -> None:
    volts = volts_from_counts(np.array([0.0, 512.0, 1024.0]), resolution_bits=10, supply_v=3.3, gain=1009.0)
    # the data sheet of the BITalino EMG sensor gives a range of 1.64 mV either side
    assert_allclose(volts, [-1.635e-3, 0.0, 1.635e-3], atol=5e-7)


@pytest.mark.parametrize(("device", "bits", "full_v"), [("biosignalsplux", 16, 3e-3), ("bitalino_rev", 10, 3.3 / 1009)])
def test_text_counts_use_the_resolution_of_their_own_channel(
    tmp_path: Path, device: str, bits: int, full_v: float
) -> None:
    counts = COUNTS >> (16 - bits)
    emg = restride.read(emg_files.opensignals_text(tmp_path / "a.txt", counts, device=device))["emg"]
    assert emg["channel"].values.tolist() == ["tibialis_anterior_r"]
    assert_allclose(emg.values[:, 0], (counts / 2**bits - 0.5) * full_v, rtol=1e-12, atol=1e-18)


def test_text_and_hdf5_of_one_recording_agree(tmp_path: Path) -> None:
    text = restride.read(emg_files.opensignals_text(tmp_path / "a.txt", COUNTS))["emg"]
    hdf5 = restride.read(emg_files.opensignals_hdf5(tmp_path / "a.h5", COUNTS))["emg"]
    assert_allclose(text.values, hdf5.values, rtol=0, atol=0)
    assert text["channel"].values.tolist() == hdf5["channel"].values.tolist()


def test_a_device_without_a_published_transfer_function_gives_no_volts(tmp_path: Path) -> None:
    recording = restride.read(emg_files.opensignals_hdf5(tmp_path / "a.h5", COUNTS, device="prototype"))
    assert recording["emg"].attrs["units"] == "unstated"
    assert "'prototype' is not known here" in said(recording)


def test_samples_lost_on_the_way_are_not_measured_and_keep_the_clock(tmp_path: Path) -> None:
    # numbers of four bits that begin again: 14, 15, then 2 instead of 0
    sequence = [12, 13, 14, 15, 2, 3, 4]
    path = emg_files.opensignals_text(tmp_path / "a.txt", COUNTS, device="bitalino_rev", sequence=sequence)
    recording = restride.read(path)
    assert np.flatnonzero(np.isnan(recording["emg"].values[:, 0])).tolist() == [4, 5]
    assert recording["emg"].sizes["time"] == 9
    assert "2 samples were lost" in said(recording)


def test_channels_named_in_the_take_are_emg_whatever_the_file_calls_them(tmp_path: Path) -> None:
    path = emg_files.opensignals_text(tmp_path / "a.txt", COUNTS)
    take = Take(channels={"R_TA": "soleus_l"}, emg=EmgNotes(delay_s=0.01))
    emg = restride.read(path, take=take)["emg"]
    assert emg["channel"].values.tolist() == ["soleus_l"]
    assert emg["time"].values[0] == pytest.approx(-0.01)


def test_an_hdf5_file_of_another_program_is_refused(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = np.arange(5)
    with pytest.raises(ReadError, match="another program"):
        restride.read(tmp_path / "a.h5")


def test_two_c3d_channels_of_one_label_are_both_kept_and_doubted(tmp_path: Path) -> None:
    one, other = emg_files.wave(200), emg_files.wave(200, step=0.4)
    recording = restride.read(emg_files.c3d(tmp_path / "a.c3d", [("L TA", one), ("L TA", other), ("R TA", one)]))
    emg = recording["emg"]
    assert emg["channel"].values[[0, 2]].tolist() == ["tibialis_anterior_l", "tibialis_anterior_r"]
    assert emg["site"].values.tolist() == ["tibialis_anterior", "", "tibialis_anterior"]
    assert_allclose(emg.values[:, :2], np.column_stack([one, other]), rtol=1e-6, atol=1e-12)  # float32 in the file
    assert "A second channel, 'L TA'" in said(recording)


def test_emg_alone_in_a_c3d_file_is_read_at_its_own_rate(tmp_path: Path) -> None:
    recording = restride.read(emg_files.c3d(tmp_path / "a.c3d", [("L TA", emg_files.wave(200))]))
    assert set(recording.signals) == {"emg"}
    assert sampling_rate_hz(recording["emg"]) == pytest.approx(1000.0)
    assert not restride.analyse(recording).cycles["kept"].any()


def test_a_number_no_converter_gives_is_not_measured(tmp_path: Path) -> None:
    path = emg_files.noraxon(tmp_path / "a.csv", {"LT TIB.ANT. (uV)": 1e6 * emg_files.wave(40)})
    lines = path.read_text().splitlines()
    lines[10] = lines[10].rpartition(",")[0] + ",7e250"
    path.write_text("\n".join(lines) + "\n")
    recording = restride.read(path)
    assert np.flatnonzero(np.isnan(recording["emg"].values[:, 0])).tolist() == [6]
    assert "cannot be read in LT TIB.ANT. (2.5 %)" in said(recording)
