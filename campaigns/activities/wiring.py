"""What the activity log brings to other pages: menu, inbox, publication, files, home page, search."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.activities import actions, public, queries
from campaigns.activities import demo as _demo  # noqa: F401 – registers itself
from campaigns.activities import staffing as _staffing  # noqa: F401 – registers itself
from campaigns.activities import tagging as _tagging  # noqa: F401 – registers itself
from campaigns.activities import todo as _todo  # noqa: F401 – registers itself
from campaigns.activities.forms import ActivityForm
from campaigns.activities.initial import blank
from campaigns.activities.models import Activity
from campaigns.activities.tables import kind as _kind  # noqa: F401 – registers itself
from campaigns.planning.panels import CampaignPanel
from campaigns.planning.panels import register as register_panel
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.dashboards import workbench
from portal.drafts import labels
from portal.files import serving
from portal.files.queries import attached_to
from portal.pages import cached, panels, search
from portal.publication import registry
from portal.reviews import inbox
from portal.reviews.inbox import InboxItem, InboxSource
from portal.ui.menu import QUICK, WORK, MenuItem, register
from portal.ui.narrow import narrow
from portal.units import impact


def _badge(request: HttpRequest) -> Any:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return queries.to_review(scope)[:100] if scope.has(Perm.ACTIVITY_REVIEW) else None


register(
    MenuItem(
        section=WORK, label=_("活动"), icon="calendar2-event", url_name="campaigns:activities:index",
        perm=Perm.ACTIVITY_VIEW, badge=_badge, order=20, tab=True,
    )
)  # fmt: skip
register(
    MenuItem(
        section=QUICK, label=_("记活动"), icon="plus-lg", url_name="campaigns:activities:new",
        perm=Perm.ACTIVITY_LOG, order=21,
    )
)  # fmt: skip


# -- inbox ------------------------------------------------------------------------------------------


def _items(scope: Scope, limit: int) -> list[InboxItem]:
    return [
        InboxItem(row.title, f"{row.unit.short_name} · {row.get_kind_display()}", f"{row.staff_url}?queue=1",
                  row.submitted_at or row.created_at)
        for row in narrow(queries.to_review(scope), "no", "title", "kind", "unit__short_name", "submitted_at", "created_at")[:limit]
    ]  # fmt: skip


inbox.register(
    InboxSource(
        "activities", _("待审核的活动"), "calendar2-check", queries.to_review, _items,
        all_url="/staff/activities/review/", order=20,
    )
)  # fmt: skip


def _corrections(scope: Scope, limit: int) -> list[InboxItem]:
    return [
        InboxItem(
            row.activity.title,
            f"{row.activity.unit.short_name} · {row.reason[:40]}",
            row.staff_url,
            row.created_at,
        )
        for row in narrow(
            queries.corrections_to_confirm(scope),
            "activity__no",
            "activity__title",
            "activity__unit__short_name",
            "reason",
            "created_at",
        )[:limit]
    ]


inbox.register(
    InboxSource(
        "corrections", _("待确认的更正"), "pencil-square",
        queries.corrections_to_confirm, _corrections,
        all_url="/staff/activities/corrections/", order=21,
    )
)  # fmt: skip


# -- files ------------------------------------------------------------------------------------------


def _can_see(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and queries.visible(scope).filter(pk=int(target_id)).exists()


def _is_public(target_id: str, variant: str) -> bool:
    return target_id.isdigit() and queries.published().filter(pk=int(target_id)).exists()


serving.register("activity", can_see=_can_see, is_public=_is_public)
labels.register("activities.new", _("活动登记"))
labels.register("activities.correct", _("更正活动"))
labels.register("activities.edit", _("修改活动"))


# -- publication ------------------------------------------------------------------------------------


def _snapshot(activity: Activity) -> dict[str, Any]:
    facts = [
        [str(_("类型")), activity.get_kind_display()],
        [str(_("时间")), f"{timezone.localtime(activity.starts_at):%Y.%m.%d}"],
        [str(_("主办")), "、".join([activity.unit.name, *(unit.name for unit in activity.co_units.all())])],
        [str(_("协办")), "、".join(partner.name for partner in activity.partners.all())],
    ]
    facts += [
        [str(label), f"{_('约') if about else ''}{value}{unit}"]
        for _name, label, value, unit, about in activity.measures
    ]
    return {
        "title": activity.title,
        "text": activity.summary,
        "place": activity.place,
        "facts": [fact for fact in facts if fact[1]],
        "more_text": [[str(_("亮点")), activity.highlights]] if activity.highlights else [],
        "photos": [
            {"url": file.web_url, "alt": file.caption}
            for file in attached_to(activity, "photos")
            if file.is_ready
        ],
    }


def _published(activity: Activity, actor: Any) -> None:
    actions.show_in_public(actor=actor, activity=activity)
    transaction.on_commit(public.forget)


def _hidden(activity: Activity, actor: Any, *_reason: str) -> None:
    actions.hide_from_public(actor=actor, activity=activity)
    transaction.on_commit(public.forget)


registry.register(
    registry.ContentType(
        "activity",
        "campaigns.Activity",
        _("活动"),
        snapshot=_snapshot,
        public_url=lambda activity: activity.get_absolute_url(),
        staff_url=lambda activity: activity.staff_url,
        view_perm=Perm.ACTIVITY_VIEW,
        author_refs=lambda activity: {pk for pk in (activity.created_by_id, activity.submitted_by_id) if pk},
        on_published=_published,
        on_taken_down=_hidden,
        on_restarted=_hidden,
    )
)


# -- home page and search ---------------------------------------------------------------------------


def _card(activity: Activity) -> dict[str, Any]:
    return {
        "title": activity.title,
        "url": activity.get_absolute_url(),
        "date": timezone.localtime(activity.starts_at).date(),
        "place": activity.place,
        "people": activity.headcount or "",
        "summary": activity.summary,
        "kind": activity.get_kind_display(),
        "cover": activity.cover.rsplit("/", 1)[-1],
    }


def _news(request: HttpRequest) -> dict[str, Any] | None:
    rows = [_card(activity) for activity in public.newest()]
    if not rows:
        return None
    return {"lead": rows[0], "items": rows[1:], "all_url": reverse("campaigns:activities:public_index")}


def _found(words: list[str], limit: int) -> list[search.Hit]:
    return [
        search.Hit(row.title, row.get_absolute_url(), row.summary[:120], row.get_kind_display())
        for row in queries.published_with(words)[:limit]
    ]


panels.register(panels.Panel(slot="news", provide=_news, order=30))
search.register(search.Source(key="activities", label=_("活动动态"), find=_found, order=30))


def _of_campaign(campaign: Any) -> dict[str, Any] | None:
    rows = list(queries.published().filter(queries.of_campaign(campaign))[:6])
    return {"rows": rows, "all_url": reverse("campaigns:activities:public_index")} if rows else None


register_panel(
    CampaignPanel("activities", "campaigns/activities/_campaign_panel.html", _of_campaign, order=20)
)


# -- workbench --------------------------------------------------------------------------------------


def _quick(request: Any) -> dict[str, Any] | None:
    units = list(queries.units_to_log_for(request.scope)[:2])
    if len(units) != 1:
        return None  # with several units the whole form asks which
    form = ActivityForm(
        initial=blank(request.user, request.scope, units),
        scope=request.scope,
        actor=request.user,
        units=units,
    )
    return {
        "form": form,
        "places": queries.last_places(request.user),
        "counts": queries.usual_counts(request.user),
    }


def _returned(request: Any) -> workbench.Stat | None:
    if not request.scope.has(Perm.ACTIVITY_LOG):
        return None
    count = queries.returned_to(request.scope)
    if not count:
        return None
    return workbench.Stat(
        "arrow-counterclockwise", count, _("活动被退回修改"), "/staff/activities/?status=returned", "warn"
    )


workbench.register(
    workbench.WorkPanel(
        "activities.quick",
        workbench.MAIN,
        "campaigns/activities/_quick.html",
        _quick,
        order=30,
        perm=Perm.ACTIVITY_LOG,
    )
)
workbench.register_stat(_returned, order=30)

impact.register(
    _("活动记录"), lambda units: Activity.objects.filter(unit__in=units).count(), code="activities"
)
cached.watch("activity.published", "activity.taken_down")
