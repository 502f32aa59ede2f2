"""Naming bases: rounds, applications, scores, decision, notice, plate, re-check, removal."""

from campaigns.venues.actions.bases.applying import apply, edit, submit
from campaigns.venues.actions.bases.deciding import SIMPLE_STEPS, decide, recommend, score, step
from campaigns.venues.actions.bases.keeping import (
    answer_objection,
    drop_removal,
    name_base,
    object_to,
    propose_removal,
    remove,
    review,
)
from campaigns.venues.actions.bases.rounds import BATCH_FIELDS, save_batch

__all__ = [
    "BATCH_FIELDS",
    "SIMPLE_STEPS",
    "answer_objection",
    "apply",
    "decide",
    "drop_removal",
    "edit",
    "name_base",
    "object_to",
    "propose_removal",
    "recommend",
    "remove",
    "review",
    "save_batch",
    "score",
    "step",
    "submit",
]
