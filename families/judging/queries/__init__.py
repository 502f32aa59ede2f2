"""Reads: which works may be judged, the redacted projection, conflicts, award lists."""

from families.judging.queries.awards import (
    candidates_of,
    list_of,
    listed,
    on_show,
    proposal,
    publicity_end,
    published_list,
    ripe,
    ties_between_tiers,
)
from families.judging.queries.pairing import buckets, conflicts, group_of
from families.judging.queries.rounds import (
    CODE,
    calls,
    candidates,
    next_kinds,
    staff_label,
    still_in,
    subject_url,
    waiting,
)
from families.judging.queries.shown import pictures, project, recordings
from families.judging.queries.units import UnitRow, doubtful, lost_ground, unit_cap, unit_rows, units_on_show

__all__ = [
    "CODE", "UnitRow", "buckets", "calls", "candidates", "candidates_of", "conflicts", "doubtful", "group_of", "list_of", "listed", "lost_ground", "next_kinds",
    "on_show", "pictures", "project", "proposal", "publicity_end", "published_list", "recordings", "ripe", "staff_label",
    "still_in", "subject_url", "ties_between_tiers", "unit_cap", "unit_rows", "units_on_show", "waiting",
]  # fmt: skip
