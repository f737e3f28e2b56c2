"""Writing a dossier while the unit holds it: starting, saving a part of it, deleting. Sending is `steps`."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.models import Event
from journal.services import record
from models_registry import gate
from models_registry.content import content_of
from models_registry.kept_files import take_off_disk_later
from models_registry.lifecycle import EDITS, MOVES, Edit, State
from models_registry.models import Consent, Dossier, PracticeModel, RegistrationRound
from models_registry.queries.remarks import reopened_of
from models_registry.reopening import NotReopened, changes
from models_registry.sections import PRACTICE_FIELDS
from models_registry.services.consent import end_consents, note_consents
from models_registry.services.rows import ROW_WRITERS, with_closed
from models_registry.services.search_text import refold
from models_registry.validation import lacking_sections, problems_of
from organizations.models import Unit
from organizations.permissions import Action, may, reaches
from organizations.queries import entered_for

DOSSIER_FIELDS = ("title", "tags", "programmes")
CLOSED = (State.REJECTED, State.WITHDRAWN)
SAVED = "dossier.save"
# One event tells of a person's typing on one dossier this long: the portal saves it by itself every few seconds.
TOLD_ONCE = timedelta(minutes=10)


@transaction.atomic
def start_dossier(*, kind: str, unit: Unit, round: RegistrationRound, by, at: datetime, on_behalf_of=None) -> Dossier:
    """Return a new draft of the unit in a round that still receives.

    A unit has one sheet a round: a draft of it that stands already is returned instead, and after it was sent the
    next is supplementary. Raises PermissionDenied or ValidationError.
    """
    if not may(by, Action.REGISTER) or not reaches(by, unit):
        raise PermissionDenied
    if not RegistrationRound.objects.receiving(localdate(at)).filter(pk=round.pk).exists():
        raise ValidationError(_("Đợt “%(round)s” hiện không nhận đăng ký.") % {"round": round.name})
    # Two starts at once wait here for one another.
    Unit.objects.select_for_update().get(pk=unit.pk)
    before = Dossier.objects.filter(unit=unit, round=round, kind=kind).exclude(state__in=CLOSED)
    if kind == Dossier.Kind.REGISTRATION_SHEET and (draft := before.filter(state=State.DRAFT).first()):
        return draft
    return make_draft(kind=kind, unit=unit, round=round, number=before.count(), by=by, at=at, on_behalf_of=on_behalf_of)


def make_draft(*, kind, unit, round, number: int, by, at: datetime, on_behalf_of=None, copied_from=None) -> Dossier:
    """Write an empty draft, inside the caller's transaction; `number` sheets of the unit stand in the round already."""
    is_sheet = kind == Dossier.Kind.REGISTRATION_SHEET
    dossier = Dossier(
        kind=kind,
        unit=unit,
        round=round,
        year=round.year,
        supplementary=is_sheet and number > 0,
        title=_sheet_title(unit, round, number) if is_sheet else "",
        author=by,
        copied_from=copied_from,
        created_at=at,
        changed_at=at,
    )
    dossier.save()
    if dossier.is_model:
        PracticeModel.objects.create(dossier=dossier)
    dossier.lacking = lacking_sections(dossier, day=localdate(at))
    refold(dossier)
    record_edit("dossier.started", dossier, by=by, at=at, on_behalf_of=on_behalf_of)
    return dossier


@transaction.atomic
def save_draft(
    dossier_id: int,
    *,
    by,
    at: datetime,
    edition: int | None = None,
    fields: Mapping | None = None,
    rows: Mapping[str, Sequence[Mapping]] | None = None,
    on_behalf_of=None,
    unasked: bool = False,
) -> Dossier:
    """Save a part of a dossier the unit holds and count one edition more.

    `fields` are fields of the dossier or of its practice model, or `co_units` (units). `rows` replace whole lists, by
    the names of `rows.ROW_WRITERS`; a row with an `id` keeps it. `edition` is the one the person saw. `unasked` says
    the page saved it while it was typed.

    Of a returned dossier only what the board pinned may change; rows that are closed stay where they are left out.

    Raises Dossier.DoesNotExist (out of sight), PermissionDenied (as NotReopened at a closed place) or gate.StepNotOpen
    (sent meanwhile, or changed by someone else), and then changes nothing.
    """
    fields, rows = dict(fields or {}), dict(rows or {})
    with writing(dossier_id, by=by, at=at, edition=edition) as (dossier, reopened):
        if "co_units" in fields:
            dossier.co_units.set(fields.pop("co_units"))
        for name in set(fields) & set(DOSSIER_FIELDS):
            setattr(dossier, name, fields.pop(name))
        if dossier.is_model and (fields or rows):
            _save_practice(dossier, fields)
        for name, wanted in rows.items():
            whole = with_closed(dossier, name, wanted, reopened)
            if name == "exemplars":
                end_consents(dossier, staying=[row["id"] for row in whole if row.get("id")], by=by, at=at)
            ROW_WRITERS[name](dossier, name, whole, at)
        if "exemplars" in rows:
            note_consents(dossier, by=by, at=at)
    record_saving(dossier, by=by, at=at, on_behalf_of=on_behalf_of, unasked=unasked)
    return dossier


