"""The addresses of the sign-in library that we serve: exactly those of the access table, no sign-up, no mail."""

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.urls import URLPattern, URLResolver, path

from portal.access import thirdparty
from portal.accounts.views import own


def _listed(patterns: list[URLPattern | URLResolver], prefix: str) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in patterns:
        if isinstance(entry, URLResolver):
            found += _listed(entry.url_patterns, prefix + str(entry.pattern))
        elif entry.name in thirdparty.RULES:
            found.append(path(prefix + str(entry.pattern), entry.callback, name=entry.name))
    return found


urlpatterns = [
    *_listed(account_urls.urlpatterns, ""),
    *_listed(mfa_urls.urlpatterns, "2fa/"),
    # The name under which templates of the library look for it.
    path("password/change/", own.change_password, name="account_change_password"),
]
