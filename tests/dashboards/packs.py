"""Makes packs for tests without drawing them."""

import hashlib
import io

from django.utils import timezone

from completion.packing import Drawn, keep_pack
from completion.queries.spans import sealed_periods
from reviews.check_codes import new_code


def pack_of(unit, *, by, at=None, forms=("docx", "pdf", "xlsx")):
    """Keep a pack of the newest sealed period of a unit, its files a few bytes each."""
    spanned, revision = sealed_periods(unit)[0]
    drawn = Drawn(
        unit=unit,
        span=spanned.span,
        revision=revision,
        sources=[revision],
        code=new_code(),
        issuer=unit.name,
        title=f"Báo cáo: {unit.name}",
        item_count=1,
        files={form: io.BytesIO(form.encode()) for form in forms},
    )
    return keep_pack(drawn, by=by, at=at or timezone.now())


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
