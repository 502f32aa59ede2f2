"""Sessions end: after a while without use, and after a working day in any case (domain §10.5)."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from portal.accounts import sessions

SEEN, BEGAN = "_seen_at", "_began_at"


class SessionLimitsMiddleware:
    """Idle and absolute limits, checked on the server with wall-clock times kept in the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request)
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    def _check(self, request: HttpRequest) -> None:
        now = int(time.time())
        began, seen = request.session.setdefault(BEGAN, now), request.session.get(SEEN, now)
        idle = settings.STAFF_IDLE_MINUTES * 60
        if now - seen > idle or now - began > settings.SESSION_HOURS * 3600:
            request.expired_user = request.user  # type: ignore[attr-defined]  # whose form may be kept (drafts)
            request.session_expired = True  # type: ignore[attr-defined]  # read by the bridge to the journal
            logout(request)
        elif now - seen > 60 or SEEN not in request.session:
            request.session[SEEN] = now
            if not sessions.touch(request):
                logout(request)
