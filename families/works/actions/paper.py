"""代录: a village officer types in what a family brought on paper."""

from datetime import datetime
from typing import Any

from django.db import transaction

from families.works.actions.submit import keep_scan, resubmit, submit
from families.works.entry import Entry
from families.works.models import Work, WorkCall
from portal.files.picked import Picked


def enter(
    *,
    actor: Any,
    call: WorkCall,
    entry: Entry,
    scan: Picked,
    token: str,
    ip: str = "",
    late_code: str = "",
    at: datetime | None = None,
) -> tuple[Work, str]:
    """Take in a paper entry with its scan; who typed stays visible for good. Needs WORK_ENTER at the unit."""
    return submit(
        actor=actor, call=call, entry=entry, token=token, ip=ip, paper=True, late_code=late_code, at=at, scan=scan
    )  # fmt: skip


@transaction.atomic
def correct(*, actor: Any, work: Work, entry: Entry, scan: Picked, ip: str = "") -> Work:
    """Who typed it in corrects it while that is allowed, for a family that cannot do so itself."""
    resubmit(actor=actor, work=work, entry=entry, ip=ip)
    keep_scan(work, scan, actor=actor)
    return work
