"""Makes decisions, sessions and issued papers."""

import datetime as dt

from models_registry.models import Dossier
from reviews.check_codes import new_code
from reviews.models import Decision, IssuedPaper, Session, SessionPoint
from reviews.services.issuing import Drawn, issue
from tests.factories import AT

DAY = dt.date(2026, 1, 5)
WORD, PDF = b"PK word as issued", b"%PDF as issued"


def decision_on(dossier, *, by, outcome="approved", reason="", at=AT) -> Decision:
    """The board's word on the present version, told at once; the dossier stands accordingly."""
    Dossier.objects.filter(pk=dossier.pk).update(state=outcome, decided_at=at)
    version = dossier.versions.get(number=dossier.version)
    return Decision.objects.create(
        version=version, outcome=outcome, reason=reason, by=by, prepared_at=at, announced_at=at
    )


def drawn(body, kind="decision", number=1, **values) -> Drawn:
    said = {
        "issuer": body.name,
        "unit_symbol": "BTG",
        "symbol": f"{number}-QĐ/BTG",
        "day": DAY,
        "place": "Xã An",
        "title": "Quyết định mẫu",
        "signer": "TRƯỞNG BAN",
        "word": WORD,
        "pdf": PDF,
    }
    return Drawn(kind=kind, code=new_code(), body=body, number=number, **said | values)


def issued_decision(body, head, *dossiers, number=1, **values) -> IssuedPaper:
    decisions = tuple(Decision.objects.filter(version__dossier__in=dossiers))
    return issue(drawn(body, number=number, decisions=decisions, **values), by=head, at=AT)


def session_of(body, *dossiers) -> Session:
    """A session of the board with these dossiers on its agenda."""
    made = Session.objects.create(
        body=body,
        title="Phiên họp thẩm định tháng 01",
        held_on=DAY,
        begins_at=dt.time(8, 0),
        place="Phòng họp số 1",
        chair="Lê Mẫu, Trưởng ban",
        secretary="Trần Mẫu, chuyên viên",
        attendees="Lê Mẫu, Trưởng ban\nTrần Mẫu, chuyên viên",
        changed_at=AT,
    )
    versions = [dossier.versions.get(number=dossier.version) for dossier in dossiers]
    SessionPoint.objects.bulk_create(SessionPoint(session=made, version=version) for version in versions)
    return made
