from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

from portal.operating import reporting


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self):
        from organizations import checks  # noqa: F401  registers them

        reporting.start()


class UsedStaticFilesConfig(StaticFilesConfig):
    """Gathers only what a page may ask for; compressing all that the packages carry takes half a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*",
        "bootstrap.css*",
        "*.rtl.*",
        "bootstrap.esm*",
        "bootstrap.js*",
        "bootstrap.min.js*",
        "bootstrap.bundle.js*",
        "ht*x-4*",
        "htmx-2.js",
        "ext",
    ]
