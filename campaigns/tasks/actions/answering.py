"""What a unit does with its copy, and how the issuer answers."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.tasks import evidence, queries, rules
from campaigns.tasks.models import TaskAnswer, TaskCopy, TaskEvidence, TaskTick
from campaigns.tasks.rules import CopyStatus
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import settle_all
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.notifications.actions import tell
from portal.reviews.workflow import StaleState, WorkflowError, move


def _require_running(copy: TaskCopy) -> None:
    if not copy.task.is_running:
        raise WorkflowError(_("这项任务已撤回或归档，不用再办。"))


def step(*, actor: User, copy: TaskCopy, name: str, reason: str = "") -> TaskCopy:
    """One step of the table. The issuer's steps need TASK_CHECK at the unit that issued the task.

    Raises PermissionDenied, SamePerson, StaleState, WorkflowError.
    """
    _require_running(copy)
    now = timezone.now()
    fields: dict[str, Any] = {}
    if name in rules.ISSUER_STEPS:
        scope_of(actor).require(Perm.TASK_CHECK, copy.task.unit)
    if name == "receive":
        fields = {"received_at": now}
    elif name in {"finish", "claim_na"}:
        fields = {"done_at": now, "done_by": actor, "late": int(rules.is_late(copy.due_on, now))}
        if name == "claim_na":
            fields["late"] = 0
        if copy.received_at is None:
            fields["received_at"] = now
    elif name in {"check", "accept_na"}:
        fields = {"checked_at": now}
    with transaction.atomic():
        history = move(copy, name, actor=actor, reason=reason, fields=fields)
        _tell_other_side(copy, name, actor, reason, key=f"task_step:{history.pk}")
    return copy


def _tell_other_side(copy: TaskCopy, name: str, actor: User, reason: str, *, key: str) -> None:
    """The issuer reads that something waits; the unit reads what was decided."""
    if name in {"finish", "claim_na"}:
        users = queries.issuers(copy.task)
    elif name in rules.ISSUER_STEPS:
        users = queries.answerers([copy.unit_id]).get(copy.unit_id, [])
    else:
        return
    words = {
        "finish": _("%(unit)s报告完成：%(title)s"), "claim_na": _("%(unit)s申请不适用：%(title)s"),
        "check": _("任务检查通过：%(title)s"), "return": _("任务退回补充：%(title)s"),
        "accept_na": _("已认可不适用：%(title)s"), "refuse_na": _("没有认可不适用：%(title)s"),
    }  # fmt: skip
    said = {"unit": copy.unit.short_name, "title": copy.task.title}
    others = [user for user in users if user.pk != actor.pk]
    tell(users=others, title=words[name] % said, text=reason.strip(), url=copy.staff_url, key=key)


def add_answer(
    *,
    actor: User,
    copy: TaskCopy,
    text: str = "",
    items: Collection[int] = (),
    shown_items: Collection[int] = (),
    proofs: Sequence[str] = (),
    documents: Picked | None = None,
    finish: bool = False,
    client_token: str | None = None,
) -> TaskCopy:
    """Keep what a unit says: text (appended), ticked lines, records as evidence; with `finish` report it done.

    `shown_items` are the lines the form showed: only those can be unticked, so that a line which a colleague
    ticked meanwhile stays. Two answers at once lose nothing: each is a row of its own, and of two that report
    "done" the second one becomes an addition. Raises PermissionDenied, WorkflowError (nothing is kept then).
    """
    scope = scope_of(actor)
    scope.require(Perm.TASK_ANSWER, copy)
    _require_running(copy)
    if client_token and TaskAnswer.objects.filter(client_token=client_token, copy=copy).exists():
        return copy
    found = evidence.read(proofs, scope, copy.unit)
    if len(found) != len(set(proofs)):
        raise WorkflowError(_("有的佐证记录已不存在或不属于本单位，请重新选择。"))
    try:
        with transaction.atomic():
            _write(copy, actor=actor, text=text.strip(), found=found, client_token=client_token)
            _tick(copy, actor=actor, items=items, shown=shown_items)
            settle_all(target=copy, actor=actor, picked=(documents,))
            record("task_copy.answered", actor=actor, target=copy, changed=["answer"])
            _go_on(copy, actor=actor, finish=finish)
    except IntegrityError:  # the same form came twice at the same moment
        if not client_token or not TaskAnswer.objects.filter(client_token=client_token).exists():
            raise
    copy.refresh_from_db()
    return copy


def _write(
    copy: TaskCopy, *, actor: User, text: str, found: list[tuple[str, Any]], client_token: str | None
) -> None:
    # A compare-and-set on the state: after the check nothing is added behind the issuer's back.
    if not TaskCopy.objects.filter(pk=copy.pk, status__in=rules.WRITABLE).update(updated_at=timezone.now()):
        raise StaleState(_("这项任务刚刚检查通过或认定不适用，不能再补充。您填的内容还在这一页。"))
    if text:
        TaskAnswer.objects.create(copy=copy, text=text, by=actor, client_token=client_token)
    TaskEvidence.objects.bulk_create(
        [
            TaskEvidence(copy=copy, kind=kind, object_id=proof.object_id, label=proof.label[:160], by=actor)
            for kind, proof in found
        ],
        ignore_conflicts=True,
    )


def _tick(copy: TaskCopy, *, actor: User, items: Collection[int], shown: Collection[int]) -> None:
    own = set(copy.task.items.values_list("pk", flat=True))
    TaskTick.objects.bulk_create(
        [TaskTick(copy=copy, item_id=pk, by=actor) for pk in items if pk in own], ignore_conflicts=True
    )
    gone = (set(shown) & own) - set(items)
    if gone:
        # Only what this person's page showed as ticked comes in `shown` without being in `items`.
        TaskTick.objects.filter(copy=copy, item_id__in=gone).delete()


def _go_on(copy: TaskCopy, *, actor: User, finish: bool) -> None:
    copy.refresh_from_db(fields=["status", "received_at"])
    name = "finish" if finish else "start"
    if copy.status not in rules.COPY_TRANSITIONS[name].sources:
        return
    try:
        with transaction.atomic():
            if finish:
                step(actor=actor, copy=copy, name="finish")
            else:
                fields = {} if copy.received_at else {"received_at": timezone.now()}
                move(copy, "start", actor=actor, fields=fields)
    except StaleState:
        # A colleague moved it in the same second; what was written stays as an addition.
        copy.refresh_from_db(fields=["status"])
        if copy.status not in rules.WRITABLE:
            raise


@transaction.atomic
def remove_evidence(*, actor: User, copy: TaskCopy, pk: int) -> bool:
    """Take a record off a copy that was not checked yet; the record itself stays."""
    scope_of(actor).require(Perm.TASK_ANSWER, copy)
    _require_running(copy)
    if copy.status not in rules.WRITABLE:
        raise WorkflowError(_("已经检查过的任务不能再改佐证。"))
    gone, _kinds = TaskEvidence.objects.filter(copy=copy, pk=pk).delete()
    if gone:
        record("task_copy.evidence_removed", actor=actor, target=copy, changed=["evidence"])
    return bool(gone)


@transaction.atomic
def set_people(*, actor: User, copy: TaskCopy, leader_name: str, person_name: str) -> TaskCopy:
    """Name the 责任领导 and 责任人 of a unit's copy; a name of one of its accounts is linked to the account.

    The 责任人 with an account is told and reminded beside the unit's other people.
    """
    scope_of(actor).require(Perm.TASK_ANSWER, copy)
    _require_running(copy)
    by_name: dict[str, list[User]] = {}
    for user in queries.people_of_unit(copy.unit):
        by_name.setdefault(user.display_name, []).append(user)

    def account(name: str) -> User | None:
        users = by_name.get(name, [])
        return users[0] if len(users) == 1 else None

    leader_name, person_name = leader_name.strip(), person_name.strip()
    fields = {
        "leader_name": leader_name, "leader": account(leader_name), "person_name": person_name,
        "person": account(person_name),
    }  # fmt: skip
    changed = [name for name, value in fields.items() if getattr(copy, name) != value]
    if not changed:
        return copy
    TaskCopy.objects.filter(pk=copy.pk).update(**fields)
    for name, value in fields.items():
        setattr(copy, name, value)
    record("task_copy.people_set", actor=actor, target=copy, changed=changed)
    if copy.person is not None and "person" in changed and copy.person != actor:
        tell(
            users=[copy.person], title=_("您是任务责任人：%(title)s") % {"title": copy.task.title},
            text=_("完成期限 %(due)s。") % {"due": copy.due_on.isoformat()}, url=copy.staff_url,
            key=f"task:{copy.pk}:person:{copy.person_id}",
        )  # fmt: skip
    return copy


def status_words(copy: TaskCopy) -> str:
    """The state in words, for the message after a step."""
    return str(CopyStatus(copy.status).label)
