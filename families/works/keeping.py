"""A family's data on request, and the end of what is not needed any more."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from families.works import queries, spoken
from families.works.actions.own import erase_row
from families.works.models import Work
from families.works.naming import instructors_of
from families.works.rules import UNDER_JUDGING, Status
from portal.access.actors import SYSTEM
from portal.privacy.queries import about
from portal.privacy.registry import Person
from portal.reviews.queries import history_of

KEEP_DAYS = 183


def export_of(person: Person) -> list[dict[str, Any]]:
    """Everything the portal keeps about a family's works, as plain data."""
    rows = queries.own(person.phone_hash, person.user).prefetch_related("authors")
    return [_plain(work) for work in rows]


def _plain(work: Work) -> dict[str, Any]:
    return {
        "no": work.no,
        "call": work.call.title,
        "category": work.category.name,
        "title": work.title,
        "text": work.text,
        "story": work.story,
        "extra": {row.label: row.value for row in queries.extras_of(work)},
        "authors": [
            {
                "name": author.name,
                "pen_name": author.pen_name,
                "birth_ym": author.birth_ym,
                "role": author.role,
            }
            for author in work.authors.all()
        ],
        "household": work.household,
        "household_agreed": work.household_agreed,
        "instructors": instructors_of(work),
        "phone": work.phone,
        "guardian_name": work.guardian_name,
        "guardian_phone": work.guardian_phone,
        "area": str(work.unit),
        "audience": work.get_audience_display(),
        "status": work.family_status,
        "publish_state": work.get_publish_state_display(),
        "submitted_at": work.submitted_at,
        "published_at": work.published_at,
        "entered_by_staff": bool(work.entered_by_id),
        "consents": [
            {
                "type": row.get_type_display(),
                "given_at": row.given_at,
                "withdrawn_at": row.withdrawn_at,
                "notice": row.notice_version,
            }
            for row in about(work)
        ],
        "history": [{"at": row.at, "to": _step(row.after), "reason": row.reason} for row in history_of(work)],
        "captions": spoken.captions_text_of(queries.media_of(work)),
        "media": [file.original_name for file in queries.media_of(work)],
        "photos": [file.original_name for file in queries.photos_of([work]).get(str(work.pk), [])],
    }


def _step(state: str) -> str:
    """How far a work came in judging is told when the results are announced."""
    return _("评审中") if state in UNDER_JUDGING else str(dict(Status.choices).get(state, state))


def erase_of(person: Person, actor: Any) -> int:
    """Delete all works of a family; the caller has made sure it is the family that asks."""
    rows = list(queries.own(person.phone_hash, person.user))
    for work in rows:
        erase_row(work, actor=actor, reason=_("作者要求删除全部信息"))
    return len(rows)


def purge_not_accepted(now: datetime) -> int:
    """Works that were not taken are deleted after half a year (domain reference §10.4)."""
    rows = list(queries.past_keeping(now, KEEP_DAYS)[:500])
    for work in rows:
        erase_row(work, actor=SYSTEM, reason=_("保存期满"))
    return len(rows)
