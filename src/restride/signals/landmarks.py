"""What a marker label says: which landmark, on which segment, on which side.

One readable table per family of labels; each row reads ``label: landmark segment``.
Sided families leave the side out of the label, and ``landmark`` takes it off first.
Segments are bodies of the leg model and what lies above: pelvis, femur, tibia, calcn,
toes, torso, humerus, radius, head.

Where the sets come from: Plug-in Gait (Kadaba 1990, Davis 1991) with the Oxford foot
(Stebbins 2006); OrthoTrak and Helen Hayes; the full-body set of Rajagopal 2016 and
Hamner 2013; the anatomical names of van Sint Jan 2007 used by Qualisys; the halpe
names written by OpenCap and Pose2Sim.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from restride.signals.recording import Side


@dataclass(frozen=True, slots=True)
class Landmark:
    """A point of the body a marker stands for.

    Attributes
    ----------
    name : str
        For instance ``"asis"``, ``"knee_lateral"``, ``"heel"``, ``"thigh_cluster_2"``.
    segment : str
        ``pelvis, femur, tibia, calcn, toes, torso, humerus, radius`` or ``head``.
    side : "left", "right" or None
        None for landmarks of the middle.
    """

    name: str
    segment: str
    side: Side | None


def landmark(label: str) -> Landmark | None:
    """The landmark a marker label stands for; None if no table knows the label.

    Parameters
    ----------
    label : str
        As in the file; a subject prefix (``"Name:LASI"``) and blanks are ignored.

    Notes
    -----
    Labels are compared without regard to case, dots, blanks, underscores and hyphens.
    ``RKNE_2``: the second marker of one label. OrthoTrak writes the medial knee and
    ankle under the label of the lateral ones, so their second is taken as medial.
    """
    key = _key(label)
    if key in _MIDDLE:
        name, segment = _MIDDLE[key]
        return Landmark(name, segment, None)
    for side, rest in _sides_of(label):
        if rest in _SIDED:
            name, segment = _SIDED[rest]
            return Landmark(name, segment, side)
    return None


def _key(label: str) -> str:
    # OpenCap writes the markers it computes from a video with "_study" behind
    return re.sub(r"[\s._\-]+", "", label.rsplit(":", 1)[-1]).lower().removesuffix("study")


def _sides_of(label: str) -> list[tuple[Side, str]]:
    """Ways to read a side off a label: a leading word or letter, or a trailing word or set-off letter."""
    key = _key(label)
    found: list[tuple[Side, str]] = []
    leading: list[tuple[str, Side]] = [("right", "right"), ("left", "left"), ("r", "right"), ("l", "left")]
    for mark, side in leading:
        if key.startswith(mark):
            found.append((side, key.removeprefix(mark)))
    # a bare last letter is part of the word ("Heel"); it is a side only after a mark ("heel_l")
    trailing = re.search(r"(?i)(?:[\s._\-](?P<letter>[lr])|(?P<word>left|right))\s*$", label)
    if trailing:
        mark = (trailing["letter"] or trailing["word"]).lower()
        found.append(("left" if mark.startswith("l") else "right", key.removesuffix(mark)))
    return found


def _rows(table: str) -> dict[str, tuple[str, str]]:
    """Rows ``label label ...: landmark segment`` as a mapping from label."""
    rows: dict[str, tuple[str, str]] = {}
    for line in table.strip().splitlines():
        labels, meaning = line.split(":")
        name, segment = meaning.split()
        rows |= dict.fromkeys(labels.split(), (name, segment))
    return rows


# landmarks of the middle, whole labels
_MIDDLE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    _rows("""
    sacr vsac vsacral sacral sacrum s2 s1: sacrum pelvis
    midpsis: psis_middle pelvis
    midasis: asis_middle pelvis
    c7 cv7: c7 torso
    t2 tv2: t2 torso
    t6: t6 torso
    t10 tv10: t10 torso
    t12 tv12: t12 torso
    clav ij sjn jug: clavicle torso
    strn px sternum sxs sme: sternum torso
    rbak: back_offset torso
    roff roffset: back_offset torso
    backt: back_upper torso
    backmid: back_middle torso
    backb: back_lower torso
    neck: neck torso
    tophead head: head_top head
    nose: nose head
    """)
)

# landmarks of both sides, label without its side
_SIDED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    _rows("""
    asi asis ias: asis pelvis
    psi psis ips: psis pelvis
    ilium iliaccrest ic: iliac_crest pelvis
    hjc hipjc: hip_centre femur
    kjc kneejc kneejoint: knee_centre femur
    ajc anklejc anklejoint: ankle_centre tibia
    tro troch gtr ftc: trochanter femur
    thi thigh: thigh_cluster_1 femur
    thap: thigh_cluster_2 femur
    th1 thigh1 thighupper thighta: thigh_cluster_1 femur
    th2 thigh2 thighfront thightp: thigh_cluster_2 femur
    th3 thigh3 thighrear thighba: thigh_cluster_3 femur
    th4 thighbp: thigh_cluster_4 femur
    kne knee kneelat kneelateral kneejointla lfc fle lek: knee_lateral femur
    kneemed kneemedial kneejointma mfc fme mek mknee knem kne2: knee_medial femur
    tib: shank_cluster_1 tibia
    tiap: shank_cluster_2 tibia
    sha shank: shank_cluster_1 tibia
    sh1 tb1 shankupper shankta: shank_cluster_1 tibia
    sh2 tb2 shankfront shanktp: shank_cluster_2 tibia
    sh3 tb3 shankrear shankba: shank_cluster_3 tibia
    sh4 tb4 shankbp: shank_cluster_4 tibia
    hfb fibula fax fah: fibula_head tibia
    tub tibtub ttc: tibial_tuberosity tibia
    shn: shank_front tibia
    ank ankle anklelat anklelateral anklela lmal fal: ankle_lateral tibia
    anklemed anklemedial anklema mmal tam mma ankm ank2 mankle: ankle_medial tibia
    hee heel cal fcc heelt calc: heel calcn
    heelb: heel_low calcn
    heella lca: heel_lateral calcn
    stl: heel_medial calcn
    cpg: heel_peg calcn
    toe: toe calcn
    mt1 met1 fm1 d1m toemed: mt1 calcn
    mt2 met2 fm2: mt2 calcn
    mt5 met5 5meta fm5 d5m toelat: mt5 calcn
    foomed footmedial foo: mt1 calcn
    footlateral foo2: mt5 calcn
    p1m: mt1_base calcn
    p5m latfoot: mt5_base calcn
    nav: navicular calcn
    midfootsup: midfoot_top calcn
    midfootlat: midfoot_lateral calcn
    toetip hlx hallux bigtoe: toe_tip toes
    smalltoe: small_toe toes
    sho shoulder acr acromium acromion sae: shoulder torso
    ash: shoulder_front torso
    psh: shoulder_back torso
    clavicle: clavicle torso
    hip: hip_centre femur
    ua1 upa bicep biceps: arm_cluster_1 humerus
    ua2: arm_cluster_2 humerus
    ua3: arm_cluster_3 humerus
    elb elbow lel lelbow hle: elbow_lateral humerus
    mel hme melbow: elbow_medial humerus
    sjc: shoulder_centre humerus
    ejc: elbow_centre humerus
    frm forearm fasuperior: forearm_cluster_1 radius
    wra wri wrist lwrist wristlat faradius rsp: wrist_radial radius
    wrb mwrist wristmed faulna usp: wrist_ulnar radius
    fin hm2: hand radius
    fhd temple: head_front head
    bhd: head_back head
    eye: eye head
    ear: ear head
    """)
)
