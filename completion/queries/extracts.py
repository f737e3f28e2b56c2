"""Year-end extracts as pages show them, and what their check code says to anybody."""

from django.utils.translation import gettext as _

from completion.models import Extract
from organizations.models import Unit
from reviews.queries.checked import Checked
from vietnamese.display import instant_text


def extracts_of(user, unit: Unit, year: int):
    """Return the extracts of a unit's year this person may have, newest first; two queries."""
    found = Extract.objects.visible_to(user).filter(unit=unit, year=year)
    return found.select_related("made_by").prefetch_related("files")


def checked_extract(code: str) -> Checked | None:
    """Return what is told to anybody of the extract with a code; two queries."""
    found = Extract.objects.filter(code=code).first()
    if found is None:
        return None
    rows = [
        (_("Loại văn bản"), _("Bản trích cuối năm")),
        (_("Đơn vị"), found.issuer),
        (_("Năm"), str(found.year)),
        (_("Tình trạng"), _("Đủ bốn quý đã chốt") if found.is_final else _("Có quý chưa chốt khi trích")),
        (_("Lập lúc"), instant_text(found.made_at)),
    ]
    later = Extract.objects.filter(unit=found.unit, year=found.year, is_final=True, made_at__gt=found.made_at)
    newer = (
        "" if found.is_final or not later.exists() else _("Văn bản có thật, nhưng sau đó đã có bản trích đủ bốn quý")
    )
    return Checked(rows, newer, found.digests)
