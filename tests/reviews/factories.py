"""Makes dossiers as they stand before the board: written and sent without the unit's forms."""

import datetime as dt

from django.utils.timezone import localdate

from models_registry.models import Criterion, Dossier, DossierVersion, RegistrationRound
from models_registry.services.turns import pass_on
from reviews.models import Assignment
from tests.factories import AT
from tests.models_registry.plans import round_of
from vietnamese.searching import search_text

CRITERIA = [
    ("content", "learning", "Học tập Bác được nêu rõ"),
    ("content", "following", "Làm theo Bác gắn với việc cụ thể"),
    ("ease", "easy_to_do", "Dễ thực hiện"),
    ("link", "serves_target", "Gắn với chỉ tiêu nghị quyết"),
    ("fault", "vague", "Chung chung"),
    ("fault", "showy", "Phô trương"),
]


def judged_round(district, **values) -> RegistrationRound:
    """A round of the district's board whose two criterion sets hold CRITERIA."""
    made = round_of(district.board, **values)
    for criterion_set in (made.model_criteria, made.sheet_criteria):
        for n, (group, code, text) in enumerate(CRITERIA):
            Criterion.objects.get_or_create(
                criterion_set=criterion_set, code=code, defaults={"group": group, "text": text, "order": n}
            )
    return made


def content(title: str, **practice) -> dict:
    """A practice model's frozen content, with no rows but those fields."""
    return {"kind": "practice_model", "title": title, "practice": practice}


def sent(district, round_, title="Mô hình mẫu", *, unit=None, by=None, at=AT, **values) -> Dossier:
    """A dossier of the district's cell that waits at the board in version 1."""
    by = by or district.secretary
    dossier = Dossier.objects.create(
        unit=unit or district.cell,
        round=round_,
        year=round_.year,
        title=title,
        folded=search_text(title),
        author=by,
        body=district.board,
        created_at=at,
        changed_at=at,
        **{"kind": "practice_model", "state": "submitted", "version": 1, "submitted_at": at, "submitted_by": by}
        | values,
    )
    freeze(dossier, content(title, learning="Học Bác tiết kiệm"), at=at)
    start_clock(dossier, at=at)
    return dossier


def proposed_in_bulk(district, round_, count, proposed="approve"):
    """Dossiers in the appraiser's hands, proposed; written at once."""
    made = Dossier.objects.bulk_create(
        Dossier(
            kind="practice_model", unit=district.cell, round=round_, year=round_.year, title=f"Mô hình {n}",
            folded=f"mo hinh {n}", author=district.secretary, body=district.board, created_at=AT, changed_at=AT,
            state="under_appraisal", version=1, submitted_at=AT, submitted_by=district.secretary,
        )
        for n in range(count)
    )  # fmt: skip
    DossierVersion.objects.bulk_create(
        DossierVersion(dossier=d, number=1, content=content(d.title), submitted_at=AT, submitted_by=d.author)
        for d in made
    )
    reason = {"proposed_reason": "Nội dung còn chung chung."} if proposed == "reject" else {}
    Assignment.objects.bulk_create(
        Assignment(
            dossier=d, appraiser=district.appraiser, taken_at=AT, finished_at=AT,
            proposed=proposed, proposed_at=AT, **reason,
        )
        for d in made
    )  # fmt: skip
    return made


def start_clock(dossier, *, at) -> None:
    """Begin the turn of whoever holds a dossier that was written in this state."""
    state, dossier.state = dossier.state, "draft"
    pass_on([dossier], state, at=at)
    dossier.state = state
    dossier.save(update_fields=["due_on"])


def freeze(dossier, frozen: dict, *, at=AT) -> DossierVersion:
    return DossierVersion.objects.create(
        dossier=dossier, number=dossier.version, content=frozen, submitted_at=at, submitted_by=dossier.submitted_by
    )


def resent(dossier, frozen: dict, *, at=AT + dt.timedelta(days=3)) -> Dossier:
    """The returned dossier, corrected and sent again."""
    dossier.refresh_from_db()
    assert dossier.state == "revision_requested"
    pass_on([dossier], "submitted", at=at)
    dossier.state, dossier.version, dossier.submitted_at = "submitted", dossier.version + 1, at
    dossier.edition += 1
    dossier.save()
    freeze(dossier, frozen, at=at)
    return dossier


def day(offset: int):
    return localdate(AT) + dt.timedelta(days=offset)
