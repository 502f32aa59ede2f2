"""Reads: which works may be judged, the redacted projection, conflicts, award lists."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from families.judging.models import Award, AwardList
from families.judging.rules import ListState, Tier, award, caps_of
from families.judging.screening import masked_values, screen, secrets_of
from families.works import queries as works
from families.works.models import Work, WorkCall
from families.works.naming import instructors_of, names_of, public_name_of
from families.works.rules import JUDGED, Status, plain_name
from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.access.scope import Scope, scope_of
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.grants.queries import active_on
from portal.reviews.judging import queries as judging
from portal.reviews.judging.models import JudgeProfile, JudgingStage
from portal.reviews.judging.registry import Bucket, Conflict, Redacted
from portal.reviews.judging.rules import (
    ART_CRITERIA,
    CHILD_CRITERIA,
    TEXT_CRITERIA,
    Kind,
    Outcome,
    StageState,
)
from portal.units.models import Level, Unit
from portal.workdays.queries import add_workdays

CODE = "work"
STATE_OF = {Kind.FIRST: Status.FIRST_JUDGE, Kind.SECOND: Status.SECOND_JUDGE, Kind.FINAL: Status.FINAL_JUDGE}
TEXTS = {"MOTTO", "FAMILY_STORY", "FAMILY_LETTER", "CLEAN_MESSAGE", "STAGE"}


# -- what judges see -------------------------------------------------------------------------------


def _places(rows: Sequence[Work]) -> dict[int, list[str]]:
    """Names of the unit of each work and of those above it, up to the county."""
    paths = {row.pk: row.unit.path for row in rows}
    step = Unit.steplen
    wanted = {path[:end] for path in paths.values() for end in range(step, len(path) + 1, step)}
    known = {
        path: [name for name in (short, full) if name]
        for path, short, full in Unit.objects.filter(path__in=wanted, level__gte=Level.COUNTY).values_list(
            "path", "short_name", "name"
        )
    }
    return {
        pk: [name for end in range(step, len(path) + 1, step) for name in known.get(path[:end], [])]
        for pk, path in paths.items()
    }


def _with_people(ids: Sequence[int]) -> list[Work]:
    return list(
        Work.objects.filter(pk__in=ids).select_related("category", "unit").prefetch_related("authors")
    )


def project(ids: Sequence[int]) -> dict[int, Redacted]:
    """Works without their authors: title, text, story and the fields of the category, all screened."""
    rows = [row for row in _with_people(ids) if row.status != Status.WITHDRAWN]
    places, photos = _places(rows), works.photos_of(rows)
    found = {}
    for row in rows:
        words = secrets_of(row, places[row.pk])
        parts = [(row.category.text_label or "", screen(row.text, words))] if row.text else []
        if row.story:
            parts.append((_("背后的故事"), screen(row.story, words)))
        found[row.pk] = Redacted(
            title=screen(row.title, words), kind=row.category.name, parts=tuple(parts),
            facts=tuple(masked_values(row, words)),
            pictures=sum(file.is_ready for file in photos.get(str(row.pk), [])),
        )  # fmt: skip
    return found


def pictures(pk: int) -> list[StoredFile]:
    """The ready pictures of a work, in order."""
    row = Work.objects.filter(pk=pk).first()
    return [file for file in works.photos_of([row]).get(str(pk), []) if file.is_ready] if row else []


def group_of(row: Work) -> tuple[str, str]:
    """(code, name) of the group a work competes in; adults and minors where a call names no groups."""
    names = {str(one.get("code")): str(one.get("name", one.get("code"))) for one in row.call.groups}
    if row.group:
        return row.group, names.get(row.group, row.group)
    return ("minor", _("少儿组")) if row.is_minor else ("adult", _("成人组"))


def buckets(ids: Sequence[int]) -> dict[int, Bucket]:
    """Category × group, with the default criteria that fit."""
    found = {}
    for row in Work.objects.filter(pk__in=ids).select_related("category", "call").order_by("pk"):
        code, name = group_of(row)
        children = row.is_minor
        defaults = (
            CHILD_CRITERIA if children else TEXT_CRITERIA if row.category.code in TEXTS else ART_CRITERIA
        )
        label = f"{row.category.name} · {name}"
        found[row.pk] = Bucket(
            key=f"{row.category.code}|{code}"[:40], label=label[:60],
            criteria_key=f"{row.category.code}|{'child' if children else 'adult'}"[:40],
            criteria_label=f"{row.category.name} · {_('少儿') if children else _('成人')}"[:60], criteria=defaults,
        )  # fmt: skip
    return found


def still_in(kind: str, ids: Sequence[int]) -> set[int]:
    """Works that are in this round now."""
    state = STATE_OF[Kind(kind)]
    return set(Work.objects.filter(pk__in=ids, status=state).values_list("pk", flat=True))


def staff_label(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Number, title and page of each work, for the table after a round."""
    rows = Work.objects.filter(pk__in=ids)
    return {row.pk: (f"{row.no}《{row.title}》", row.staff_url) for row in rows}


