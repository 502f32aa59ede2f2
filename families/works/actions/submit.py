"""A family (or a village officer for it) sends a work, or sends it again after changes.

How many a person may send is counted by the phone that sends (docs/decisions/0040): whoever only stands beside it as a
further author uses up nothing of their own, because names are no identity and a family must not be refused for a namesake.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.calls import actions as late
from families.calls.rules import COLLECTED, ages_in_words, group_of
from families.calls.rules import Channel as GroupChannel
from families.works import messages, parts, queries
from families.works.actions import own
from families.works.actions.comparing import compare_later
from families.works.actions.consents import record_consents, record_wider
from families.works.actions.numbers import code_for, code_hash, name_hash, next_no
from families.works.entry import Entry
from families.works.models import Author, Work, WorkCall
from families.works.naming import names_a_child
from families.works.rules import (
    MAX_AUTHORS,
    MAX_INSTRUCTORS,
    PUBLIC_AUDIENCES,
    Audience,
    Status,
    is_wider,
    shown_code,
    text_fingerprint,
)
from portal.access.actors import Visitor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.phone_codes import phone_hash
from portal.files import actions as files
from portal.files.captioning import set_captions
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.privacy.actions import withdraw as withdraw_consent
from portal.privacy.masking import mask_name
from portal.privacy.queries import open_consent
from portal.privacy.rules import Channel, ConsentType, age_on, is_child, is_minor
from portal.reviews.workflow import WorkflowError, move

__all__ = ["CallIsClosed", "GuardianMissing", "NoGroup", "TooMany", "resubmit", "submit"]


class CallIsClosed(WorkflowError):
    """The call takes nothing now."""


class TooMany(WorkflowError):
    """This person has sent as many as the call allows."""


class NoGroup(WorkflowError):
    """No group of the call takes this author, or not in this way."""


class GuardianMissing(WorkflowError):
    """A child's data came without the guardian's consent."""


def submit(
    *,
    actor: Any,
    call: WorkCall,
    entry: Entry,
    token: str,
    ip: str = "",
    paper: bool = False,
    answer: bool = False,
    late_code: str = "",
    at: datetime | None = None,
    scan: Picked | None = None,
) -> tuple[Work, str]:
    """Take in a work; returns it with its resume code. The same token again returns the first one.

    `answer`: the reply to a letter of this call, which may come after the call has closed.
    `paper`: entered by staff for a family (代录), with its `scan`; needs WORK_ENTER at the family's unit. Otherwise the
    actor is a Visitor whose phone was verified, or a signed-in person acting for their own family.
    `at`: when it was received; what came in before the end counts, however long it waited for its turn.
    """
    _check_actor(actor, entry, paper=paper)
    known = queries.by_token(token)
    if known is not None:
        return _only_own(known, actor), code_for(token)
    is_late = not answer and _check_call(call, entry, late_code=late_code, at=at or timezone.now())
    _check_people(entry)
    _check_group(call, entry, paper=paper)
    try:
        with transaction.atomic():
            work = _create(actor=actor, call=call, entry=entry, token=token, paper=paper)
            if is_late:
                late.use_late(call, late_code, work, actor=actor)
            channel = Channel.PAPER if paper else Channel.WEB
            given = record_consents(work, entry, actor=actor, ip=ip, channel=channel, is_new=True)
            if scan:
                of_family = next(one for one in given if one.type == ConsentType.PROCESSING)
                files.settle(target=of_family, actor=actor, picked=scan)
            kept = work.audience == Audience.ONLY_RECIPIENT
            move(work, "keep" if kept else "submit", actor=actor, fields={"submitted_at": timezone.now()})
            parts.follow(work, entry, actor=actor, token=token)
            code = shown_code(code_for(token))
            messages.tell(
                work, "received_paper" if paper else "received_kept" if kept else "received", code=code
            )
            if work.is_minor and entry.guardian_phone and entry.guardian_phone != entry.phone:
                messages.tell(work, "guardian", phone=entry.guardian_phone)
    except IntegrityError:
        known = queries.by_token(token)
        if known is None:
            raise
        return _only_own(known, actor), code_for(token)
    return work, code_for(token)


def _check_actor(actor: Any, entry: Entry, *, paper: bool) -> None:
    if paper:
        scope_of(actor).require(Perm.WORK_ENTER, entry.unit)
    elif isinstance(actor, Visitor):
        if not entry.phone or actor.phone_hash != phone_hash(entry.phone):
            raise PermissionDenied("another phone than the verified one")
    elif not getattr(actor, "is_authenticated", False):
        raise PermissionDenied("nobody")


def _only_own(work: Work, actor: Any) -> Work:
    if not queries.is_own(work, actor) and work.entered_by_id != getattr(actor, "pk", 0):
        raise PermissionDenied("another's token")
    return work


def _check_call(call: WorkCall, entry: Entry, *, late_code: str, at: datetime) -> bool:
    """Refuse what the call does not take; True when it comes late and a code opens the call for it."""
    now = queries.taking(call, entry.category)
    is_late = not now.call.takes_at(at)
    if is_late and late_code.strip():
        late.check_late(now.call, late_code)
    elif is_late:
        raise CallIsClosed(
            _("征集已在 %(day)s 截止，不再接收新作品。") % {"day": f"{now.call.last_day:%Y-%m-%d}"}
        )
    if not now.has_category:
        raise WorkflowError(_("这次征集不收这一类作品，请换一类。"))
    entry_category = queries.with_rules(now.call, entry.category)
    most = min(entry_category.per_person, now.call.max_per_person)
    if entry.phone and queries.sent_by(phone_hash(entry.phone), call, entry.category) >= most:
        raise TooMany(
            _("这一类作品每人最多投 %(most)d 件，您已经投满了。可以在“我的”里修改已投的。") % {"most": most}
        )
    return is_late


def _check_people(entry: Entry) -> None:
    """Before anything of a child is stored, the guardian has consented (domain reference §10.3)."""
    today = timezone.localdate()
    _check_authors(entry, today)
    if any(is_child(author.birth_ym, today) for author in entry.authors) and (
        not entry.guardian_name or not entry.guardian_phone or ConsentType.GUARDIAN not in entry.consents
    ):
        raise GuardianMissing(_("作者未满 14 周岁，请监护人填写姓名、电话并勾选同意后再提交。"))
    if ConsentType.PROCESSING not in entry.consents:
        raise WorkflowError(_("没有同意处理投稿信息，不能提交。"))
    if entry.audience in PUBLIC_AUDIENCES and ConsentType.PUBLICATION not in entry.consents:
        raise WorkflowError(_("选择公开展示需要勾选同意公开。"))
    if entry.household and entry.audience == Audience.PUBLIC and not entry.household_agreed:
        raise WorkflowError(_("公开时写全家的署名，需要勾选家里人都同意。"))


def _check_authors(entry: Entry, today: date) -> None:
    if not entry.authors:
        raise WorkflowError(_("请填写作者姓名。"))
    if len(entry.authors) > MAX_AUTHORS or len(entry.instructors) > MAX_INSTRUCTORS:
        raise WorkflowError(
            _("最多写 %(authors)d 位作者、%(instructors)d 位指导老师。")
            % {"authors": MAX_AUTHORS, "instructors": MAX_INSTRUCTORS}
        )
    told = [entry.household, *(author.role for author in entry.authors)]
    if any(names_a_child(text, entry.authors, today) for text in told):
        raise WorkflowError(_("全家署名和分工里不能写孩子的姓名。"))


def _check_group(call: WorkCall, entry: Entry, *, paper: bool) -> None:
    """The groups of the call decide who may send, and how (domain reference §3.3)."""
    if not call.groups:
        return
    row = group_for(call, entry)
    if row is None:
        names = "、".join(f"{one['name']}（{ages_in_words(one)}）" for one in call.groups)
        raise NoGroup(_("这次征集分为：%(names)s，作者的年龄不在范围里。") % {"names": names})
    if row.get("channel") in COLLECTED and not paper:
        how = GroupChannel(row["channel"]).label
        raise NoGroup(
            _("%(group)s由%(how)s，请把作品交给学校老师，由工作人员录入。")
            % {"group": row["name"], "how": how}
        )
    if row.get("channel") == GroupChannel.GUARDIAN and (
        not entry.guardian_name or not entry.guardian_phone or ConsentType.GUARDIAN not in entry.consents
    ):
        raise GuardianMissing(
            _("%(group)s由监护人投稿，请填写监护人姓名、电话并勾选同意。") % {"group": row["name"]}
        )


def group_for(call: WorkCall, entry: Entry) -> dict[str, Any] | None:
    """The group by the youngest author's age today."""
    today = timezone.localdate()
    return group_of(
        call.groups, [age_on(author.birth_ym, today) for author in entry.authors if author.birth_ym]
    )


