"""OpenSim 4.6 beside us: its own tools on the walking stride, timed warm.

A script of its own for an environment of its own; it imports nothing of restride. It is
driven only through setup files, the way OpenSim's own users drive it. Started with the
data folder and an empty work folder, it answers one line of JSON for each job named on
its standard input::

    static_optimisation                  -> {"job": ..., "seconds": ..., "frames": ...}
    inverse_kinematics L.Knee R.Knee ... -> the same, with these markers of the set

``seconds`` is the time of the tool's ``run()`` alone. Starting Python, importing OpenSim
and loading the model are left out, all in OpenSim's favour.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import opensim  # type: ignore[import-not-found]  # lives in an environment of its own

STRIDE_S = (0.5, 1.63)  # one stride of the walk, 114 frames at 100 Hz, clear of the ends of coordinates.sto
FRAME_STEP = 10  # coordinates.sto has 1000 rows per second
RESERVE_N_M = 1.0  # optimal force of the reserve at each joint: dear enough to stay unused
RESIDUAL_N = 1000.0  # pelvis: carries what the measured forces leave over
COUPLED = "knee_angle_r_beta/", "knee_angle_l_beta/"  # degrees under a header that says radians
PELVIS = ("pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz")
JOINTS = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle", "mtp_angle")

DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>\n<OpenSimDocument Version="40500">\n{}\n</OpenSimDocument>\n'

ANALYZE = """<AnalyzeTool name="stride">
<model_file>{model}</model_file>
<replace_force_set>false</replace_force_set>
<force_set_files>reserves.xml</force_set_files>
<results_directory>results</results_directory>
<initial_time>{start}</initial_time><final_time>{end}</final_time>
<solve_for_equilibrium_for_auxiliary_states>false</solve_for_equilibrium_for_auxiliary_states>
<AnalysisSet><objects><StaticOptimization name="StaticOptimization">
<on>true</on><start_time>{start}</start_time><end_time>{end}</end_time><step_interval>1</step_interval>
<use_model_force_set>true</use_model_force_set><activation_exponent>2</activation_exponent>
<use_muscle_physiology>true</use_muscle_physiology>
</StaticOptimization></objects></AnalysisSet>
<external_loads_file>loads.xml</external_loads_file>
<coordinates_file>coordinates.sto</coordinates_file>
<lowpass_cutoff_frequency_for_coordinates>-1</lowpass_cutoff_frequency_for_coordinates>
</AnalyzeTool>"""

LOAD = """<ExternalForce name="{side}">
<applied_to_body>calcn_{side}</applied_to_body>
<force_expressed_in_body>ground</force_expressed_in_body><point_expressed_in_body>ground</point_expressed_in_body>
<force_identifier>ground_force_{side}_v</force_identifier><point_identifier>ground_force_{side}_p</point_identifier>
<torque_identifier>ground_torque_{side}_</torque_identifier>
</ExternalForce>"""

ACTUATOR = """<CoordinateActuator name="{name}_reserve"><coordinate>{name}</coordinate>
<optimal_force>{force}</optimal_force><min_control>-1000</min_control><max_control>1000</max_control>
</CoordinateActuator>"""

KINEMATICS = """<InverseKinematicsTool name="stride">
<model_file>{model}</model_file>
<marker_file>{markers}</marker_file>
<time_range>{start} {end}</time_range>
<results_directory>results</results_directory>
<report_errors>false</report_errors>
<output_motion_file>angles.mot</output_motion_file>
<IKTaskSet><objects>{tasks}</objects></IKTaskSet>
</InverseKinematicsTool>"""

TASK = '<IKMarkerTask name="{name}"><apply>true</apply><weight>1</weight></IKMarkerTask>'


def main(arguments: Sequence[str]) -> None:
    """Answer each line of standard input with one line of JSON."""
    data, work = Path(arguments[0]).resolve(), Path(arguments[1]).resolve()
    opensim.Logger.setLevelString("Off")
    frames = write_inputs(data, work)
    print(json.dumps({"version": opensim.GetVersion()}), flush=True)
    for line in sys.stdin:
        job, *names = line.split()
        seconds = static_optimisation(data, work) if job == "static_optimisation" else kinematics(data, work, names)
        print(json.dumps({"job": job, "seconds": seconds, "frames": frames}), flush=True)


def static_optimisation(data: Path, work: Path) -> float:
    """Seconds of one static optimisation of the stride."""
    start, end = STRIDE_S
    setup = work / "static_optimisation.xml"
    model = data / "subject_walk_scaled.osim"
    setup.write_text(DOCUMENT.format(ANALYZE.format(model=model, start=start, end=end)))
    return timed(opensim.AnalyzeTool(str(setup)))


def kinematics(data: Path, work: Path, names: Sequence[str]) -> float:
    """Seconds of one inverse kinematics of the stride from the markers named."""
    start, end = STRIDE_S
    setup = work / "inverse_kinematics.xml"
    tasks = "".join(TASK.format(name=name) for name in names)
    model, markers = data / "subject_walk_scaled.osim", data / "markers_walk.trc"
    setup.write_text(
        DOCUMENT.format(KINEMATICS.format(model=model, markers=markers, start=start, end=end, tasks=tasks))
    )
    return timed(opensim.InverseKinematicsTool(str(setup)))


def timed(tool: opensim.AnalyzeTool | opensim.InverseKinematicsTool) -> float:
    """Seconds of the tool's own run, its model already loaded."""
    start = time.perf_counter()
    if not tool.run():
        raise RuntimeError(f"{type(tool).__name__} did not finish")
    return time.perf_counter() - start


def write_inputs(data: Path, work: Path) -> int:
    """Coordinates at 100 Hz in one unit, loads and reserves into the work folder; the number of frames."""
    lines = (data / "coordinates.sto").read_text().splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("time"))
    names = lines[head].split("\t")
    table = np.array([line.split() for line in lines[head + 1 :]], dtype=float)[::FRAME_STEP]
    coupled = [k for k, name in enumerate(names) if any(c in name for c in COUPLED)]
    table[:, coupled] = np.radians(table[:, coupled])
    header = f"Coordinates\nversion=1\nnRows={len(table)}\nnColumns={len(names)}\ninDegrees=no\nendheader\n"
    rows = "\n".join("\t".join(f"{value:.12g}" for value in row) for row in table)
    (work / "coordinates.sto").write_text(header + "\t".join(names) + "\n" + rows + "\n")

    loads = "".join(LOAD.format(side=side) for side in "rl")
    force = data / "grf_walk.mot"
    body = f"<ExternalLoads><objects>{loads}</objects><datafile>{force}</datafile></ExternalLoads>"
    (work / "loads.xml").write_text(DOCUMENT.format(body))
    strengths = dict.fromkeys(PELVIS, RESIDUAL_N) | {f"{j}_{s}": RESERVE_N_M for j in JOINTS for s in "rl"}
    actuators = "".join(ACTUATOR.format(name=name, force=force) for name, force in strengths.items())
    (work / "reserves.xml").write_text(DOCUMENT.format(f"<ForceSet><objects>{actuators}</objects></ForceSet>"))
    return int(np.sum((table[:, 0] >= STRIDE_S[0] - 1e-6) & (table[:, 0] <= STRIDE_S[1] + 1e-6)))


if __name__ == "__main__":
    main(sys.argv[1:])
