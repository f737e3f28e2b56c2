"""The only writer of tables of published figures: entered as drafts, approved by another, corrected by new versions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from completion.lifecycle import OWN_PUBLISHED_STEPS, PUBLISHED_MOVES, PublishedStep
from completion.models import PublishedFigure, PublishedTable, SourceDocument
from completion.printed.checking import check
from completion.printed.columns import KEYS, MOST_ROWS
from completion.queries.tables import approvers_of
from journal.services import record
from models_registry import gate
from models_registry.kept_files import put_away
from models_registry.lifecycle import Reason
from models_registry.services.releasing import Place
from models_registry.uploads import take_in
from organizations.models import Person, Unit
from organizations.permissions import Action, may, reaches
from vietnamese.display import number_text

HEAD = ("year", "title", "symbol", "issued_on", "issuer")
_STATE_AFTER = {step: move.target for step, move in PUBLISHED_MOVES.items()}


class TableChanged(Exception):
    """The draft was saved elsewhere since the page was opened, or sent."""


@transaction.atomic
def begin_table(unit: Unit, *, by: Person, at: datetime, file=None, **head) -> PublishedTable:
    """Begin a draft of a unit's published figures of one year, with the document they stand in.

    Raises PermissionDenied, or ValidationError why the file is refused.
    """
    if not may(by, Action.ENTER_PUBLISHED) or not reaches(by, unit):
        raise PermissionDenied
    table = PublishedTable(unit=unit, entered_by=by, entered_in=by.post, begun_at=at, **head)
    table.document = _kept(file)
    table.save()
    _record("begun", table, by=by, at=at)
    return table


@transaction.atomic
def change_head(table_id: int, *, by: Person, at: datetime, file=None, **head) -> PublishedTable:
    """Change what a draft says of its document; another file takes the place of the one before."""
    table = _own_draft(table_id, by)
    for name, value in head.items():
        setattr(table, name, value)
    if file:
        table.document = _kept(file)
    table.save()
    _record("head_changed", table, by=by, at=at)
    return table


@transaction.atomic
def keep_rows(table_id: int, rows: Sequence[Mapping], *, edition: int, by: Person, at: datetime) -> PublishedTable:
    """Keep a draft's rows as they were typed, right or wrong.

    Raises PublishedTable.DoesNotExist, PermissionDenied, TableChanged where it was saved since `edition` or sent, or
    ValidationError where there are too many.
    """
    table = _own_draft(table_id, by)
    if table.edition != edition:
        raise TableChanged
    if len(rows) > MOST_ROWS:
        said = {"most": number_text(MOST_ROWS), "count": number_text(len(rows))}
        raise ValidationError(_("Mỗi bảng nhiều nhất %(most)s dòng; ở đây có %(count)s.") % said)
    table.rows = [{key: row.get(key, "") for key in KEYS} for row in rows]
    table.edition += 1
    table.save(update_fields=["rows", "edition"])
    _record("rows_kept", table, by=by, at=at, rows=len(rows))
    return table


@transaction.atomic
def drop_table(table_id: int, *, by: Person, at: datetime) -> None:
    """Delete one's own draft; what it said stays in the journal as a count of rows."""
    table = _own_draft(table_id, by)
    _record("dropped", table, by=by, at=at, rows=len(table.rows))
    table.delete()


@transaction.atomic
def begin_version(table_id: int, *, by: Person, at: datetime) -> PublishedTable:
    """Begin a draft that corrects a shown table, with its rows to start from; the shown one stays until it is approved.

    Raises PermissionDenied, or ValidationError where it is not shown or somebody began one before.
    """
    table = PublishedTable.objects.visible_to(by).select_for_update(of=("self",)).get(pk=table_id)
    if not may(by, Action.ENTER_PUBLISHED) or not reaches(by, table.unit):
        raise PermissionDenied
    if other := PublishedTable.objects.filter(replaces=table).select_related("entered_by").first():
        said = {"person": other.entered_by, "version": other.version}
        raise ValidationError(_("%(person)s đang sửa bảng này thành bản %(version)d.") % said)
    if table.state != PublishedTable.State.SHOWN:
        raise ValidationError(_("Chỉ sửa bảng đang hiển thị."))
    head = {name: getattr(table, name) for name in HEAD}
    draft = PublishedTable.objects.create(
        unit=table.unit,
        replaces=table,
        version=table.version + 1,
        document=table.document,
        rows=table.rows,
        entered_by=by,
        entered_in=by.post,
        begun_at=at,
        **head,
    )
    _record("version_begun", draft, by=by, at=at, replaces=table.pk)
    return draft


