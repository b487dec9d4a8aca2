"""One self-contained page from an analysis, from a comparison, or from chapters of many recordings."""

from restride.report.build import build, tell
from restride.report.compared import build_comparison

__all__ = ["build", "build_comparison", "tell"]
