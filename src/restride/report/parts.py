"""From a chapter to a part of the page: words, one table of its numbers, its charts."""

from restride.chapters.chapter import Chapter, Chart, Measure
from restride.report.charts import axis_words, chart_svg, legend
from restride.report.page import Drawing, Part, Table
from restride.report.shown import shown
from restride.report.words import capital, lettered, typeset

_WHOSE = {"": "–", "both": "both legs", "one, not stated which": "one leg, not stated which"}


def part_of(chapter: Chapter) -> Part:
    """The chapter, ready to be drawn."""
    return Part(
        key=chapter.key,
        title=chapter.title,
        sentences=tuple(map(typeset, chapter.sentences)),
        sureness=typeset(chapter.sureness),
        measures=_measures(chapter),
        drawings=tuple(_drawing(chart) for chart in chapter.charts),
        not_measured=tuple(typeset(capital(text)) for text in chapter.not_measured),
    )


def _drawing(chart: Chart) -> Drawing:
    return Drawing(chart.title, axis_words(chart), typeset(chart.words), chart_svg(chart), legend(chart))


def _measures(chapter: Chapter) -> Table:
    """One row per number; the same few methods serve all rows, so a letter stands in the row."""
    letter = lettered(m.method for m in chapter.measures if m.method)
    return Table(
        key=f"measures-{chapter.key}",
        caption=f"{chapter.title}: all numbers",
        head=("Measure", "Side", "Value", "95 % interval", "From", "Method"),
        rows=tuple(_row(measure, letter.get(measure.method, "")) for measure in chapter.measures),
        notes=tuple(f"Method {mark}: {method}." for method, mark in letter.items()),
    )


def _row(measure: Measure, method: str) -> tuple[str, ...]:
    way = shown(measure.units, measure.value, asked=measure.shown_in)
    if measure.interval is None:
        interval = measure.interval_reason or "none"
    else:
        low, high = measure.interval
        interval = f"{way.text(low)} to {way.with_unit(high)}"
    return (
        capital(measure.name),
        _WHOSE.get(measure.side, measure.side),
        way.with_unit(measure.value),
        interval,
        f"{measure.n} {measure.counted}" if measure.counted else "–",
        method,
    )
