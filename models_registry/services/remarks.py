"""What the board asks of a version it returns, and what the unit answers before it sends again."""

from collections.abc import Mapping
from datetime import datetime

from models_registry.models import Dossier, Remark

WHOLE = ""


def pin_remarks(dossier: Dossier, remarks: Mapping[str, str], *, reason: str, by, at: datetime) -> None:
    """Pin these remarks ({place: text}) to the version at hand; without any, the reason as one on the whole."""
    said = {place: text.strip() for place, text in remarks.items() if text.strip()} or {WHOLE: reason.strip()}
    version = dossier.versions.only("pk").get(number=dossier.version)
    Remark.objects.bulk_create(
        Remark(version=version, place=place, text=text, asked_by=by, asked_at=at) for place, text in said.items()
    )
