"""Late codes, issues and works on show."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from families.calls.actions import give_late_code
from families.calls.models import LateCode
from families.exhibition.actions.issues import create_issue, set_works
from families.exhibition.models import Issue
from families.search.actions import put_in
from families.works.models import Work, WorkCall
from families.works.rules import PublishState, Status

_numbers = itertools.count(1)


def make_late_code(call: WorkCall, actor: Any, **fields: Any) -> LateCode:
    """A code that can be used once within three days."""
    defaults = {
        "given_to": "一户家庭",
        "reason": "住院",
        "most": 1,
        "expires_at": timezone.now() + timedelta(days=3),
    }
    return give_late_code(actor=actor, call=call, fields={**defaults, **fields})


def put_on_show(work: Work) -> Work:
    """Published without the gate, for tests of what comes after it."""
    Work.every.filter(pk=work.pk).update(
        status=Status.ACCEPTED,
        publish_state=PublishState.PUBLISHED,
        published_at=timezone.now(),
        public_author="张小三",
    )
    work.refresh_from_db()
    put_in(work)
    return work


def make_issue(call: WorkCall, actor: Any, works: list[Work], **fields: Any) -> Issue:
    """An issue being composed."""
    number = fields.pop("number", None)
    series = fields.pop("series", None)
    issue = create_issue(
        actor=actor,
        call=call,
        series=series,
        number=number,
        fields={"title": f"一剪清风{next(_numbers)}", **fields},
    )
    set_works(actor=actor, issue=issue, works=works)
    return issue
