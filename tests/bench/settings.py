"""The portal's own settings, with the yardstick beside it and queries counted where a request asks for it."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.yardstick"
WSGI_APPLICATION = "tests.bench.wsgi.application"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "bench")  # noqa: F405
LOGGING["root"]["level"] = "WARNING"  # noqa: F405
