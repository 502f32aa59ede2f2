"""What pledges bring to other pages: menu, publication, files, privacy, home page, search, campaign pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.planning.panels import CampaignPanel
from campaigns.planning.panels import register as register_panel
from campaigns.pledges import demo as _demo  # noqa: F401 – registers itself
from campaigns.pledges import keeping, lists, queries
from campaigns.pledges import links as _links  # noqa: F401 – registers itself
from campaigns.pledges.actions import signing, texts
from campaigns.pledges.models import Initiative, PledgeTemplate
from campaigns.pledges.rules import shown_count
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts import phone_codes
from portal.drafts import labels
from portal.files import serving
from portal.files.queries import attached_to, listed
from portal.pages import cached, panels, search
from portal.privacy import registry as privacy
from portal.privacy.rules import ConsentType
from portal.publication.registry import ContentType, register
from portal.ui.menu import CARRIER, MenuItem
from portal.ui.menu import register as register_menu
from portal.units import impact

__all__ = ["lists"]

phone_codes.PURPOSES["pledge"] = _("签署和查看承诺书")

# -- the publish gate ---------------------------------------------------------------------------------


def _template_snapshot(row: PledgeTemplate) -> dict[str, Any]:
    until = f"{row.valid_until:%Y.%m.%d}" if row.valid_until else str(_("长期"))
    return {
        "title": row.title,
        "text": row.intro,
        "more_text": [
            [str(_("第 %(n)d 条") % {"n": number}), text] for number, text in enumerate(row.clauses, start=1)
        ],
        "facts": [
            [str(_("发出单位")), row.unit.name],
            [str(_("版次")), str(row.version)],
            [str(_("对象")), str(row.get_audience_display())],
            [str(_("签署方式")), str(row.get_sign_by_display())],
            [str(_("监督人")), str(_("需要") if row.supervisor_required else _("不需要"))],
            [str(_("签署期")), f"{row.valid_from:%Y.%m.%d}—{until}"],
        ],
    }


def _initiative_snapshot(row: Initiative) -> dict[str, Any]:
    facts = [[str(_("发出单位")), row.issuers], [str(_("日期")), f"{row.issued_on:%Y.%m.%d}"]]
    if row.audience:
        facts.append([str(_("对象")), row.audience])
    scans = [file for file in attached_to(row, "scans") if not file.has_failed]
    return {
        "title": row.title,
        "text": row.body,
        "facts": facts,
        "photos": [{"url": file.web_url, "alt": file.caption or row.title} for file in scans],
        "documents": listed(attached_to(row, "documents")),
    }


for _code, _model, _label, _snapshot in (
    ("pledge_template", PledgeTemplate, _("承诺书"), _template_snapshot),
    ("initiative", Initiative, _("倡议书"), _initiative_snapshot),
):
    register(
        ContentType(
            code=_code,
            model=_model,
            label=_label,
            snapshot=_snapshot,
            public_url=lambda row: row.get_absolute_url(),
            staff_url=lambda row: row.staff_url,
            submit_perm=Perm.PLEDGE_EDIT,
            view_perm=Perm.PLEDGE_VIEW,
            author_refs=lambda row: {row.created_by_id} if row.created_by_id else set(),
            on_published=texts.passed,
            on_taken_down=texts.gone,
            on_returned=texts.sent_back,
            on_restarted=texts.restarted,
        )
    )
cached.watch("pledge_template.", "initiative.")

# -- files ----------------------------------------------------------------------------------------------


def _may_see_scan(request: HttpRequest, target_id: str, variant: str) -> bool:
    """Signed sheets show full names: who entered them and who may enter there, and who may edit pledges."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    row = queries.records_for(scope).filter(pk=int(target_id)).first() if target_id.isdigit() else None
    if row is None:
        return False
    return any(scope.may(perm, row) for perm in (Perm.PLEDGE_ENTER, Perm.PLEDGE_EDIT))


