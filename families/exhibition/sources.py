"""Where a name is looked for: works, stories, programmes, the wall of pledges."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.pledges.models import PledgeSignature
from campaigns.pledges.rules import RecordState
from campaigns.series.models import Episode
from campaigns.stories.models import Story
from campaigns.stories.rules import Status as StoryStatus
from families.works.actions import publish
from families.works.actions.numbers import name_hash
from families.works.models import Work
from families.works.queries import published
from families.works.rules import PUBLIC_AUDIENCES, PublishState, Status, TakedownReason, plain_name
from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import Scope, scope_of
from portal.journal.actions import record
from portal.privacy.queries import open_consent
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.queries import open_of
from portal.publication.under_name import MOST, NameHit, NameSource, register

GONE = gettext_lazy("已经不在公开页面上")

# -- works --------------------------------------------------------------------------------------------


def _works(scope: Scope, name: str, phone_hash: str) -> Iterable[NameHit]:
    owner = Q(pk__in=[])
    if name:
        digest = name_hash(name)
        owner |= (
            Q(authors__name_hash=digest)
            | Q(authors__pen_hash=digest)
            | (Q(household_hash=digest) & ~Q(household_hash=""))
        )
    if phone_hash:
        owner |= Q(phone_hash=phone_hash) | Q(guardian_hash=phone_hash)
    waiting = Q(publish_state=PublishState.UNPUBLISHED, status__in=(Status.CONTENT_REVIEW, Status.ACCEPTED))
    rows = scope.rows(Work, Perm.WORK_TAKE_DOWN).filter(audience__in=PUBLIC_AUDIENCES)
    own = rows.filter(owner).filter(Q(publish_state=PublishState.PUBLISHED) | waiting)
    own = own.select_related("category", "county").distinct().order_by("-pk")[:MOST]
    seen = set()
    for work in own:
        seen.add(work.pk)
        yield _work_hit(work, sure=True)
    if name:
        named = (
            Q(public_author__contains=name)
            | Q(title__contains=name)
            | Q(text__contains=name)
            | Q(story__contains=name)
        )
        ids = published().filter(named).order_by().values("pk")
        for work in rows.filter(pk__in=ids).select_related("category", "county")[:50]:
            if work.pk not in seen:
                yield _work_hit(work, sure=False)


def _work_hit(work: Work, *, sure: bool) -> NameHit:
    label = f"{work.no} {work.category.name}《{work.title}》"
    place = work.county.short_name if work.county else ""
    return NameHit(
        work.pk, label, work.staff_url, place, sure=sure, tells=work.is_public and bool(work.phone_hash)
    )


def _work_down(actor: Any, pk: int, reason: str) -> str:
    work = Work.objects.filter(pk=pk).first()
    if work is None:
        return str(GONE)
    was = work.is_public
    publish.take_down(actor=actor, work=work, why=TakedownReason.PERSON, note=reason)
    return _("页面已撤下") if was else _("已停止送审")


def _work_back(actor: Any, pk: int) -> str:
    work = Work.objects.filter(pk=pk).first()
    if work is None or not work.wants_public or open_consent(work, ConsentType.PUBLICATION) is None:
        return _("作者没有公开同意，没有恢复")
    gate.request(work, actor=SYSTEM)
    return _("已重新送发布审核，两人看过后恢复")


# -- stories and programmes: through the gate ----------------------------------------------------------


def _stories(scope: Scope, name: str, phone_hash: str) -> Iterable[NameHit]:
    if not name or not scope.has(Perm.CONTENT_TAKE_DOWN):
        return
    escaped = json.dumps(name)[1:-1]
    words = Q(title__contains=name) | Q(lead__contains=name) | Q(body__contains=name)
    words |= Q(parts__icontains=name) | Q(parts__icontains=escaped)
    rows = scope.rows(Story, Perm.CONTENT_TAKE_DOWN).filter(words, status=StoryStatus.PUBLISHED)
    for row in rows.select_related("unit")[:MOST]:
        told = any(plain_name(part.get("speaker", "")) == plain_name(name) for part in row.parts)
        yield NameHit(row.pk, row.title, row.staff_url, row.unit.short_name, sure=told)


def _episodes(scope: Scope, name: str, phone_hash: str) -> Iterable[NameHit]:
    if not name or not scope.has(Perm.CONTENT_TAKE_DOWN):
        return
    words = Q(speaker__contains=name) | Q(topic__contains=name) | Q(summary__contains=name)
    rows = scope.rows(Episode, Perm.CONTENT_TAKE_DOWN).filter(words, is_public=True)
    for row in rows.select_related("series", "unit")[:MOST]:
        label = f"{row.series.title} · {row.topic}"
        yield NameHit(row.pk, label, row.staff_url, row.unit.short_name, sure=name in row.speaker)


def _gate_down(obj: Any, actor: Any, reason: str) -> str:
    row = open_of(obj) if obj is not None else None
    if row is None or not row.is_live:
        return str(GONE)
    gate.take_down(row, actor=actor, reason=reason)
    return _("页面已撤下")


def _story_down(actor: Any, pk: int, reason: str) -> str:
    return _gate_down(Story.objects.filter(pk=pk).first(), actor, reason)


def _story_back(actor: Any, pk: int) -> str:
    return _("可以恢复：请起草单位在“公开文章”里重新送审")


def _episode_down(actor: Any, pk: int, reason: str) -> str:
    return _gate_down(Episode.objects.filter(pk=pk).first(), actor, reason)


def _episode_back(actor: Any, pk: int) -> str:
    row = Episode.objects.filter(pk=pk).first()
    if row is None or row.is_public:
        return _("不用恢复")
    gate.request(row, actor=SYSTEM)
    return _("已重新送发布审核，两人看过后恢复")


# -- the wall of pledges -------------------------------------------------------------------------------


def _pledges(scope: Scope, name: str, phone_hash: str) -> Iterable[NameHit]:
    """By phone at once; names are encrypted, so they are compared one by one among those on a wall that bear the
    same mask."""
    rows = scope.rows(PledgeSignature, Perm.CONTENT_TAKE_DOWN)
    rows = rows.filter(display_consent=True, record__status=RecordState.VALID).select_related(
        "record__unit", "template"
    )
    found = list(rows.filter(phone_hash=phone_hash)[:MOST]) if phone_hash else []
    if name:
        known = {row.pk for row in found}
        first = plain_name(name)[:1]
        for row in rows.filter(masked_name__startswith=first).order_by("-pk")[:5000]:
            if row.pk not in known and plain_name(row.signer_name) == plain_name(name):
                found.append(row)
    for row in found:
        label = f"{row.template.title} · {row.masked_name}"
        yield NameHit(row.pk, label, row.record.staff_url, row.record.unit.short_name)


def _pledge_down(actor: Any, pk: int, reason: str) -> str:
    row = PledgeSignature.objects.filter(pk=pk).select_related("record").first()
    if row is None:
        return str(GONE)
    scope_of(actor).require(Perm.CONTENT_TAKE_DOWN, row)
    if not PledgeSignature.objects.filter(pk=pk, display_consent=True).update(display_consent=False):
        return str(GONE)
    record("pledge.wall_left", actor=actor, target=row.record, changed=["display_consent"])
    return _("名字已从承诺墙撤下，签名仍然有效")


def _pledge_back(actor: Any, pk: int) -> str:
    row = PledgeSignature.objects.filter(pk=pk).first()
    if row is None or open_consent(row, ConsentType.PUBLICATION) is None:
        return _("本人没有上墙同意，没有恢复")
    PledgeSignature.objects.filter(pk=pk).update(display_consent=True)
    return _("名字已恢复上墙")


register(NameSource("work", gettext_lazy("家风作品"), _works, _work_down, _work_back))
register(NameSource("story", gettext_lazy("公开文章"), _stories, _story_down, _story_back))
register(NameSource("episode", gettext_lazy("系列节目"), _episodes, _episode_down, _episode_back))
register(NameSource("pledge", gettext_lazy("承诺墙"), _pledges, _pledge_down, _pledge_back))