def _group_name(call: WorkCall, entry: Entry) -> str:
    row = group_for(call, entry) if call.groups else None
    return str(row["name"])[:20] if row else ""


def _create(*, actor: Any, call: WorkCall, entry: Entry, token: str, paper: bool) -> Work:
    user = actor if getattr(actor, "is_authenticated", False) else None
    work = Work.every.create(
        no=next_no(),
        call=call,
        entered_by=user if paper else None,
        submitted_by=None if paper else user,
        resume_code_hash=code_hash(code_for(token)),
        client_token=token,
        is_demo=call.is_demo and bool(getattr(actor, "is_demo", False)),
        group=_group_name(call, entry),
        **_fields(entry),
    )
    _write_authors(work, entry)
    _settle_files(work, entry, actor=actor, is_new=True)
    return work


def keep_scan(work: Work, scan: Picked, *, actor: Any) -> None:
    """The scan of a paper entry hangs on the consent, not on the work: it shows full names and is never served with
    the page."""
    consent = open_consent(work, ConsentType.PROCESSING)
    if consent is not None and scan:
        files.settle(target=consent, actor=actor, picked=scan)


def _settle_files(work: Work, entry: Entry, *, actor: Any, is_new: bool = False) -> None:
    """Pictures, sound and video; then likeness to other works is looked at, in the background."""
    files.settle_all(target=work, actor=actor, picked=(entry.photos, entry.media))
    if entry.captions is not None:
        set_captions(target=work, actor=actor, text=entry.captions)
    compare_later(work.pk, is_new=is_new)


