"""One self-contained page from an analysis."""

from restride.report.build import build

__all__ = ["build"]
