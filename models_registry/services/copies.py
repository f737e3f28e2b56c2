"""A new draft after what was registered before: an own dossier, another unit's model, single works of last year."""

from collections.abc import Collection
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from models_registry.models import Dossier, RegistrationRound, WorkItem
from models_registry.queries.dossiers import earlier_works, shortcomings_for, targets_for
from models_registry.sections import PRACTICE_FIELDS
from models_registry.services.drafts import CLOSED, make_draft, record_saving, touch, writing
from models_registry.services.rows import ITEM_FIELDS, ROW_WRITERS, replace_items
from organizations.models import Unit
from organizations.permissions import Action, may
from vietnamese.folding import fold

# Where a model is carried out, and for whom, is each unit's own to say.
OWN_WORDS = ("place", "target_group", "beneficiaries")


@transaction.atomic
def copy_dossier(dossier_id: int, *, round: RegistrationRound, by, at: datetime) -> Dossier:
    """Return a new draft in a receiving round with everything of the own unit's old one but its files.

    Days move by the difference of the plan years, and none is due after the new one; whoever is named as an exemplar
    is asked anew; targets and shortcomings stay where they are still in force. Raises Dossier.DoesNotExist,
    PermissionDenied or ValidationError.
    """
    old = Dossier.objects.visible_to(by).select_related("unit").get(pk=dossier_id)
    if not may(by, Action.REGISTER) or old.unit_id != by.post.unit_id:
        raise PermissionDenied
    new = _draft_of(old, round=round, by=by, at=at)
    if old.is_model:
        _copy_practice(old, new, by=by, at=at, leave=())
        _copy_exemplars(old, new, at)
    new.co_units.set(old.co_units.all())
    _copy_works(old, new, at, leave=())
    touch(new, at)
    return new


@transaction.atomic
def adopt_model(source: Dossier, *, round: RegistrationRound, by, at: datetime) -> Dossier:
    """Return a new draft of the person's unit after another unit's model, linked to it by `copied_from`.

    The caller found `source` where it is shown to this person. What is the other unit's own stays behind: place and
    people, exemplars, co-units, files, targets and shortcomings this person does not see. Raises PermissionDenied or
    ValidationError.
    """
    if not may(by, Action.REGISTER):
        raise PermissionDenied
    new = _draft_of(source, round=round, by=by, at=at)
    _copy_practice(source, new, by=by, at=at, leave=OWN_WORDS)
    _copy_works(source, new, at, leave=("assignee", "accountable"))
    touch(new, at)
    return new


@transaction.atomic
def bring_works(dossier_id: int, works: Collection[int], *, by, at: datetime, edition: int | None = None) -> Dossier:
    """Add these works of an earlier year (ids among `earlier_works`) to a sheet the unit holds.

    Days move into the sheet's year. A work whose title the sheet already has for that subject is left out. Raises as
    `save_draft` does.
    """
    with writing(dossier_id, by=by, at=at, edition=edition) as (sheet, _reopened):
        known = {_same(item) for item in sheet.items.all()}
        wanted = [item for item in earlier_works(sheet) if item.pk in works and _same(item) not in known]
        for kind in WorkItem.Kind.values:
            if new := [_item_row(item, sheet.year) for item in wanted if item.kind == kind]:
                standing = sheet.items.filter(kind=kind)
                replace_items(sheet, kind, [*({"id": item.pk} for item in standing), *new], among=standing)
    record_saving(sheet, by=by, at=at)
    return sheet


def _same(item: WorkItem) -> tuple[str, str, str]:
    return item.kind, fold(item.subject_name), fold(item.title)


def _draft_of(old: Dossier, *, round: RegistrationRound, by, at: datetime) -> Dossier:
    """Return an empty draft of the person's own unit with the title, tags and programmes of another."""
    if not RegistrationRound.objects.receiving(localdate(at)).filter(pk=round.pk).exists():
        raise ValidationError(_("Đợt “%(round)s” hiện không nhận đăng ký.") % {"round": round.name})
    unit = Unit.objects.select_for_update().get(pk=by.post.unit_id)
    standing = Dossier.objects.filter(unit=unit, round=round, kind=old.kind).exclude(state__in=CLOSED).count()
    new = make_draft(kind=old.kind, unit=unit, round=round, number=standing, by=by, at=at, copied_from=old)
    if old.is_model:
        new.title = old.title
    new.tags, new.programmes = old.tags, old.programmes
    return new


def _copy_practice(old: Dossier, new: Dossier, *, by, at: datetime, leave: Collection[str]) -> None:
    for name in PRACTICE_FIELDS:
        if name not in leave:
            setattr(new.practice, name, getattr(old.practice, name))
    new.practice.save()
    links = old.practice.shortcoming_links.select_related("shortcoming")
    targets, shortcomings = set(targets_for(by, new.year)), set(shortcomings_for(by, new.year))
    rows = {
        "targets": [
            {"target": link.target}
            for link in old.practice.target_links.select_related("target")
            if link.target in targets
        ],
        "shortcomings": [
            {"shortcoming": link.shortcoming, "remedy": link.remedy}
            for link in links
            if link.shortcoming in shortcomings
        ],
        "outputs": [
            {"name": one.name, "value": one.value, "measure": one.measure}
            for one in old.practice.outputs.select_related("measure")
        ],
    }
    for name, wanted in rows.items():
        ROW_WRITERS[name](new, name, wanted, at)


def _copy_exemplars(old: Dossier, new: Dossier, at: datetime) -> None:
    rows = [{**model_to_dict(one), "id": None, "consent": False} for one in old.practice.exemplars.all()]
    ROW_WRITERS["exemplars"](new, "exemplars", rows, at)


def _copy_works(old: Dossier, new: Dossier, at: datetime, *, leave: Collection[str]) -> None:
    blank = dict.fromkeys(leave, "")
    for kind in WorkItem.Kind.values:
        rows = [_item_row(item, new.year) | blank for item in old.items.filter(kind=kind)]
        ROW_WRITERS[kind](new, kind, rows, at)


def _item_row(item: WorkItem, year: int) -> dict:
    """Return a work's fields with its days moved into a plan year, where nothing may be due after its last day."""
    row = {field: getattr(item, field) for field in ITEM_FIELDS}
    starts, due = (_moved(day, year - item.year) for day in (item.starts_on, item.due_on))
    return row | {"starts_on": starts, "due_on": due and min(due, date(year, 12, 31))}


def _moved(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