def _fields(entry: Entry) -> dict[str, Any]:
    today = timezone.localdate()
    child = any(is_child(author.birth_ym, today) for author in entry.authors)
    minor = any(is_minor(author.birth_ym, today) for author in entry.authors)
    return {
        "category": entry.category,
        "title": entry.title,
        "text": entry.text,
        "story": entry.story,
        "origin": entry.origin,
        "extra": entry.extra,
        "display_name": "、".join(mask_name(author.name) for author in entry.authors)[:40],
        "household": entry.household,
        "household_hash": name_hash(entry.household) if entry.household else "",
        "household_agreed": bool(entry.household) and entry.household_agreed,
        "instructor": "、".join(entry.instructors) if minor else "",
        "is_minor": minor,
        "is_child": child,
        "guardian_name": entry.guardian_name if minor else "",
        "guardian_phone": entry.guardian_phone if minor else "",
        "guardian_hash": phone_hash(entry.guardian_phone) if minor and entry.guardian_phone else "",
        "phone": entry.phone,
        "phone_hash": phone_hash(entry.phone) if entry.phone else "",
        "unit": entry.unit,
        "county": queries.county_of(entry.unit),
        "audience": entry.audience,
        "licence": entry.licence,
        "text_hash": text_fingerprint(entry.text),
    }


def _write_authors(work: Work, entry: Entry) -> None:
    Author.objects.bulk_create(
        Author(
            work=work,
            position=number,
            name=author.name,
            name_hash=name_hash(author.name),
            pen_name=author.pen_name,
            pen_hash=name_hash(author.pen_name) if author.pen_name else "",
            birth_ym=author.birth_ym,
            role=author.role,
        )
        for number, author in enumerate(entry.authors)
    )


def _with_words(work: Work, entry: Entry) -> dict[str, Any]:
    """What a reviewer wrote down stays where the family's form does not ask for it."""
    asked = any(row["name"] == "transcript" for row in entry.category.fields)
    words = work.extra.get("transcript")
    return {"transcript": words, **entry.extra} if words and not asked else entry.extra


def resubmit(*, actor: Any, work: Work, entry: Entry, ip: str = "") -> Work:
    """The author (or who entered it) changes a work that may still be changed, and sends it again."""
    if not queries.is_own(work, actor):
        scope_of(actor).require(Perm.WORK_ENTER, work)
        if work.entered_by_id != actor.pk:
            raise PermissionDenied("entered by another")
    if not work.is_editable:
        raise WorkflowError(_("作品已在审核中，现在不能修改；需要修改请联系工作人员退回。"))
    _check_people(entry)
    before, household_before = work.audience, (work.household, work.household_agreed)
    _check_group(work.call, entry, paper=bool(work.entered_by_id))
    with transaction.atomic():
        fields = {
            **_fields(entry),
            "group": _group_name(work.call, entry),
            "phone": work.phone,
            "phone_hash": work.phone_hash,
            "extra": _with_words(work, entry),
        }
        changed = Work.every.filter(pk=work.pk, status=work.status).update(
            **fields, updated_at=timezone.now()
        )
        if not changed:
            raise WorkflowError(_("刚刚有工作人员处理了这件作品，请刷新后再改。"))
        work.refresh_from_db()
        work.authors.all().delete()
        _write_authors(work, entry)
        _settle_files(work, entry, actor=actor)
        record_consents(
            work,
            entry,
            actor=actor,
            ip=ip,
            channel=Channel.WEB if queries.is_own(work, actor) else Channel.PAPER,
        )
        if work.audience not in PUBLIC_AUDIENCES:
            withdraw_consent(
                actor=actor, target=work, kind=ConsentType.PUBLICATION, reason=_("修改时改为不公开")
            )
        is_named_anew = (
            work.audience == Audience.PUBLIC and (work.household, work.household_agreed) != household_before
        )
        if is_wider(work.audience, before) or is_named_anew:
            record_wider(work, actor=actor, ip=ip)
        if work.audience == Audience.ONLY_RECIPIENT and before != Audience.ONLY_RECIPIENT:
            own.keep_from_staff(work, actor=actor)
        elif work.status == Status.SUBMITTED or work.audience == Audience.ONLY_RECIPIENT:
            record(
                "work.edited",
                actor=actor,
                target=work,
                changed=["title", "text", "story", "files", "authors"],
            )
        else:
            move(work, "submit", actor=actor, fields={"submitted_at": timezone.now()})
    return work
