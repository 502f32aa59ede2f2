"""Staging from a form's script, and serving."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.gate import public
from portal.access.limits import limited
from portal.files import actions, responses, serving, specs
from portal.files.models import StoredFile
from portal.files.names import shown_name
from portal.files.queries import captions_of, find
from portal.files.rules import NoSpaceError, RefusedError


@public
@never_cache
@require_POST
@limited("files.stage")
def stage(request: HttpRequest) -> JsonResponse:
    """Take one file for a form that is open in the browser; answers JSON for upload.js."""
    spec = specs.read(request.POST.get("spec", ""))
    token = request.POST.get("form_token", "")
    upload = request.FILES.get("file")
    if spec is None or upload is None or not specs.is_token(token):
        return JsonResponse({"error": _("页面已过期，请刷新后再试。")}, status=400)
    try:
        file = actions.stage(upload, token=token, actor=request.user, field=spec.field, limits=spec.limits)
    except NoSpaceError as refusal:
        return JsonResponse({"error": refusal.message, "name": shown_name(upload.name or "")}, status=507)
    except RefusedError as refusal:
        name = shown_name(upload.name or "")
        return JsonResponse({"error": refusal.naming(name).messages[0], "code": refusal.code}, status=422)
    return JsonResponse(_as_json(file), status=201)


def _as_json(file: StoredFile) -> dict[str, str]:
    return {
        "id": str(file.public_id),
        "name": file.original_name,
        "thumb": file.thumb_url,
        "state": file.state,
    }


@public
@never_cache
@require_POST
def discard(request: HttpRequest) -> JsonResponse:
    """Drop one staged file again."""
    try:
        public_id = UUID(request.POST.get("id", ""))
    except ValueError:
        return JsonResponse({"dropped": 0}, status=400)
    token = request.POST.get("form_token", "")
    return JsonResponse({"dropped": actions.discard(token=token, actor=request.user, public_ids=[public_id])})


@public
@require_safe
def serve(request: HttpRequest, public_id: str, variant: str) -> HttpResponse:
    """One variant of one file, if this person may see it; what they may not see does not exist."""
    file = find(public_id)
    answer = serving.decide(request, file, variant) if file else serving.REFUSED
    if file is None or not answer.allowed:
        raise Http404
    return responses.serve(
        file, variant, public=answer.public, if_none_match=request.headers.get("if-none-match", ""),
        wanted=request.headers.get("range", ""), if_range=request.headers.get("if-range", ""),
    )  # fmt: skip


@public
@require_safe
def captions(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The captions of one sound or film, for whoever may play it."""
    file = find(str(public_id))
    answer = serving.decide(request, file, "web") if file else serving.REFUSED
    track = captions_of(file) if file is not None and answer.allowed else None
    if track is None:
        raise Http404
    return responses.serve_captions(
        track, public=answer.public, if_none_match=request.headers.get("if-none-match", "")
    )
