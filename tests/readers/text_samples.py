"""One small sound file of every text format, of known sides, to be damaged."""

import json
from collections.abc import Sequence
from typing import Final

ROWS: Final = 8


def _rows(cells: Sequence[Sequence[float | str]], separator: str) -> str:
    return "\n".join(separator.join(f"{c:.6g}" if isinstance(c, float) else c for c in row) for row in cells) + "\n"


def _trc() -> str:
    names = ("RASI", "LASI", "RHEE", "LHEE")
    head = (
        "PathFileType\t4\t(X/Y/Z)\ta.trc\nDataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
        f"OrigDataStartFrame\tOrigNumFrames\n100\t100\t{ROWS}\t4\tm\t100\t1\t{ROWS}\n"
        "Frame#\tTime\t"
        + "\t\t\t".join(names)
        + "\t\t\n\t\t"
        + "\t".join(f"{a}{k}" for k in range(1, 5) for a in "XYZ")
    )
    places = [(0.1, 1.0, 0.1), (0.1, 1.0, -0.1), (0.0, 0.1, 0.1), (0.0, 0.1, -0.1)]
    rows: list[list[float | str]] = [
        [str(i + 1), i / 100, *(v + 0.012 * i * (axis == 0) for place in places for axis, v in enumerate(place))]
        for i in range(ROWS)
    ]
    return f"{head}\n\n{_rows(rows, chr(9))}"


def _opensim(*, forces: bool) -> str:
    names = ["hip_flexion_l", "hip_flexion_r", "knee_angle_l", "knee_angle_r"]
    if forces:
        names = [f"ground_force_{s}_{q}{a}" for s in "lr" for q in "vp" for a in "xyz"]
        names += [f"ground_torque_{s}_{a}" for s in "lr" for a in "xyz"]
    rows = [[i / 100, *(float(10 * k + i) for k in range(len(names)))] for i in range(ROWS)]
    head = f"table\nversion=1\nnRows={ROWS}\nnColumns={len(names) + 1}\ninDegrees=yes\nendheader\n"
    return head + "\t".join(["time", *names]) + "\n" + _rows(rows, "\t")


def _anc() -> str:
    head = (
        "File_Type:\tAnalog R/C ASCII\tGeneration#:\t2\nBoard_Type:\tx\tPolarity:\tBipolar\n"
        "Trial_Name:\tg\tTrial#:\t2\tDuration(Sec.):\t5\t#Channels:\t3\nBitDepth:\t12\tPreciseRate:\t1000\n\n\n\n\n"
        "Name\tf1x\tL Tibialis\tR Tibialis\t\nRate\t1000\t1000\t1000\t\nRange\t10000\t2500\t2500\t\n"
    )
    return head + _rows([[i / 1000, str(i), str(3 * i - 9), str(5 - 2 * i)] for i in range(ROWS)], "\t")


def _emg() -> str:
    return "time_s,TA_l [mV],TA_r [mV]\n" + _rows([[i / 1000, 0.1 * (i - 3), 0.2 * (3 - i)] for i in range(ROWS)], ",")


def _imu() -> str:
    units = {"acc": "m/s^2", "gyr": "deg/s"}
    head = "time [s]," + ",".join(
        f"{s}_foot_{q}_{a} [{u}]" for s in ("left", "right") for q, u in units.items() for a in "xyz"
    )
    return head + "\n" + _rows([[i / 100, *(float(k + i % 3) for k in range(12))] for i in range(ROWS)], ",")


def _shimmer() -> str:
    names = [f"Shimmer_B6D4_{q}_{a}_CAL" for q in ("Accel_LN", "Gyro") for a in "XYZ"]
    units = ["ms", *["m/(s^2)"] * 3, *["deg/s"] * 3]
    rows = [[1000.0 + 10 * i, *(float(k + i % 3) for k in range(6))] for i in range(ROWS)]
    return (
        "sep=\t\n"
        + "\t".join(["Shimmer_B6D4_Timestamp_Unix_CAL", *names])
        + "\n"
        + "\t".join(units)
        + "\n"
        + _rows(rows, "\t")
    )


def _records() -> str:
    head = (
        "timestamp,activity_type,enhanced_speed,hrm_stance_time,pod_stance_time,hrm_stance_time_balance,have_hrm_data\n"
    )
    return head + _rows(
        [[f"{1000 + i}", "1", "3.5", f"{240 + i}", f"{200 + i}", "51.0", "1"] for i in range(ROWS)], ","
    )


def _trigno() -> str:
    lines = [
        f"Label: {side} TA: EMG {k} Sampling frequency: 1.0e+003 Number of points: {ROWS} "
        "start: 0.0 Unit: V Domain Unit: s"
        for k, side in enumerate("LR")
    ]
    names = ['X[s],"L TA: EMG 0",X[s],"R TA: EMG 1"']
    rows = [[i / 1000, 1e-4 * (i - 3), i / 1000, 1e-4 * (3 - i)] for i in range(ROWS)]
    return "\n".join([*lines, "Start Trigger Method: None", "", *names]) + "\n" + _rows(rows, ",")