def conflicts(ids: Sequence[int], judges: Sequence[User]) -> list[Conflict]:
    """回避 by rule: own household, own unit or below, own village, entered or checked by, instructor, same name,
    and every work whose author the judge could look up as staff (domain reference §2.5, §11.4)."""
    rows = _with_people(ids)
    profiles = {
        row.user_id: row
        for row in JudgeProfile.objects.filter(user__in=judges).select_related("work_unit", "home_unit")
    }
    offices = _offices(judges)
    found = []
    for judge in judges:
        scope = Scope(scope_of(judge).lines, actor=judge)
        for row in rows:
            reason = _why(row, judge, profiles.get(judge.pk), offices.get(judge.pk, []), scope)
            if reason:
                found.append(Conflict(row.pk, judge.pk, reason))
    return found


def _offices(judges: Sequence[User]) -> dict[int, list[str]]:
    """Paths of the units where a judge holds another role than that of a judge."""
    rows = active_on(timezone.localdate()).filter(user__in=judges).exclude(role=Role.JUDGE.value)
    found: dict[int, list[str]] = {}
    for user_id, path in rows.values_list("user_id", "unit__path"):
        found.setdefault(user_id, []).append(path)
    return found


def _why(row: Work, judge: User, profile: JudgeProfile | None, offices: list[str], scope: Scope) -> str:
    if row.submitted_by_id == judge.pk or (
        judge.phone_hash and judge.phone_hash in (row.phone_hash, row.guardian_hash)
    ):
        return _("同一家庭（手机号相同）")
    if judge.pk in (row.entered_by_id, row.checked_by_id):
        return _("由本人代录或初核")
    own = plain_name(judge.display_name)
    taught_by = {plain_name(name) for name in instructors_of(row)}
    if own and (own in taught_by or own in plain_name(str(row.extra.get("instructor") or ""))):
        return _("指导老师")
    if own in names_of(row) or (len(own) >= 2 and own in plain_name(row.household)):
        return _("与作者或监护人同名")
    path = row.unit.path
    if any(path.startswith(office) for office in offices) or (
        profile and profile.work_unit and path.startswith(profile.work_unit.path)
    ):
        return _("同一单位或下级单位")
    if profile and profile.home_unit and path.startswith(profile.home_unit.path):
        return _("同村（社区）")
    if scope.may(Perm.WORK_VIEW, row) or scope.may(Perm.WORK_REVIEW, row):
        return _("在工作平台能看到作者")
    return ""


# -- calls and rounds --------------------------------------------------------------------------------


def calls(scope: Scope) -> QuerySet[WorkCall]:
    """Calls this person organises judging for or decides on, with how many works could be judged."""
    perm = Perm.JUDGING_MANAGE if scope.has(Perm.JUDGING_MANAGE) else Perm.JUDGING_DECIDE
    return (
        scope.rows(WorkCall, perm)
        .select_related("unit", "award_list")
        .annotate(
            ready=Count(
                "works", filter=Q(works__status=Status.ACCEPTED) & ~Q(works__audience="only_recipient")
            ),
            judged=Count("works", filter=Q(works__status__in=JUDGED)),
        )
    )


def candidates(call: WorkCall, kind: str) -> list[int]:
    """Keys of the works that may enter a round: all accepted ones first, later what people promoted."""
    last = judging.last_stage(CODE, call.pk)
    if last is None:
        rows = Work.objects.filter(call=call, status=Status.ACCEPTED)
        return list(rows.order_by("pk").values_list("pk", flat=True))
    if last.status != StageState.DECIDED or kind not in next_kinds(call):
        return []
    ids = last.things.filter(outcome=Outcome.PROMOTED, is_gone=False).values_list("target_id", flat=True)
    return list(Work.objects.filter(pk__in=list(ids), status__in=JUDGED).values_list("pk", flat=True))


def next_kinds(call: WorkCall) -> list[str]:
    """The rounds that may come now."""
    last = judging.last_stage(CODE, call.pk)
    order = [str(kind) for kind in Kind]
    if last is None:
        return order
    return order[order.index(last.kind) + 1 :] if last.status == StageState.DECIDED else []


