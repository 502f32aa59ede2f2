"""Signing online, and what the signer does afterwards."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.pledges import queries
from campaigns.pledges.entry import Entry
from campaigns.pledges.handwriting import sm3
from campaigns.pledges.models import PledgeRecord, PledgeSignature, PledgeTemplate
from campaigns.pledges.numbers import next_no
from campaigns.pledges.rules import MEMBERS_MOST, Method, Relation, signer_key, wall_name
from campaigns.pledges.wording import SMS
from portal.access.actors import SYSTEM, Visitor
from portal.accounts.phone_codes import phone_hash
from portal.journal.actions import record
from portal.notifications.actions import send_sms
from portal.privacy import actions as privacy
from portal.privacy.models import Consent
from portal.privacy.rules import ConsentType
from portal.privacy.rules import Relation as ConsentRelation
from portal.reviews.workflow import WorkflowError, move


def sign(
    *, actor: Visitor, template: PledgeTemplate, entry: Entry, token: str, ip: str = "", is_demo: bool = False
) -> tuple[PledgeSignature, bool]:
    """Take a signature; returns it and whether it is new. A second try of the same person or household, and the same
    form sent twice, return the first one. The actor is a visitor whose phone was verified."""
    if not isinstance(actor, Visitor) or actor.phone_hash != phone_hash(entry.phone):
        raise PermissionDenied("another phone than the verified one")
    key = signer_key(name=entry.signer_name, phone=entry.phone, sign_by=template.sign_by)
    known = _known(template, key, token, actor)
    if known is not None:
        return known, False
    _check(template, entry)
    try:
        with transaction.atomic():
            row = _create(actor=actor, template=template, entry=entry, key=key, token=token, is_demo=is_demo)
            _consents(row, entry, actor=actor, ip=ip)
            record("pledge.signed", actor=actor, target=row.record)
            _tell(row, "signed")
    except IntegrityError:
        known = _known(template, key, token, actor)
        if known is None:
            raise
        return known, False
    return row, True


def _known(template: PledgeTemplate, key: str, token: str, actor: Visitor) -> PledgeSignature | None:
    found = queries.by_token(token)
    if found is not None and not queries.is_own(found, actor):
        raise PermissionDenied("another's token")
    return found or queries.open_of_key(template, key)


def _check(template: PledgeTemplate, entry: Entry) -> None:
    """Before anything is stored: in force, within its area, complete, and a child only led by the guardian."""
    template.refresh_from_db()
    if not template.is_open:
        raise WorkflowError(_("这份承诺书现在不能签署，可能已到期或有了新版，请刷新页面查看。"))
    if queries.find_area(template, entry.unit.unit_no) is None:
        raise WorkflowError(_("请从列表里选择所在的地方。"))
    if ConsentType.PROCESSING not in entry.consents:
        raise WorkflowError(_("没有同意处理签署信息，不能提交。"))
    if template.is_for_children and (not entry.guardian_name or ConsentType.GUARDIAN not in entry.consents):
        raise WorkflowError(_("少年儿童版请由监护人填写姓名并勾选同意后再签。"))
    if not template.is_for_children and entry.guardian_name:
        raise WorkflowError(_("孩子请签少年儿童版。"))
    if template.supervisor_required and not (entry.supervisor_name and entry.supervisor_relation):
        raise WorkflowError(_("请填写监督人的姓名和与您的关系。"))
    if not 1 <= entry.members <= MEMBERS_MOST:
        raise WorkflowError(_("家庭人数请填 1 到 20。"))


def _create(
    *, actor: Visitor, template: PledgeTemplate, entry: Entry, key: str, token: str, is_demo: bool
) -> PledgeSignature:
    now, child = timezone.now(), template.is_for_children
    household = template.is_for_households
    counted = PledgeRecord.objects.create(
        no=next_no(),
        template=template,
        unit=entry.unit,
        signed_at=now,
        method=Method.ONLINE_SIGN if entry.sign_image else Method.CHECK,
        signatures=entry.members if household else 1,
        households=1 if household else 0,
        client_token=token,
        is_demo=is_demo,
    )
    return PledgeSignature.objects.create(
        record=counted,
        template=template,
        open_key=key,
        phone_hash=actor.phone_hash,
        signer_name=entry.signer_name,
        phone=entry.phone,
        relation=Relation.CHILD if child else entry.relation,
        members=entry.members if household else 1,
        guardian_name=entry.guardian_name if child else "",
        supervisor_name=entry.supervisor_name,
        supervisor_relation=entry.supervisor_relation,
        sign_image=entry.sign_image,
        masked_name=wall_name(entry.signer_name, child=child),
        display_consent=ConsentType.PUBLICATION in entry.consents,
        is_child=child,
        doc_hash=document_hash(template, entry, no=counted.no, at=now.isoformat()),
    )


def document_hash(template: PledgeTemplate, entry: Entry, *, no: str, at: str) -> str:
    """SM3 of everything the signer put their name to."""
    return sm3(
        {
            "no": no, "at": at, "code": template.code, "version": template.version, "title": template.title,
            "intro": template.intro, "clauses": template.clauses, "signer": entry.signer_name,
            "members": entry.members, "guardian": entry.guardian_name, "supervisor": entry.supervisor_name,
            "image": entry.sign_image,
        }
    )  # fmt: skip


def _consents(row: PledgeSignature, entry: Entry, *, actor: Visitor, ip: str) -> None:
    for kind, text in entry.consents.items():
        if kind == ConsentType.GUARDIAN and not row.is_child:
            continue
        relation = ConsentRelation.GUARDIAN if row.is_child else ConsentRelation.SELF
        privacy.give(
            actor=actor, target=row, kind=kind, text=text, subject_ref=actor.ref, relation=relation, ip=ip
        )  # fmt: skip


def _tell(row: PledgeSignature, code: str) -> None:
    if row.record.is_demo or not row.phone:
        return
    url = settings.SITE["base_url"].rstrip("/") + row.get_absolute_url()
    text = str(SMS[code]) % {"no": row.record.no, "url": url}
    send_sms(to=row.phone, text=text, about=row.record, key=f"pledge:{row.pk}:{code}", may_wait=True)


def _require_own(row: PledgeSignature, actor: Any) -> None:
    if not queries.is_own(row, actor):
        raise PermissionDenied("not theirs")


@transaction.atomic
def withdraw(*, actor: Visitor, signature: PledgeSignature, reason: str = "") -> None:
    """撤回承诺: it no longer counts and leaves the wall; it can be signed again."""
    _require_own(signature, actor)
    move(signature.record, "withdraw", actor=actor, reason=reason)
    _close(signature)
    privacy.withdraw(actor=actor, target=signature, kind=ConsentType.PUBLICATION, reason=_("撤回承诺"))
    _tell(signature, "withdrawn")


def _close(signature: PledgeSignature) -> None:
    PledgeSignature.objects.filter(pk=signature.pk).update(open_key=None, display_consent=False)
    signature.open_key, signature.display_consent = None, False


def leave_wall(*, actor: Visitor, signature: PledgeSignature) -> None:
    """撤回上墙同意: the name is off the wall at once; the pledge stands."""
    _require_own(signature, actor)
    privacy.withdraw(actor=actor, target=signature, kind=ConsentType.PUBLICATION, reason=_("本人撤下"))


def wall_consent_withdrawn(consent: Consent, actor: Any, reason: str) -> None:
    """Called with the withdrawal of the display consent, wherever it was withdrawn."""
    row = queries.of_consent(consent)
    if row is not None and row.display_consent:
        PledgeSignature.objects.filter(pk=row.pk).update(display_consent=False)
        record("pledge.wall_left", actor=actor, target=row.record, changed=["display_consent"])


@transaction.atomic
def forget(signature: PledgeSignature, *, actor: Any = SYSTEM) -> None:
    """The person goes, the count stays: used by retention; checks nobody's rights."""
    record("pledge.erased", actor=actor, target=signature.record)
    PledgeSignature.objects.filter(pk=signature.pk).delete()


@transaction.atomic
def erase(signature: PledgeSignature, *, actor: Any) -> None:
    """The signer has everything deleted: the pledge is withdrawn and the person goes. The caller knows it is them."""
    if signature.record.is_valid:
        move(signature.record, "withdraw", actor=actor, reason=_("本人要求删除全部信息"))
    privacy.withdraw(actor=actor, target=signature, kind=ConsentType.PUBLICATION, reason=_("本人要求删除"))
    forget(signature, actor=actor)
