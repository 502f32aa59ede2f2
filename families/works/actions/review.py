"""Steps of staff: format check, return, reject, accept; looking behind the mask."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from families.works import messages, queries, spoken
from families.works.models import Work
from families.works.naming import instructors_of
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.files.queries import attached_to
from portal.journal.actions import record
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.reviews.workflow import WorkflowError, move


def pass_format(*, actor: Any, work: Work) -> None:
    """初核: complete, in order, consents there. What shall be public goes to the publish gate."""
    scope_of(actor).require(Perm.WORK_REVIEW, work)
    _refuse_incomplete(work)
    with transaction.atomic():
        move(work, "check", actor=actor, fields={"checked_by": actor})
        if work.wants_public:
            gate.request(work, actor=actor)


def _refuse_incomplete(work: Work) -> None:
    given = queries.consents_in_force(work)
    if ConsentType.PROCESSING not in given:
        raise WorkflowError(_("缺少作者的处理同意，不能通过。"))
    if work.is_child and ConsentType.GUARDIAN not in given:
        raise WorkflowError(_("作者未满 14 周岁，缺少监护人同意，不能通过。"))
    if work.wants_public and ConsentType.PUBLICATION not in given:
        raise WorkflowError(_("作者选了公开展示，但没有公开同意，请退回请作者确认。"))
    if attached_to(work).filter(state="failed").exists():
        raise WorkflowError(_("有图片、录音或视频处理失败，请退回请作者重新上传。"))
    if work.wants_public and spoken.is_wordless(work, queries.media_of(work)):
        raise WorkflowError(
            _(
                "录音或视频还没有文字稿，公开前请先补上：听不见的人靠它知道内容。没有人说话的，写一句画面或曲子是什么。"
            )
        )


def accept(*, actor: Any, work: Work) -> None:
    """A second person accepts what stays with the organisation; public works are accepted by the gate."""
    if work.wants_public:
        raise WorkflowError(_("这件作品要公开展示，请在发布审核里处理。"))
    with transaction.atomic():
        move(work, "accept", actor=actor)
        messages.tell(work, "accepted")


def send_back(*, actor: Any, work: Work, reason: str) -> None:
    """退回: the family reads the reason by SMS and on its page, and may change the work."""
    with transaction.atomic():
        move(work, "return", actor=actor, reason=reason)
        gate.withdraw(work, actor=actor, reason=reason)
        messages.tell(work, "returned", reason=reason.strip()[:60])


def reject(*, actor: Any, work: Work, reason: str) -> None:
    """不采用, with a reason."""
    with transaction.atomic():
        move(work, "reject", actor=actor, reason=reason)
        gate.withdraw(work, actor=actor, reason=reason)
        messages.tell(work, "rejected", reason=reason.strip()[:60])


def pass_many(*, actor: Any, works: Iterable[Work]) -> tuple[int, list[str]]:
    """Bulk 初核; one that cannot pass does not stop the others. Returns how many, and the refusals."""
    done, refused = 0, []
    for work in works:
        try:
            pass_format(actor=actor, work=work)
            done += 1
        except WorkflowError as error:
            refused.append(f"{work.no}：{error.message}")
    return done, refused


def reveal(*, actor: Any, work: Work, reason: str) -> dict[str, Any]:
    """Show names and phones to one person, once, with a reason; minors' only to WORK_REVEAL. Journalled."""
    scope = scope_of(actor)
    scope.require(Perm.WORK_REVEAL if work.is_minor else Perm.WORK_REVIEW, work)
    if len(reason.strip()) < 4:
        raise WorkflowError(_("请写明为什么要看（至少 4 个字），会记入操作记录。"))
    with transaction.atomic():
        record("work.revealed", actor=actor, target=work, details={"reason": reason.strip()})
    return {
        "authors": list(work.authors.all()),
        "household": work.household,
        "instructors": instructors_of(work),
        "phone": work.phone,
        "guardian_name": work.guardian_name,
        "guardian_phone": work.guardian_phone,
    }
