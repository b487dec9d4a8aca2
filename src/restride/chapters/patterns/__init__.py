"""How the muscles are used, stride by stride, left against right."""

from restride.chapters.patterns.tell import chapters

__all__ = ["chapters"]
