"""What is told to whoever operates the portal."""

from portal.settings.environment import env

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # They tell of every page and glyph they draw.
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},
}
