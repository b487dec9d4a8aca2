"""What a recording shows that does not come in strides of a leg: sentences, numbers and charts, a chapter each."""

from restride.chapters.chapter import Chapter, Chart, Measure
from restride.chapters.telling import chapters

__all__ = ["Chapter", "Chart", "Measure", "chapters"]
