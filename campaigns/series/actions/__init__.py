"""Every write on series and episodes."""

from campaigns.series.actions.episodes import add_episode, add_many, edit_episode, step
from campaigns.series.actions.gate import hide, request_public, show
from campaigns.series.actions.order import renumber, shift
from campaigns.series.actions.series import create_series, edit_series, step_series

__all__ = [
    "add_episode",
    "add_many",
    "create_series",
    "edit_episode",
    "edit_series",
    "hide",
    "renumber",
    "request_public",
    "shift",
    "show",
    "step",
    "step_series",
]
