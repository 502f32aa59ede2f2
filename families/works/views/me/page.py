"""/me/: everything of one family."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from families.works import panels, queries
from families.works.views.me.door import enter, person_of, show_door
from portal.access.gate import public
from portal.access.limits import limited
from portal.accounts import phone_codes
from portal.accounts import phone_step as phones
from portal.accounts.phone_codes import verified_phone
from portal.drafts.holder import holder_of
from portal.drafts.queries import my_drafts
from portal.privacy import registry


@public
@never_cache
@limited("works.resume")
def me(request: HttpRequest) -> HttpResponse:
    """My works, drafts, consents; without a verified phone: the door to it."""
    if request.method == "POST":
        return enter(request, with_code=False)
    person = person_of(request)
    if person is None:
        return show_door(request, phones.start(request, "me"), with_code=False)
    works = list(queries.own(person.phone_hash, person.user)[:100])
    covers = queries.covers_of(works)
    context = {
        "cards": [{"work": work, "photo": covers.get(str(work.pk))} for work in works],
        "drafts": my_drafts(holder_of(request)),
        "phone": phone_codes.masked(verified_phone(request)) if person.phone_hash else "",
        "calls": list(queries.open_calls()[:3]),
        "panels": panels.for_me(request, person),
        "sources": [source.label for source in registry.SOURCES.values()],
    }
    return render(request, "families/works/me.html", context)
