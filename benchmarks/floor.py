"""The floor: the least a Django page with a session costs on this machine. A site of its own, one file."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

DATA = Path(os.environ.get("PORTAL_BENCH_FLOOR", "/tmp/portal-floor"))  # noqa: S108 - bin/bench names its own
PAGE = "<!doctype html><title>floor</title><ul>{% for row in rows %}<li>{{ row }}</li>{% endfor %}</ul>"

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "floor.sqlite3"}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        ROOT_URLCONF=__name__,
        SECRET_KEY="floor",  # noqa: S106 - nothing is kept here
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()


def page(request: HttpRequest) -> HttpResponse:
    """Twenty rows and a session that is read; the first visit writes it."""
    if "seen" not in request.session:
        request.session["seen"] = True
    return HttpResponse(engines["django"].from_string(PAGE).render({"rows": range(20)}, request))


def upload(request: HttpRequest) -> HttpResponse:
    """A form with pictures, taken and let go: what the way itself costs."""
    return HttpResponse(str(sum(file.size or 0 for file in request.FILES.getlist("files"))))


urlpatterns = [path("", page), path("upload", csrf_exempt(upload))]


def application_ready() -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)


application_ready()
application = get_wsgi_application()
