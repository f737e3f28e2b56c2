"""Settings, read from the environment; the defaults start a complete portal on one machine.

Here is what the portal is made of; what an installation chooses stands in the module of its subject.
Production needs DEBUG=0, SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL and REDIS_URL (deploy/production.env.example).
"""

from django.utils.translation import gettext_lazy as _

from portal.settings.backups import *
from portal.settings.data import *
from portal.settings.environment import *
from portal.settings.logs import *
from portal.settings.mail import *
from portal.settings.people import *
from portal.settings.queue import *
from portal.settings.security import *

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "portal.backups.apps.BackupsConfig",
    "privacy",
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
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_celery_beat",
    "js_lib_bootstrap5",
]

MIDDLEWARE = [
    "portal.operating.requests.RequestMiddleware",
    # First, so that what any other answers by itself carries their headers too.
    "csp.middleware.CSPMiddleware",
    "portal.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.operating.views.WatchedMiddleware",
    "portal.middleware.CompressedPagesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.error_pages.OwnPagesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.TooLargeFormMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organizations.middleware.SessionEndsMiddleware",
    "organizations.middleware.SignInFirstMiddleware",
    "organizations.middleware.ActingPostMiddleware",
    "organizations.middleware.PrivatePagesMiddleware",
    "organizations.middleware.NewPasswordMiddleware",
    "organizations.middleware.SecondFactorMiddleware",
    "privacy.middleware.LooksMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "journal.middleware.SentOnceMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.replica.ReplicaMiddleware",
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

# Who knows heads of the journal's chain: what was noted beside the tables, and what seals hold.
JOURNAL_HEADS = ["journal.services.noted_heads", "completion.queries.sealed_heads.sealed_heads"]

# Who has said something of a dossier beyond its own texts: each gives the rows a name may have to be taken out of.
SAID_OF_DOSSIERS = ["reviews.queries.said.said_of"]

# Who issues papers with a check code: each is asked by /verify/ for what it knows of one.
CHECKED_PAPERS = [
    "reviews.queries.checked.checked_paper",
    "completion.queries.packs.checked_pack",
    "completion.queries.extracts.checked_extract",
]

# --- language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["vietnamese.formats"]
TIME_ZONE = CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
# Years and ids must not read 2.026; numbers meant as numbers go through the `num` filter.
USE_THOUSAND_SEPARATOR = False
