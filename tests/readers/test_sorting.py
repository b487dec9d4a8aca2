import numpy as np
import pytest
from numpy.testing import assert_allclose

from restride.readers.sorting import is_envelope, is_unnamed, sort, sorted_emg
from restride.readers.take import Take, parsed


@pytest.mark.parametrize(
    ("label", "name", "side"),
    [
        ("L_TA", "tibialis_anterior", "left"),
        ("tibialis_anterior_r", "tibialis_anterior", "right"),
        ("VL left", "vastus_lateralis", "left"),
        ("L Rectus", "rectus_femoris", "left"),
        ("Left Tib Ant", "tibialis_anterior", "left"),
        ("Voltage.R Tib Post", "tibialis_posterior", "right"),
        ("LT TIB.ANT.", "tibialis_anterior", "left"),
        ("RT MED. GASTRO", "gastrocnemius_medialis", "right"),
        ("RRF", "rectus_femoris", "right"),
        ("RF", "rectus_femoris", None),
        ("LREC", "rectus_femoris", "left"),
        ("L Vaste Ext", "vastus_lateralis", "left"),
        ("R Jum Int", "gastrocnemius_medialis", "right"),
        ("Glut. med. links", "gluteus_medius", "left"),
        ("biceps_femoris_long_r", "biceps_femoris", "right"),
        ("gastrocnemius_lat_r", "gastrocnemius_lateralis", "right"),
        ("GMAX", "gluteus_maximus", None),
        ("ST", "semitendinosus", None),
        ("TAL", "tibialis_anterior", "left"),
        ("SolR", "soleus", "right"),
    ],
)
def test_a_clear_label_is_sorted_without_doubt(label: str, name: str, side: str | None) -> None:
    found = sort(label)
    assert (found.site.muscle, found.site.side, found.doubt) == (name, side, "")


@pytest.mark.parametrize(
    ("label", "name", "other"),
    [
        ("R_GL", "gastrocnemius_lateralis", "gluteal"),
        ("R_PE", "peroneus_longus", "peroneus brevis"),
        ("LTIB", "tibialis_anterior", "tibialis posterior"),
        ("RJUM", "gastrocnemius", "heads"),
        ("Voltage.L Hams", "medial_hamstrings", "biceps femoris"),
        ("vastus_medius", "vastus_medialis", "vastus intermedius"),
    ],
)
def test_a_label_of_two_meanings_is_doubted_and_names_both(label: str, name: str, other: str) -> None:
    found = sort(label)
    assert found.site.muscle == name
    assert other in found.doubt


@pytest.mark.parametrize("label", ["Voltage.L Spare", "rectus abdominis", "Mini sensor 10", "R_XY", "trigger"])
def test_a_label_of_no_known_muscle_stays_unsorted(label: str) -> None:
    assert sort(label).site.muscle is None


def test_a_description_settles_a_doubtful_label() -> None:
    found = sort("RVAS", description="R Vaste Ext")
    assert (found.site.muscle, found.site.side, found.doubt) == ("vastus_lateralis", "right", "")


def test_a_description_of_the_other_leg_is_not_believed() -> None:
    assert sort("RVAS", description="L Vaste Ext").site.side == "right"


@pytest.mark.parametrize("label", ["", "Pin 4", "channel 12", "Voltage.3"])
def test_a_channel_number_is_no_name(label: str) -> None:
    assert is_unnamed(label)


def noise(channels: int) -> np.ndarray:
    return np.random.default_rng(5).standard_normal((50, channels)) * 1e-4


def test_millivolts_and_gain_become_volts_at_the_skin() -> None:
    values = noise(2)
    take = parsed({"emg": {"unit": "mV", "gain": 500}})
    emg, _ = sorted_emg(values, np.arange(50) / 1000, ["L_TA", "R_TA"], units=["", ""], take=take)
    assert emg.attrs["units"] == "V"
    assert_allclose(emg.values, values * 1e-3 / 500)


def test_an_unstated_unit_stays_unstated() -> None:
    emg, doubts = sorted_emg(noise(1), np.arange(50) / 1000, ["L_TA"], units=[""], take=Take())
    assert emg.attrs["units"] == "unstated"
    assert any("unit" in d.message for d in doubts)


def test_a_channel_without_a_side_is_kept_but_not_sorted() -> None:
    emg, doubts = sorted_emg(noise(2), np.arange(50) / 1000, ["TA", "R_VL"], units=["V", "V"], take=Take())
    assert emg["channel"].values.tolist() == ["TA", "vastus_lateralis_r"]
    assert emg["site"].values.tolist() == ["", "vastus_lateralis"]
    assert any("TA" in d.message and "leg" in d.message for d in doubts)


def test_take_yaml_names_and_drops_channels() -> None:
    take = parsed({"channels": {"EMG 1": "soleus_l", "EMG 2": None}, "emg": {"unit": "V"}})
    emg, doubts = sorted_emg(noise(3), np.arange(50) / 1000, ["EMG 1", "EMG 2", "R_TA"], units=[""] * 3, take=take)
    assert emg["channel"].values.tolist() == ["soleus_l", "tibialis_anterior_r"]
    assert emg["label"].values.tolist() == ["EMG 1", "R_TA"]
    assert not doubts


def test_two_channels_of_one_muscle_are_both_kept_and_doubted() -> None:
    emg, doubts = sorted_emg(noise(2), np.arange(50) / 1000, ["L_TA", "tib ant left"], units=["V", "V"], take=Take())
    assert emg["channel"].values.tolist() == ["tibialis_anterior_l", "tib ant left"]
    assert any("second channel" in d.message for d in doubts)


def test_the_clock_of_take_yaml_moves_and_stretches_the_emg() -> None:
    take = parsed({"emg": {"starts_at_s": 2.0, "clock_factor": 0.96, "delay_s": 0.05, "unit": "V"}})
    emg, _ = sorted_emg(noise(1), 7.0 + np.arange(50) / 1000, ["L_TA"], units=[""], take=take)
    assert_allclose(emg["time"].values, 2.0 - 0.05 + 0.96 * np.arange(50) / 1000)


def test_an_envelope_is_known_by_never_swinging_below_zero() -> None:
    time_s = np.arange(50) / 1000
    raw, _ = sorted_emg(noise(1), time_s, ["L_TA"], units=["V"], take=Take())
    rectified, _ = sorted_emg(np.abs(noise(1)), time_s, ["L_TA"], units=["V"], take=Take())
    assert (is_envelope(raw), is_envelope(rectified)) == (False, True)
    assert "processed" not in raw.attrs
    assert rectified.attrs["processed"] == "envelope"


@pytest.mark.parametrize("label", ["RFL", "LGR", "lgr"])
def test_a_label_that_is_left_read_one_way_and_right_the_other_has_no_side(label: str) -> None:
    found = sort(label)
    assert found.site.muscle is None
    assert found.site.side is None
    assert "could mean" in found.doubt
    assert "left" in found.doubt
    assert "right" in found.doubt


def test_two_readings_of_one_side_have_that_side() -> None:
    assert sort("LGL").site.side == "left"
    assert sort("RFR").site.side == "right"
