"""Composing issues, and what the publish gate does to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.series.models import Episode, Series
from campaigns.series.rules import EpisodeStatus
from families.exhibition import queries
from families.exhibition.models import Issue, IssueWork
from families.exhibition.rules import MOST_WORKS, IssueState
from families.works.messages import full_url
from families.works.models import Work, WorkCall
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.journal.once import once
from portal.publication import actions as gate
from portal.reviews.workflow import WorkflowError, move

FIELDS = ("title", "intro", "cover", "cover_work")


@once(Issue, taken=lambda: ValidationError({"number": _("这一期已经有了，请换一个期号。")}))
def create_issue(
    *, actor: Any, fields: Mapping[str, Any], call: WorkCall | None, series: Series | None, number: int | None = None,
    token: str | None = None, is_demo: bool = False,
) -> Issue:  # fmt: skip
    """A new issue of a call, a series or both; its address is the slug of the series, else of the call.

    The same token twice gives the first one back. Raises ValidationError at `number` when it is taken.
    """
    owner: Any = series or call
    if owner is None:
        raise ValidationError({"call": _("请选择征集或系列。")})
    scope_of(actor).require(Perm.CALL_EDIT, (call or series).unit)  # type: ignore[union-attr]
    other = queries.key_owner(owner.slug)
    if other is not None and (other.series_id != (series.pk if series else None)):
        raise ValidationError({"series": _("这个网址已经被另一个系列或征集用了，请换一个。")})
    issue = Issue.objects.create(
        key=owner.slug, number=number or queries.next_number(owner.slug), call=call, series=series,
        unit=owner.unit, created_by=actor, edited_by=actor, client_token=token, is_demo=is_demo,
        **{name: fields[name] for name in FIELDS if name in fields},
    )  # fmt: skip
    record("issue.saved", actor=actor, target=issue, changed=["number", *fields])
    return issue


@transaction.atomic
def edit_issue(*, actor: Any, issue: Issue, fields: Mapping[str, Any]) -> None:
    """Change words and cover; a published issue goes back behind the gate when what is shown changes."""
    scope_of(actor).require(Perm.CALL_EDIT, issue)
    values = {name: fields[name] for name in FIELDS if name in fields}
    Issue.objects.filter(pk=issue.pk).update(**values, edited_by=actor, updated_at=timezone.now())
    issue.refresh_from_db()
    record("issue.saved", actor=actor, target=issue, changed=sorted(values))
    gate.check_current(issue, actor=actor)


@transaction.atomic
def set_works(*, actor: Any, issue: Issue, works: Sequence[Work]) -> None:
    """Exactly these works, in this order. Only published ones: their authors agreed and two people have read them."""
    scope_of(actor).require(Perm.CALL_EDIT, issue)
    rows = list(dict.fromkeys(works))
    if len(rows) > MOST_WORKS:
        raise WorkflowError(_("一期最多 %(n)d 件作品，请分到下一期。") % {"n": MOST_WORKS})
    kept = set(IssueWork.objects.filter(issue=issue).values_list("work_id", flat=True))
    hidden = [work for work in rows if not work.is_public and work.pk not in kept]
    if hidden:
        raise WorkflowError(_("《%(title)s》没有公开，不能编进展播。") % {"title": hidden[0].title})
    IssueWork.objects.filter(issue=issue).delete()
    IssueWork.objects.bulk_create(
        IssueWork(issue=issue, work=work, position=number) for number, work in enumerate(rows)
    )
    if issue.cover_work_id and issue.cover_work_id not in {work.pk for work in rows}:
        Issue.objects.filter(pk=issue.pk).update(cover_work=None)
    Issue.objects.filter(pk=issue.pk).update(edited_by=actor, updated_at=timezone.now())
    issue.refresh_from_db()
    record("issue.saved", actor=actor, target=issue, changed=["works"])
    gate.check_current(issue, actor=actor)


def submit_issue(*, actor: Any, issue: Issue) -> None:
    """送审: two other people read it. An issue without a public work is nothing to read."""
    scope_of(actor).require(Perm.CALL_EDIT, issue)
    if not queries.shown_works(issue):
        raise WorkflowError(_("这一期还没有公开的作品，请先选作品。"))
    with transaction.atomic():
        move(issue, "submit", actor=actor)
        gate.request(issue, actor=actor)


@transaction.atomic
def remove_issue(*, actor: Any, issue: Issue) -> None:
    """Delete one that was never shown to anybody."""
    scope_of(actor).require(Perm.CALL_EDIT, issue)
    if issue.status != IssueState.DRAFT or issue.published_at is not None:
        raise WorkflowError(_("发布过的一期不能删除，可以撤下。"))
    record("issue.removed", actor=actor, target=issue)
    issue.delete()


# -- called by the gate ----------------------------------------------------------------------------------


def passed(issue: Issue, actor: Any) -> None:
    """Two people have read it. A series counts it as gone out (展播 9 期, 8/10)."""
    move(issue, "pass_gate", actor=actor, fields={"published_at": issue.published_at or timezone.now()})
    if issue.series_id:
        _count_episode(issue, actor)


def _count_episode(issue: Issue, actor: Any) -> None:
    """The episode of the same number becomes this issue; one that went out already keeps its day."""
    episode = Episode.objects.filter(series=issue.series_id, number=issue.number).first()
    if episode is None:
        return
    titles = [work.title for work in queries.shown_works(issue)][:20]
    url = full_url(issue.get_absolute_url())
    if episode.status == EpisodeStatus.PLANNED:
        fields = {"aired_at": issue.published_at, "link": url, "works": titles}
        if not episode.topic:
            fields["topic"] = issue.title
        move(episode, "publish", actor=actor, fields=fields)
    Issue.objects.filter(pk=issue.pk).update(episode=episode)
    issue.episode = episode


def sent_back(issue: Issue, actor: Any, reason: str) -> None:
    """A reader returned it."""
    if issue.status == IssueState.REVIEW:
        move(issue, "fail_gate", actor=actor, reason=reason)


def gone(issue: Issue, actor: Any, reason: str) -> None:
    """Taken down."""
    if issue.status != IssueState.DRAFT:
        move(issue, "take_down", actor=actor, reason=reason)


def restarted(issue: Issue, actor: Any) -> None:
    """What is shown has changed: off the page until two people have read it again."""
    if issue.status == IssueState.PUBLISHED:
        move(issue, "restart", actor=actor)