def _discover() -> str:
    head = [
        "Application:,Trigno Discover (1.7.0)",
        "Date/Time:,x",
        "Collection Length (seconds):,0.008",
        "L TA (1),,R TA (2),",
        "sensor mode: 50,,sensor mode: 50,",
        "EMG 1 Time Series (s),EMG 1 (mV),EMG 1 Time Series (s),EMG 1 (mV)",
        ",1000.0000 Hz,,1000.0000 Hz",
    ]
    rows = [[i / 1000, 0.1 * (i - 3), i / 1000, 0.1 * (3 - i)] for i in range(ROWS)]
    return "\n".join(head) + "\n" + _rows(rows, ",")


def _noraxon() -> str:
    head = f"type,begin_time,frequency,count,created with version\nrecord,0,1000,{ROWS},Noraxon MR 3.18\n\n"
    names = 'time,Activity,Marker,"LT TIB.ANT. (uV)","RT TIB.ANT. (uV)"\n'
    return head + names + _rows([[i / 1000, "", "", 10.0 * (i - 3), 10.0 * (3 - i)] for i in range(ROWS)], ",")


def _opensignals() -> str:
    header = {
        "00:07": {
            "sensor": ["EMG", "EMG"],
            "column": ["nSeq", "DI", "L_TA", "R_TA"],
            "label": ["L_TA", "R_TA"],
            "resolution": [4, 1, 16, 16],
            "sampling rate": 1000,
            "device": "biosignalsplux",
        }
    }
    rows = [[str(i), "0", str(32768 + 9 * i), str(32768 - 9 * i)] for i in range(ROWS)]
    return f"# OpenSignals Text File Format\n# {json.dumps(header)}\n# EndOfHeader\n{_rows(rows, chr(9))}"


def _gpx() -> str:
    point = '<trkpt lat="50.00{i}" lon="4.0"><ele>9</ele><time>2024-01-01T10:00:0{i}Z</time></trkpt>'
    points = "".join(point.format(i=i) for i in range(ROWS))
    return f'<?xml version="1.0"?>\n<gpx version="1.1"><trk><trkseg>{points}</trkseg></trk></gpx>\n'


def _qualisys(*, forces: bool) -> str:
    if forces:
        head = f"NO_OF_SAMPLES\t{ROWS}\nFREQUENCY\t1000\nDESCRIPTION\tForce data in world (lab) coordinates\n"
        head += "FORCE_PLATE_NAME\tRight\nSAMPLE\tTIME\t"
        head += "\t".join(f"{q}_{a}" for q in ("Force", "Moment", "COP") for a in "XYZ")
        numbers = [9.0, -8.0, -700.0, 70.0, 200.0, 3.0, 600.0, 400.0, 0.0]
        return f"{head}\n{_rows([[str(i + 1), i / 1000, *numbers] for i in range(ROWS)], chr(9))}"
    head = f"NO_OF_FRAMES\t{ROWS}\nNO_OF_MARKERS\t2\nFREQUENCY\t200\nDESCRIPTION\t--\nMARKER_NAMES\tR_heel\tL_heel\n"
    head += "Frame\tTime\t" + "\t".join(f"{m}_heel {a}" for m in "RL" for a in "XYZ")
    numbers = [100.0, 20.0, 30.0, 110.0, 220.0, 25.0]
    return f"{head}\n{_rows([[str(i + 1), i / 200, *numbers] for i in range(ROWS)], chr(9))}"


def _events() -> str:
    rows = [[0.2 * i, "left" if i % 2 else "right", "initial_contact"] for i in range(ROWS)]
    return "time_s,side,event\n" + _rows(rows, ",")


def _crank() -> str:
    return "time_s,crank_angle_deg,torque_l_Nm,torque_r_Nm\n" + _rows(
        [[i / 50, 40.0 * i, 9.0 + i, 9.0 - i] for i in range(ROWS)], ","
    )


def _mvnx() -> str:
    angles = " ".join("1.5" for _ in range(18))
    joints = "".join(f'<joint label="j{s}{j}"/>' for j in ("Hip", "Knee", "Ankle") for s in ("Right", "Left"))
    contacts = "".join(f'<contactDefinition label="{s}Foot_{p}"/>' for s in ("Left", "Right") for p in ("Heel", "Toe"))
    frames = "".join(
        f'<frame time="{10 * i}" index="{i}" type="normal"><jointAngle>{angles}</jointAngle>'
        f"<footContacts>1 0 {i % 2} 1</footContacts></frame>"
        for i in range(ROWS)
    )
    return (
        f'<?xml version="1.0"?>\n<mvnx version="4"><subject frameRate="100"><joints>{joints}</joints>'
        f"<footContactDefinition>{contacts}</footContactDefinition><frames>{frames}</frames></subject></mvnx>\n"
    )


SAMPLES: Final = {
    "markers.trc": _trc(),
    "angles.mot": _opensim(forces=False),
    "forces.sto": _opensim(forces=True),
    "analog.anc": _anc(),
    "emg.csv": _emg(),
    "imu.csv": _imu(),
    "shimmer.csv": _shimmer(),
    "records.csv": _records(),
    "trigno.csv": _trigno(),
    "discover.csv": _discover(),
    "noraxon.csv": _noraxon(),
    "opensignals.txt": _opensignals(),
    "track.gpx": _gpx(),
    "markers.tsv": _qualisys(forces=False),
    "plate.tsv": _qualisys(forces=True),
    "events.csv": _events(),
    "crank.csv": _crank(),
    "body.mvnx": _mvnx(),
}