def _may_see_letter(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and queries.initiatives_for(scope).filter(pk=int(target_id)).exists()


def _letter_is_public(target_id: str, variant: str) -> bool:
    return target_id.isdigit() and queries.published_initiatives().filter(pk=int(target_id)).exists()


serving.register("pledgerecord", can_see=_may_see_scan)
serving.register("initiative", can_see=_may_see_letter, is_public=_letter_is_public, public_documents=True)
labels.register("pledges.template", _("承诺书"))
labels.register("pledges.initiative", _("倡议书"))
labels.register("pledges.batch", _("登记纸质签署"))
# A signing form holds names, a child's perhaps: nothing of it is kept as a draft on the server.
labels.register("pledges.sign", _("签署承诺书"), keep=lambda payload: {})

# -- privacy --------------------------------------------------------------------------------------------

privacy.on_withdraw("campaigns.pledgesignature", ConsentType.PUBLICATION, signing.wall_consent_withdrawn)
privacy.register_source(
    privacy.DataSource(code="pledges", label=_("承诺签署"), export=keeping.export_of, erase=keeping.erase_of)
)
privacy.register_retention(
    privacy.Retention(
        code="pledges.signatures",
        what=_("承诺书的签署人、手机号和签名笔迹"),
        how_long=_("签署满三年清除，只留户数和人数"),
        purge=keeping.purge_old,
    )
)

# -- menu, home, search, campaign pages --------------------------------------------------------------------

register_menu(
    MenuItem(
        section=CARRIER, label=_("承诺和倡议"), icon="pen", url_name="campaigns:pledges:templates",
        perm=Perm.PLEDGE_VIEW, order=50,
    )
)  # fmt: skip


def _home(request: HttpRequest) -> dict[str, Any] | None:
    """The pledge that most families sign, with the counter of households of all pledges."""
    row = queries.open_templates().filter(sign_by="household").first() or queries.open_templates().first()
    if row is None:
        return None
    count = shown_count(queries.totals().households)
    return {
        "title": row.title,
        "lines": row.clauses[:4],
        "count": count if count is not None else 0,
        "url": row.get_absolute_url(),
        "note": _now("不用注册；签完可以下载承诺书，随时可以撤回"),
    }


def _stats(request: HttpRequest) -> dict[str, Any] | None:
    count = shown_count(queries.totals().households)
    if not count:
        return None
    url = reverse("campaigns:pledges:index")
    return {
        "stats": [
            {
                "icon": "house-heart",
                "label": _now("家庭承诺"),
                "value": count,
                "unit": _now("户"),
                "sub": "",
                "url": url,
            }
        ]
    }


panels.register(panels.Panel(slot="pledge", provide=_home, order=50))
panels.register(panels.Panel(slot=panels.STATS, provide=_stats, order=10))


def _found(words: list[str], limit: int) -> list[search.Hit]:
    letters, pledges = queries.published_initiatives(), queries.published_templates()
    for word in words:
        letters = letters.filter(title__icontains=word) | letters.filter(body__icontains=word)
        pledges = pledges.filter(title__icontains=word)
    hits = [
        search.Hit(row.title, row.get_absolute_url(), row.intro[:80], _("承诺书")) for row in pledges[:limit]
    ]
    hits += [
        search.Hit(row.title, row.get_absolute_url(), row.body[:80], _("倡议书")) for row in letters[:limit]
    ]
    return hits[:limit]


search.register(search.Source(key="pledges", label=_("承诺和倡议"), find=_found, order=40))


def _of_campaign(campaign: Any) -> dict[str, Any] | None:
    letters = list(queries.published_initiatives().filter(campaign=campaign)[:6])
    pledges = list(queries.published_templates().filter(campaign=campaign)[:6])
    return {"letters": letters, "pledges": pledges} if letters or pledges else None


register_panel(CampaignPanel("pledges", "campaigns/pledges/_campaign_panel.html", _of_campaign, order=4))
impact.register(_("承诺签订记录"), queries.count_below, code="pledges")
