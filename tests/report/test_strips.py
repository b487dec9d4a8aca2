"""Strips of on and off: each leg in its place, and a line where only the other leg is usually on."""

from xml.etree import ElementTree

import numpy as np
from tests.findings.test_patterns_bursts import NOTHING, SWING

from restride.chapters.chapter import Chart
from restride.report.charts import chart_svg, legend
from restride.report.colours import SIDE
from restride.report.strips import LACKS


def drawn(**series: np.ndarray) -> Chart:
    return Chart(
        title="When each muscle is on",
        x=np.linspace(0.0, 1.0, 101),
        x_words="stride",
        x_units="1",
        series={name.replace("_", " "): values for name, values in series.items()},
        y_words="share of strides",
        y_units="1",
        style="strips",
        words="Strips.",
        marks={"left": 0.6},
        marks_words="toe-off",
    )


def test_strip_lies_where_the_muscle_was_on_in_the_colour_of_its_leg() -> None:
    svg = chart_svg(drawn(left_soleus=SWING, right_soleus=NOTHING))
    (strip,) = [p for p in ElementTree.fromstring(svg).iter() if p.tag.endswith("rect")]
    assert strip.attrib["fill"] == SIDE["left"]
    # on from 45 to 64 %: 3 px a percent, half a percent more on either side
    assert (float(strip.attrib["x"]), float(strip.attrib["width"])) == (42 + 3 * 44.5, 60.0)


def test_only_the_leg_that_lacks_is_underlined() -> None:
    svg = chart_svg(drawn(left_soleus=SWING, right_soleus=NOTHING))
    assert svg.count(f"stroke='{LACKS}'") == 1
    assert chart_svg(drawn(left_soleus=SWING, right_soleus=SWING)).count(f"stroke='{LACKS}'") == 0


def test_one_leg_and_its_toe_off_are_drawn_alone() -> None:
    svg = chart_svg(drawn(left_soleus=0.5 * SWING))
    assert SIDE["right"] not in svg
    assert svg.count("stroke-dasharray='3 3'") == 1
    assert "dashed: toe-off" in svg


def test_legend_explains_what_is_drawn_and_no_more() -> None:
    both, alone = drawn(left_soleus=SWING, right_soleus=SWING), drawn(right_soleus=SWING)
    assert [name for name, _ in legend(both)] == ["left", "right", "only the other leg is usually on"]
    assert [name for name, _ in legend(alone)] == ["right"]
