"""What is told to whoever operates the portal."""

from portal.settings.environment import EMBEDDED, env

# Whoever shows it (Authorization: Bearer …) reads /metrics and what /readyz measured. Empty: nothing is counted.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Where failures are told, without anything of a person; empty: nowhere but in the log.
SENTRY_DSN = env.str("SENTRY_DSN", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "portal.operating.logs.formatter",
            "look": env.str("LOG_FORMAT", default="plain" if EMBEDDED else "json"),
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Warnings of it are refusals, which the line of their request tells; its errors carry the traceback.
        "django.request": {"level": "ERROR"},
        # Whoever asks by another name is answered 400, and the line of the request says so.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Ours tell of a task that did something (portal/operating/carrying.py); these of each step, beat and glyph.
        "gunicorn.error": {"handlers": [], "propagate": True},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
