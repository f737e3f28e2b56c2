"""Where data is kept: database, cache, files; and what may be sent in."""

import re
import sys

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import BASE_DIR, VAR_DIR, env

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
# Who owns the tables makes and fills them; all else may run as a role that cannot change the journal.
APPLICATION_ROLE = env.db_url_config(DATABASE_URL)["USER"]
if sys.argv[1:2] in (["migrate"], ["restore"], ["journal_grants"]):
    DATABASE_URL = env.str("MIGRATION_DATABASE_URL", default=DATABASE_URL)
# Behind a pool that hands a connection on after every transaction (PgBouncer) nothing may be left on one.
POOLED = env.bool("POOLED", default=False)
# What is prepared (journal/questions.py) is planned once; what a page waits for is never worth compiling.
PLANNING = "-c plan_cache_mode=force_generic_plan -c jit=off"


def _postgresql(address: str) -> dict:
    found = env.db_url_config(address)
    if POOLED:
        found["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        found.setdefault("OPTIONS", {}).setdefault("options", PLANNING)
    return found | {"CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600)}


if DATABASE_URL.startswith("sqlite"):
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
    # Without IMMEDIATE a second writer fails at once instead of waiting its turn.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
    }
else:
    DATABASES = {"default": _postgresql(DATABASE_URL)}
# A copy of the database that follows it, for leaders' screens (portal/replica.py).
REPLICA_URL = env.str("REPLICA_URL", default="")
REPLICA_MOST_BEHIND = env.int("REPLICA_MOST_BEHIND", default=30)  # seconds
if REPLICA_URL:
    DATABASES["replica"] = _postgresql(REPLICA_URL)
    DATABASES["replica"].setdefault("OPTIONS", {}).update(connect_timeout=2, tcp_user_timeout=5_000)
    DATABASE_ROUTERS = ["journal.reading.Router"]
# Seconds by which a process's clock may differ from the database's before it closes and schedules nothing; 0: any.
CLOCK_TOLERANCE = env.int("CLOCK_TOLERANCE", default=300)
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
# Who looked at personal data, until the worker has made rows of it (privacy/looks.py).
LOOKS_ROOT = VAR_DIR / "looks"
MEDIA_URL = "media/"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "portal.storage.WholeFilesStorage"},
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
