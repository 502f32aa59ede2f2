"""How stored bytes leave the site: fixed type, never run, never guessed."""

import hashlib
import io
import re
from pathlib import PurePosixPath
from typing import IO

from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags, quote_etag

from portal.files import documents, images, media, store
from portal.files.models import CaptionTrack, StoredFile

PUBLIC_SECONDS = 600


class Stretch:
    """A part of a stored file, read block by block."""

    def __init__(self, content: IO[bytes], start: int, length: int) -> None:
        content.seek(start)
        self._content, self._left = content, length

    def read(self, size: int = -1) -> bytes:
        """The next block, nothing after the end of the part."""
        data = self._content.read(self._left if size < 0 else min(size, self._left)) if self._left else b""
        self._left -= len(data)
        return data

    def close(self) -> None:
        """Let go of the file."""
        self._content.close()


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; None for no range or several (then everything is sent).

    Raises ValueError for a range outside the file.
    """
    match = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", header.strip())
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    if start > end or start >= size:
        raise ValueError(header)
    return start, end


def _in_part(content: IO[bytes], *, content_type: str, wanted: str, name: str) -> HttpResponse:
    """Sound and video: players on phones ask for stretches, and iOS plays nothing without them."""
    content.seek(0, io.SEEK_END)
    size = content.tell()
    try:
        stretch = wanted_range(wanted, size)
    except ValueError:
        content.close()
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    start, end = stretch or (0, size - 1)
    response = FileResponse(
        Stretch(content, start, end - start + 1), content_type=content_type, filename=name
    )  # type: ignore[assignment]
    response["Content-Length"] = str(end - start + 1)
    response["Accept-Ranges"] = "bytes"
    if stretch is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def serve(
    file: StoredFile,
    variant: str,
    *,
    public: bool,
    if_none_match: str = "",
    wanted: str = "",
    if_range: str = "",
) -> HttpResponse:
    """One variant with headers that keep it what it is; Http404 when there are no bytes.

    `wanted` is the Range header; it counts for sound and video, and only while `if_range` names these bytes.
    """
    path: str = getattr(file, f"{variant}_path")
    suffix = PurePosixPath(path).suffix
    played = media.CONTENT_TYPES.get(suffix)
    content_type = images.CONTENT_TYPES.get(suffix) or documents.CONTENT_TYPES.get(suffix) or played
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
    if played and variant != "master":
        stretch = wanted if not if_range or if_range == etag else ""
        return _harden(_in_part(content, content_type=played, wanted=stretch, name=name), etag, public=public)
    if file.kind == StoredFile.Kind.DOCUMENT:
        name = f"{PurePosixPath(file.original_name).stem or name}{suffix}"
    response = FileResponse(
        content, content_type=content_type, as_attachment=variant == "master", filename=name
    )
    return _harden(response, etag, public=public)


def serve_captions(track: CaptionTrack, *, public: bool, if_none_match: str = "") -> HttpResponse:
    """WebVTT; asked for again with every visit of a public page, for captions change where a film does not."""
    etag = quote_etag(hashlib.sha256(track.text.encode()).hexdigest()[:24])
    if etag in parse_etags(if_none_match):
        return _harden(HttpResponseNotModified(), etag, public=public)
    return _harden(HttpResponse(track.text, content_type="text/vtt; charset=utf-8"), etag, public=public)


def _harden(response: HttpResponse, etag: str, *, public: bool) -> HttpResponse:
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}" if public else "private, no-store"
    return response
