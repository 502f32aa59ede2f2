"""No view runs without a declared access rule, so none can forget it (style rule 6)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from portal.access import thirdparty
from portal.access.origin import page_of
from portal.access.permissions import Perm
from portal.access.scope import Scope, scope_of

log = structlog.get_logger(__name__)
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class AccessRule:
    """`public`: everybody. `signed_in`: any account. `allow`: one of these permissions, anywhere;
    which rows it reaches is the scope's business."""

    kind: str
    perms: tuple[Perm, ...] = ()


PUBLIC_RULE = AccessRule("public")
SIGNED_IN_RULE = AccessRule("signed_in")


def allow(*perms: Perm) -> Callable[[View], View]:
    """Let in who holds at least one of `perms` somewhere; the view still takes rows from request.scope."""
    if not perms:
        raise ImproperlyConfigured("allow() needs a permission; use public or signed_in otherwise")

    def declare(view: View) -> View:
        view.access = AccessRule("allow", tuple(Perm(perm) for perm in perms))  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Everybody may call this view."""
    view.access = PUBLIC_RULE  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any signed-in account may call this view; it acts on the person's own things only."""
    view.access = SIGNED_IN_RULE  # type: ignore[attr-defined]
    return view


def rule_of(view: Any, url_name: str | None, namespace: str = "") -> AccessRule | None:
    """The declared rule of a view function, or the one listed for a third-party address."""
    declared: AccessRule | None = getattr(view, "access", None)
    if declared is not None:
        return declared
    kind = thirdparty.RULES.get(f"{namespace}:{url_name}" if namespace else str(url_name))
    return AccessRule(kind) if kind else None


# Kept apart so that the slices above can hook in without being imported from here.
_expired_post: Callable[[HttpRequest], HttpResponse | None] | None = None
_before_view: list[Callable[[HttpRequest, AccessRule], HttpResponseBase | None]] = []


def set_expired_post_hook(hook: Callable[[HttpRequest], HttpResponse | None]) -> None:
    """Called when a form arrives after the session has ended; may keep what was typed."""
    global _expired_post
    _expired_post = hook


def add_before_view_hook(hook: Callable[[HttpRequest, AccessRule], HttpResponseBase | None]) -> None:
    """Called for signed-in people before the view: forced password change, second factor."""
    _before_view.append(hook)


class AccessGateMiddleware:
    """Checks the rule before any view and opens request.scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = Scope()  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: Any, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse an undeclared view, send strangers to sign in, refuse who lacks the permission."""
        match = request.resolver_match
        rule = rule_of(view, match.url_name, match.namespace)
        if rule is None:
            raise ImproperlyConfigured(f"{match.route!r} declares no access rule")
        request.scope = scope_of(request.user)
        if request.user.is_authenticated:
            for hook in _before_view:
                answer = hook(request, rule)
                if answer is not None:
                    return answer
        if rule.kind == "public":
            return None
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if rule.kind == "allow" and not any(request.scope.has(perm) for perm in rule.perms):
            log.warning("access.refused", path=request.path, perms=[str(perm) for perm in rule.perms])
            raise PermissionDenied
        return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST" and _expired_post is not None:
        kept = _expired_post(request)
        if kept is not None:
            return kept
    return redirect_to_login(page_of(request))
