"""Standing and floor tests, as chapters of a page."""

from restride.pipeline.standing.tell import chapters

__all__ = ["chapters"]
