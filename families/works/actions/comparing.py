"""A work or one of its files is new or changed: likeness to other works is looked at in the background."""

import uuid

from portal.jobs.actions import enqueue, enqueue_once_idle

JOB = "likeness.compare"


def compare_later(work_id: int, *, is_new: bool = False) -> None:
    """One waiting job per work; it reads the rows as they are when it runs. `is_new`: made just now, nothing waits yet."""
    if is_new:
        enqueue(JOB, args={"work_id": work_id}, slot=f"{JOB}:{work_id}#{uuid.uuid4().hex[:12]}", fresh=True)
        return
    enqueue_once_idle(JOB, args={"work_id": work_id}, key=f"{JOB}:{work_id}")
