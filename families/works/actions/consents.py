"""Consents that come with a submission."""

from typing import Any

from django.utils.translation import gettext as _

from families.works.entry import Entry
from families.works.models import Work
from families.works.rules import PUBLIC_AUDIENCES, Audience
from families.works.wording import CONSENT_HOUSEHOLD, CONSENT_PUBLICATION, CONSENT_WIDER
from portal.accounts.phone_codes import visitor_for
from portal.privacy.actions import give_all, renew
from portal.privacy.models import Consent
from portal.privacy.rules import Channel, ConsentType, Relation


def subject_of(work: Work) -> str:
    """The pseudonym of the family behind a work: its phone, or the work itself on paper without one."""
    return visitor_for(work.phone_hash).ref if work.phone_hash else f"work:{work.no}"


def record_consents(
    work: Work, entry: Entry, *, actor: Any, ip: str, channel: Channel, is_new: bool = False
) -> list[Consent]:  # fmt: skip
    """One row per ticked box; what does not apply to the chosen audience is not recorded. Returns what is new."""
    texts: dict[ConsentType, str] = {}
    relations: dict[ConsentType, Relation] = {}
    for code, text in entry.consents.items():
        kind = ConsentType(code)
        if kind == ConsentType.PUBLICATION and entry.audience not in PUBLIC_AUDIENCES:
            continue
        if kind == ConsentType.GUARDIAN and not work.is_minor:
            continue
        guardian = kind == ConsentType.GUARDIAN or work.is_child
        texts[kind], relations[kind] = text, Relation.GUARDIAN if guardian else Relation.SELF
    return give_all(
        actor=actor,
        target=work,
        texts=texts,
        subject_ref=subject_of(work),
        relations=relations,
        channel=channel,
        ip=ip,
        is_new=is_new,
    )


def record_wider(work: Work, *, actor: Any, ip: str = "") -> None:
    """A wider audience was agreed to just now: that consent stands on its own, with its words and its time."""
    is_public = work.audience in PUBLIC_AUDIENCES
    text = str(CONSENT_PUBLICATION if is_public else CONSENT_WIDER)
    if work.audience == Audience.PUBLIC and work.household and work.household_agreed:
        text = f"{text}\n{CONSENT_HOUSEHOLD}"
    renew(
        actor=actor,
        target=work,
        kind=ConsentType.PUBLICATION if is_public else ConsentType.PROCESSING,
        text=text,
        reason=_("扩大范围，重新同意"),
        subject_ref=subject_of(work),
        relation=Relation.GUARDIAN if work.is_child else Relation.SELF,
        ip=ip,
    )
