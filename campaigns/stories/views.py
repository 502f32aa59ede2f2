"""Stories for everybody, and writing them."""

import io
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.planning import panels
from campaigns.stories import actions, lists, queries
from campaigns.stories.forms import PartFormSet, StoryForm, parts_of
from campaigns.stories.markup import is_web_address
from campaigns.stories.markup import render as to_html
from campaigns.stories.models import Story
from campaigns.stories.rules import HOTLINES, KIND_COVERS, PART_WORDS, QUICK_EXIT, Kind
from portal.access.gate import allow, public
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.grants.queries import home_unit
from portal.pages.cached import cached_public
from portal.pages.search import words_of
from portal.publication.queries import open_of
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build, paging

PAGE_SIZE = 12
PANEL = "campaigns/stories/_campaign_panel.html"


@public
@require_safe
@cached_public
def index(request: Any) -> HttpResponse:
    """Published stories, newest first, by kind and words."""
    kind, words = request.GET.get("kind", ""), words_of(request.GET.get("q", ""))
    kind = kind if kind in Kind.values else ""
    rows = queries.published_with(words)
    part = paging.page(
        rows.filter(kind=kind) if kind else rows, ("-published_at", "-pk"), size=PAGE_SIZE,
        after=request.GET.get("after", "")[:200], before=request.GET.get("before", "")[:200],
    )  # fmt: skip
    extra = f"&kind={kind}" if kind else ""
    context = {
        "rows": part.rows,
        "previous": f"?before={part.before}{extra}" if part.before and not words else "",
        "next": f"?after={part.after}{extra}" if part.after and not words else "",
        "kind": kind,
        "q": " ".join(words),
        "kinds": [{"label": _("全部"), "url": "/stories/", "current": not kind}]
        + [
            {"label": label, "url": f"/stories/?kind={code}", "current": kind == code}
            for code, label in Kind.choices
        ],
    }
    return render(request, "campaigns/stories/public_index.html", context)


def _shown(story: Story) -> dict[str, Any]:
    """What the public page shows of a story."""
    campaign = story.campaign if story.kind == Kind.THEME else None
    found = [part for part in panels.shown(campaign) if part["template"] != PANEL] if campaign else []
    others = queries.published().filter(campaign=campaign).exclude(pk=story.pk)[:8] if campaign else []
    return {
        "story": story,
        "cover": story.cover or KIND_COVERS[Kind(story.kind)].value,
        "body": to_html(story.body),
        "parts": [
            {**part, "html": to_html(part["text"]), "is_link": is_web_address(part["url"])}
            for part in story.parts
        ],
        "part_word": PART_WORDS[Kind(story.kind)],
        "panels": found,
        "others": others,
        "documents": list(attached_to(story, "documents")),
    }


@public
@require_safe
@cached_public
def detail(request: Any, slug: str) -> HttpResponse:
    """One story."""
    story = queries.published().filter(slug=slug).first()
    if story is None:
        raise Http404
    more = queries.published().filter(kind=story.kind).exclude(pk=story.pk)[:3]
    return render(request, "campaigns/stories/public_detail.html", {**_shown(story), "more": more})


@public
@require_safe
@cache_control(public=True, max_age=86_400)
def qr(request: Any, slug: str) -> HttpResponse:
    """The address of a story as a QR code."""
    story = queries.published().filter(slug=slug).first()
    if story is None:
        raise Http404
    out = io.BytesIO()
    address = settings.SITE["base_url"].rstrip("/") + story.get_absolute_url()
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=6, border=2, light="#ffffff")
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


@public
@require_safe
@cache_control(no_store=True)
def hotlines(request: Any) -> HttpResponse:
    """Numbers for marriage, family and violence matters. Nothing is asked and nothing is kept here."""
    return render(
        request, "campaigns/stories/hotlines.html", {"hotlines": HOTLINES, "quick_exit": QUICK_EXIT}
    )


# -- staff --------------------------------------------------------------------------------------------


@allow(Perm.STORY_VIEW)
@require_safe
def staff_index(request: Any) -> HttpResponse:
    """All stories in reach."""
    context = {"page": build(request, lists.SPEC), "may_edit": request.scope.has(Perm.STORY_EDIT)}
    return render(request, "campaigns/stories/list.html", context)


def _story(request: Any, slug: str) -> Story:
    row = queries.visible(request.scope).filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


