"""Standing and floor tests, as chapters of a page."""

from restride.chapters.standing.tell import chapters

__all__ = ["chapters"]
