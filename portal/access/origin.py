"""Where a person was when they pressed a button."""

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest


def split(address: str) -> SplitResult:
    """The parts of an address that a browser sent; of one that makes no sense, nothing but its text as the host."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", address, "", "", "")


def page_of(request: HttpRequest) -> str:
    """The page that sent this form, as the browser says; else its own address. Many buttons post to an address that
    cannot be opened, so that the way back from signing in leads to the page."""
    if request.method != "POST":
        return request.get_full_path()
    source = split(request.headers.get("referer") or "")
    if source.netloc != request.get_host() or not source.path.startswith("/") or source.path.startswith("//"):
        return request.get_full_path()
    return f"{source.path}?{source.query}" if source.query else source.path