# -- awards ------------------------------------------------------------------------------------------


def list_of(call: WorkCall) -> AwardList | None:
    """The award list of a call."""
    return (
        AwardList.objects.filter(call=call)
        .select_related("call", "unit", "proposed_by", "decided_by")
        .first()
    )


def proposal(call: WorkCall, stage: JudgingStage) -> dict[int, tuple[str, str, int]]:
    """work → (tier, bucket, place): the shares of what was accepted, cut along the order of the last round."""
    first = judging.stages_of(CODE, call.pk)[0]
    accepted: dict[str, int] = {}
    for bucket in first.things.filter(is_gone=False).values_list("bucket", flat=True):
        accepted[bucket] = accepted.get(bucket, 0) + 1
    caps, found = caps_of(call.award_tiers), {}
    for bucket, items in judging.in_order(stage.things.filter(is_gone=False)).items():
        scored = [item for item in items if item.raw is not None]
        tiers = award([item.target_id for item in scored], accepted.get(bucket, len(items)), caps)
        for place, item in enumerate(scored, 1):
            found[item.target_id] = (tiers.get(item.target_id, ""), item.bucket_label, place)
    return found


def ties_between_tiers(call: WorkCall, stage: JudgingStage) -> bool:
    """Would equal works get different tiers? Then the chair decides first."""
    tiers = proposal(call, stage)
    return any(
        len({tiers.get(item.target_id, ("", "", 0))[0] for item in group}) > 1
        for group in judging.ties_of(stage)
    )


def candidates_of(award_list: AwardList) -> list[dict[str, Any]]:
    """Everything of the last round with its place and the tier on the list, bucket by bucket."""
    stage = judging.last_stage(CODE, award_list.call_id)
    if stage is None:
        return []
    tiers = {row.work_id: row.tier for row in award_list.awards.filter(struck_for="")}
    offered = proposal(award_list.call, stage)
    rows = {row.pk: row for row in Work.objects.filter(pk__in=offered).select_related("county")}
    items = {item.target_id: item for item in stage.things.filter(is_gone=False)}
    return [
        {
            "work": rows[pk], "item": items[pk], "bucket": bucket, "place": place, "offered": tier,
            "tier": tiers.get(pk, "") if tiers or award_list.status != ListState.DRAFT else tier,
        }
        for pk, (tier, bucket, place) in sorted(offered.items(), key=lambda one: (one[1][1], one[1][2]))
        if pk in rows and pk in items
    ]  # fmt: skip


def on_show(award_list: AwardList) -> list[tuple[str, list[tuple[str, list[dict[str, Any]]]]]]:
    """What the public reads: bucket → tier → works. Works of minors stand without a tier (domain reference §1.5);
    a name stands only where its author consented to publication."""
    states = (Status.PUBLICITY, Status.AWARDED)
    rows = (
        award_list.awards.filter(struck_for="", work__status__in=states)
        .select_related("work__county", "work__category")
        .prefetch_related("work__authors")
    )
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in rows:
        tier = "" if row.work.is_minor else str(row.get_tier_display())
        found.setdefault(row.bucket_label, {}).setdefault(tier, []).append(_public_line(row))
    order = {str(tier.label): number for number, tier in enumerate(Tier)}
    return [
        (bucket, sorted(tiers.items(), key=lambda one: order.get(one[0], 99)))
        for bucket, tiers in found.items()
    ]


def _public_line(row: Award) -> dict[str, Any]:
    work = row.work
    return {
        "no": work.no,
        "title": work.title if work.wants_public else "",
        "name": public_name_of(work),
        "place": work.county.short_name if work.county else "",
        "url": work.get_absolute_url() if work.is_public else "",
    }


def published_list(slug: str) -> AwardList | None:
    """The list of a call that the public may read now."""
    row = AwardList.objects.filter(call__slug=slug).select_related("call", "unit").first()
    return row if row is not None and row.is_on_show else None


def publicity_end(first: date, days: int) -> date:
    """The last day of a notice of `days` working days that begins on `first`."""
    return add_workdays(first, days)


def ripe(scope: Scope) -> QuerySet[AwardList]:
    """Lists that wait for the deciding person: to be decided, or to be announced."""
    return (
        scope.rows(AwardList, Perm.JUDGING_DECIDE)
        .filter(status__in=(ListState.PROPOSED, ListState.PUBLICITY))
        .select_related("call")
        .order_by("pk")
    )
