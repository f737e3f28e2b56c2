"""How mail leaves."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import env

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
