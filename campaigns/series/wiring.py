"""What series bring to other pages: menu, gate, files, reminders, campaign page, search."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.panels import CampaignPanel
from campaigns.planning.panels import register as register_panel
from campaigns.series import actions, demo, queries, rules  # noqa: F401 – demo registers itself
from campaigns.series import links as _links  # noqa: F401 – registers itself
from campaigns.series.models import Episode, Series
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.dashboards import workbench
from portal.drafts import labels
from portal.files import serving
from portal.files.queries import attached_to
from portal.notifications import reminders
from portal.pages import cached, panels, search
from portal.publication import registry
from portal.ui.menu import CARRIER, MenuItem, register
from portal.units import impact

register(
    MenuItem(
        section=CARRIER, label=gettext_lazy("系列节目"), icon="collection-play", url_name="campaigns:series:index",
        perm=Perm.CAMPAIGN_VIEW, order=10,
    )
)  # fmt: skip
labels.register("series.new", gettext_lazy("新建系列"))
labels.register("series.episode", gettext_lazy("安排一期"))
labels.register("series.edit", gettext_lazy("修改一期"))


# -- files ------------------------------------------------------------------------------------------


def _can_see(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and queries.episodes_in_reach(scope).filter(pk=int(target_id)).exists()


def _is_public(target_id: str, variant: str) -> bool:
    return target_id.isdigit() and queries.published_with([]).filter(pk=int(target_id)).exists()


serving.register("episode", can_see=_can_see, is_public=_is_public)


# -- publication ------------------------------------------------------------------------------------


def _snapshot(episode: Episode) -> dict[str, Any]:
    series: Series = episode.series
    facts = [
        [str(_("系列")), series.title],
        [str(_("期次")), str(_("第 %(n)d 期") % {"n": episode.number})],
        [str(_("栏目")), episode.get_section_display()],
        [str(_("主讲")), episode.speaker],
        [str(_("在哪里发布")), series.outlet],
        [str(_("联合单位")), series.partners],
        [str(_("作品")), "、".join(episode.works)],
        [str(_("链接")), episode.link],
    ]
    return {
        "title": episode.topic,
        "text": episode.summary,
        "facts": [fact for fact in facts if fact[1]],
        "more_text": [[str(_("系列简介")), series.summary]] if series.summary else [],
        "photos": [
            {"url": file.web_url, "alt": file.caption}
            for file in attached_to(episode, "photos")
            if file.is_ready
        ],
    }


registry.register(
    registry.ContentType(
        "episode",
        "campaigns.Episode",
        gettext_lazy("系列节目"),
        snapshot=_snapshot,
        public_url=lambda episode: episode.get_absolute_url(),
        staff_url=lambda episode: episode.staff_url,
        view_perm=Perm.CAMPAIGN_VIEW,
        author_refs=lambda episode: {pk for pk in (episode.created_by_id, episode.edited_by_id) if pk},
        on_published=lambda episode, actor: actions.show(episode, actor=actor),
        on_taken_down=lambda episode, actor, reason: actions.hide(episode, actor=actor),
        on_restarted=lambda episode, actor: actions.hide(episode, actor=actor),
    )
)
cached.watch("series.", "episode.")


# -- reminders --------------------------------------------------------------------------------------


def _due(now: datetime) -> Iterable[reminders.Due]:
    today = timezone.localdate(now)
    for row in queries.due_until(today + timedelta(days=rules.REMIND_DAYS_BEFORE)):
        late = row.due_on is not None and row.due_on < today
        sentence = (
            _("《%(title)s》第 %(n)d 期已过计划日期（%(due)s），还没有发布。")
            if late
            else _("《%(title)s》第 %(n)d 期计划 %(due)s 发布。")
        )
        yield reminders.Due(
            key=f"{row.pk}:{row.due_on}:{'late' if late else 'soon'}",
            text=sentence % {"title": row.series.title, "n": row.number, "due": row.due_on},
            url=row.staff_url,
            perm=Perm.SERIES_EDIT,
            unit=row.unit,
            urgent=late,
        )


def _soon(request: Any) -> workbench.Stat | None:
    """Episodes that are late or due within the reminder's days, for whoever publishes them."""
    if not request.scope.has(Perm.SERIES_EDIT):
        return None
    count = queries.due_for(request.scope, timezone.localdate() + timedelta(days=rules.REMIND_DAYS_BEFORE))
    if not count:
        return None
    return workbench.Stat(
        "collection-play", count, gettext_lazy("系列节目快到期"), "/staff/series/?status=running", "warn"
    )


workbench.register_stat(_soon, order=50)
reminders.register(reminders.Reminder("series.due", gettext_lazy("系列节目快到发布日期"), _due))


# -- public pages -----------------------------------------------------------------------------------


def _of_campaign(campaign: Any) -> dict[str, Any] | None:
    rows = list(queries.public_of_campaign(campaign)[:6])
    return {"rows": rows} if rows else None


def _learn(request: HttpRequest) -> dict[str, Any] | None:
    rows = list(queries.public()[:3])
    if not rows:
        return None
    return {
        "links": [
            {
                "icon": row.icon,
                "title": row.title,
                "text": _("已更新 %(done)d 期，共 %(planned)d 期")
                % {"done": row.done, "planned": row.planned},
                "url": row.get_absolute_url(),
            }
            for row in rows
        ]
    }


def _found(words: list[str], limit: int) -> list[search.Hit]:
    return [
        search.Hit(row.topic, row.get_absolute_url(), row.summary[:120], row.series.title)
        for row in queries.published_with(words)[:limit]
    ]


register_panel(CampaignPanel("series", "campaigns/series/_campaign_panel.html", _of_campaign, order=30))
panels.register(
    panels.Panel(slot="learn", template="campaigns/series/_home_panel.html", provide=_learn, order=40)
)
search.register(search.Source(key="series", label=gettext_lazy("系列节目"), find=_found, order=50))
impact.register(
    gettext_lazy("系列节目"), lambda units: Series.objects.filter(unit__in=units).count(), code="series"
)
