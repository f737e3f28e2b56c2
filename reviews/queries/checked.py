"""What the page that checks codes says of a paper: never its content. Whoever issues papers tells of them here.

`settings.CHECKED_PAPERS` names the functions that are asked for a sound code, each returning a Checked or None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from reviews.models import IssuedPaper
from vietnamese.display import day_text, number_text


@dataclass(frozen=True, slots=True)
class Checked:
    """A paper that was issued: what it is, in rows; `newer` says what has come since, "" while it is the newest.

    `digests` are {sha256 of a file: its form}.
    """

    rows: list[tuple[str, str]]
    newer: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)


def verifying_at(site: str = "") -> str:
    """Return where a paper is checked, as it is printed: without the scheme; "" where nobody said where the portal is.

    `site` is the address a request came to, for a portal without one of its own.
    """
    site = settings.SITE_URL or site
    return site.partition("://")[2].rstrip("/") + reverse("verify").rstrip("/") if site else ""


def checked(code: str) -> Checked | None:
    """Return what is known of the paper with a sound code; a query or two for each issuer asked."""
    for name in settings.CHECKED_PAPERS:
        if found := import_string(name)(code):
            return found
    return None


def checked_paper(code: str) -> Checked | None:
    """Return what is told of a paper of a board; one query."""
    paper = IssuedPaper.objects.filter(code=code).select_related("replaced_by").first()
    if paper is None:
        return None
    rows = [
        (_("Loại văn bản"), paper.get_kind_display()),
        (_("Cơ quan ban hành"), paper.issuer),
        (_("Số, ký hiệu"), paper.symbol),
        (_("Ngày"), day_text(paper.day)),
        (_("Bản"), number_text(paper.edition)),
    ]
    newer = ""
    if paper.is_replaced:
        newer = _("Văn bản có thật, nhưng đã có bản khác thay thế")
        said = {"symbol": paper.replaced_by.symbol, "day": day_text(paper.replaced_by.day)}
        rows.append((_("Thay bằng"), _("số %(symbol)s ngày %(day)s") % said))
    digests = {paper.word_sha256: "docx"} | ({paper.pdf_sha256: "pdf"} if paper.pdf_sha256 else {})
    return Checked(rows, newer, digests)
