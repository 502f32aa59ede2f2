"""A work or one of its files is new or changed: likeness to other works is looked at in the background."""

from portal.jobs.actions import enqueue_once_idle

JOB = "likeness.compare"


def compare_later(work_id: int) -> None:
    """One waiting job per work; it reads the rows as they are when it runs."""
    enqueue_once_idle(JOB, args={"work_id": work_id}, key=f"{JOB}:{work_id}")
