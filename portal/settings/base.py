"""One settings module for every deployment; what differs comes from PORTAL_* (see .env.example)."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.settings import env

ROOT = Path(__file__).resolve().parent.parent.parent
env.begin()
DATA_DIR = env.folder("PORTAL_DATA_DIR", ROOT / ".data")
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"PORTAL_DATA_DIR={DATA_DIR}: cannot be created ({error.strerror})") from error

# -- mode ----------------------------------------------------------------------------------------
MODE = env.text("PORTAL_MODE", "embedded", choices=("embedded", "production"))
PRODUCTION = MODE == "production"
DEBUG = env.flag("PORTAL_DEBUG", False)
DEMO = env.flag("PORTAL_DEMO", False)
DEFAULT_SECRET = "embedded-only-secret-change-me-before-you-go-to-production-0000"
SECRET_KEY = env.text("PORTAL_SECRET_KEY", DEFAULT_SECRET)
# Keys of encrypted fields: comma-separated, the first one writes, all of them read (rotation).
VAULT_KEYS = env.words("PORTAL_VAULT_KEYS") or [SECRET_KEY]
ALLOWED_HOSTS = env.words("PORTAL_ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.words("PORTAL_TRUSTED_ORIGINS")
HTTPS = env.flag("PORTAL_HTTPS", PRODUCTION)
BENCH = env.flag("PORTAL_BENCH", False)

if PRODUCTION:
    if SECRET_KEY == DEFAULT_SECRET or len(SECRET_KEY) < 50:
        raise ImproperlyConfigured(
            "PORTAL_SECRET_KEY: production needs a secret of its own, 50 characters or more"
        )
    if DEBUG:
        raise ImproperlyConfigured("PORTAL_DEBUG: not in production")
    if DEMO:
        raise ImproperlyConfigured("PORTAL_DEMO: demo accounts have no place in production")

# -- apps ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "campaigns.apps.CampaignsConfig",
    "families.apps.FamiliesConfig",
    "volunteers.apps.VolunteersConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_cotton",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "treebeard",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_altcha",
    "django_structlog",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.RequestIdMiddleware",
    "portal.middleware.FaultMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.CleanInputMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.SessionLimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.access.gate.AccessGateMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.site",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "portal.ui.templatetags.portal",
                "portal.ui.templatetags.dates",
            ],
        },
    }
]
COTTON_DIR = "cotton"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "portal.ui.renderer.QuickRenderer"

# -- database ------------------------------------------------------------------------------------
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-20000;PRAGMA mmap_size=134217728;PRAGMA temp_store=MEMORY;"
    ),
}
STATEMENT_TIMEOUT_MS = env.number("PORTAL_DATABASE_TIMEOUT_MS", 5000, low=100)
_database = env.database("PORTAL_DATABASE_URL")
if _database is None:
    _database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "portal.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
    }
elif "postgresql" in _database["ENGINE"]:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {}).update(
        connect_timeout=3,
        tcp_user_timeout=4000,
        options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={STATEMENT_TIMEOUT_MS}",
    )
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- cache, sessions, queue ----------------------------------------------------------------------
REDIS_URL = env.text("PORTAL_REDIS_URL")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "portal.softcache.SoftRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "portal.softcache.CalmFileCache",
            "LOCATION": DATA_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 5000},  # at 300 the stamps themselves were thrown out at random
        }
    }
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.pages.errors.csrf_failure"
JOB_POLL_SECONDS = 0.5
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 960
CELERY_TASK_SOFT_TIME_LIMIT = 900
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_ENABLE_UTC = True
# The whole beat schedule: one tick. What is due by the clock is registered with `periodic` in the slices.
CELERY_BEAT_SCHEDULE = {"tick": {"task": "jobs.tick", "schedule": 15.0}}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "visibility_timeout": 1200,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "queue" / "messages"),
        "data_folder_out": str(DATA_DIR / "queue" / "messages"),
        "control_folder": str(DATA_DIR / "queue" / "control"),
        "polling_interval": 0.05,
    }

# -- files ---------------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "files"
STATIC_URL = "static/"
STATIC_ROOT = env.folder("PORTAL_STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [ROOT / "static"]
S3_BUCKET = env.text("PORTAL_S3_BUCKET")
S3_ENDPOINT = env.text("PORTAL_S3_ENDPOINT")
S3_ACCESS_KEY = env.text("PORTAL_S3_ACCESS_KEY")
S3_SECRET_KEY = env.text("PORTAL_S3_SECRET_KEY")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT or None,
            "access_key": S3_ACCESS_KEY,
            "secret_key": S3_SECRET_KEY,
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.files.handlers.SpaceAwareHandler",
]
# Days after its end when a quarter is closed: from then on figures change by corrections only.
QUARTER_CLOSE_DAYS = env.number("PORTAL_QUARTER_CLOSE_DAYS", 15, low=0, high=90)
UPLOAD_MAX_FILES = env.number("PORTAL_UPLOAD_MAX_FILES", 9, low=1, high=50)
UPLOAD_MAX_MB = env.number("PORTAL_UPLOAD_MAX_MB", 10, low=1, high=500)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
REQUEST_MAX_MB = UPLOAD_MAX_FILES * UPLOAD_MAX_MB + 10

# -- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.accounts.backends.PortalBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "portal.accounts.passwords.LongEnoughValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.passwords.ThreeClassesValidator"},
    {"NAME": "portal.accounts.passwords.NotAboutMeValidator"},
    {"NAME": "portal.accounts.passwords.NotRecentValidator", "OPTIONS": {"remember": 5}},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/staff/"
LOGOUT_REDIRECT_URL = "/"
# domain reference §10.5: idle 15 minutes for staff, 30 for the public, 8 hours at most.
STAFF_IDLE_MINUTES = env.number("PORTAL_STAFF_IDLE_MINUTES", 15, low=1)
KEPT_PAGE_SECONDS = env.number("PORTAL_KEPT_PAGE_SECONDS", 30, low=0, high=300)
PUBLIC_IDLE_MINUTES = env.number("PORTAL_PUBLIC_IDLE_MINUTES", 30, low=1)
SESSION_HOURS = env.number("PORTAL_SESSION_HOURS", 8, low=1, high=24)
PASSWORD_MAX_DAYS = env.number("PORTAL_PASSWORD_MAX_DAYS", 90, low=0)
SECOND_FACTOR_FOR_STAFF = env.flag("PORTAL_SECOND_FACTOR_FOR_STAFF", False)
AXES_FAILURE_LIMIT = env.number("PORTAL_LOGIN_FAILURES", 5, low=1)
AXES_COOLOFF_TIME = env.number("PORTAL_LOCKOUT_MINUTES", 15, low=1) / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "portal.accounts.lockout.locked_out"
AXES_CLIENT_IP_CALLABLE = "portal.middleware.client_ip"
AXES_USERNAME_CALLABLE = "portal.accounts.lockout.counted_name"
AXES_DISABLE_ACCESS_LOG = True  # the journal is the record of sign-ins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
TRUSTED_PROXIES = env.number("PORTAL_TRUSTED_PROXIES", 0, low=0, high=5)
ACCOUNT_ADAPTER = "portal.accounts.adapter.PortalAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_FORMS = {"login": "portal.accounts.forms.SignInForm"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Counted before any password is hashed; per address, and per name against attempts from many addresses.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,20/h/ip,60/h/key",
    "login": "60/m/ip",
    "reauthenticate": "10/m/user",
}
ACCOUNT_EMAIL_NOTIFICATIONS = False
MFA_ADAPTER = "portal.accounts.adapter.PortalMFAAdapter"
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.SecondFactorForm",
    "reauthenticate": "portal.accounts.forms.SecondFactorAgainForm",
}
MFA_TOTP_TOLERANCE = 1  # phones whose clock is half a minute wrong
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "清廉家风"

# -- language, time, site ------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [ROOT / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
SITE = {
    "name": env.text("PORTAL_SITE_NAME", "清廉家风"),
    "tagline": env.text("PORTAL_SITE_TAGLINE", "阳泉市清廉家庭建设平台"),
    "host": env.text("PORTAL_SITE_HOST", "阳泉市妇女联合会"),
    "phone": env.text("PORTAL_SITE_PHONE", "0353-0000000"),
    "address": env.text("PORTAL_SITE_ADDRESS", "山西省阳泉市"),
    "icp": env.text("PORTAL_SITE_ICP"),
    "police": env.text("PORTAL_SITE_POLICE_FILING"),
    "site_code": env.text("PORTAL_SITE_CODE"),
    "report_phone": env.text("PORTAL_SITE_REPORT_PHONE", "12377"),
    "notice_version": env.text("PORTAL_PRIVACY_NOTICE_VERSION", "2026-01"),
    "base_url": env.text("PORTAL_BASE_URL", "http://127.0.0.1:8000"),
    "home_unit": env.text("PORTAL_HOME_UNIT", "140300000000"),
}

# -- outgoing messages ---------------------------------------------------------------------------
SMS_GATEWAY = env.text("PORTAL_SMS_GATEWAY", "recorded", choices=("recorded", "http"))
SMS_URL = env.text("PORTAL_SMS_URL")
SMS_TOKEN = env.text("PORTAL_SMS_TOKEN")
SMS_SIGNATURE = env.text("PORTAL_SMS_SIGNATURE", "阳泉妇联")
# What is no code or link stays so long in the outbox that a mistake can still be discarded there.
OUTBOX_HOLD_MINUTES = env.number("PORTAL_OUTBOX_HOLD_MINUTES", 5, low=0, high=240)
EMAIL_HOST = env.text("PORTAL_SMTP_HOST")
EMAIL_PORT = env.number("PORTAL_SMTP_PORT", 25, low=1, high=65535)
EMAIL_HOST_USER = env.text("PORTAL_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("PORTAL_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("PORTAL_SMTP_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("PORTAL_MAIL_FROM", "noreply@localhost")

# -- safety --------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # ECharts sets style attributes; our templates carry none
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {"camera": [], "microphone": [], "geolocation": [], "payment": [], "usb": []}
ALTCHA_HMAC_KEY = SECRET_KEY
ALTCHA_MAX_NUMBER = 50_000

# -- logs ----------------------------------------------------------------------------------------
LOG_LEVEL = env.text("PORTAL_LOG_LEVEL", "INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING_CONFIG = "portal.logs.configure"
LOGGING = {"level": LOG_LEVEL}
