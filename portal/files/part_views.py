"""Large files in parts, for media.js; answers JSON. Everything asks for the form's token and the same person."""

import hashlib
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.access.gate import public
from portal.access.limits import key_of, limited
from portal.files import actions, parts, rules, specs
from portal.files.models import PartialUpload, StoredFile
from portal.files.names import shown_name
from portal.files.rules import MediaLimits, NoSpaceError, RefusedError


def _owner(request: HttpRequest) -> str:
    """Who is counted by the quota: the account, or a digest of the address."""
    key = key_of(request)
    return key if key.startswith("u") else f"a{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def _refusal(refusal: RefusedError, name: str) -> JsonResponse:
    status = 507 if isinstance(refusal, NoSpaceError) else 422
    text = refusal.naming(shown_name(name)).messages[0] if name else refusal.message
    return JsonResponse({"error": text, "code": refusal.code}, status=status)


@public
@never_cache
@require_POST
@limited("files.stage")
def begin(request: HttpRequest) -> JsonResponse:
    """Announce a file, or learn how far it came before."""
    spec, token = specs.read(request.POST.get("spec", "")), request.POST.get("form_token", "")
    size, print_ = request.POST.get("size", ""), request.POST.get("fingerprint", "")[:64]
    name = request.POST.get("name", "")
    limits = spec.limits if spec else None
    if not isinstance(limits, MediaLimits) or spec is None or not specs.is_token(token) or not print_:
        return JsonResponse({"error": _("页面已过期，请刷新后再试。")}, status=400)
    if not size.isascii() or not size.isdigit() or len(size) > 15:
        return JsonResponse({"error": _("页面已过期，请刷新后再试。")}, status=400)
    try:
        resume = str(UUID(request.POST.get("resume", "")))
    except ValueError:
        resume = ""
    try:
        upload = parts.begin(
            actor=request.user, token=token, field=spec.field, limits=limits, name=name, size=int(size),
            fingerprint=print_, owner=_owner(request), resume=(resume, request.POST.get("key", "")[:100]),
        )  # fmt: skip
    except RefusedError as refusal:
        return _refusal(refusal, name)
    if upload.is_whole:  # the last answer was lost on the way
        return _finished(request, upload)
    return JsonResponse(
        {
            "upload": str(upload.public_id), "key": parts.key_of(upload), "received": upload.received,
            "size": upload.size, "part": rules.PART_BYTES,
        }
    )  # fmt: skip


@public
@never_cache
@require_POST
@limited("files.part")
def take(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """One part at its place; the last one finishes the file. 409 says where to go on."""
    token, part = request.POST.get("form_token", ""), request.FILES.get("part")
    offset = request.POST.get("offset", "")
    if (
        part is None
        or not specs.is_token(token)
        or not offset.isascii()
        or not offset.isdigit()
        or len(offset) > 15
    ):
        return JsonResponse({"error": _("页面已过期，请刷新后再试。")}, status=400)
    try:
        upload = parts.own(actor=request.user, token=token, public_id=str(public_id))
    except RefusedError as refusal:
        return JsonResponse({"error": refusal.message, "code": refusal.code}, status=404)
    try:
        if getattr(part, "failure", ""):
            raise NoSpaceError
        if (part.size or 0) > rules.PART_BYTES:
            raise RefusedError("media_changed")
        part.seek(0)
        upload = parts.take(
            upload=upload, offset=int(offset), data=part.read(), sha256=request.POST.get("sha256", "")[:64]
        )
        if upload.is_whole:
            return _finished(request, upload)
    except parts.WrongPlaceError as wrong:
        return JsonResponse({"received": wrong.received}, status=409)
    except RefusedError as refusal:
        return _refusal(refusal, upload.original_name)
    return JsonResponse({"received": upload.received})


def _finished(request: HttpRequest, upload: PartialUpload) -> JsonResponse:
    try:
        file = parts.finish(upload=upload, actor=request.user)
    except RefusedError as refusal:
        return _refusal(refusal, upload.original_name)
    return JsonResponse(_as_json(file), status=201)


def _as_json(file: StoredFile) -> dict[str, object]:
    return {
        "id": str(file.public_id), "name": file.original_name, "kind": file.kind, "length": file.length,
        "state": file.state,
    }  # fmt: skip


@public
@never_cache
@require_POST
def drop(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """Forget an unfinished file, or the staged one it has become."""
    token = request.POST.get("form_token", "")
    try:
        upload = parts.own(actor=request.user, token=token, public_id=str(public_id))
    except RefusedError:
        return JsonResponse({"dropped": 0})
    if upload.file is not None:
        dropped = actions.discard(token=token, actor=request.user, public_ids=[upload.file.public_id])
        return JsonResponse({"dropped": dropped})
    parts.drop(upload)
    return JsonResponse({"dropped": 1})
