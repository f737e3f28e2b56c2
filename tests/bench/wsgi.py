"""One server for both: the portal, and the yardstick with the middleware `startproject` gives a new project."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import override_settings

BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

portal = get_wsgi_application()
with override_settings(MIDDLEWARE=BARE_MIDDLEWARE):
    bare = get_wsgi_application()


def application(environ, start_response):
    if environ["PATH_INFO"] == "/yardstick/":
        return bare(environ, start_response)
    if "HTTP_X_COUNT_QUERIES" not in environ:
        return portal(environ, start_response)
    return _counted(environ, start_response)


def _counted(environ, start_response):
    count = 0

    def counting(execute, sql, params, many, context):
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    def start(status, headers, *rest):
        return start_response(status, [*headers, ("X-Queries", str(count))], *rest)

    with connection.execute_wrapper(counting):
        return portal(environ, start)
