"""The whole way from a recording to what a page shows: ``analyse``."""

from restride.pipeline.analysis import Analysis, Motion
from restride.pipeline.outputs import curves_dataset, findings_json, write
from restride.pipeline.plan import Plan
from restride.pipeline.run import analyse

__all__ = ["Analysis", "Motion", "Plan", "analyse", "curves_dataset", "findings_json", "write"]
