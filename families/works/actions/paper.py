"""代录: a village officer types in what a family brought on paper."""

from datetime import datetime
from typing import Any

from django.db import transaction

from families.works.actions.submit import resubmit, submit
from families.works.entry import Entry
from families.works.models import Work, WorkCall
from portal.files import actions as files
from portal.files.picked import Picked
from portal.privacy.queries import open_consent
from portal.privacy.rules import ConsentType


@transaction.atomic
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
    """Take in a paper entry with its scan; who typed stays visible for good. Needs WORK_ENTER at the unit.

    The scan hangs on the consent, not on the work: it shows full names and is never served with the page.
    """
    work, code = submit(
        actor=actor, call=call, entry=entry, token=token, ip=ip, paper=True, late_code=late_code, at=at
    )
    _keep_scan(work, scan, actor=actor)
    return work, code


@transaction.atomic
def correct(*, actor: Any, work: Work, entry: Entry, scan: Picked, ip: str = "") -> Work:
    """Who typed it in corrects it while that is allowed, for a family that cannot do so itself."""
    resubmit(actor=actor, work=work, entry=entry, ip=ip)
    _keep_scan(work, scan, actor=actor)
    return work


def _keep_scan(work: Work, scan: Picked, *, actor: Any) -> None:
    consent = open_consent(work, ConsentType.PROCESSING)
    if consent is not None and scan:
        files.settle(target=consent, actor=actor, picked=scan)
