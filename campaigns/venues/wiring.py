"""What venues bring to other pages: menu, inbox, reminders, publication, files, search, workbench, privacy."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.venues import demo, tables  # noqa: F401 – they register themselves
from campaigns.venues import links as _links  # noqa: F401 – registers itself
from campaigns.venues import notices as _notices  # noqa: F401 – registers itself
from campaigns.venues.actions import venues as actions
from campaigns.venues.actions import visits as visit_actions
from campaigns.venues.models import BaseVisit, DemoBase, Venue
from campaigns.venues.queries import bases, venues, visits
from campaigns.venues.rules import bases as base_rules
from campaigns.venues.rules import venues as rules
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts import phone_codes
from portal.dashboards import workbench
from portal.drafts import labels
from portal.files import serving
from portal.files.queries import attached_to
from portal.notifications import reminders
from portal.pages import cached, search
from portal.privacy.registry import DataSource, Person, Retention, register_retention, register_source
from portal.publication import registry
from portal.reviews import inbox
from portal.ui.menu import CARRIER, MenuItem, register
from portal.ui.narrow import narrow
from portal.units import impact

phone_codes.PURPOSES["visit"] = gettext_lazy("预约参观")

# -- menu ------------------------------------------------------------------------------------------


def _badge(request: HttpRequest) -> Any:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return visits.waiting_for(scope) if scope.has(Perm.BOOKING_HANDLE) else None


register(MenuItem(section=CARRIER, label=gettext_lazy("阵地"), icon="geo-alt", url_name="campaigns:venues:index", perm=Perm.VENUE_VIEW, order=30))  # fmt: skip
register(MenuItem(section=CARRIER, label=gettext_lazy("参观预约"), icon="calendar2-check", url_name="campaigns:venues:visits", perm=Perm.BOOKING_HANDLE, badge=_badge, order=31))  # fmt: skip
register(MenuItem(section=CARRIER, label=gettext_lazy("基地"), icon="award", url_name="campaigns:venues:bases", perm=Perm.VENUE_VIEW, order=32))  # fmt: skip

# -- inbox -----------------------------------------------------------------------------------------


def _visit_items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            f"{row.venue.name} · {row.org}",
            _("%(state)s · %(when)s · %(n)d 人")
            % {
                "state": row.get_status_display(),
                "when": timezone.localtime(row.starts_at).strftime("%m-%d %H:%M"),
                "n": row.headcount,
            },
            row.staff_url,
            row.created_at,
        )
        for row in narrow(
            visits.waiting_for(scope),
            "no",
            "venue__name",
            "org",
            "status",
            "starts_at",
            "headcount",
            "created_at",
        )[:limit]
    ]


def _base_items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            row.venue.name,
            f"{row.unit.short_name} · {_('建议摘牌，待决定') if row.removal_by_id else row.get_status_display()}",
            row.staff_url,
            row.waits_since,
        )
        for row in narrow(
            bases.waiting_for(scope),
            "venue__name",
            "unit__short_name",
            "status",
            "submitted_at",
            "created_at",
            "updated_at",
            "public_until",
            "removal_by",
        )[:limit]
    ]


inbox.register(
    inbox.InboxSource(
        "venue_visits",
        gettext_lazy("参观预约"),
        "calendar2-check",
        visits.waiting_for,
        _visit_items,
        "/staff/venues/visits/?box=waiting",
        order=50,
    )
)
inbox.register(
    inbox.InboxSource(
        "bases",
        gettext_lazy("清廉家庭基地"),
        "award",
        bases.waiting_for,
        _base_items,
        "/staff/venues/bases/",
        order=51,
    )
)

# -- reminders -------------------------------------------------------------------------------------


def _refresh_due(now: datetime) -> Iterable[reminders.Due]:
    today = timezone.localdate(now)
    for row in venues.due_until(today + timedelta(days=rules.REMIND_DAYS_BEFORE)):
        late = row.due_on < today
        sentence = _("“%(name)s”的内容已过更新期限（%(day)s）。") if late else _("“%(name)s”的内容该更新了（%(day)s 前）。")  # fmt: skip
        yield reminders.Due(
            key=f"{row.pk}:{row.due_on}:{'late' if late else 'soon'}",
            text=sentence % {"name": row.name, "day": row.due_on.isoformat()},
            url=row.staff_url,
            perm=Perm.VENUE_EDIT,
            unit=row.unit,
        )


def _bookings_waiting(now: datetime) -> Iterable[reminders.Due]:
    for row in visits.soon(now):
        when = timezone.localtime(row.starts_at).strftime("%m-%d %H:%M")
        yield reminders.Due(
            key=str(row.pk),
            text=_("%(org)s预约 %(when)s 参观“%(name)s”，还没有确认。")
            % {"org": row.org, "when": when, "name": row.venue.name},
            url=row.staff_url,
            perm=Perm.BOOKING_HANDLE,
            unit=row.unit,
            urgent=True,
        )


def _bases_due(now: datetime) -> Iterable[reminders.Due]:
    today = timezone.localdate(now)
    for row in bases.reviews_due(today + timedelta(days=base_rules.REMIND_DAYS_BEFORE)):
        yield reminders.Due(
            key=f"review:{row.pk}:{row.review_due}",
            text=_("基地“%(name)s”该年度复核了（%(day)s 前）。")
            % {"name": row.venue.name, "day": row.review_due},
            url=row.staff_url,
            perm=Perm.VENUE_CHECK,
            unit=bases.county_of(row.unit),
        )
    for row in bases.rectifications_due(today + timedelta(days=rules.REMIND_DAYS_BEFORE)):
        yield reminders.Due(
            key=f"rectify:{row.pk}:{row.rectify_by}",
            text=_("基地“%(name)s”的整改期限快到了（%(day)s）。")
            % {"name": row.venue.name, "day": row.rectify_by},
            url=row.staff_url,
            perm=Perm.VENUE_EDIT,
            unit=row.unit,
        )
    for row in bases.notices_over(today):
        yield reminders.Due(
            key=f"notice:{row.pk}:{row.public_until}",
            text=_("基地“%(name)s”的公示已满，可以研究命名。") % {"name": row.venue.name},
            url=row.staff_url,
            perm=Perm.VENUE_DECIDE,
            unit=row.batch.unit,
        )


reminders.register(reminders.Reminder("venues.refresh", gettext_lazy("阵地内容该更新了"), _refresh_due))
reminders.register(reminders.Reminder("venues.bookings", gettext_lazy("参观预约待确认"), _bookings_waiting))
reminders.register(reminders.Reminder("venues.bases", gettext_lazy("基地复核和公示到期"), _bases_due))

# -- files and drafts -------------------------------------------------------------------------------


def _sees_venue(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and venues.visible(scope).filter(pk=int(target_id)).exists()


def _is_public(target_id: str, variant: str) -> bool:
    return target_id.isdigit() and venues.published().filter(pk=int(target_id)).exists()


def _sees_base(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and bases.visible(scope).filter(pk=int(target_id)).exists()


serving.register("venue", can_see=_sees_venue, is_public=_is_public)
serving.register("demobase", can_see=_sees_base)
labels.register("venues.new", gettext_lazy("登记阵地"))
labels.register("venues.edit", gettext_lazy("修改阵地"))
labels.register("venues.base", gettext_lazy("基地申报"))

# -- publication and search -------------------------------------------------------------------------


def _snapshot(venue: Venue) -> dict[str, Any]:
    facts = [
        [str(_("类型")), venue.get_kind_display()],
        [str(_("所属单位")), venue.unit.name],
        [str(_("管理单位")), venue.owner_org],
        [str(_("开放时间")), venue.public_hours],
        [str(_("办公电话")), venue.contact_phone],
        [str(_("可容纳")), str(venue.capacity or "")],
        [str(_("已有命名")), venue.honours],
        [str(_("预约参观")), str(_("接受") if venue.takes_bookings else "")],
    ]
    return {
        "title": venue.name,
        "text": venue.features,
        "place": venue.address,
        "facts": [fact for fact in facts if fact[1]],
        "photos": [
            {"url": file.web_url, "alt": file.caption}
            for file in attached_to(venue, "photos")
            if file.is_ready
        ],
    }


def _hidden(venue: Venue, actor: Any, *_reason: str) -> None:
    actions.hide_from_public(actor=actor, venue=venue)


registry.register(
    registry.ContentType(
        "venue",
        "campaigns.Venue",
        gettext_lazy("阵地"),
        snapshot=_snapshot,
        public_url=lambda venue: venue.get_absolute_url(),
        staff_url=lambda venue: venue.staff_url,
        view_perm=Perm.VENUE_VIEW,
        author_refs=lambda venue: {venue.created_by_id} - {None},
        on_published=lambda venue, actor: actions.show_in_public(actor=actor, venue=venue),
        on_taken_down=_hidden,
        on_restarted=_hidden,
    )
)


def _hits(words: list[str], limit: int) -> list[search.Hit]:
    return [
        search.Hit(row.name, row.get_absolute_url(), row.address, row.get_kind_display())
        for row in venues.published_with(words)[:limit]
    ]


search.register(search.Source(key="venues", label=gettext_lazy("阵地"), find=_hits, order=50))
cached.watch("venue.", "visit.", "base.")

# -- workbench --------------------------------------------------------------------------------------


def _due_stat(request: Any) -> workbench.Stat | None:
    if not request.scope.has(Perm.VENUE_EDIT):
        return None
    count = venues.due_in(request.scope, timezone.localdate()).count()
    if not count:
        return None
    return workbench.Stat(
        "arrow-repeat", count, gettext_lazy("阵地内容该更新了"), "/staff/venues/?box=due", "warn"
    )


def _booking_stat(request: Any) -> workbench.Stat | None:
    if not request.scope.has(Perm.BOOKING_HANDLE):
        return None
    count = visits.waiting_for(request.scope).count()
    if not count:
        return None
    return workbench.Stat(
        "calendar2-check", count, gettext_lazy("参观预约待处理"), "/staff/venues/visits/?box=waiting", "warn"
    )


workbench.register_stat(_due_stat, order=60)
workbench.register_stat(_booking_stat, order=61)
impact.register(
    gettext_lazy("阵地"), lambda units: Venue.objects.filter(unit__in=units).count(), code="venues"
)
impact.register(
    gettext_lazy("基地"), lambda units: DemoBase.objects.filter(unit__in=units).count(), code="bases"
)

# -- personal data ----------------------------------------------------------------------------------


def _export(person: Person) -> list[dict[str, Any]]:
    rows: list[BaseVisit] = list(visits.of_phone(person.phone_hash)) if person.phone_hash else []
    return [
        {
            "no": row.no, "venue": row.venue.name, "when": row.starts_at.isoformat(), "org": row.org,
            "headcount": row.headcount, "contact": row.contact, "phone": row.phone, "status": row.get_status_display(),
        }
        for row in rows
    ]  # fmt: skip


def _erase(person: Person, actor: Any) -> int:
    return visit_actions.erase_of(person.phone_hash, actor=actor) if person.phone_hash else 0


register_source(DataSource(code="visits", label=gettext_lazy("参观预约"), export=_export, erase=_erase))
register_retention(
    Retention(
        code="visits",
        what=gettext_lazy("参观预约的联系人和手机号"),
        how_long=gettext_lazy("到访日之后 180 天清除"),
        purge=visit_actions.forget,
    )
)
