"""No address without a rule, no table behind the scope's back, no person further than their role."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.access.gate import AccessRule, rule_of
from portal.access.permissions import Perm
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Role
from portal.access.scope import ScopeRule
from portal.accounts.second_factor import PASSED_KEY
from tests.factories.people import make_user
from tests.guards.source import APPS, python_files, short, tree_of

SAMPLES = {
    "uuid": "5d0e7c1e-1111-4222-8333-444455556666",
    "int": "987654321",
    "slug": "no-such-thing",
    "str": "no-such-thing",
    "path": "no-such-thing",
    "unit_no": "999999999999",
    "unit_change": "rename",
}


def addresses(
    patterns: list[Any] | None = None, prefix: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern, str]]:
    """(route, pattern, namespace) of every address."""
    for item in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            inner = (*spaces, item.namespace) if item.namespace else spaces
            yield from addresses(item.url_patterns, route, inner)
        else:
            yield route, item, ":".join(spaces)


ALL = list(addresses())


def rule(pattern: URLPattern, namespace: str) -> AccessRule | None:
    return rule_of(pattern.callback, pattern.name, namespace)


def test_every_address_declares_who_may_call_it():
    silent = [route for route, pattern, space in ALL if rule(pattern, space) is None]
    assert silent == []
    assert len(ALL) > 20


def test_every_model_says_how_it_is_scoped():
    models = [
        model for label in APPS for model in apps.get_app_config(label).get_models(include_auto_created=False)
    ]
    own = [model for model in models if model.__module__.split(".")[0] in APPS]
    assert [
        model.__name__ for model in own if not isinstance(getattr(model, "scope_rule", None), ScopeRule)
    ] == []


def test_views_and_forms_never_touch_a_manager():
    """style rule 7: rows come from request.scope or queries."""
    found = []
    for path in python_files():
        inside = path.name in {"views.py", "forms.py"} or {"views", "forms"} & set(path.parent.parts[-1:])
        if not inside or short(path).startswith("portal/ui/"):
            continue
        found += [
            f"{short(path)}:{node.lineno}"
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
        ]
    assert found == []


def concrete(route: str) -> str:
    """An address with sample values; regular expressions are left out by the caller."""
    parts = []
    for part in route.split("<"):
        if ">" not in part:
            parts.append(part)
            continue
        name, rest = part.split(">", 1)
        kind = name.split(":")[0] if ":" in name else "str"
        parts.append(SAMPLES.get(kind, "no-such-thing") + rest)
    return "/" + "".join(parts)


WALKABLE = [
    (concrete(route), rule(pattern, space))
    for route, pattern, space in ALL
    if not route.startswith("^") and "(?P" not in route and not route.startswith("accounts/logout")
]


@pytest.mark.django_db
def test_strangers_reach_public_addresses_only():
    client, wrong = Client(raise_request_exception=False), []
    for address, known in WALKABLE:
        status = client.get(address).status_code
        if status >= 500 or (known.kind != "public" and status not in {302, 403, 404, 405}):
            wrong.append((address, status))
    assert wrong == []


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_role_reaches_exactly_what_its_permissions_allow(role, tree, settings):
    """The URL × role matrix: refused without the permission, never refused with it, never a fault."""
    settings.KEPT_PAGE_SECONDS = 30  # as on the site: the numbers of the menu are counted once per person
    user = make_user(role, tree.city)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    if role in EXCLUSIVE_ROLES:
        _enrol(client, user)
    held, wrong = set(ROLES[role].perms), []
    for address, known in WALKABLE:
        status = client.get(address).status_code
        refused = known.kind == "allow" and not held & set(known.perms)
        if status >= 500 or (refused and status not in {403, 405}) or (not refused and status == 403):
            wrong.append((address, status, [str(perm) for perm in known.perms]))
    assert wrong == []


def _enrol(client: Client, user: Any) -> None:
    """Administrators have given their second factor, else every page sends them to set one up."""
    session = client.session
    session[PASSED_KEY] = user.pk
    session.save()


def test_every_permission_is_held_by_some_role():
    held = {perm for spec in ROLES.values() for perm in spec.perms}
    assert set(Perm) - held == set()
