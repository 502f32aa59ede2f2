"""Addresses. Each slice brings its own; the fixed ones are listed in the design, §6."""

from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path

from portal import health

# (prefix, slice). Order matters only where prefixes overlap.
SLICES = [
    ("accounts/", "portal.accounts"),
    ("staff/grants/", "portal.grants"),
    ("staff/units/", "portal.units"),
    ("files/", "portal.files"),
    ("", "portal.drafts"),
    ("", "portal.jobs"),
    ("staff/lists/", "portal.listing"),
    ("staff/imports/", "portal.importing"),
    ("staff/workdays/", "portal.workdays"),
    ("", "portal.journal"),
    ("", "portal.privacy"),
    ("", "portal.reviews"),
    ("", "portal.publication"),
    ("", "portal.complaints"),
    ("", "portal.notifications"),
    ("", "portal.dashboards"),
    ("", "campaigns.planning"),
    ("", "campaigns.activities"),
    ("", "campaigns.packages"),
    ("", "campaigns.tasks"),
    ("", "campaigns.calendar"),
    ("", "campaigns.series"),
    ("", "campaigns.venues"),
    ("", "campaigns.materials"),
    ("", "campaigns.visits"),
    ("", "campaigns.stories"),
    ("", "campaigns.pledges"),
    ("", "campaigns.quizzes"),
    ("", "families.calls"),
    ("", "families.exhibition"),
    ("", "families.judging"),
    ("", "families.likeness"),
    ("", "families.works"),
    ("", "families.letters"),
    ("", "families.cards"),
    ("", "portal.pages"),
]


def _slice_urls() -> list[URLPattern | URLResolver]:
    """One namespace per app and one per slice inside it: `portal:files:serve`."""
    apps: dict[str, list[URLPattern | URLResolver]] = {}
    for prefix, name in SLICES:
        app, slice_name = name.split(".")
        module = import_module(f"{name}.urls")
        apps.setdefault(app, []).append(path(prefix, include((module.urlpatterns, slice_name))))
    return [path("", include((patterns, app))) for app, patterns in apps.items()]


urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("portal.accounts.library_urls")),
    *_slice_urls(),
]
handler400 = "portal.pages.errors.bad_request"
handler403 = "portal.pages.errors.permission_denied"
handler404 = "portal.pages.errors.page_not_found"
handler429 = "portal.accounts.lockout.too_many"  # of the sign-in library
handler500 = "portal.pages.errors.server_error"