@transaction.atomic
def take_published_step(table_id: int, step: str, *, by: Person, at: datetime, reason: str = "") -> PublishedTable:
    """Move one table one step and record it; who must act next, or who entered it, is told. Approval writes figures.

    Raises PublishedTable.DoesNotExist, PermissionDenied, gate.StepNotOpen or ValidationError, and then changes nothing.
    """
    table = _locked(table_id, by)
    own, reason = table.entered_by_id == by.pk, reason.strip()
    if step == PublishedStep.APPROVE and own and may(by, Action.APPROVE_PUBLISHED):
        raise ValidationError(_("Người nhập không tự duyệt: bảng phải do người khác duyệt."))
    if step in OWN_PUBLISHED_STEPS and not own:
        raise PermissionDenied
    gate.check(table, step, PUBLISHED_MOVES, by=by, reason=reason, conflicted=own)
    EFFECTS[step](table, by, at, reason)
    table.state = _STATE_AFTER[step]
    table.save()
    _record(step, table, by=by, at=at, reason=reason, rows=len(table.rows), **_told(table, step, at))
    return table


def _ask(table: PublishedTable, by: Person, at: datetime, reason: str) -> None:
    if table.replaces_id and len(reason) < Reason.REQUIRED.value:
        said = {"count": Reason.REQUIRED.value}
        raise ValidationError({"reason": _("Hãy nêu lý do sửa, ít nhất %(count)d ký tự.") % said})
    table.rows = _without_faults(table).rows_written()
    table.reason, table.asked_at, table.answer = reason, at, ""


def _approve(table: PublishedTable, by: Person, at: datetime, reason: str) -> None:
    figures = _without_faults(table).figures()
    table.answer, table.decided_by, table.decided_at = reason, by, at
    if table.replaces_id:
        PublishedTable.objects.filter(pk=table.replaces_id).update(state=PublishedTable.State.REPLACED)
    PublishedFigure.objects.bulk_create(figures)


def _return(table: PublishedTable, by: Person, at: datetime, reason: str) -> None:
    table.answer = reason


def _take_back(table: PublishedTable, by: Person, at: datetime, reason: str) -> None:
    table.asked_at = None


EFFECTS = {
    PublishedStep.ASK: _ask,
    PublishedStep.TAKE_BACK: _take_back,
    PublishedStep.APPROVE: _approve,
    PublishedStep.RETURN: _return,
}


def _without_faults(table: PublishedTable):
    checked = check(table)
    if checked.stop:
        raise ValidationError(checked.stop)
    return checked


def _locked(table_id: int, by: Person) -> PublishedTable:
    """Return a table in sight with its row locked."""
    seen = PublishedTable.objects.visible_to(by).select_related("unit", "entered_by", "entered_in")
    return seen.select_for_update(of=("self",)).get(pk=table_id)


def _own_draft(table_id: int, by: Person) -> PublishedTable:
    table = _locked(table_id, by)
    if not may(by, Action.ENTER_PUBLISHED) or table.entered_by_id != by.pk:
        raise PermissionDenied
    if table.state != PublishedTable.State.DRAFT:
        raise TableChanged
    return table


def _kept(file) -> SourceDocument | None:
    if not file:
        return None
    document = SourceDocument()
    put_away(document, take_in(file))
    document.save()
    return document


def place_of_document(document: SourceDocument, at: datetime) -> Place:
    """Return the newest table a document is of, and who entered that; two queries."""
    table = document.tables.select_related("entered_by", "entered_in").latest("id")
    link = reverse("completion:published_table", args=[table.pk])
    entered_by = table.entered_by.acting_as(table.entered_in)
    return Place("publishedtable", table.pk, table.unit_id, [entered_by], link)


def _told(table: PublishedTable, step: str, at: datetime) -> dict:
    said = {"title": table.title, "year": table.year, "unit": table.unit.name}
    words = {
        PublishedStep.ASK: lambda: _("Bảng số liệu đã công bố năm %(year)d của %(unit)s: chờ bạn duyệt.") % said,
        PublishedStep.APPROVE: lambda: _("Bảng “%(title)s” năm %(year)d đã được duyệt và đang hiển thị.") % said,
        PublishedStep.RETURN: lambda: _("Bảng “%(title)s” năm %(year)d được trả lại để sửa.") % said,
    }
    if step == PublishedStep.ASK:
        tell = approvers_of(table, at)
    elif step == PublishedStep.TAKE_BACK:
        tell = []
    else:
        tell = [table.entered_by.acting_as(table.entered_in)]
    return {"tell": tell, "text": words.get(step, "")}


def _record(done: str, table: PublishedTable, *, by: Person, at: datetime, tell=(), text="", **more) -> None:
    detail = {"year": table.year, "symbol": table.symbol, "version": table.version} | more
    record(
        f"publishedtable.{done}",
        subject="publishedtable",
        subject_id=table.pk,
        unit_id=table.unit_id,
        by=by,
        at=at,
        detail=detail,
        tell=tell,
        text=text,
        link=reverse("completion:published_table", args=[table.pk]),
    )
