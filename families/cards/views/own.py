"""The family's studio: words or handwriting, frame, pattern, consent, preview, own PDF."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.cards import actions, documents, queries
from families.cards.forms import StudioForm
from families.cards.rules import MESSAGE, Fold, Reason, Sheet, Size
from families.works import queries as works
from families.works.models import Work
from portal.access.gate import public
from portal.accounts.phone_codes import phone_hash, verified_phone, visitor_of
from portal.middleware import client_ip
from portal.reviews.workflow import WorkflowError
from portal.typeset import TypesetError


def _own(request: HttpRequest, no: str) -> Work | None:
    """The family's message; None when nobody is known yet, Http404 for another's."""
    phone = verified_phone(request)
    user = request.user if request.user.is_authenticated else None
    if not phone and user is None:
        return None
    work = works.own(phone_hash(phone) if phone else "", user).filter(no=no).first()
    if work is None or work.category.code != MESSAGE:
        raise Http404
    return queries.of_own(work)


def _ask(no: str) -> HttpResponse:
    target = reverse("families:cards:studio", args=[no])
    return redirect(f"{reverse('families:works:me')}?{urlencode({'next': target})}")


def _actor(request: HttpRequest, work: Work) -> Any:
    visitor = visitor_of(request)
    return visitor if visitor is not None and works.is_own(work, visitor) else request.user


@public
@never_cache
def studio(request: HttpRequest, no: str) -> HttpResponse:
    """One page: choose, save, look."""
    work = _own(request, no)
    if work is None:
        return _ask(no)
    form = StudioForm(request.POST or None, work=work)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.save(
                actor=_actor(request, work), work=work, lettering=data["lettering"], pattern=data["pattern"],
                crop=data["crop"], unit=data["unit"], opted=data["opted"], ip=client_ip(request),
            )  # fmt: skip
        except actions.PictureError as error:
            form.add_error("lettering", str(error.message))
        except WorkflowError as error:
            form.add_error("opted" if data["opted"] else "lettering", str(error.message))
        else:
            messages.success(request, _("已保存。下面是印出来的样子。"))
            return redirect("families:cards:studio", work.no)
    return _page(request, work, form)


def _page(request: HttpRequest, work: Work, form: StudioForm) -> HttpResponse:
    reason = queries.reason_of(work)
    context = {
        "work": work,
        "card": queries.card_of(work),
        "form": form,
        "photo": queries.photo_of(work),
        "is_waiting": queries.has_waiting_photo(work),
        "reason": reason if reason != Reason.NOT_ASKED else None,
        "is_kept": work.audience == "only_recipient",
    }
    return render(request, "families/cards/studio.html", context)


@public
@never_cache
@require_safe
def preview(request: HttpRequest, no: str) -> HttpResponse:
    """The card as a picture."""
    work = _own(request, no)
    if work is None:
        raise Http404
    return picture(work)


def picture(work: Work) -> HttpResponse:
    """PNG of the outside of a card; not kept anywhere."""
    try:
        response = HttpResponse(documents.preview(work), content_type="image/png")
    except TypesetError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, no-store"
    return response


@public
@never_cache
@require_safe
def pdf(request: HttpRequest, no: str) -> HttpResponse:
    """The family's own card, to print at home; needs nobody's consent but its own."""
    work = _own(request, no)
    if work is None:
        return _ask(no)
    size = request.GET.get("size", Size.A5)
    fold = request.GET.get("fold", Fold.TENT)
    if size not in Size.values or fold not in Fold.values:
        raise Http404
    if queries.unprintable(queries.words_of(work)):
        raise Http404
    body = documents.pdf([work], size=size, fold=fold, sheet=Sheet.SINGLE)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{work.no}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@public
@require_POST
def withdraw(request: HttpRequest, no: str) -> HttpResponse:
    """撤回印制同意."""
    work = _own(request, no)
    if work is None:
        return _ask(no)
    actions.withdraw(actor=_actor(request, work), work=work)
    messages.success(request, _("已撤回印制同意，之后印的不再有这一张。"))
    return redirect("families:works:mine", work.no)
