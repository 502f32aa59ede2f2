"""Public pages of issues, and the pages of staff for issues, outward selections and sweeps."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.exhibition import drawing, queries
from families.exhibition.actions import issues as actions
from families.exhibition.actions import outward as outwards
from families.exhibition.actions import sweeps
from families.exhibition.forms import IssueForm, OutwardForm, SearchForm
from families.exhibition.lists import ISSUES, OUTWARD, SWEEPS
from families.exhibition.models import Issue, Outward, Sweep
from families.works import queries as works
from families.works.messages import full_url
from families.works.models import Work
from families.works.sharing import qr_svg
from portal.access.gate import allow, public
from portal.access.permissions import Perm
from portal.accounts.phone_codes import phone_hash
from portal.grants.queries import home_unit
from portal.pages.cached import cached_public
from portal.publication.queries import of as gate_rows
from portal.reviews.queries import last_reason
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build
from portal.ui.lists.paging import page as key_page

# -- public --------------------------------------------------------------------------------------------


@public
@require_safe
@cached_public
def issues(request: HttpRequest) -> HttpResponse:
    """Every published issue, newest first."""
    found = key_page(
        queries.public_issues(), ("-published_at", "-pk"), size=12, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    covers = queries.covers_of(found.rows)
    context = {
        "cards": [{"issue": issue, "photo": covers.get(issue.pk)} for issue in found.rows],
        "next": f"?after={found.after}" if found.after else "",
        "previous": f"?before={found.before}" if found.before else "",
    }
    return render(request, "families/exhibition/issues.html", context)


def _public_issue(key: str, number: int) -> Issue:
    row = queries.public_issue(key, number)
    if row is None:
        raise Http404
    return row


@public
@require_safe
@cached_public
def issue(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One issue with its works in order, and the way to the next one."""
    return render(request, "families/exhibition/issue.html", _issue_context(_public_issue(key, number)))


def _issue_context(row: Issue) -> dict[str, Any]:
    rows = queries.shown_works(row)
    photos = works.photos_of(rows)
    before, after = queries.neighbours(row)
    return {
        "issue": row,
        "cards": [
            {
                "work": work,
                "photo": next((file for file in photos.get(str(work.pk), []) if file.is_ready), None),
            }
            for work in rows
        ],
        "cover": queries.covers_of([row]).get(row.pk),
        "before": before,
        "after": after,
        "progress": queries.progress(row),
        "share": full_url(reverse("families:exhibition:issue_share", args=[row.key, row.number])),
    }


