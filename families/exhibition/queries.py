"""Reads of issues, outward selections and sweeps."""

from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from campaigns.series.models import Series
from campaigns.series.queries import visible as visible_series
from campaigns.series.queries import with_counts
from families.exhibition.models import Issue, IssueWork, Outward, Sweep
from families.exhibition.rules import SHOWN_RESULTS, IssueState
from families.works.models import Work, WorkCall
from families.works.queries import photos_of, published
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files.models import StoredFile

# -- public ------------------------------------------------------------------------------------------


def public_issues() -> QuerySet[Issue]:
    """Published issues, newest first."""
    rows = Issue.objects.filter(status=IssueState.PUBLISHED).select_related("series", "call", "unit")
    return rows.order_by("-published_at", "-pk")


def public_issue(key: str, number: int) -> Issue | None:
    """One published issue."""
    return public_issues().filter(key=key, number=number).first()


def shown_works(issue: Issue) -> list[Work]:
    """The works of an issue that are public at this moment, in its order."""
    rows = published().filter(issue_places__issue=issue)
    return list(rows.order_by("issue_places__position", "issue_places__pk"))


def neighbours(issue: Issue) -> tuple[Issue | None, Issue | None]:
    """The published issues before and after."""
    rows = Issue.objects.filter(status=IssueState.PUBLISHED, key=issue.key)
    before = rows.filter(number__lt=issue.number).order_by("-number").first()
    after = rows.filter(number__gt=issue.number).order_by("number").first()
    return before, after


def progress(issue: Issue) -> dict[str, Any]:
    """How far the series is: went out of planned; without a series how many issues there are."""
    if issue.series_id:
        series = with_counts(Series.objects.filter(pk=issue.series_id)).get()
        return {"done": series.done, "planned": series.planned, "series": series}
    return {"done": Issue.objects.filter(status=IssueState.PUBLISHED, key=issue.key).count(), "planned": 0}


def covers_of(issues: list[Issue]) -> dict[int, StoredFile]:
    """The picture of the work that is an issue's cover, while that work is public; a fixed number of queries."""
    wanted = {issue.pk: issue.cover_work_id for issue in issues if issue.cover_work_id}
    if not wanted:
        return {}
    works = {work.pk: work for work in published().filter(pk__in=wanted.values())}
    photos = photos_of(works.values())
    found = {}
    for pk, work_id in wanted.items():
        ready = [file for file in photos.get(str(work_id), []) if file.is_ready]
        if ready:
            found[pk] = ready[0]
    return found


def issues_of_work(work: Work) -> list[Issue]:
    """In which published issues a work stands."""
    return list(public_issues().filter(places__work=work)[:3])


def shown_outward(work: Work) -> list[Outward]:
    """Where a work was shown or awarded; for its public page."""
    return list(Outward.objects.filter(work=work, result__in=SHOWN_RESULTS))


def gallery_calls() -> list[WorkCall]:
    """Calls for the gallery's filter, newest first."""
    return list(WorkCall.objects.exclude(status="draft").order_by("-open_at")[:60])


# -- staff --------------------------------------------------------------------------------------------


def issues_for(scope: Scope) -> QuerySet[Issue]:
    """Issues of one's units, with how many works each has."""
    rows = scope.rows(Issue, Perm.CALL_EDIT).select_related("series", "call", "unit", "edited_by")
    return rows.annotate(n_works=Count("places"))


def next_number(key: str) -> int:
    """The number after the last one."""
    last = Issue.objects.filter(key=key).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def key_owner(key: str) -> Issue | None:
    """Whose slug this is already."""
    return Issue.objects.filter(key=key).first()


def series_for(scope: Scope) -> QuerySet[Series]:
    """Series whose issues this person may compose."""
    return visible_series(scope).order_by("-status", "-pk")


def calls_for(scope: Scope) -> QuerySet[WorkCall]:
    """Calls whose issues this person may compose."""
    return scope.rows(WorkCall, Perm.CALL_EDIT).exclude(status="draft").order_by("-open_at")


def places_of(issue: Issue) -> list[IssueWork]:
    """Every work of an issue, shown or not, in order."""
    return list(IssueWork.objects.filter(issue=issue).select_related("work__category", "work__county"))


def candidates(issue: Issue, *, words: list[str], category: str = "") -> list[Work]:
    """Published works of the issue's call that are not in it yet; of any call where only a series is given."""
    rows = published().exclude(issue_places__issue=issue)
    if issue.call_id:
        rows = rows.filter(call=issue.call_id)
    if category:
        rows = rows.filter(category__code=category)
    for word in words[:5]:
        rows = rows.filter(Q(no__iexact=word) | Q(title__icontains=word) | Q(text__icontains=word))
    return list(rows.order_by("-published_at", "-pk")[:30])


def addable(issue: Issue, ids: list[int]) -> list[Work]:
    """Those of the ids that may be put into an issue: published, in the order of the ids."""
    rows = {work.pk: work for work in published().filter(pk__in=ids)}
    return [rows[pk] for pk in ids if pk in rows]


def outward_for(scope: Scope) -> QuerySet[Outward]:
    """What was sent on from one's units."""
    rows = scope.rows(Outward, Perm.WORK_REVIEW)
    return rows.select_related("work__unit", "work__category", "created_by").order_by(
        F("held_on").desc(nulls_last=True), "-pk"
    )


def outward_of(work: Work) -> list[Outward]:
    """Every outward selection of a work."""
    return list(Outward.objects.filter(work=work))


def sweeps_for(scope: Scope) -> QuerySet[Sweep]:
    """Sweeps of one's units."""
    rows = scope.rows(Sweep, Perm.WORK_TAKE_DOWN).select_related("unit", "made_by", "asked_by")
    return rows.annotate(n_items=Count("items"))


def issues_of_campaign(campaign: Any) -> QuerySet[Issue]:
    """Published issues of a campaign's series and calls, for its public page."""
    return public_issues().filter(Q(series__campaign=campaign) | Q(call__campaign=campaign))
