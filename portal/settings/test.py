"""Settings of the test suite: fast hashing, folders of its own, the database named by the runner."""

import tempfile
from pathlib import Path

from portal.settings import env
from portal.settings.base import *
from portal.settings.base import DATABASES, SQLITE_OPTIONS, STORAGES

DATA_DIR = Path(tempfile.mkdtemp(prefix="portal-test-"))
MEDIA_ROOT = DATA_DIR / "files"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_postgres = env.database("PORTAL_TEST_POSTGRES_URL")
# bin/test runs the migrations once, into this database; every process of the suite begins with a copy of it.
MIGRATED = env.text("PORTAL_TEST_MADE")
if _postgres is not None:
    DATABASES["default"] = {**_postgres, "TEST": {"TEMPLATE": MIGRATED} if MIGRATED else {}}
else:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "portal.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
        # A file, not memory: threads and the browser's live server share it.
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
    }
_redis = env.text("PORTAL_TEST_REDIS_URL")
if _redis:
    CACHES = {"default": {"BACKEND": "portal.softcache.SoftRedisCache", "LOCATION": _redis}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
KEPT_PAGE_SECONDS = (
    0  # tests count the queries of pages that are made; tests/portal/ui/test_kept.py turns it on
)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SECRET_KEY = "test-only-secret-that-is-long-enough-for-every-check-0123456789"
VAULT_KEYS = [SECRET_KEY]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
OUTBOX_HOLD_MINUTES = 0