@allow(Perm.STORY_VIEW)
@require_safe
def staff_detail(request: Any, slug: str) -> HttpResponse:
    """One story as the public sees it, its versions, and what can be done now."""
    row = _story(request, slug)
    context = {
        **_shown(row),
        "row": row,
        "may_edit": request.scope.may(Perm.STORY_EDIT, row),
        "versions": queries.versions_of(row)[:20],
        "history": queries.steps_of(row),
        "process": open_of(row),
    }
    return render(request, "campaigns/stories/staff_detail.html", context)


@allow(Perm.STORY_EDIT)
@never_cache
@require_safe
def preview(request: Any, slug: str) -> HttpResponse:
    """Exactly the public page, before it is public."""
    return render(
        request, "campaigns/stories/public_detail.html", {**_shown(_story(request, slug)), "preview": True}
    )


@allow(Perm.STORY_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Draft a story."""
    unit = home_unit(request.user)
    kept = initial_from_restore(request, "stories.new")
    initial = {"unit": unit.unit_no if unit else None, "kind": request.GET.get("kind", Kind.NEWS), **kept}
    form = StoryForm(request.POST or None, request.FILES or None, scope=request.scope, initial=initial)
    parts = PartFormSet(request.POST or None, prefix="parts", initial=_restored_parts(kept))
    if request.method == "POST" and form.is_valid() and parts.is_valid():
        fields = form.values | {"parts": parts_of(parts)}
        said = form.cleaned_data
        try:
            row = actions.create(
                actor=request.user,
                unit=said["unit"],
                slug=said["slug"],
                fields=fields,
                documents=said["documents"],
                token=form.token,
            )
            forget(request, form.token)
            messages.success(request, _("已存为草稿。看一遍预览，没有问题就送审。"))
            return redirect(row.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form_page(request, form, parts, title=_("写文章"), code="stories.new")


def _restored_parts(kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Parts of a form that was kept when the session ended."""
    found: dict[int, dict[str, Any]] = {}
    for name, value in kept.items():
        prefix, _sep, rest = name.partition("-")
        number, _sep, field = rest.partition("-")
        if prefix == "parts" and number.isdigit() and field:
            found.setdefault(int(number), {})[field] = value
    return [found[number] for number in sorted(found)]


@allow(Perm.STORY_EDIT)
@never_cache
def edit(request: Any, slug: str) -> HttpResponse:
    """Change a story; what is public goes through the gate again."""
    row = _story(request, slug)
    request.scope.require(Perm.STORY_EDIT, row)
    code = f"stories.edit.{slug}"
    kept = initial_from_restore(request, code)
    form = StoryForm(
        request.POST or None, request.FILES or None, instance=row, scope=request.scope, initial=kept
    )
    parts = PartFormSet(request.POST or None, prefix="parts", initial=_restored_parts(kept) or row.parts)
    if request.method == "POST" and form.is_valid() and parts.is_valid():
        fields = form.values | {"parts": parts_of(parts)}
        try:
            story = actions.edit(
                actor=request.user,
                story=_story(request, slug),
                fields=fields,
                documents=form.cleaned_data["documents"],
                seen=form.cleaned_data["seen"],
            )
            forget(request, form.token)
            messages.success(request, _("已保存。"))
            if story.status == "review":
                messages.info(request, _("内容有改动，已重新送审，两位同事看过后再公开。"))
            return redirect(story.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form_page(request, form, parts, title=_("修改文章"), code=code, row=_story(request, slug))


def _form_page(
    request: Any, form: StoryForm, parts: Any, *, title: str, code: str, row: Story | None = None
) -> HttpResponse:
    context = {"form": form, "parts": parts, "title": title, "form_code": code, "row": row}
    return render(request, "campaigns/stories/form.html", context, status=422 if form.is_bound else 200)


@allow(Perm.STORY_EDIT)
@require_POST
def step(request: Any, slug: str, name: str) -> HttpResponse:
    """Send to the gate, take back."""
    row = _story(request, slug)
    request.scope.require(Perm.STORY_EDIT, row)
    try:
        if name == "submit":
            actions.submit(actor=request.user, story=row)
            messages.success(request, _("已送审。两位同事看过后公开。"))
        elif name == "recall":
            actions.recall(actor=request.user, story=row)
            messages.success(request, _("已撤回，可以慢慢改。"))
        else:
            raise Http404
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(row.staff_url)
