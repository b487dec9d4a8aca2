"""One self-contained HTML page: no network, no script that is not in the file."""

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from restride.chapters.chapter import Chapter
from restride.pipeline.analysis import Analysis
from restride.report.colours import ACTIVATION, LETTER, NOT_MEASURED, REQUIRED, SIDE
from restride.report.gather import page_of, page_of_chapters
from restride.report.index import chapters_lead, index
from restride.report.page import Page, Panel, Table
from restride.report.svg import panel_svg
from restride.report.words import capital, ended, number, panel_sentence, typeset
from restride.signals.recording import Doubt
from restride.signals.schema import FloatArray

# a panel's table shows every tenth percent; the button copies all points
TABLE_STEP: Final = 10


def build(analysis: Analysis) -> str:
    """The page of one analysis, as HTML text.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    str
        Under 2 MB. Opens from disk; a content security policy refuses every request.
        Without WebGL, without scripts and on paper it shows stills in place of the
        moving body.
    """
    return rendered(page_of(analysis), script=viewer_script())


def tell(chapters: Sequence[Chapter], *, left_out: Sequence[Doubt] = ()) -> str:
    """The page of chapters that belong to no single recording, as HTML text.

    Parameters
    ----------
    chapters : sequence of Chapter
        At least one; its first sentence tops the page.
    left_out : sequence of Doubt
        Files that could not be used.
    """
    return rendered(page_of_chapters(chapters, left_out=left_out), script=viewer_script())


def rendered(page: Page, *, script: str) -> str:
    """The page as HTML text.

    Parameters
    ----------
    page : Page
    script : str
        The built browser script; empty for a page without one.
    """
    style = resource("templates", "page.css")
    panels = [panel for column in page.columns for panel in column.panels]
    sentences = {panel.key: panel_sentence(panel) for panel in panels}
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            page=page,
            index=index(page),
            chapters_lead=chapters_lead(page),
            policy=content_policy(style, script),
            style=Markup(style),  # ours, and hashed
            script=Markup(script),
            data=Markup(_data(page, panels)),
            drawings={p.key: Markup(panel_svg(p, sentence=sentences[p.key])) for p in panels if p.sides or p.required},
            sentences=sentences,
            tables={panel.key: _numbers(panel) for panel in panels},
            legend=Markup(_legend()),
            ramp=Markup(_ramp()),
        )
    )