@transaction.atomic
def delete_draft(dossier_id: int, *, by, at: datetime) -> None:
    """Delete a draft that was never sent, with its works and files."""
    dossier = held_dossier(dossier_id, Edit.DELETE, by=by)
    for file in (*dossier.attachments.all(), *Consent.objects.of_dossier(dossier.pk)):
        take_off_disk_later(file)
    record_edit("dossier.delete", dossier, by=by, at=at)
    dossier.items.all().delete()
    dossier.delete()


def held_dossier(dossier_id: int, edit: str, *, by, edition: int | None = None) -> Dossier:
    """Return the dossier, locked until commit, when this person may edit it now and saw its newest edition."""
    seen = Dossier.objects.visible_to(by).select_related("unit", "round")
    dossier = seen.select_for_update(of=("self",)).get(pk=dossier_id)
    gate.check(dossier, edit, EDITS, by=by)
    if edition is not None and edition != dossier.edition:
        raise gate.StepNotOpen(dossier, edit, {**MOVES, **EDITS})
    return dossier


@contextmanager
def writing(dossier_id: int, *, by, at: datetime, edition: int | None = None):
    """Hold a dossier while it is written in, then count one edition more; gives (dossier, what of it is open).

    Raises what `held_dossier` raises, and NotReopened where something else than what the board pinned was written.
    """
    dossier = held_dossier(dossier_id, Edit.SAVE, by=by, edition=edition)
    reopened = reopened_of(dossier)
    if reopened.everything:
        yield dossier, reopened
    else:
        before = content_of(dossier)
        lacking = problems_of(dossier, day=localdate(at), content=before)
        reopened = replace(reopened, lacking=reopened.lacking | lacking.keys())
        yield dossier, reopened
        if closed := reopened.closed(changes(before, content_of(dossier))):
            raise NotReopened(closed)
    touch(dossier, at)


def touch(dossier: Dossier, at: datetime) -> None:
    """Count one edition more; renew the search text and what is still missing."""
    dossier.edition += 1
    dossier.changed_at = at
    dossier.lacking = lacking_sections(dossier, day=localdate(at))
    refold(dossier)


def record_saving(dossier: Dossier, *, by, at: datetime, on_behalf_of=None, unasked: bool = False) -> None:
    """Record that a part was saved.

    Unasked, only where the journal does not end with the same person's saving a few minutes ago: who changed it last
    is always told, and when exactly is the dossier's `changed_at`.
    """
    on_behalf_of = on_behalf_of or entered_for(by, at)
    if unasked:
        told = (SAVED, by.pk, on_behalf_of.pk if on_behalf_of else None)
        last = Event.objects.about("dossier", dossier.pk).last()
        if last and (last.verb, last.actor_id, last.on_behalf_of_id) == told and at - last.at < TOLD_ONCE:
            return
    record_edit(SAVED, dossier, by=by, at=at, on_behalf_of=on_behalf_of)


def _save_practice(dossier: Dossier, fields: dict) -> None:
    practice, _made = PracticeModel.objects.get_or_create(dossier=dossier)
    for name, value in fields.items():
        if name not in PRACTICE_FIELDS:
            raise KeyError(name)
        setattr(practice, name, value)
    practice.save()
    dossier.practice = practice


def _sheet_title(unit: Unit, round: RegistrationRound, number: int) -> str:
    title = _("Bản đăng ký năm %(year)d của %(unit)s") % {"year": round.year, "unit": unit.name}
    return (title + _(" (bổ sung lần %(number)d)") % {"number": number} if number else title)[:400]


def record_edit(verb: str, dossier: Dossier, *, by, at: datetime, on_behalf_of=None, detail=None) -> None:
    """Record what was written; a clerk's hand for whom it enters."""
    record(
        verb,
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of or entered_for(by, at),
        detail=detail,
    )
