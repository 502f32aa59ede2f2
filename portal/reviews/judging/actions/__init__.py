"""Every write of judging: rounds, panels, criteria, assignment, scores, recusal, closing, promotion."""

from portal.reviews.judging.actions.closing import close_stage, decide, finish, part_tie
from portal.reviews.judging.actions.late import add_late
from portal.reviews.judging.actions.leaving import drop_gone
from portal.reviews.judging.actions.preparing import assign, create_stage, open_stage, set_criteria, set_panel
from portal.reviews.judging.actions.scoring import recuse, save_profile, save_sheet

__all__ = [
    "add_late", "assign", "close_stage", "create_stage", "decide", "drop_gone", "finish", "open_stage", "part_tie",
    "recuse", "save_profile", "save_sheet", "set_criteria", "set_panel",
]  # fmt: skip
