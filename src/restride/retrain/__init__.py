"""Trials of one person: what helps them, asked so that the answer can be trusted."""

from restride.retrain.log import Noted, load, note
from restride.retrain.orders import Randomisation, randomisation
from restride.retrain.planner import blocks_needed, draw_order, power
from restride.retrain.result import Result, result
from restride.retrain.sessions import State, Trial, condition_of, state
from restride.retrain.telling import plan_words, progress_words, result_chapter
from restride.retrain.trial import Design, Noise, Outcome, Stop, TrialPlan, plan_text, write_plan

__all__ = [
    "Design",
    "Noise",
    "Noted",
    "Outcome",
    "Randomisation",
    "Result",
    "State",
    "Stop",
    "Trial",
    "TrialPlan",
    "blocks_needed",
    "condition_of",
    "draw_order",
    "load",
    "note",
    "plan_text",
    "plan_words",
    "power",
    "progress_words",
    "randomisation",
    "result",
    "result_chapter",
    "state",
    "write_plan",
]
