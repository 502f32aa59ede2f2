"""Writing letters and pledge versions, and bringing them through the publish gate."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.pledges import queries
from campaigns.pledges.models import Handout, Initiative, PledgeTemplate
from campaigns.pledges.rules import CLAUSE_LONGEST, CLAUSES_LEAST, CLAUSES_MOST, PageState
from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.files import actions as files
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.journal.once import once
from portal.publication import actions as gate
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit

TEMPLATE_FIELDS = (
    "title", "audience", "sign_by", "intro", "clauses", "supervisor_required", "valid_from", "valid_until", "campaign",
)  # fmt: skip
LETTER_FIELDS = ("title", "issuers", "campaign", "issued_on", "audience", "body")


def _check_clauses(clauses: list[str]) -> None:
    if not CLAUSES_LEAST <= len(clauses) <= CLAUSES_MOST or any(
        len(text) > CLAUSE_LONGEST for text in clauses
    ):
        raise WorkflowError(_("条款要有 3 到 10 条，每条不超过 60 字。"))


@once(PledgeTemplate, taken=lambda: WorkflowError(_("这个网址名已经有人用了，请换一个。")))
def create_template(
    *,
    actor: Any,
    unit: Unit,
    code: str,
    fields: Mapping[str, Any],
    token: str | None = None,
    is_demo: bool = False,
) -> PledgeTemplate:
    """The first version of a pledge; the same token twice gives the first one back. Needs PLEDGE_EDIT at the unit."""
    scope_of(actor).require(Perm.PLEDGE_EDIT, unit)
    _check_clauses(list(fields["clauses"]))
    row = PledgeTemplate.objects.create(
        unit=unit, code=code, created_by=actor, client_token=token or None, is_demo=is_demo,
        **{name: fields[name] for name in TEMPLATE_FIELDS if name in fields},
    )  # fmt: skip
    record("pledge_template.saved", actor=actor, target=row, changed=sorted(fields))
    return row


@transaction.atomic
def edit_template(*, actor: Any, template: PledgeTemplate, fields: Mapping[str, Any]) -> PledgeTemplate:
    """Change a draft. A version that is public or under review is never changed (domain reference §6)."""
    scope_of(actor).require(Perm.PLEDGE_EDIT, template)
    _check_clauses(list(fields.get("clauses", template.clauses)))
    values = {name: fields[name] for name in TEMPLATE_FIELDS if name in fields}
    changed = PledgeTemplate.objects.filter(pk=template.pk, status=PageState.DRAFT)
    if not changed.update(**values, updated_at=timezone.now()):
        raise WorkflowError(_("这一版已经送审或公开，不能再改；要改请另起新版。"))
    template.refresh_from_db()
    record("pledge_template.saved", actor=actor, target=template, changed=sorted(values))
    return template


def new_version(*, actor: Any, template: PledgeTemplate) -> PledgeTemplate:
    """A draft that begins with the words of the newest version; an open draft is given back instead."""
    scope_of(actor).require(Perm.PLEDGE_EDIT, template)
    open_states = (PageState.DRAFT, PageState.REVIEW)
    known = PledgeTemplate.objects.filter(code=template.code, status__in=open_states).first()
    if known is not None:
        return known
    newest = queries.versions_of(template).first() or template
    try:
        with transaction.atomic():
            row = PledgeTemplate.objects.create(
                unit=template.unit, code=template.code, version=newest.version + 1, created_by=actor,
                is_demo=template.is_demo, **{name: getattr(newest, name) for name in TEMPLATE_FIELDS},
            )  # fmt: skip
            record("pledge_template.saved", actor=actor, target=row, changed=["version"])
            return row
    except IntegrityError:  # a colleague began the same version at this moment
        return PledgeTemplate.objects.get(code=template.code, status__in=open_states)


@transaction.atomic
def close_template(*, actor: Any, template: PledgeTemplate, reason: str) -> None:
    """停用: nobody can sign it any more; what was signed goes on counting. Leaves the public page with the gate."""
    move(template, "close", actor=actor, reason=reason)
    gate.owner_withdrew(template, actor=SYSTEM, reason=reason)


@once(Initiative, taken=lambda: WorkflowError(_("这个网址名已经有人用了，请换一个。")))
def create_initiative(
    *, actor: Any, unit: Unit, slug: str, fields: Mapping[str, Any], scans: Picked | None = None,
    documents: Picked | None = None,
    token: str | None = None, is_demo: bool = False,
) -> Initiative:  # fmt: skip
    """Draft a letter; the same token twice gives the first one back. Needs PLEDGE_EDIT at the unit."""
    scope_of(actor).require(Perm.PLEDGE_EDIT, unit)
    row = Initiative.objects.create(
        unit=unit, slug=slug, created_by=actor, client_token=token or None, is_demo=is_demo,
        **{name: fields[name] for name in LETTER_FIELDS if name in fields},
    )  # fmt: skip
    files.settle_all(target=row, actor=actor, picked=(scans, documents))
    record("initiative.saved", actor=actor, target=row, changed=sorted(fields))
    return row


@transaction.atomic
def edit_initiative(
    *,
    actor: Any,
    initiative: Initiative,
    fields: Mapping[str, Any],
    scans: Picked | None = None,
    documents: Picked | None = None,
) -> Initiative:
    """Change a draft letter."""
    scope_of(actor).require(Perm.PLEDGE_EDIT, initiative)
    values = {name: fields[name] for name in LETTER_FIELDS if name in fields}
    rows = Initiative.objects.filter(pk=initiative.pk, status=PageState.DRAFT)
    if not rows.update(**values, updated_at=timezone.now()):
        raise WorkflowError(_("这份倡议书已经送审或公开，不能再改。"))
    initiative.refresh_from_db()
    files.settle_all(target=initiative, actor=actor, picked=(scans, documents))
    record("initiative.saved", actor=actor, target=initiative, changed=sorted(values))
    return initiative


@transaction.atomic
def submit(*, actor: Any, text: PledgeTemplate | Initiative) -> None:
    """送审: opens the publish gate; two other people read it."""
    move(text, "submit", actor=actor)
    gate.request(text, actor=actor)


@transaction.atomic
def recall(*, actor: Any, text: PledgeTemplate | Initiative) -> None:
    """Take it out of the review to change it."""
    move(text, "recall", actor=actor)
    gate.withdraw(text, actor=SYSTEM)


@once(Handout)
def hand_out(
    *, actor: Any, initiative: Initiative, unit: Unit, fields: Mapping[str, Any], token: str | None = None,
    is_demo: bool = False,
) -> Handout:  # fmt: skip
    """Write down copies and messages as counts, never the addressees. Needs PLEDGE_ENTER at the unit."""
    scope_of(actor).require(Perm.PLEDGE_ENTER, unit)
    if initiative.status != PageState.PUBLISHED:
        raise WorkflowError(_("倡议书公开后才能登记发放。"))
    if not fields.get("copies") and not fields.get("sms_count"):
        raise WorkflowError(_("发放份数和短信条数至少填一项。"))
    row = Handout.objects.create(
        initiative=initiative,
        unit=unit,
        created_by=actor,
        client_token=token or None,
        is_demo=is_demo,
        **fields,
    )
    record("initiative.handed_out", actor=actor, target=row, changed=sorted(fields))
    return row


# -- called by the gate -------------------------------------------------------------------------------


@transaction.atomic
def passed(text: PledgeTemplate | Initiative, actor: Any) -> None:
    """Two people have read it. The version before makes room: one version of a pledge is in force at a time."""
    if isinstance(text, PledgeTemplate):
        for old in PledgeTemplate.objects.filter(code=text.code, status=PageState.PUBLISHED).exclude(
            pk=text.pk
        ):
            move(old, "replace", actor=actor)
            gate.owner_withdrew(old, actor=SYSTEM, reason=_("由新版代替"))
    move(text, "pass_gate", actor=actor, fields={"published_at": timezone.now()})


def sent_back(text: PledgeTemplate | Initiative, actor: Any, reason: str) -> None:
    """A reader returned it: a draft again."""
    if text.status == PageState.REVIEW:
        move(text, "fail_gate", actor=actor, reason=reason)


def gone(text: PledgeTemplate | Initiative, actor: Any, reason: str) -> None:
    """Taken down from the public page."""
    if text.status == PageState.PUBLISHED:
        move(text, "take_down", actor=actor, reason=reason)


def restarted(text: PledgeTemplate | Initiative, actor: Any) -> None:
    """What is shown has changed, so the page waits for two readers again."""
    if text.status == PageState.PUBLISHED:
        move(text, "restart", actor=actor)
