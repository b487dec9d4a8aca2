"""What is on a page, in the order in which it comes: the links at its top."""

from restride.report.page import Page


def index(page: Page) -> tuple[tuple[str, str], ...]:
    """Identifier and words of each section; empty where there is but one thing to read."""
    chapters = [(f"chapter-{part.key}", part.title) for part in page.parts]
    if not page.strided:
        return (*chapters, *_last(page)) if len(chapters) > 1 else ()
    curves = [
        *([("body", "In motion")] if page.moving or page.no_body else ()),
        *([("origin", "What departs")] if page.origin else ()),
        ("curves", "Through the stride"),
    ]
    first = [*chapters, *curves] if chapters_lead(page) else [*curves, *chapters]
    quality = [("quality", "Quality of the EMG")] if page.quality else []
    return (*first, ("findings-section", "Findings"), *quality, ("strides", "Strides"), *_last(page))


def chapters_lead(page: Page) -> bool:
    """Whether the chapters come before the curves: the first of them tops the page, or there is nothing else."""
    return not page.strided or bool(page.parts and page.parts[0].sentences[0] == page.sentence)


def _last(page: Page) -> tuple[tuple[str, str], ...]:
    warnings = sum(doubt.severity == "warning" for doubt in page.doubts)
    words = "" if not warnings else f" ({warnings} warning{'s' if warnings > 1 else ''})"
    return (("doubts", f"Doubts{words}"), ("methods-section", "Methods"))
