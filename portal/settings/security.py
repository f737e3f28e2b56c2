"""What browsers are told and what cookies may do."""

from csp.constants import NONE, SELF

from portal.settings.environment import HTTPS, env

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
