import pytest

from restride.signals.landmarks import Landmark, landmark


@pytest.mark.parametrize(
    ("label", "name", "segment", "side"),
    [
        ("LASI", "asis", "pelvis", "left"),
        ("R.PSIS", "psis", "pelvis", "right"),
        ("V.Sacral", "sacrum", "pelvis", None),
        ("RTHI", "thigh_cluster_1", "femur", "right"),
        ("L.TH3", "thigh_cluster_3", "femur", "left"),
        ("R_kneejoint_LA", "knee_lateral", "femur", "right"),
        ("LLFC", "knee_lateral", "femur", "left"),
        ("RMFC", "knee_medial", "femur", "right"),
        ("R_FME", "knee_medial", "femur", "right"),
        ("LTIB", "shank_cluster_1", "tibia", "left"),
        ("LLMAL", "ankle_lateral", "tibia", "left"),
        ("L_TAM", "ankle_medial", "tibia", "left"),
        ("RHEE", "heel", "calcn", "right"),
        ("L_FCC", "heel", "calcn", "left"),
        ("RCAL", "heel", "calcn", "right"),
        ("LTOE", "toe", "calcn", "left"),
        ("R.MT5", "mt5", "calcn", "right"),
        ("R.Toe.Tip", "toe_tip", "toes", "right"),
        ("LACR", "shoulder", "torso", "left"),
        ("CLAV", "clavicle", "torso", None),
        ("RBAK", "back_offset", "torso", None),
        ("RKJC", "knee_centre", "femur", "right"),
        ("Somebody:LASI", "asis", "pelvis", "left"),
        ("RKNE_2", "knee_medial", "femur", "right"),
        ("heel_l", "heel", "calcn", "left"),
        ("LeftHeel", "heel", "calcn", "left"),
    ],
)
def test_a_label_says_landmark_segment_and_side(label: str, name: str, segment: str, side: str | None) -> None:
    assert landmark(label) == Landmark(name, segment, side)  # type: ignore[arg-type]


@pytest.mark.parametrize("label", ["Heel", "heel", "tibial", "LArchHeight", "*12", "", "LTIB1", "CentreOfMass"])
def test_a_label_without_a_known_meaning_or_side_is_nothing(label: str) -> None:
    assert landmark(label) is None


def test_exchanging_the_letter_exchanges_the_side_and_nothing_else() -> None:
    for label in ("ASI", "KNE", "ANK", "TOE", "HEE", "MT5", "LFC", "MMAL", "TB2", "SHO"):
        left, right = landmark(f"L{label}"), landmark(f"R{label}")
        assert left is not None
        assert right is not None
        assert (left.name, left.segment, left.side, right.side) == (right.name, right.segment, "left", "right")
