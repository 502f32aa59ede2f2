"""Issues in the publish gate, the menu, the search and on campaign pages; sweeps that wait for the second person."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.planning.panels import CampaignPanel
from campaigns.planning.panels import register as register_panel
from families.exhibition import demo, lists, queries, sources
from families.exhibition.actions import issues as actions
from families.exhibition.models import Issue
from families.exhibition.rules import SweepState
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.drafts import labels
from portal.pages import cached, search
from portal.publication.registry import ContentType, register
from portal.reviews import inbox
from portal.ui import menu

__all__ = ["demo", "lists", "sources"]


def _snapshot(issue: Issue) -> dict[str, Any]:
    works = queries.shown_works(issue)
    cover = queries.covers_of([issue]).get(issue.pk)
    facts = [
        [str(_("系列或征集")), issue.of_what],
        [str(_("期次")), _now("第 %(n)d 期") % {"n": issue.number}],
        [str(_("封面图案")), str(issue.get_cover_display())],
        [str(_("作品件数")), str(len(works))],
    ]
    return {
        "title": issue.title,
        "text": issue.intro,
        "facts": facts,
        "photos": [{"url": cover.web_url, "alt": issue.title}] if cover else [],
        "more_text": [
            [f"{number}. {work.title}", f"{work.by_line} {work.text[:80]}".strip()]
            for number, work in enumerate(works, 1)
        ],
    }


register(
    ContentType(
        code="issue",
        model=Issue,
        label=_("展播"),
        snapshot=_snapshot,
        public_url=lambda issue: issue.get_absolute_url(),
        staff_url=lambda issue: issue.staff_url,
        submit_perm=Perm.CALL_EDIT,
        view_perm=Perm.CALL_EDIT,
        author_refs=lambda issue: {pk for pk in (issue.created_by_id, issue.edited_by_id) if pk},
        on_published=actions.passed,
        on_taken_down=actions.gone,
        on_returned=actions.sent_back,
        on_restarted=actions.restarted,
    )
)
cached.watch("issue.", "outward.")
labels.register("exhibition.issue", _("编排展播"))
menu.register(
    menu.MenuItem(
        section=menu.WORK, label=_("展播"), icon="easel", url_name="families:exhibition:index", perm=Perm.CALL_EDIT, order=43,
    )
)  # fmt: skip
menu.register(
    menu.MenuItem(
        section=menu.WORK, label=_("报送展览"), icon="send-check", url_name="families:exhibition:outward",
        perm=Perm.WORK_REVIEW, order=44,
    )
)  # fmt: skip
menu.register(
    menu.MenuItem(
        section=menu.MANAGE, label=_("名下内容下架"), icon="person-x", url_name="families:exhibition:sweeps",
        perm=Perm.WORK_TAKE_DOWN, order=65,
    )
)  # fmt: skip


# -- the second person of a sweep ------------------------------------------------------------------------


def _asked(scope: Scope) -> Any:
    return queries.sweeps_for(scope).filter(status=SweepState.ASKED).exclude(asked_by=scope.actor)


inbox.register(
    inbox.InboxSource(
        code="sweeps",
        label=_("申请恢复的名下内容"),
        icon="person-x",
        rows=lambda scope: _asked(scope) if scope.has(Perm.WORK_TAKE_DOWN) else 0,
        items=lambda scope, limit: [
            inbox.InboxItem(
                title=_now("申请恢复：%(who)s") % {"who": row.masked},
                sub=row.reason,
                url=row.staff_url,
                since=row.made_at,
            )
            for row in _asked(scope).order_by("pk")[:limit]
        ],
        all_url="/staff/exhibition/sweeps/?status=asked",
        order=45,
    )
)


# -- public pages ------------------------------------------------------------------------------------------


def _find(words: list[str], limit: int) -> list[search.Hit]:
    rows = queries.public_issues()
    for word in words:
        rows = rows.filter(title__icontains=word)
    return [
        search.Hit(title=str(row), url=row.get_absolute_url(), text=row.intro[:80], kind=row.of_what)
        for row in rows[:limit]
    ]


def _of_campaign(campaign: Any) -> dict[str, Any] | None:
    rows = list(queries.issues_of_campaign(campaign)[:9])
    return {"rows": rows} if rows else None


search.register(search.Source(key="issues", label=_("展播"), find=_find, order=25))
register_panel(CampaignPanel("issues", "families/exhibition/_campaign_panel.html", _of_campaign, order=35))
