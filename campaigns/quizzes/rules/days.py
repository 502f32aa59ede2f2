"""Working days of a publicity period."""

from datetime import date, timedelta

SATURDAY = 5


def add_working_days(day: date, count: int) -> date:
    """The last day of a period of `count` working days that begins the day after `day`. Monday to Friday."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day
