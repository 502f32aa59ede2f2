"""Every write on key dates: nodes, turns, reminder campaigns."""

from campaigns.calendar.actions.nodes import keep_node, load_usual
from campaigns.calendar.actions.reminders import (
    cancel,
    decide,
    record_counts,
    send_due,
    submit,
    write_reminder,
)
from campaigns.calendar.actions.schedule import schedule_episodes
from campaigns.calendar.actions.turns import decline, prepare_due, resume

__all__ = [
    "cancel",
    "decide",
    "decline",
    "keep_node",
    "load_usual",
    "prepare_due",
    "record_counts",
    "resume",
    "schedule_episodes",
    "send_due",
    "submit",
    "write_reminder",
]
