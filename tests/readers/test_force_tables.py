"""Tables of forces: axes, signs, units, and what is refused in words."""

from pathlib import Path

import numpy as np
import pytest

from restride.errors import ReadError
from restride.readers import read
from restride.readers.take import Take, parsed

RATE_HZ = 100.0
WEIGHT_N = 600.0
COP_CM = (3.0, -2.0)


def table(path: Path, *, sign: float = 1.0, header: str | None = None, height_m: float = 0.0) -> Path:
    """A person of 600 N, 3 cm ahead and 2 cm to the right, in a file with z up and x forward."""
    rows = []
    for k in range(50):
        fx, fy, fz = 8.0 * np.sin(k), 5.0 * np.cos(k), WEIGHT_N + k
        x, y = COP_CM[0] / 100, COP_CM[1] / 100
        free = 0.5
        # about a point below the surface, where the sensors are
        mx, my, mz = y * fz - height_m * fy, height_m * fx - x * fz, free + x * fy - y * fx
        force = [sign * v for v in (fx, fy, fz, mx, my, mz)]
        rows.append([k / RATE_HZ, *force, *COP_CM])
    head = header or "Time[s]\tFx[N]\tFy[N]\tFz[N]\tMx[Nm]\tMy[Nm]\tMz[Nm]\tCOPx[cm]\tCOPy[cm]"
    lines = ["\t".join(repr(float(v)) for v in row) for row in rows]
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("height_m", [0.0, 0.04])
def test_force_acts_up_on_the_foot_whichever_the_file_holds(tmp_path: Path, sign: float, height_m: float) -> None:
    recording = read(table(tmp_path / "a.txt", sign=sign, height_m=height_m))
    force, cop = (recording[kind].isel(plate=0, time=3).values for kind in ("plate_grf", "plate_cop"))
    # x forward stays, y (left in the file) becomes -z
    np.testing.assert_allclose(force, [8.0 * np.sin(3), WEIGHT_N + 3, -5.0 * np.cos(3)])
    np.testing.assert_allclose(cop, [0.03, 0.0, 0.02], atol=1e-12)
    np.testing.assert_allclose(recording["plate_free_moment"].isel(plate=0, time=3).values, [0, 0.5, 0], atol=1e-9)
    assert any("turned round" in d.message for d in recording.doubts) == (sign < 0)


def test_which_way_is_forward_is_a_doubt_until_take_yaml_says_it(tmp_path: Path) -> None:
    path = table(tmp_path / "a.txt")
    assert any("points forward" in d.message and d.severity == "warning" for d in read(path).doubts)
    turned = read(path, take=parsed({"axes": {"forward": "-y", "up": "+z"}}))
    assert not turned.doubts
    np.testing.assert_allclose(turned["plate_cop"].isel(plate=0, time=0).values, [0.02, 0.0, -0.03], atol=1e-12)


def test_without_a_centre_of_pressure_the_moments_give_it(tmp_path: Path) -> None:
    path = table(tmp_path / "a.txt")
    lines = [line.rsplit("\t", 2)[0] for line in path.read_text().splitlines()]
    path.write_text("\n".join(lines) + "\n")
    np.testing.assert_allclose(read(path)["plate_cop"].isel(plate=0, time=7).values, [0.03, 0.0, 0.02], atol=1e-12)


def test_moments_that_do_not_fit_the_centre_of_pressure_are_left_out(tmp_path: Path) -> None:
    path = table(tmp_path / "a.txt")
    head, *rows = path.read_text().splitlines()
    cells = [row.split("\t") for row in rows]
    for k, row in enumerate(cells):
        row[4] = repr(40.0 * (-1) ** k)
    path.write_text("\n".join([head, *("\t".join(row) for row in cells)]) + "\n")
    recording = read(path)
    assert "plate_moment" not in recording
    assert any("do not belong together" in d.message for d in recording.doubts)


def test_two_plates_in_one_table_are_told_apart(tmp_path: Path) -> None:
    rows = ["0.00,1,2,600,3,4,650", "0.01,1,2,601,3,4,651", "0.02,1,2,602,3,4,652"]
    head = "time (s),FP1_Fx (N),FP1_Fy (N),FP1_Fz (N),FP2_Fx (N),FP2_Fy (N),FP2_Fz (N)"
    (tmp_path / "a.csv").write_text("\n".join([head, *rows]) + "\n")
    grf = read(tmp_path / "a.csv")["plate_grf"]
    assert list(grf["plate"].values) == ["FP1", "FP2"]
    assert grf.sel(plate="FP2", space="y").values.tolist() == [650, 651, 652]
    assert "plate_cop" not in read(tmp_path / "a.csv")


