"""Issuing a paper: its bytes are kept as they are, under a number of its own, for as long as the portal stands."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.models import DossierVersion
from organizations.models import Unit
from organizations.permissions import Action, may
from reviews.models import Decision, IssuedPaper, Session

ISSUED = "paper.issued"
# A decision is signed by the head; the others are papers of whoever appraises.
NEEDED = {
    IssuedPaper.Kind.APPRAISAL: Action.APPRAISE,
    IssuedPaper.Kind.DECISION: Action.DECIDE,
    IssuedPaper.Kind.MINUTES: Action.APPRAISE,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper with its number in it, drawn: `pdf` is empty where the system cannot draw one."""

    kind: str
    code: str
    body: Unit
    issuer: str
    number: int
    unit_symbol: str
    symbol: str
    day: date
    place: str
    title: str
    signer: str
    word: bytes
    pdf: bytes = b""
    version: DossierVersion | None = None
    session: Session | None = None
    decisions: Sequence[Decision] = ()
    replaces: IssuedPaper | None = None


@transaction.atomic
def issue(drawn: Drawn, *, by, at: datetime) -> IssuedPaper:
    """Keep a drawn paper as issued; the same code again returns what it was issued as.

    Raises PermissionDenied, or ValidationError when the number was given away or the paper it replaces already is;
    then changes nothing but a file nobody knows of.
    """
    if not may(by, NEEDED[drawn.kind]) or by.post.unit_id != drawn.body.pk:
        raise PermissionDenied
    Unit.objects.select_for_update().get(pk=drawn.body.pk)  # one paper at a time gets its number
    if before := IssuedPaper.objects.filter(code=drawn.code).first():
        return before
    _refuse_taken(drawn)
    edition = drawn.replaces.edition + 1 if drawn.replaces else 1
    paper = IssuedPaper(edition=edition, year=drawn.day.year, issued_by=by, issued_at=at)
    for name in ("kind", "code", "body", "issuer", "number", "unit_symbol", "symbol", "day", "place", "signer"):
        setattr(paper, name, getattr(drawn, name))
    paper.title = drawn.title[:400]
    paper.version, paper.session, paper.replaces = drawn.version, drawn.session, drawn.replaces
    _keep(paper, drawn)
    paper.save()
    paper.decisions.set(drawn.decisions)
    told = {"kind": paper.kind, "symbol": paper.symbol, "edition": edition, "word": paper.word_sha256}
    record(ISSUED, subject="paper", subject_id=paper.pk, by=by, at=at, unit_id=drawn.body.pk, detail=told)
    if drawn.version is not None:
        detail = {"version": drawn.version.number, "symbol": paper.symbol}
        record(ISSUED, subject="dossier", subject_id=drawn.version.dossier_id, by=by, at=at, detail=detail)
    return paper


def _refuse_taken(drawn: Drawn) -> None:
    own = IssuedPaper.objects.filter(body=drawn.body, kind=drawn.kind)
    if own.filter(year=drawn.day.year, number=drawn.number).exists():
        raise ValidationError(
            _("Số %(number)d của năm %(year)d đã cấp cho văn bản khác. Hãy chọn số khác.")
            % {"number": drawn.number, "year": drawn.day.year}
        )
    current = current_paper(own, drawn)
    if current != drawn.replaces:
        raise ValidationError(
            _("Văn bản này vừa được phát hành ở nơi khác. Hãy xem bản mới nhất trước khi phát hành lại.")
        )


def current_paper(papers, drawn) -> IssuedPaper | None:
    """Return the issue in force of the same paper: of the version, of the session, or the one a decision replaces."""
    if drawn.version is not None or drawn.session is not None:
        return papers.in_force().filter(version=drawn.version, session=drawn.session).first()
    if (
        papers.in_force()
        .filter(decisions__in=drawn.decisions)
        .exclude(pk=drawn.replaces and drawn.replaces.pk)
        .exists()
    ):
        raise ValidationError(_("Có hồ sơ trong danh sách đã nằm trong một quyết định khác."))
    return papers.in_force().filter(pk=drawn.replaces.pk).first() if drawn.replaces else None


def _keep(paper: IssuedPaper, drawn: Drawn) -> None:
    for form, ending, content in (("word", "docx", drawn.word), ("pdf", "pdf", drawn.pdf)):
        if content:
            getattr(paper, form).save(f"{secrets.token_hex(16)}.{ending}", ContentFile(content), save=False)
            setattr(paper, f"{form}_sha256", hashlib.sha256(content).hexdigest())
