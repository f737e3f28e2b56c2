"""Papers the main board has issued, with numbers and check codes: a decision on models, the sheet of one of them."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from models_registry.models import Dossier
from organizations.models import Person, Post
from portal.samples.calendar import SampleYear, instant
from portal.samples.people import SHORT
from reviews.check_codes import new_code
from reviews.documents.asking import Kind, Subject, decisions_in_sight, version_in_sight
from reviews.documents.drawing import drawn_of
from reviews.queries.papers import usual_number, usual_signing
from reviews.services.issuing import issue

GROUNDS = "Căn cứ Quy chế làm việc của cơ quan (giả lập)"


@transaction.atomic
def issue_papers(at: datetime) -> None:
    """Issue the decision on the models of January, and the appraisal sheet of the first; a second or two."""
    head, appraiser = _main("head"), _main("appraiser")
    on = date(SampleYear(localdate(at)).plan_year, 1, 21)
    models = decisions_in_sight(head).filter(version__dossier__kind=Dossier.Kind.PRACTICE_MODEL)
    decisions = tuple(models.filter(announced_at__range=(instant(on - timedelta(days=10)), instant(on))))
    version = version_in_sight(appraiser).get(pk=decisions[-1].version_id)
    board = head.post.unit
    _issue(Subject(Kind.DECISION, board, decisions=decisions, grounds=GROUNDS), by=head, on=on)
    _issue(Subject(Kind.APPRAISAL, board, version=version), by=appraiser, on=on)


def _main(role: str) -> Person:
    username, code = SHORT[role]
    post = Post.objects.select_related("person", "unit").get(person__username=username, unit__code=code)
    return post.person.acting_as(post)


def _issue(subject: Subject, *, by, on: date) -> None:
    at = instant(on, 9)
    said = usual_number(subject.body, subject.kind, on.year) | usual_signing(subject.body, at, on)
    said |= {"place": "Thạnh Hóa", "unit_symbol": "BTGHU", "day": on.isoformat()}
    issue(drawn_of(subject, said, code=new_code(), site="", by=by, at=at), by=by, at=at)
