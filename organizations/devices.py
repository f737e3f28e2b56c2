"""What a browser says it is, in words its owner knows: tables, the first that is found says it."""

from django.utils.translation import gettext as _

DEVICE = "device"  # in a session: {"agent", "address"}
BROWSERS = (
    ("Zalo", "Zalo"),
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_text(agent: str) -> str:
    """Return "Chrome trên Android" for what a browser sent of itself."""
    browser, system = (next((name for sign, name in table if sign in agent), "") for table in (BROWSERS, SYSTEMS))
    if browser and system:
        return _("%(browser)s trên %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Máy không rõ")
