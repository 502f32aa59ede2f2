"""Tells the kernel about works: gate, files, privacy, inbox, menu, home, search."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from families.search.queries import find, newest
from families.works import drafts, home, keeping, lists, queries
from families.works import links as _links  # noqa: F401 – registers itself
from families.works import staffing as _staffing  # noqa: F401 – registers itself
from families.works import todo as _todo  # noqa: F401 – registers itself
from families.works.actions import publish
from families.works.actions.comparing import compare_later
from families.works.models import Work
from families.works.rules import Audience
from families.works.snapshot import gate_snapshot, private_names
from portal.access.permissions import Perm
from portal.access.scope import Scope, scope_of
from portal.accounts.phone_codes import visitor_of
from portal.drafts import labels
from portal.files import arrivals, serving
from portal.pages import cached, panels, search
from portal.privacy import registry as privacy
from portal.privacy.rules import ConsentType
from portal.publication.registry import ContentType, register
from portal.reviews import inbox
from portal.ui import menu
from portal.ui.narrow import narrow
from portal.units import impact

__all__ = ["lists"]


# -- the publish gate ----------------------------------------------------------------------------


register(
    ContentType(
        code="work",
        model=Work,
        label=_("家风作品"),
        snapshot=gate_snapshot,
        public_url=lambda work: work.get_absolute_url(),
        staff_url=lambda work: work.staff_url,
        view_perm=Perm.WORK_VIEW,
        submit_perm=Perm.WORK_REVIEW,
        author_refs=lambda work: {
            pk for pk in (work.entered_by_id, work.submitted_by_id, work.words_by_id) if pk
        },
        private_names=private_names,
        on_published=publish.published,
        on_taken_down=publish.gone,
        on_returned=publish.returned,
        on_restarted=publish.restarted,
    )
)


# -- files -----------------------------------------------------------------------------------------


def _may_see(request: HttpRequest, target_id: str, variant: str) -> bool:
    """The family itself; staff only inside their scope, which never holds what is for its recipient."""
    work = queries.by_pk(target_id)
    if work is None:
        return False
    if queries.is_own(work, request.user) or queries.is_own(work, visitor_of(request)):
        return True
    scope = scope_of(request.user)
    return any(scope.may(perm, work) for perm in (Perm.WORK_VIEW, Perm.WORK_REVIEW))


def _is_public(target_id: str, variant: str) -> bool:
    work = queries.by_pk(target_id)
    return work is not None and work.is_public


def _may_see_scan(request: HttpRequest, target_id: str, variant: str) -> bool:
    """A signed paper shows full names: who typed it in, or reviewers (of minors: WORK_REVEAL)."""
    work = queries.of_consent(target_id)
    if work is None or not request.user.is_authenticated or work.audience == Audience.ONLY_RECIPIENT:
        return False
    if work.entered_by_id == request.user.pk:
        return True
    return scope_of(request.user).may(Perm.WORK_REVEAL if work.is_minor else Perm.WORK_REVIEW, work)


arrivals.on_ready(Work, lambda pk: compare_later(int(pk)))
serving.register("work", can_see=_may_see, is_public=_is_public)
serving.register("consent", can_see=_may_see_scan)


# -- privacy, drafts -------------------------------------------------------------------------------

privacy.on_withdraw("families.work", ConsentType.PUBLICATION, publish.consent_withdrawn)
privacy.register_source(
    privacy.DataSource(code="works", label=_("投稿作品"), export=keeping.export_of, erase=keeping.erase_of)
)
privacy.register_retention(
    privacy.Retention(
        code="works.not_accepted",
        what=_("未采用、已撤回的作品"),
        how_long=_("6 个月后删除"),
        purge=keeping.purge_not_accepted,
    )
)


def _keepable(payload: dict[str, list[str]]) -> dict[str, list[str]]:
    """Nothing of a child is kept before the guardian consents, whichever way the form is saved."""
    typed = {name: values[-1] for name, values in payload.items() if values}
    return {} if drafts.is_unconsented_child(typed) else payload


labels.register(drafts.FORM_CODE, _("作品投稿"), keep=_keepable)
labels.register("works.edit", _("修改作品"), keep=_keepable)
labels.register("works.enter", _("代录作品"), keep=_keepable)


# -- inbox, menu, home, search -----------------------------------------------------------------------


def _waiting(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            title=f"{work.category.name}《{work.title}》",
            sub=f"{work.unit.short_name} · {work.display_name}",
            url=work.staff_url,
            since=work.submitted_at,
        )
        for work in narrow(
            queries.waiting(scope),
            "no",
            "title",
            "category__name",
            "unit__short_name",
            "display_name",
            "submitted_at",
        )[:limit]
    ]


inbox.register(
    inbox.InboxSource(
        code="works", label=_("作品待初核"), icon="palette", rows=queries.waiting,
        items=_waiting, all_url="/staff/works/?status=submitted", order=30,
    )
)  # fmt: skip


def _badge(request: HttpRequest) -> Any:
    scope = scope_of(request.user)
    return queries.waiting(scope) if scope.has(Perm.WORK_REVIEW) else None


menu.register(
    menu.MenuItem(
        section=menu.WORK, label=_("作品"), icon="palette", url_name="families:works:inbox", perm=Perm.WORK_VIEW,
        badge=_badge, order=40, tab=True,
    )
)  # fmt: skip
menu.register(
    menu.MenuItem(
        section=menu.MANAGE,
        label=_("征集启事"),
        icon="megaphone",
        url_name="families:works:calls",
        perm=Perm.CALL_EDIT,
        order=60,
    )
)
panels.register(panels.Panel(slot=panels.STATS, provide=home.stats, order=20))
panels.register(panels.Panel(slot="call", provide=home.call, order=10))
panels.register(panels.Panel(slot="works", provide=home.works, order=20))


def _find(words: list[str], limit: int) -> list[search.Hit]:
    number = search.number_of(words)
    wanted = find(words=words) if not number else None
    works = [row.work for row in newest(wanted, size=limit)] if wanted else []
    if number:
        works = list(queries.published().filter(no=number))
    return [
        search.Hit(
            title=work.title,
            url=reverse("families:works:detail", args=[work.no]),
            text=work.text[:80],
            kind=work.category.name,
        )
        for work in works
    ]


search.register(search.Source(key="works", label=_("家风作品"), find=_find, order=20))

impact.register(_("作品"), lambda units: Work.objects.filter(unit__in=units).count(), code="works")
cached.watch("work.", "call.")
