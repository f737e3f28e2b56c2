"""Writing what a board keeps in plain lists: themes, resolution targets, named shortcomings; ending criterion sets."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.editions import locked
from models_registry.models import CriterionSet, Theme
from models_registry.queries.plans import keeps


@transaction.atomic
def keep(row, *, edition: int, by, at: datetime):
    """Write a new or a changed row and record it; returns the row.

    Raises PermissionDenied, StalePage, or ValidationError where the row has ended, and then changes nothing.
    """
    if row.pk is not None:
        before = locked(row, edition)
        _refuse_stranger(before.owner, by=by, at=at)
        if before.ended:
            raise ValidationError(_("Mục này đã kết thúc, không sửa được nữa."))
    _refuse_stranger(row.owner, by=by, at=at)
    verb = "changed" if row.pk else "added"
    row.edition = edition + 1 if row.pk else 0
    row.save()
    _record(verb, row, by=by, at=at)
    return row


@transaction.atomic
def end(row, *, edition: int, by, at: datetime):
    """End a row: it is offered no more, and stays where it was used. Raises PermissionDenied or StalePage."""
    return _set_ended(row, True, edition=edition, by=by, at=at)


@transaction.atomic
def resume(row, *, edition: int, by, at: datetime):
    """Offer an ended row again. Raises PermissionDenied or StalePage."""
    return _set_ended(row, False, edition=edition, by=by, at=at)


@transaction.atomic
def copy_to_year(rows: Iterable, year: int, *, by, at: datetime) -> list:
    """Copy rows of an earlier year to `year`; returns the copies made.

    What already stands there with the same text and owner is left alone, so that copying twice adds nothing.
    Raises PermissionDenied and then changes nothing.
    """
    made = []
    for row in rows:
        _refuse_stranger(row.owner, by=by, at=at)
        text = _text_field(row)
        same = type(row).objects.of_year(year).filter(owner=row.owner, **{text: getattr(row, text)})
        if same.exists():
            continue
        copy = _copied(row, year)
        copy.save()
        _record("copied", copy, by=by, at=at, detail={"from": row.pk, "year": year})
        made.append(copy)
    return made


def _copied(row, year: int):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.editable}
    values.pop("id", None)
    span = {"year_from": year, "year_to": year} if "year_from" in values else {"year": year}
    return type(row)(**values | span)


def _text_field(row) -> str:
    return {Theme: "title", CriterionSet: "name"}.get(type(row), "text")


def _set_ended(row, ended: bool, *, edition: int, by, at: datetime):
    row = locked(row, edition)
    _refuse_stranger(row.owner, by=by, at=at)
    if row.ended != ended:
        row.ended = ended
        row.edition += 1
        row.save(update_fields=["ended", "edition"])
        _record("ended" if ended else "resumed", row, by=by, at=at)
    return row


def _refuse_stranger(owner, *, by, at: datetime) -> None:
    if not keeps(by, owner, localdate(at)):
        raise PermissionDenied


def _record(verb: str, row, *, by, at: datetime, detail: dict | None = None) -> None:
    kind = row._meta.model_name
    text = str(getattr(row, _text_field(row)))
    record(
        f"{kind}.{verb}",
        subject=kind,
        subject_id=row.pk,
        unit_id=row.owner_id,
        by=by,
        at=at,
        detail={"text": text, "edition": row.edition} | (detail or {}),
    )