def test_two_files_of_one_plate_each_become_two_plates(tmp_path: Path) -> None:
    head = "Time[s]\t{0}_Fx[N]\t{0}_Fy[N]\t{0}_Fz[N]"
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("\n".join([head.format(name), "0\t1\t2\t600", "0.01\t1\t2\t601"]) + "\n")
    assert list(read(tmp_path)["plate_grf"]["plate"].values) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("force,time,wrong,right\n75.9,0,0.98,-0.03\n123.7,0.003,48.7,47.0\n", "table of results"),
        ("time,Fx,Fy,Fz\n0,1,2,600\n0.01,1,2,600\n", r"forces: \{unit: N\}"),
        ("Fx[N],Fy[N],Fz[N]\n1,2,600\n1,2,600\n", r"forces: \{rate_hz"),
        ("time[s],Fx[N],Fz[N]\n0,1,600\n0.01,1,600\n", "missing Fy"),
        ("time[s],Fx[N],Fy[N],Fz[mV]\n0,1,2,600\n0.01,1,2,600\n", "a unit of N, found 'mV'"),
        ("time[s],Fx[N],Fy[N],Fz[N]\n0,300,290,310\n0.01,300,290,310\n", "carry the weight"),
        ("time[s],Fx[N],Fy[N],Fz[N]\n0,1,2,600\n0,1,2,600\n", "times that increase"),
        ("time[s],Fx[N],Fy[N],Fz[N]\n", "cut off"),
        ("329.1\n349.1\n401.3\n", r"forces: \{rate_hz: \.\.\., unit: N\}"),
    ],
)
def test_what_a_table_lacks_is_named_with_what_to_write(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(ReadError, match=words):
        read(tmp_path / "a.csv")


def test_a_bare_column_is_a_vertical_force_once_rate_and_unit_are_stated(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("-0.1\n-0.5\n-0.2\n0.0\n")
    force = read(tmp_path / "a.csv", take=parsed({"forces": {"rate_hz": 250, "unit": "kN"}}))["vertical_force"]
    np.testing.assert_allclose(force.values, [100, 500, 200, 0])
    np.testing.assert_allclose(force["time"].values, [0, 0.004, 0.008, 0.012])


def test_a_bare_column_with_words_in_it_is_refused_by_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join([*["1.0"] * 2000, "oops", "2.0"]))
    with pytest.raises(ReadError, match="row 2001"):
        read(tmp_path / "a.csv", take=parsed({"forces": {"rate_hz": 250, "unit": "N"}}))


def test_a_table_cut_in_a_row_is_read_up_to_it(tmp_path: Path) -> None:
    path = table(tmp_path / "a.txt")
    path.write_text(path.read_text()[:-30])
    recording = read(path)
    assert recording["plate_grf"].sizes["time"] == 49
    assert any("cut off" in d.message for d in recording.doubts)


def test_published_balance_trials_are_read_as_the_data_set_describes_them(shared: Path) -> None:
    recording = read(shared / "balance-cop" / "BDS00001.txt", take=Take())
    assert recording["plate_grf"].sizes == {"time": 6000, "plate": 1, "space": 3}
    np.testing.assert_allclose(recording["plate_cop"][0, 0].values, [-0.07988789, 0.0, -0.00998673], atol=1e-9)
    assert recording["plate_grf"].sel(space="y").mean() == pytest.approx(54.2 * 9.81, rel=0.02)


def test_a_folder_in_which_nothing_can_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("329.1\n349.1\n401.3\n")
    with pytest.raises(ReadError, match=r"none that can be read\. a\.csv was not used: .*forces: \{rate_hz"):
        read(tmp_path)


def test_of_a_second_trial_only_its_leaving_out_is_told(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        table(tmp_path / name)
    told = [d.about for d in read(tmp_path).doubts]
    assert told == ["axes", "plate_grf"]


def test_decimal_commas_and_a_line_of_units_are_understood(tmp_path: Path) -> None:
    head = "Zeit;Force X;Force Y;Force Z;COP X;COP Y\n[ms];[N];[N];[N];[mm];[mm]\n"
    (tmp_path / "a.csv").write_text(head + "0;1,5;2,5;600,5;30;-20\n10;1,5;2,5;601,5;30;-20\n20;1,5;2,5;602,5;30;-20\n")
    recording = read(tmp_path / "a.csv")
    np.testing.assert_allclose(recording["plate_grf"]["time"].values, [0.0, 0.01, 0.02])
    np.testing.assert_allclose(recording["plate_grf"][0, 0].values, [1.5, 600.5, -2.5])
    np.testing.assert_allclose(recording["plate_cop"][0, 0].values, [0.03, 0.0, 0.02])


def test_a_plate_that_points_down_is_read_with_its_axes_stated(tmp_path: Path) -> None:
    # z down, x forward, so y to the right: the reaction on the foot is negative there, and nothing is turned round
    (tmp_path / "a.csv").write_text("time[s],Fx[N],Fy[N],Fz[N]\n0,5,7,-600\n0.01,5,7,-601\n0.02,5,7,-602\n")
    recording = read(tmp_path / "a.csv", take=parsed({"axes": {"forward": "+x", "up": "-z"}}))
    np.testing.assert_allclose(recording["plate_grf"][0, 0].values, [5.0, 600.0, 7.0])
    assert not recording.doubts


def test_the_foot_of_each_plate_is_the_one_stated(tmp_path: Path) -> None:
    rows = "time[s],1_Fx[N],1_Fy[N],1_Fz[N],2_Fx[N],2_Fy[N],2_Fz[N]\n0,1,2,600,1,2,300\n0.01,1,2,600,1,2,300\n"
    (tmp_path / "a.csv").write_text(rows)
    said = parsed({"forces": {"plates": {"2": "left", "1": "right"}}})
    plates = read(tmp_path / "a.csv", take=said)["plate_grf"]
    assert dict(zip(plates["plate"].values, plates["side"].values, strict=True)) == {"1": "right", "2": "left"}
    for wrong in ({"1": "left"}, {"1": "left", "3": "right"}):
        with pytest.raises(ReadError, match="state the foot of each"):
            read(tmp_path / "a.csv", take=parsed({"forces": {"plates": wrong}}))
