"""Pictures, sounds and films before judges: asked through the judge's own sheet, answered under a neutral name.

The public addresses of the files never stand on a judge's page, and the same bytes carry another tag here, so that
nothing a browser learns here can be compared with what it learned on a public page.
"""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.files import responses
from portal.reviews.judging import queries, registry
from portal.reviews.judging.models import JudgedItem, JudgingStage, Sheet

PICTURES, CLIPS = "pictures", "clips"


def shown_files(shown: registry.Redacted | None, where: str, *args: Any) -> dict[str, list[dict[str, Any]]]:
    """The addresses of everything to see and hear, for `_work.html`; `where` is the name of a route, `args` before the kind."""
    if shown is None:
        return {PICTURES: [], CLIPS: []}
    pictures = [{"url": reverse(where, args=[*args, PICTURES, n])} for n in range(shown.pictures)]
    clips = [
        {"url": reverse(where, args=[*args, CLIPS, n]), "clip": one} for n, one in enumerate(shown.clips)
    ]
    return {PICTURES: pictures, CLIPS: clips}


@allow(Perm.JUDGE_SCORE)
@never_cache
@require_safe
def of_sheet(request: Any, ref: Any, kind: str, number: int) -> HttpResponse:
    """One picture, sound or film of the work on a sheet of mine; only while the round is open and the task is mine."""
    rows = queries.sheets_of(request.scope)
    sheet: Sheet = request.scope.get(rows, Perm.JUDGE_SCORE, public_id=ref)
    if not sheet.item.stage.is_scoring or not sheet.is_mine_now:
        raise Http404
    return _serve(request, sheet.item, kind, number, secret=str(sheet.public_id))


@allow(Perm.JUDGE_SCORE)
@never_cache
@require_safe
def of_chair(request: Any, ref: Any, place: int, kind: str, number: int) -> HttpResponse:
    """The same of a tied work, for the chair who parts them, until they are parted."""
    stage = queries.chaired(request.scope).filter(public_id=ref).first()
    return _of_tie(request, stage, place, kind, number, chair=True)


@allow(Perm.JUDGING_DECIDE)
@never_cache
@require_safe
def of_office(request: Any, ref: Any, place: int, kind: str, number: int) -> HttpResponse:
    """The same where the chair is missing or keeps away."""
    stage = queries.stage_for(request.scope, ref)
    if not request.scope.may(Perm.JUDGING_DECIDE, stage):
        raise Http404
    return _of_tie(request, stage, place, kind, number, chair=False)


def _of_tie(
    request: Any, stage: JudgingStage | None, place: int, kind: str, number: int, *, chair: bool
) -> HttpResponse:  # fmt: skip
    if stage is None:
        raise Http404
    chairs, others = queries.ties_by_hand(stage)
    for group in chairs if chair else others:
        for item in group:
            if item.number == place:
                return _serve(request, item, kind, number, secret=f"{stage.public_id}:{place}")
    raise Http404


def _serve(request: Any, item: JudgedItem, kind: str, number: int, *, secret: str) -> HttpResponse:
    judged = registry.of(item.stage.code)
    if kind not in (PICTURES, CLIPS):
        raise Http404
    files = judged.pictures(item.target_id) if kind == PICTURES else judged.recordings(item.target_id)
    if number >= len(files):
        raise Http404
    # With the file behind it, because a light copy may take its place; keyed, so that it is not the public tag.
    name = f"{secret}:{kind}:{number}:{files[number].web_path}"
    etag = f'"{salted_hmac("judge.file", name, algorithm="sha256").hexdigest()[:24]}"'
    given = request.headers.get("if-range", "")
    wanted = request.headers.get("range", "") if given in ("", etag) else ""
    response = responses.serve(files[number], "web", public=False, wanted=wanted)
    ending = response["Content-Type"].rpartition("/")[2].partition(";")[0]
    suffix = {"mpeg": "mp3", "jpeg": "jpg"}.get(ending, ending)
    response["Content-Disposition"] = f'inline; filename="{item.shown_number}-{number + 1}.{suffix}"'
    response["ETag"] = etag
    return response
