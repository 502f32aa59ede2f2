"""Counts the queries of one request; only loaded by benchmarks.settings."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse


def lift_limits() -> None:
    """One machine plays many families: the limits per address would end the loop."""
    from portal.access.limits import LIMITS, Limit  # deferred: the apps are ready when middleware is built
    from portal.accounts import phone_codes

    LIMITS.update({name: Limit(10**9, limit.seconds) for name, limit in LIMITS.items()})
    phone_codes.MOST_PER_IP_AND_HOUR = 10**9


class CountQueries:
    """Adds X-Queries to every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        if settings.BENCH:
            lift_limits()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = 0

        def counted(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*args)

        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        response["X-Queries"] = str(count)
        return response
