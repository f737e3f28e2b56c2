"""Settings, read from the environment; the defaults start a complete portal on one machine.

Production needs DEBUG=0, SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL and REDIS_URL (deploy/production.env.example).
"""

import re
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)


def _kept_secret() -> str:
    """Return the key of this installation, made at its first start and kept in VAR_DIR."""
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        from django.core.management.utils import get_random_secret_key

        VAR_DIR.mkdir(parents=True, exist_ok=True)
        kept.write_text(get_random_secret_key(), encoding="utf-8")
        kept.chmod(0o600)
    return kept.read_text(encoding="utf-8").strip()


# One machine, no server: only there may the key be made up, because only there is it nobody else's.
EMBEDDED = env.bool("EMBEDDED", default=not env.str("ALLOWED_HOSTS", default=""))
SECRET_KEY = env.str("SECRET_KEY", default="") or (_kept_secret() if EMBEDDED else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is required where ALLOWED_HOSTS is set.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not EMBEDDED)

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "dashboards",
    "completion",
    "progress",
    "reviews",
    "models_registry",
    "organizations",
    "journal",
    "vietnamese",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "portal.apps.UsedStaticFilesConfig",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_celery_beat",
    "js_lib_bootstrap5",
]

MIDDLEWARE = [
    # First, so that what any other answers by itself carries their headers too.
    "csp.middleware.CSPMiddleware",
    "portal.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.CompressedPagesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.TooLargeFormMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organizations.middleware.SignInFirstMiddleware",
    "organizations.middleware.ActingPostMiddleware",
    "organizations.middleware.PrivatePagesMiddleware",
    "organizations.middleware.NewPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "journal.middleware.SentOnceMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "journal.context_processors.unread_notices",
                "portal.context_processors.appearance",
            ],
            "builtins": ["vietnamese.templatetags.vietnamese", "portal.templatetags.look"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- data -------------------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without IMMEDIATE a second writer fails at once instead of waiting its turn.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
    }
else:
    # What is prepared (journal/questions.py) is planned once; what a page waits for is never worth compiling.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c plan_cache_mode=force_generic_plan -c jit=off"
    )
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
# On SQLite a covering index is a plain one: slower figures, the same answers.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {
            "BACKEND": "portal.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR_DIR / "cache"}
    )
}

MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "media/"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.storage.ForgivingStaticFilesStorage"},
}
WHITENOISE_MIMETYPES = {".speculationrules": "application/speculationrules+json"}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "webp", "woff2", "ico", "gz", "br", "map"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A table of two hundred rows is posted as one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000
FILE_UPLOAD_PERMISSIONS = 0o640
# Where clamd listens: the path of its socket, or host:port.
ANTIVIRUS_SOCKET = env.str("ANTIVIRUS_SOCKET", default="")
ANTIVIRUS_SECONDS = env.int("ANTIVIRUS_SECONDS", default=10)
if env.str("ANTIVIRUS_COMMAND", default="") or (ANTIVIRUS_SOCKET and not re.search(r"/|:\d+$", ANTIVIRUS_SOCKET)):
    raise ImproperlyConfigured("ANTIVIRUS_COMMAND is no more: ANTIVIRUS_SOCKET is a path, or host:port, of clamd.")
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=10 * 1024 * 1024)
# The longest form of somebody signed in: ten files and what is typed beside them.
UPLOAD_MOST_BYTES = 10 * UPLOAD_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE

# Who knows heads of the journal's chain: what was noted beside the tables, and what seals hold.
JOURNAL_HEADS = ["journal.services.noted_heads", "completion.queries.sealed_heads.sealed_heads"]

# Who issues papers with a check code: each is asked by /verify/ for what it knows of one.
CHECKED_PAPERS = [
    "reviews.queries.checked.checked_paper",
    "completion.queries.packs.checked_pack",
    "completion.queries.extracts.checked_extract",
]

# --- people -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.Person"
AUTHENTICATION_BACKENDS = ["organizations.sign_in.UserNameOrPhone"]
ACCOUNT_ADAPTER = "organizations.sign_in.Adapter"
ACCOUNT_FORMS = {"login": "organizations.forms.account.SignInForm"}
# The backend looks the telephone number up itself; to allauth it is a user name, which needs no code by SMS.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Its limits count by address alone, and a commune shares one; ours are in services/attempts.py.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=0)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "organizations.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "organizations.passwords.NotCommon"},
    {"NAME": "organizations.passwords.NotAboutOneself"},
    {"NAME": "organizations.passwords.NotLocalWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# --- security ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "report-uri": ["/csp-reports/"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# How long a sign-in lasts without script, and without any activity where a script can tell, warn and keep it alive.
SESSION_COOKIE_AGE = ACCOUNT_SESSION_COOKIE_AGE = env.int("SIGN_IN_HOURS", default=12) * 3600
IDLE_MINUTES = env.float("IDLE_MINUTES", default=30)
# The page tells of activity every five minutes at most, counts down one, and may be asleep.
IDLE_SECONDS = int(IDLE_MINUTES * 60) + 8 * 60
SESSION_ENGINE = "organizations.sessions"
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.error_pages.csrf_failure"
if HTTPS:
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# --- language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["vietnamese.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
# Years and ids must not read 2.026; numbers meant as numbers go through the `num` filter.
USE_THOUSAND_SEPARATOR = False

# --- mail -------------------------------------------------------------------------------------------------------------
# Without a server nothing is mailed: reminders and notices then stand in the portal alone.
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=587 if EMAIL_HOST else 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=EMAIL_PORT == 465)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=EMAIL_PORT == 587)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=EMAIL_HOST_USER)
# How readers reach the portal, for the links of a mail: https://lamtheobac.example.vn
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
MAIL_ON = bool(EMAIL_HOST)
if MAIL_ON and not (SITE_URL and DEFAULT_FROM_EMAIL):
    raise ImproperlyConfigured("SITE_URL and DEFAULT_FROM_EMAIL are required where EMAIL_HOST is set.")

# --- long work --------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # Longer than twice the longest task, or a slow task is handed out again while it still runs.
        "visibility_timeout": 3600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        # A page that starts a job gives a missing broker one moment, not the six seconds of the default.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    }
    CELERY_WORKER_PREFETCH_MULTIPLIER = 1
else:
    (VAR_DIR / "broker").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
        "polling_interval": 0.1,
    }
    CELERY_WORKER_PREFETCH_MULTIPLIER = 8
# Seconds after which a job whose worker gives no sign of life is begun anew (journal/jobs.py).
JOB_SILENCE = env.int("JOB_SILENCE", default=30)
# Long work may hold every process that takes from "celery" for minutes, so what others wait for within seconds has
# queues and a worker of its own (portal/processes.py). A worker told of no queue takes from all.
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", "quick", "closing")]
CELERY_TASK_ROUTES = {
    "completion.tasks.close_due_quarters": {"queue": "quick"},
    "completion.tasks.close_period": {"queue": "closing"},
    "completion.tasks.close_period_shown": {"queue": "closing"},
    "completion.tasks.fold_changes": {"queue": "quick"},
    "journal.tasks.chain_events": {"queue": "quick"},
    "journal.tasks.send_jobs_again": {"queue": "quick"},
    "journal.tasks.tell_about_new_events": {"queue": "quick"},
    "reviews.tasks.announce_what_is_due": {"queue": "quick"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 1500
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "portal.scheduler:LeasedScheduler"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # They tell of every page and glyph they draw.
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},
}