def _png(raw: bytes) -> HttpResponse:
    response = HttpResponse(raw, content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public
@require_safe
def issue_share(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The picture that chat apps show beside the link."""
    return _png(drawing.of_issue(_public_issue(key, number)))


@public
@require_safe
def issue_qr(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The QR code of an issue."""
    row = _public_issue(key, number)
    return HttpResponse(qr_svg(full_url(row.get_absolute_url())), content_type="image/svg+xml")


@public
@require_safe
def work_share(request: HttpRequest, no: str) -> HttpResponse:
    """The same for a published work; gone with its page."""
    work = works.published().filter(no=no).first()
    if work is None:
        raise Http404
    return _png(drawing.of_work(work))


# -- issues: staff -------------------------------------------------------------------------------------


@allow(Perm.CALL_EDIT)
@require_safe
@never_cache
def index(request: Any) -> HttpResponse:
    """Issues of one's units."""
    return render(
        request, "families/exhibition/list.html", {"page": build(request, ISSUES), "kind": "issues"}
    )


@allow(Perm.CALL_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """A new issue."""
    form = IssueForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.create_issue(
                actor=request.user, fields={name: data[name] for name in ("title", "intro", "cover")}, call=data["call"],
                series=data["series"], number=data["number"], token=form.token,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已建好，接着选作品。"))
            return redirect(row.staff_url)
    return render(request, "families/exhibition/new.html", {"form": form})


def _own(request: Any, pk: int) -> Issue:
    row: Issue = request.scope.get(queries.issues_for(request.scope), Perm.CALL_EDIT, pk=pk)
    return row


def _compose_page(request: Any, row: Issue, form: IssueForm | None = None, **more: Any) -> HttpResponse:
    query, category = request.GET.get("q", "").strip()[:60], request.GET.get("category", "")[:20]
    context = {
        "issue": row, "form": form or IssueForm(instance=row, scope=request.scope), "places": queries.places_of(row),
        "found": queries.candidates(row, words=query.split(), category=category), "q": query, "category": category,
        "categories": works.shown_categories(), "gate": gate_rows(row).first(), **more,
    }  # fmt: skip
    return render(request, "families/exhibition/compose.html", context, status=more.get("status", 200))


@allow(Perm.CALL_EDIT)
@never_cache
def compose(request: Any, pk: int) -> HttpResponse:
    """One issue: words, works and their order, 送审."""
    row = _own(request, pk)
    if request.method != "POST":
        return _compose_page(request, row)
    form = IssueForm(request.POST, instance=row, scope=request.scope)
    if not form.is_valid():
        return _compose_page(request, _own(request, pk), form)
    actions.edit_issue(actor=request.user, issue=_own(request, pk), fields=form.cleaned_data)
    messages.success(request, _("已保存。"))
    return redirect(row.staff_url)


@allow(Perm.CALL_EDIT)
@require_POST
def arrange(request: Any, pk: int) -> HttpResponse:
    """Add, drop and reorder in one step: the numbers beside the works give the order."""
    row = _own(request, pk)
    places = queries.places_of(row)
    dropped = set(request.POST.getlist("drop"))
    kept = [place for place in places if str(place.work_id) not in dropped]

    shown = {place.pk: number for number, place in enumerate(places, start=1)}

    def wanted(place: Any) -> tuple[int, int, int]:
        """Whoever was given a number takes it: moved up it stands before the one that had it, moved down behind."""
        typed, at = request.POST.get(f"pos_{place.work_id}", ""), shown[place.pk]
        number = int(typed) if typed.isdecimal() and len(typed) < 5 else at
        return (number, (number > at) - (number < at), at)

    order = [place.work for place in sorted(kept, key=wanted)]
    ids = [int(value) for value in request.POST.getlist("add") if value.isdigit() and len(value) < 18]
    order += queries.addable(row, ids)
    try:
        actions.set_works(actor=request.user, issue=row, works=order)
    except WorkflowError as error:
        return _compose_page(request, row, problem=str(error.message), status=409)
    messages.success(request, _("已保存，现在有 %(n)d 件作品。") % {"n": len(dict.fromkeys(order))})
    return redirect(row.staff_url)


@allow(Perm.CALL_EDIT)
@require_POST
def issue_step(request: Any, pk: int, name: str) -> HttpResponse:
    """送审, 删除."""
    row = _own(request, pk)
    try:
        if name == "submit":
            actions.submit_issue(actor=request.user, issue=row)
            messages.success(request, _("已送审，两位同事看过后发布。"))
        elif name == "remove":
            actions.remove_issue(actor=request.user, issue=row)
            messages.success(request, _("已删除。"))
            return redirect("families:exhibition:index")
        else:
            raise Http404
    except WorkflowError as error:
        return _compose_page(request, row, problem=str(error.message), status=409)
    return redirect(row.staff_url)


@allow(Perm.CALL_EDIT)
@require_safe
@never_cache
def preview(request: Any, pk: int) -> HttpResponse:
    """The issue as the public will see it."""
    context = {**_issue_context(_own(request, pk)), "preview": True}
    return render(request, "families/exhibition/issue.html", context)


# -- outward -------------------------------------------------------------------------------------------


@allow(Perm.WORK_REVIEW)
@require_safe
@never_cache
def outward_list(request: Any) -> HttpResponse:
    """What was sent on, with results."""
    return render(
        request, "families/exhibition/list.html", {"page": build(request, OUTWARD), "kind": "outward"}
    )


@allow(Perm.WORK_REVIEW)
@never_cache
def outward_new(request: Any, no: str) -> HttpResponse:
    """登记报送 of one work."""
    work: Work = request.scope.get(works.for_staff(request.scope), Perm.WORK_REVIEW, no=no)
    form = OutwardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in OutwardForm.Meta.fields}
        try:
            outwards.add_outward(actor=request.user, work=work, fields=fields, token=form.token)
        except ValidationError as error:
            form.add_error(None, error)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已登记。"))
            return redirect("families:exhibition:outward")
    known = queries.outward_of(work)
    return render(request, "families/exhibition/outward.html", {"form": form, "work": work, "known": known})


@allow(Perm.WORK_REVIEW)
@never_cache
def outward_edit(request: Any, pk: int) -> HttpResponse:
    """Write the result, or delete a wrong line."""
    row: Outward = request.scope.get(queries.outward_for(request.scope), Perm.WORK_REVIEW, pk=pk)
    if request.method == "POST" and "remove" in request.POST:
        outwards.remove_outward(actor=request.user, outward=row)
        messages.success(request, _("已删除。"))
        return redirect("families:exhibition:outward")
    form = OutwardForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in OutwardForm.Meta.fields}
        try:
            outwards.edit_outward(actor=request.user, outward=row, fields=fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("families:exhibition:outward")
    return render(request, "families/exhibition/outward.html", {"form": form, "work": row.work, "row": row})


# -- sweeps --------------------------------------------------------------------------------------------


@allow(Perm.WORK_TAKE_DOWN)
@require_safe
@never_cache
def sweep_list(request: Any) -> HttpResponse:
    """Sweeps so far."""
    return render(
        request, "families/exhibition/list.html", {"page": build(request, SWEEPS), "kind": "sweeps"}
    )


def _hash(phone: str) -> str:
    return phone_hash(phone) if phone else ""


@allow(Perm.WORK_TAKE_DOWN)
@never_cache
def sweep_new(request: Any) -> HttpResponse:
    """Look for a name, see everything, choose, take down. The name travels in the body, never in an address."""
    form = SearchForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "reason": request.POST.get("reason", "")[:300]}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        digest = _hash(data["phone"])
        if request.POST.get("action") == "take_down":
            picked = (value.partition(":") for value in request.POST.getlist("chosen"))
            chosen = [(code, int(pk)) for code, _sep, pk in picked if pk.isdigit() and len(pk) < 18]
            try:
                row = sweeps.sweep(
                    actor=request.user, unit=home_unit(request.user), name=data["name"], phone=data["phone"], phone_hash=digest,
                    chosen=chosen, reason=context["reason"], token=form.token,
                )  # fmt: skip
            except WorkflowError as error:
                context["problem"] = str(error.message)
            else:
                messages.success(request, _("已办理，结果如下。"))
                return redirect(row.staff_url)
        context["groups"] = sweeps.search(actor=request.user, name=data["name"], phone_hash=digest)
        context["searched"] = True
        context["picked"] = set(request.POST.getlist("chosen"))
    return render(
        request, "families/exhibition/sweep_new.html", context, status=409 if "problem" in context else 200
    )


@allow(Perm.WORK_TAKE_DOWN)
@never_cache
def sweep(request: Any, pk: int) -> HttpResponse:
    """One sweep: what went, and putting it back by two people."""
    row: Sweep = request.scope.get(queries.sweeps_for(request.scope), Perm.WORK_TAKE_DOWN, pk=pk)
    problem = ""
    if request.method == "POST":
        name, reason = request.POST.get("action", ""), request.POST.get("reason", "")
        try:
            if name == "ask_back":
                sweeps.ask_back(actor=request.user, row=row, reason=reason)
            elif name == "put_back":
                sweeps.put_back(actor=request.user, row=row)
            elif name == "refuse_back":
                sweeps.refuse_back(actor=request.user, row=row, reason=reason)
            else:
                raise Http404
            messages.success(request, _("已处理。"))
            return redirect(row.staff_url)
        except WorkflowError as error:
            problem = str(error.message)
    context = {
        "row": row,
        "items": list(row.items.all()),
        "problem": problem,
        "is_asker": row.asked_by_id == request.user.pk,
        "asked_why": last_reason(row, step="ask_back"),
        "refused_why": last_reason(row, step="refuse_back"),
    }
    return render(request, "families/exhibition/sweep.html", context, status=409 if problem else 200)
