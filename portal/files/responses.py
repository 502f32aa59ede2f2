"""How stored bytes leave the site: fixed type, never run, never guessed."""

from pathlib import PurePosixPath

from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag

from portal.files import documents, images, store
from portal.files.models import StoredFile

PUBLIC_SECONDS = 600


def serve(file: StoredFile, variant: str, *, public: bool, if_none_match: str = "") -> HttpResponse:
    """One variant with headers that keep it a picture and nothing else; Http404 when there are no bytes."""
    path: str = getattr(file, f"{variant}_path")
    suffix = PurePosixPath(path).suffix
    content_type = images.CONTENT_TYPES.get(suffix) or documents.CONTENT_TYPES.get(suffix)
    if not file.is_ready or not path or content_type is None:
        raise Http404
    etag = quote_etag(PurePosixPath(path).stem[:24])
    if etag in parse_etags(if_none_match):
        return _harden(HttpResponseNotModified(), etag, public=public)
    try:
        content = store.opened(path)
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{str(file.public_id)[:8]}-{variant}{suffix}"
    if file.kind == StoredFile.Kind.DOCUMENT:
        name = f"{PurePosixPath(file.original_name).stem or name}{suffix}"
    response = FileResponse(
        content, content_type=content_type, as_attachment=variant == "master", filename=name
    )
    return _harden(response, etag, public=public)


def _harden(response: HttpResponse, etag: str, *, public: bool) -> HttpResponse:
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}" if public else "private, no-store"
    return response
