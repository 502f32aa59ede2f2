"""What stories bring to other pages: menu, publication, drafts, search, home page, campaign pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.planning.panels import CampaignPanel
from campaigns.planning.panels import register as register_panel
from campaigns.stories import actions, lists, markup, queries
from campaigns.stories import demo as _demo  # noqa: F401 – registers itself
from campaigns.stories import links as _links  # noqa: F401 – registers itself
from campaigns.stories.models import Story
from campaigns.stories.rules import Kind
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.drafts import labels
from portal.files import serving
from portal.files.queries import attached_to, listed
from portal.pages import cached, panels, search
from portal.publication.registry import ContentType, register
from portal.ui.menu import CARRIER, MenuItem
from portal.ui.menu import register as register_menu
from portal.units import impact

__all__ = ["lists"]


def _snapshot(story: Story) -> dict[str, Any]:
    facts = [[str(_("类别")), str(story.get_kind_display())], [str(_("单位")), story.unit.name]]
    if story.campaign:
        facts.append([str(_("所属主题")), story.campaign.name])
    if story.happened_on:
        facts.append([str(_("日期")), f"{story.happened_on:%Y.%m.%d}"])
    if story.source_name:
        facts.append(
            [str(_("来源")), " ".join(part for part in (story.source_name, story.source_url) if part)]
        )
    if story.expires_on:
        facts.append([str(_("到期日")), f"{story.expires_on:%Y.%m.%d}"])
    more = [[str(_("导语")), story.lead]] if story.lead else []
    for part in story.parts:
        who = " ".join(word for word in (part["speaker"], part["office"]) if word)
        more.append(
            [
                part["title"],
                "\n".join(line for line in (who, markup.plain(part["text"]), part["url"]) if line)
                or part["title"],
            ]
        )
    return {
        "title": story.title,
        "text": markup.plain(story.body),
        "facts": facts,
        "more_text": more,
        "documents": listed(attached_to(story, "documents")),
    }


def _can_see(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and queries.visible(scope).filter(pk=int(target_id)).exists()


def _is_public(target_id: str, variant: str) -> bool:
    return target_id.isdigit() and queries.published().filter(pk=int(target_id)).exists()


serving.register("story", can_see=_can_see, is_public=_is_public, public_documents=True)


register(
    ContentType(
        code="story",
        model=Story,
        label=_("公开文章"),
        snapshot=_snapshot,
        public_url=lambda story: story.get_absolute_url(),
        staff_url=lambda story: story.staff_url,
        submit_perm=Perm.STORY_EDIT,
        view_perm=Perm.STORY_VIEW,
        author_refs=lambda story: {story.created_by_id} if story.created_by_id else set(),
        on_published=actions.passed,
        on_taken_down=actions.gone,
        on_returned=actions.sent_back,
        on_restarted=actions.restarted,
    )
)
cached.watch("story.")
labels.register("stories.new", _("写文章"))
labels.register("stories.edit", _("修改文章"))
register_menu(
    MenuItem(
        section=CARRIER, label=_("公开文章"), icon="newspaper", url_name="campaigns:stories:list", perm=Perm.STORY_VIEW,
        order=15,
    )
)  # fmt: skip


def _found(words: list[str], limit: int) -> list[search.Hit]:
    return [
        search.Hit(row.title, row.get_absolute_url(), row.lead or row.body[:100], row.get_kind_display())
        for row in queries.published_with(words)[:limit]
    ]


search.register(search.Source(key="stories", label=_("家风故事"), find=_found, order=35))


def _learn(request: HttpRequest) -> dict[str, Any] | None:
    """Courses, interviews and practices where there are any; the hotlines always."""
    known = set(queries.published().order_by().values_list("kind", flat=True).distinct())
    index = reverse("campaigns:stories:index")
    links = [
        {"icon": icon, "title": title, "text": text, "url": f"{index}?kind={kind}"}
        for kind, icon, title, text in (
            (Kind.COURSE, "mortarboard", _now("家教课程"), _now("一课一个话题，在家就能学")),
            (Kind.INTERVIEW, "mic", _now("在线访谈"), _now("听听他们怎么做、怎么想")),
            (Kind.PRACTICE, "lightbulb", _now("经验做法"), _now("各地可以借鉴的做法")),
        )
        if kind in known
    ]
    links.append(
        {
            "icon": "telephone", "title": _now("求助热线"), "text": _now("婚姻家庭、家庭暴力，有人接听"),
            "url": reverse("campaigns:stories:hotlines"),
        }
    )  # fmt: skip
    return {"links": links}


panels.register(panels.Panel(slot="learn", provide=_learn, order=60))


def _of_campaign(campaign: Any) -> dict[str, Any] | None:
    rows = list(queries.published().filter(campaign=campaign)[:6])
    return {"rows": rows} if rows else None


register_panel(CampaignPanel("stories", "campaigns/stories/_campaign_panel.html", _of_campaign, order=40))
impact.register(_("公开文章"), lambda units: Story.objects.filter(unit__in=units).count(), code="stories")
