"""Who signs in, how, and for how long."""

from portal.settings.ends import sign_in_ends
from portal.settings.environment import EMBEDDED, env

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
# "required" of the roles in organizations/second_factor.py; "later" asks them once at sign-in; "off" for tests alone.
SECOND_FACTOR = env.str("SECOND_FACTOR", default="later" if EMBEDDED else "required")
MFA_ADAPTER = "organizations.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
# How long a sign-in lasts left alone (minutes, 0 for ever) and at the longest (hours), by role; "*" is everybody else.
SIGN_IN_ENDS = sign_in_ends(env)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=0)
PASSWORD_HASHERS = [
    "organizations.hashers.Argon2",
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