def environment() -> Environment:
    """Where templates come from, and how words are written in them."""
    made = Environment(
        loader=PackageLoader("restride.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {"ucfirst": capital, "ended": ended, "typeset": typeset}
    return made


def viewer_script() -> str:
    """The built browser script; empty if the package was installed without building it."""
    script = files("restride.report").joinpath("static", "viewer.js")
    return script.read_text(encoding="utf-8").replace("</script", "<\\/script") if script.is_file() else ""


def series(panel: Panel) -> dict[str, FloatArray]:
    """The panel's curves by the short names of readouts and tables, each of shape (101,)."""
    curves = {LETTER[side]: band.mean for side, band in panel.sides.items()}
    curves |= {f"required {LETTER[side]}": band.mean for side, band in panel.required.items()}
    if panel.difference is not None:
        curves["L−R"] = panel.difference.mean
    return curves


def resource(*parts: str) -> str:
    """A file of the report, as text."""
    return files("restride.report").joinpath(*parts).read_text(encoding="utf-8")


def content_policy(style: str, script: str) -> str:
    """Nothing may be loaded; the one style and the one script are named by their hash."""
    scripts = f"script-src {_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {_hash(style)}; {scripts}img-src data:; "
        "base-uri 'none'; form-action 'none'; connect-src 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(page: Page, panels: list[Panel]) -> str:
    """The page's data as JSON that cannot end its own script element."""
    moving = page.moving
    content = {
        "followed": moving.followed if moving else "right",
        "otherStart": moving.other_start if moving else None,
        "strideSeconds": moving.stride_s if moving else 1.0,
        "panels": {
            panel.key: {
                "digits": panel.digits,
                "unit": panel.unit,
                "series": {name: _rounded(curve, panel.digits + 1) for name, curve in series(panel).items()},
            }
            for panel in panels
        },
        "body": moving.payload if moving else None,
    }
    return json.dumps(content, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _rounded(curve: FloatArray, digits: int) -> list[float | None]:
    return [round(v, digits) if np.isfinite(v) else None for v in curve.tolist()]


def _numbers(panel: Panel) -> Table:
    curves = series(panel)
    if panel.difference is not None and np.isfinite(panel.difference.low).any():
        curves |= {"L−R from": panel.difference.low, "to": panel.difference.high}
    rows = tuple(
        (f"{p} %", *(number(float(curve[p]), panel.digits) for curve in curves.values()))
        for p in range(0, 101, TABLE_STEP)
    )
    return Table(f"numbers-{panel.key}", f"{panel.title}, {panel.axis}", ("Stride", *curves), rows)


def _legend() -> str:
    left, right = SIDE["left"], SIDE["right"]
    items = {
        "left, open end (L)": _stroke("0 7H28", left, 2.5)
        + f"<circle cx='29' cy='7' r='3' fill='#fff' stroke='{left}'/>",
        "right (R)": _stroke("0 7H33", right, 2.5),
        "required by this motion (left dashed)": _stroke("0 4H33", REQUIRED, 1.8, "6 3")
        + _stroke("0 10H33", REQUIRED, 1.8),
        "muscle switched on (fainter: in fewer strides)": f"<rect y='1' width='20' height='5' fill='{left}'/>"
        f"<rect x='20' y='1' width='13' height='5' fill='{left}' fill-opacity='.4'/>"
        f"<rect x='6' y='8' width='27' height='5' fill='{right}'/>",
        "toe-off of each side": _stroke("11 0V14", left, 1, "3 3") + _stroke("22 0V14", right, 1, "3 3"),
        "cursor": _stroke("16 0V14", "#111827", 1.4),
        "where the other leg is at this instant": _stroke("16 0V14", right, 1.8, "1 3"),
    }
    moving = ("cursor", "where the other leg is at this instant")  # not on paper
    return "".join(
        f"<span{' class=screen' if words in moving else ''}>"
        f"<svg viewBox='0 0 34 14' aria-hidden='true'>{drawing}</svg>{words}</span>"
        for words, drawing in items.items()
    )


def _stroke(way: str, colour: str, width: float, dash: str = "none") -> str:
    return f"<path d='M{way}' stroke='{colour}' stroke-width='{width}' stroke-dasharray='{dash}'/>"


def _ramp() -> str:
    """The colour scale of activation, with its words."""
    stops = "".join(
        f"<stop offset='{100 * i // (len(ACTIVATION) - 1)}%' stop-color='{code}'/>" for i, code in enumerate(ACTIVATION)
    )
    text = "font-family='system-ui,sans-serif' font-size='12' fill='#e8eaed'"
    return (
        "<svg class='ramp' viewBox='0 0 380 58' role='img' aria-label='Colour scale: dark is silent, light is fully "
        "active, blue-grey is not measured'>"
        f"<defs><linearGradient id='ramp'>{stops}</linearGradient></defs>"
        "<rect x='0' y='2' width='300' height='12' rx='3' fill='url(#ramp)'/>"
        f"<g {text}><text x='0' y='28'>0 silent</text><text x='150' y='28' text-anchor='middle'>0.5</text>"
        f"<text x='300' y='28' text-anchor='end'>1 and more</text>"
        f"<rect x='0' y='42' width='34' height='12' rx='3' fill='{NOT_MEASURED}'/>"
        "<text x='42' y='52'>not measured, or not known: never lights up</text></g></svg>"
    )
