"""The page of one comparison, as HTML text: no network, no script that is not in the file."""

import json
from typing import Final

import numpy as np
from markupsafe import Markup

from restride.pipeline.comparison import Comparison
from restride.report.build import TABLE_STEP, content_policy, environment, resource, viewer_script
from restride.report.colours import SIDE
from restride.report.compared_page import ComparedPage, PairPanel, compared_page
from restride.report.compared_svg import DASH, SECOND, axes_of, leg_sentence, leg_svg, series
from restride.report.page import Table
from restride.report.words import number
from restride.signals.recording import Side
from restride.signals.schema import FloatArray

SHOWN_ROWS: Final = 12


def build_comparison(comparison: Comparison) -> str:
    """The page of one comparison, as HTML text.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    str
        Opens from disk; a content security policy refuses every request.
    """
    page = compared_page(comparison)
    script = viewer_script()
    style = resource("templates", "page.css") + resource("templates", "compared.css")
    panels = [panel for _, group in page.groups for panel in group]
    return (
        environment()
        .get_template("compared.html.j2")
        .render(
            page=page,
            policy=content_policy(style, script),
            style=Markup(style),  # ours, and hashed
            script=Markup(script),
            data=Markup(_data(page)),
            drawings={panel.key: _drawings(panel) for panel in panels},
            sentences={panel.key: {side: leg_sentence(panel, side) for side in panel.legs} for panel in panels},
            tables={panel.key: {side: _numbers(panel, side) for side in panel.legs} for panel in panels},
            legend=Markup(_legend()),
            shown=SHOWN_ROWS,
            of_leg=_of_leg,
        )
    )


def _of_leg(part: Markup, side: Side) -> Markup:
    """The part of an origin with ids of its own, because there is one of each leg."""
    return Markup(str(part).replace('"origin', f'"origin-{side}'))  # ours, and escaped before


def _drawings(panel: PairPanel) -> dict[Side, Markup]:
    axes = axes_of(panel)
    return {side: Markup(leg_svg(panel, side, axes)) for side in panel.legs}


def _numbers(panel: PairPanel, side: Side) -> Table:
    leg = panel.legs[side]
    curves = {**series(leg)}
    if np.isfinite(leg.difference.low).any():
        curves |= {"A−B from": leg.difference.low, "to": leg.difference.high}
    rows = tuple(
        (f"{p} %", *(number(float(curve[p]), panel.digits) for curve in curves.values()))
        for p in range(0, 101, TABLE_STEP)
    )
    return Table(f"numbers-{panel.key}-{side}", f"{panel.title}, {side} leg", ("Stride", *curves), rows)


def _data(page: ComparedPage) -> str:
    """The curves for the cursor and the copy buttons, as JSON that cannot end its own script element."""
    panels = {
        f"{panel.key}-{side}": {
            "digits": panel.digits,
            "unit": panel.unit,
            "series": {name: _rounded(curve, panel.digits + 1) for name, curve in series(leg).items()},
        }
        for _, group in page.groups
        for panel in group
        for side, leg in panel.legs.items()
    }
    content = {"followed": "right", "otherStart": None, "strideSeconds": 1.0, "panels": panels, "body": None}
    return json.dumps(content, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _rounded(curve: FloatArray, digits: int) -> list[float | None]:
    return [round(v, digits) if np.isfinite(v) else None for v in curve.tolist()]


def _legend() -> str:
    def line(colour: str, dash: str) -> str:
        return f"<path d='M0 7H33' stroke='{colour}' stroke-width='2.2' stroke-dasharray='{dash}'/>"

    items = {
        "A, left leg": line(SIDE["left"], "none"),
        "A, right leg": line(SIDE["right"], "none"),
        "B": line(SECOND, DASH),
        "toe-off of each": "<path d='M11 0V14' stroke='#c8323c' stroke-dasharray='2 3'/>"
        f"<path d='M22 0V14' stroke='{SECOND}' stroke-dasharray='2 3'/>",
    }
    return "".join(
        f"<span><svg viewBox='0 0 34 14' aria-hidden='true'>{drawing}</svg>{words}</span>"
        for words, drawing in items.items()
    )
