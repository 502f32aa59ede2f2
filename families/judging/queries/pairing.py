"""Where a work competes, and which judges must keep away from it."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from families.works.models import Work
from families.works.naming import instructors_of, names_of
from families.works.rules import plain_name
from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.access.scope import Scope, scope_of
from portal.accounts.models import User
from portal.grants.queries import active_on
from portal.reviews.judging.models import JudgeProfile
from portal.reviews.judging.registry import Bucket, Conflict
from portal.reviews.judging.rules import (
    ART_CRITERIA,
    CHILD_CRITERIA,
    TEXT_CRITERIA,
)

TEXTS = {"MOTTO", "FAMILY_STORY", "FAMILY_LETTER", "CLEAN_MESSAGE", "STAGE"}


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


def conflicts(ids: Sequence[int], judges: Sequence[User]) -> list[Conflict]:
    """回避 by rule: own household, own unit or below, own village, entered or checked by, instructor, same name,
    and every work whose author the judge could look up as staff (domain reference §2.5, §11.4)."""
    rows = list(
        Work.objects.filter(pk__in=ids).select_related("category", "unit").prefetch_related("authors")
    )
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
