"""Steps of the publish gate. Every step: permission, two different people, compare-and-set, journal."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import vault
from portal.access.actors import SYSTEM, Actor
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.notifications.actions import forget_about, tell
from portal.publication import queries, registry, rules, screening
from portal.publication.models import Publication, PublicCopy
from portal.publication.registry import ContentType
from portal.publication.rules import Status
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError, available, move


class ContentChanged(WorkflowError):
    """The content is no longer what was read before."""


def _user(actor: Any) -> Any:
    return actor if getattr(actor, "is_authenticated", False) else None


def _take_snapshot(kind: ContentType, obj: Any) -> dict[str, Any]:
    snapshot = kind.snapshot(obj)
    names = kind.private_names(obj) if kind.private_names else ()
    return {
        "snapshot": snapshot,
        "digest": rules.digest_of(snapshot),
        "findings": screening.screen(snapshot, private_names=names),
        "title": str(snapshot.get("title") or obj)[:200],
    }


def request(obj: Model, *, actor: Actor, unit: Any = None, expires_at: datetime | None = None) -> Publication:
    """Open the gate for an object, or join the process it already has. A changed live object starts again.

    Needs the content type's `submit_perm` at the unit; the portal itself (SYSTEM) may always ask.
    """
    kind = registry.of(obj)
    at = unit if unit is not None else obj.unit  # type: ignore[attr-defined]
    if actor is not SYSTEM and not scope_of(actor).may(kind.submit_perm, obj):
        scope_of(actor).require(kind.submit_perm, at)
    known = queries.open_of(obj)
    if known is not None:
        return check_current(obj, actor=actor) or known
    try:
        with transaction.atomic():
            row = Publication.objects.create(
                content_type=kind.code,
                target_id=obj.pk,
                unit=at,
                levels=kind.levels,
                requested_by=_user(actor),
                expires_at=expires_at,
                **_take_snapshot(kind, obj),
            )
            _note_writers(row, obj, actor)
            record("publication.requested", actor=actor, target=row)
            return row
    except IntegrityError:
        other = queries.open_of(obj)
        if other is None:
            raise
        return other


def _note_writers(row: Publication, obj: Any, actor: Any) -> None:
    people = set(row.kind.author_refs(obj))
    user = _user(actor)
    if user is not None:
        people.add(user.pk)
    row.writers.add(*people)


def check_current(obj: Model, *, actor: Actor = SYSTEM) -> Publication | None:
    """Call after every edit of a publishable object: when what the public sees has changed since it was
    read, the review starts again (and a live page goes back behind the gate). Returns the open process."""
    row = queries.open_of(obj)
    if row is None:
        return None
    fresh = _take_snapshot(row.kind, obj)
    if fresh["digest"] == row.digest:
        return row
    _note_writers(row, obj, actor)
    if row.status == Status.REQUESTED:
        Publication.objects.filter(pk=row.pk, status=Status.REQUESTED).update(**fresh)
        row.refresh_from_db()
        return row
    _restart(row, obj, fresh, actor=actor)
    return row


@transaction.atomic
def _restart(row: Publication, obj: Any, fresh: Mapping[str, Any], *, actor: Actor) -> None:
    _close_copies(row)
    people = {"requested_by": _user(actor) or row.requested_by, "edited_by": None, "checked_by": None}
    move(
        row,
        "restart",
        actor=actor,
        fields={**people, "published_by": None, "checklist": {}, "moved_at": timezone.now(), **fresh},
    )
    if row.kind.on_restarted:
        row.kind.on_restarted(obj, actor)


def _content(row: Publication) -> Any:
    obj = row.target
    if obj is None:
        raise WorkflowError(_("这条内容已经被删除了。"))
    return obj


def _refuse_author(row: Publication, obj: Any, actor: Any) -> None:
    pk = getattr(actor, "pk", 0)
    if pk in row.kind.author_refs(obj) or row.writers.filter(pk=pk).exists():
        raise SamePerson(_("这条内容由您撰写或提交，请由另一位同事审核。"))


def _refuse_changed(row: Publication, obj: Any, seen: str) -> None:
    if row.status not in rules.UNDER_REVIEW:
        return
    digest = rules.digest_of(row.kind.snapshot(obj))
    if row.digest != digest:
        was_read = row.status != Status.REQUESTED
        check_current(obj)
        if was_read:
            raise ContentChanged(_("初审之后内容有改动，已退回到初审重新审核，这次没有发布。"))
        raise ContentChanged(_("内容刚刚有改动，页面上已是新内容，请重新看一遍再通过。"))
    if seen and seen != digest:
        raise ContentChanged(_("内容刚刚有改动，页面上已是新内容，请重新看一遍再通过。"))


def _refuse_unchecked(row: Publication, answers: Iterable[str]) -> None:
    missing = [str(label) for code, label in rules.CHECKLIST.items() if code not in set(answers)]
    if missing:
        raise WorkflowError(
            _("还有 %(n)s 项没有核对：%(items)s") % {"n": len(missing), "items": "、".join(missing)}
        )
    if screening.blocking(row.findings):
        raise WorkflowError(_("文中有必须改掉的词语，请退回修改后再通过。"))


def _step(row: Publication, *, actor: Actor, seen: str, answers: Iterable[str], stage: str, by: str) -> None:
    obj = _content(row)
    name = f"{stage}{row.levels}"
    if name not in row.transitions:
        raise StaleState(_("这条内容不需要这一步，请刷新后再操作。"))
    scope_of(actor).require(row.transitions[name].perm, row)  # type: ignore[arg-type]
    _refuse_author(row, obj, actor)
    _refuse_changed(row, obj, seen)
    answers = list(answers)
    if row.status in row.transitions[name].sources:
        _refuse_unchecked(row, answers)
    now = timezone.now()
    fields: dict[str, Any] = {
        by: actor,
        "moved_at": now,
        "checklist": {**row.checklist, stage: sorted(answers)},
    }
    with transaction.atomic():
        if stage == "publish":
            fields["public_at"] = now
        move(row, name, actor=actor, fields=fields)
        if stage == "publish":
            url = row.kind.public_url(obj)
            PublicCopy.objects.create(
                publication=row, snapshot=row.snapshot, digest=row.digest, url=url[:300], from_at=now
            )
            _tell_requester(row, obj, actor, _("已发布：%(title)s") % {"title": row.title}, "")
            if row.kind.on_published:
                row.kind.on_published(obj, actor)


def _tell_requester(row: Publication, obj: Any, actor: Any, title: str, text: str) -> None:
    """Who asked reads how it went; once per step, in this transaction."""
    if row.requested_by is not None and row.requested_by != actor:
        key = f"publication:{row.pk}:{row.status}:{row.moved_at:%Y%m%d%H%M%S%f}"
        tell(users=[row.requested_by], title=title, text=text, url=row.kind.staff_url(obj), key=key)


def pass_edit(row: Publication, *, actor: Actor, answers: Iterable[str], seen: str = "") -> None:
    """初审: an editor who did not write it has read it. `seen` is the digest of what the page showed."""
    _step(row, actor=actor, seen=seen, answers=answers, stage="edit", by="edited_by")


def pass_check(row: Publication, *, actor: Actor, answers: Iterable[str], seen: str = "") -> None:
    """审核: a second reader, only where three levels are asked for."""
    _step(row, actor=actor, seen=seen, answers=answers, stage="check", by="checked_by")


def publish(row: Publication, *, actor: Actor, answers: Iterable[str], seen: str = "") -> None:
    """审发: the content becomes public, unless it changed since it was first read."""
    _step(row, actor=actor, seen=seen, answers=answers, stage="publish", by="published_by")


PASSES = {"edit": pass_edit, "check": pass_check, "publish": publish}


def pass_on(row: Publication, *, actor: Actor, answers: Iterable[str], seen: str = "") -> str:
    """Whatever pass is next for this row; returns the stage. The states decide, the step checks the person."""
    stage = {Status.REQUESTED: "edit", Status.CHECKED: "publish"}.get(Status(row.status), "")
    if row.status == Status.EDITED:
        stage = "check" if row.levels == 3 else "publish"
    if not stage:
        raise StaleState(_("这条内容现在是“%(state)s”，请刷新后查看。") % {"state": row.waits_for})
    PASSES[stage](row, actor=actor, answers=answers, seen=seen)
    return stage


def pass_many(rows: Iterable[Publication], *, actor: Actor, answers: Iterable[str]) -> tuple[int, list[str]]:
    """Pass several at once; only content without any mark, and never a first reading.

    Returns how many passed and one sentence for each that did not.
    """
    answers, passed, refused = list(answers), 0, []
    for row in rows:
        try:
            if row.status == Status.REQUESTED:
                raise WorkflowError(_("初审须逐条打开看"))
            if row.findings:
                raise WorkflowError(_("有自动标记，须逐条打开看"))
            pass_on(row, actor=actor, answers=answers, seen=row.digest)
            passed += 1
        except WorkflowError as error:
            refused.append(f"{row.title}：{error.message}")
    return passed, refused


def send_back(row: Publication, *, actor: Actor, reason: str) -> None:
    """退回: the author reads the reason, changes the content and asks again."""
    names = [step.name for step in available(row, scope_of(actor)) if rules.is_return(step.name)]
    known = [name for name in names if name in rules.steps_of(row.levels)]
    if not known:
        if row.status not in rules.UNDER_REVIEW:
            raise StaleState(_("这条内容现在是“%(state)s”，请刷新后查看。") % {"state": row.waits_for})
        scope_of(actor).require(row.transitions["return_edit"].perm, row)  # type: ignore[arg-type]
        raise StaleState(_("这一步轮不到您，请刷新后查看。"))
    obj = _content(row)
    with transaction.atomic():
        move(row, known[0], actor=actor, reason=reason, fields={"moved_at": timezone.now()})
        _tell_requester(row, obj, actor, _("退回：%(title)s") % {"title": row.title}, reason)
        if row.kind.on_returned:
            row.kind.on_returned(obj, actor, reason)


def withdraw(obj: Model, *, actor: Actor, reason: str = "") -> None:
    """The author takes back what is still under review; the calling slice has checked who that is."""
    row = queries.open_of(obj)
    if row is not None and row.status in rules.UNDER_REVIEW:
        move(row, "withdraw", actor=actor, reason=reason, fields={"moved_at": timezone.now()})


@transaction.atomic
def seal(obj: Model, *, actor: Actor) -> None:
    """The author took it back from everybody: no member of staff reads any process of it any more.

    What once stood on a public page must be kept for its days (domain reference §10.1): it stays encrypted, so
    that only somebody with the portal's keys can produce it for an authority.
    """
    withdraw(obj, actor=actor)
    title = str(_("（作者已收回）"))
    forget_about(obj)
    for row in queries.of(obj):
        forget_about(row)
        Publication.objects.filter(pk=row.pk).update(title=title, snapshot={"title": title}, findings=[])
        for copy in PublicCopy.objects.filter(publication=row):
            if "sealed" not in copy.snapshot:
                body = json.dumps(copy.snapshot, ensure_ascii=False, default=str)
                PublicCopy.objects.filter(pk=copy.pk).update(
                    snapshot={"sealed": vault.encrypt(body), "title": title}
                )


def take_down(row: Publication, *, actor: Actor, reason: str) -> None:
    """撤下: off the public page at once; the copy is kept."""
    _end(row, "take_down", actor=actor, reason=reason)


def owner_withdrew(obj: Model, *, actor: Actor, reason: str) -> None:
    """The person it belongs to withdrew consent: off the page, or out of the review. The calling slice
    has checked who that is."""
    row = queries.open_of(obj)
    if row is None:
        return
    if row.status == Status.PUBLISHED:
        _end(row, "owner_take_down", actor=actor, reason=reason)
    else:
        move(row, "withdraw", actor=actor, reason=reason, fields={"moved_at": timezone.now()})


def _end(row: Publication, name: str, *, actor: Actor, reason: str) -> None:
    with transaction.atomic():
        move(
            row,
            name,
            actor=actor,
            reason=reason,
            fields={"took_down_reason": reason[:500], "moved_at": timezone.now()},
        )
        _close_copies(row)
        obj = row.target
        if obj is not None and row.kind.on_taken_down:
            row.kind.on_taken_down(obj, actor, reason)


def _close_copies(row: Publication) -> None:
    PublicCopy.objects.filter(publication=row, until_at__isnull=True).update(until_at=timezone.now())


def expire_due(now: datetime | None = None) -> int:
    """Take down what has reached its date; runs from a job, twice does no harm."""
    count = 0
    for row in queries.expired(now):
        try:
            _end(row, "expire", actor=SYSTEM, reason=_("公示期满，自动撤下"))
            count += 1
        except StaleState:
            continue
    return count


def set_expiry(row: Publication, *, actor: Actor, expires_at: datetime | None) -> None:
    """Change when it leaves the public page. Needs the right to publish at its unit."""
    scope_of(actor).require(row.transitions["publish2"].perm, row)  # type: ignore[arg-type]
    with transaction.atomic():
        Publication.objects.filter(pk=row.pk).update(expires_at=expires_at)
        row.expires_at = expires_at
        record("publication.expiry_set", actor=actor, target=row, changed=["expires_at"])
