"""One self-contained page from an analysis, or from chapters of many recordings."""

from restride.report.build import build, tell

__all__ = ["build", "tell"]
