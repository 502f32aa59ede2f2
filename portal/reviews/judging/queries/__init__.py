"""Reads of judging: what one judge may see, what staff may see before and after a round is closed."""

from portal.reviews.judging.queries.fairness import (
    Fairness,
    JudgeLoad,
    conflicts_of,
    fairness_of,
    judges_for,
    progress_of,
    substitute_for,
)
from portal.reviews.judging.queries.late import LateReport, late_report
from portal.reviews.judging.queries.own import (
    Round,
    chaired,
    is_recused,
    profile_of,
    projection,
    rounds_of,
    sheets_of,
    units_near,
)
from portal.reviews.judging.queries.results import (
    in_order,
    open_ties_at_cut,
    order_key,
    proposal_of,
    table_of,
    ties_by_hand,
    ties_of,
)
from portal.reviews.judging.queries.staff import (
    available_judges,
    criteria_before,
    is_in_open_round,
    last_stage,
    late_work,
    stage_for,
    stages,
    stages_of,
)

__all__ = [
    "Fairness", "JudgeLoad", "LateReport", "Round", "available_judges", "chaired", "conflicts_of", "criteria_before",
    "fairness_of", "in_order", "is_in_open_round", "is_recused", "judges_for", "last_stage", "late_report", "late_work",
    "open_ties_at_cut", "order_key", "profile_of", "progress_of", "projection", "proposal_of", "rounds_of", "sheets_of",
    "stage_for", "stages", "stages_of", "substitute_for", "table_of", "ties_by_hand", "ties_of", "units_near",
]  # fmt: skip
