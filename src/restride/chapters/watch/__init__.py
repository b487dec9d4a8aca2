"""Outings of watches, straps, pods and power pedals, as chapters of a page."""

from restride.chapters.watch.tell import chapters

__all__ = ["chapters"]
