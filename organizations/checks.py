"""What `check --deploy` says of signing in."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

LEVELS = ("required", "later", "off")


@register(Tags.security, deploy=True)
def second_factor_is_required(app_configs, **kwargs) -> list[Warning]:
    """Warn unless whoever decides must show a second factor: "later" is for trying, "off" for tests."""
    if settings.SECOND_FACTOR == "required":
        return []
    told = f"SECOND_FACTOR is {settings.SECOND_FACTOR!r}: a password alone opens the accounts of those who decide."
    return [Warning(told, hint="Set SECOND_FACTOR=required, or leave it out.", id="organizations.W001")]
