"""A quarter's report and discussion on one screen: kept as typed until it is sent, then sent together."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.services import record
from organizations.models import Unit
from organizations.permissions import Action
from progress.models import QuarterDraft
from progress.services.quarterly import may_write, record_meeting, send_quarterly_report

LONGEST = 6000  # characters of one field


class StaleDraft(Exception):
    """Somebody saved the draft meanwhile; `draft` is theirs."""

    def __init__(self, draft: QuarterDraft):
        super().__init__(draft)
        self.draft = draft


@transaction.atomic
def save_quarter_draft(
    unit: Unit, year: int, quarter: int, typed: Mapping[str, str], *, edition: int, by, at: datetime
) -> QuarterDraft:
    """Keep what was typed of a quarter's papers; a clerk may.

    `edition` is the draft's as the page showed it, 0 for none. Raises PermissionDenied or StaleDraft.
    """
    if not may_write(by, unit, Action.ENTER_REPORT):
        raise PermissionDenied
    draft = _locked(unit, year, quarter)
    plain = ((name, text.replace("\0", "")[:LONGEST]) for name, text in typed.items() if "\0" not in name)
    typed = {name: text for name, text in plain if text.strip()}
    if draft is None:
        draft = QuarterDraft(unit=unit, year=year, quarter=quarter, edition=0)
    elif draft.edition != edition and draft.typed != typed:
        raise StaleDraft(draft)
    draft.typed, draft.edition, draft.saved_at, draft.saved_by = typed, draft.edition + 1, at, by
    draft.save()
    record("quarter_draft.saved", subject="quarterdraft", subject_id=draft.pk, unit_id=unit.pk, by=by, at=at)
    return draft


@transaction.atomic
def send_quarter(unit: Unit, year: int, quarter: int, *, report: dict | None, meeting: dict | None, by, at: datetime):
    """Send a quarter's report, record a meeting, or both at once; what was drafted of it is then no draft any more.

    Raises PermissionDenied or ValidationError, and then changes nothing.
    """
    if report is not None:
        send_quarterly_report(unit, year, quarter, by=by, at=at, **report)
    if meeting is not None:
        record_meeting(unit, year, quarter, by=by, at=at, **meeting)
    draft = _locked(unit, year, quarter)
    if draft is None:
        return
    sent = [name for name, done in (("report-", report), ("meeting-", meeting)) if done is not None]
    draft.typed = {name: text for name, text in draft.typed.items() if not name.startswith(tuple(sent))}
    if draft.typed and report is None:
        draft.edition += 1
        draft.save()
    else:
        draft.delete()


def _locked(unit: Unit, year: int, quarter: int) -> QuarterDraft | None:
    Unit.objects.select_for_update().get(pk=unit.pk)  # one at a time for a unit
    return QuarterDraft.objects.of_quarter(year, quarter).filter(unit=unit).select_related("saved_by").first()
