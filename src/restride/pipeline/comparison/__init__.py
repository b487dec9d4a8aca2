"""One recording against another: ``compare``; and many under several conditions: ``session_rows``."""

from restride.pipeline.comparison.comparing import compare
from restride.pipeline.comparison.factors import factor_chapters, session_rows
from restride.pipeline.comparison.outputs import comparison_dataset, comparison_json, write_comparison
from restride.pipeline.comparison.records import Comparison, MeasureChange

__all__ = [
    "Comparison",
    "MeasureChange",
    "compare",
    "comparison_dataset",
    "comparison_json",
    "factor_chapters",
    "session_rows",
    "write_comparison",
]
