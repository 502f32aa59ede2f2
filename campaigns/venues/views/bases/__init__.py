"""Pages of rounds of naming, applications and bases."""

from campaigns.venues.views.bases.one import detail, edit
from campaigns.venues.views.bases.rounds import apply, batch, batch_edit, batches, index
from campaigns.venues.views.bases.steps import (
    answer_objection,
    decide,
    name_base,
    object_to,
    propose_removal,
    recommend,
    remove,
    review,
    score,
    step,
)

__all__ = [
    "answer_objection",
    "apply",
    "batch",
    "batch_edit",
    "batches",
    "decide",
    "detail",
    "edit",
    "index",
    "name_base",
    "object_to",
    "propose_removal",
    "recommend",
    "remove",
    "review",
    "score",
    "step",
]
