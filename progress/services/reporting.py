"""Reporting an item completed: prepared by whoever enters it, sent by the secretary, with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import record
from models_registry import gate
from models_registry.kept_files import put_away, take_off_disk, take_off_disk_later
from models_registry.masking import public_title
from models_registry.models import WorkItem
from models_registry.services.releasing import ENTERED_BY, Place
from models_registry.uploads import take_in
from organizations.permissions import Action, may, reaches
from organizations.queries import people_at
from progress.lifecycle import ITEM_MOVES, ItemStep
from progress.models import CompletionReport, Evidence
from progress.queries.authority import OFFICERS
from progress.services.steps import locked_item, take_item_step

MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """What a unit says it achieved: the day, the result in words and as a number with its unit, and new files."""

    completed_on: date | None
    result: str
    value: object = None
    measure: object = None
    interim: bool = False  # how far it is, not that it is done
    files: Sequence = ()  # as `uploads.take_in` takes or returns them


@transaction.atomic
def report_completion(item_id: int, claim: Claim, *, by, at: datetime) -> WorkItem:
    """Report one item completed; a draft of it is what is sent, with the files kept before. Raises as a step does."""
    item = take_item_step(item_id, ItemStep.REPORT, by=by, at=at, on=claim.completed_on)
    report = _written(item, claim)
    report.reported_by, report.reported_at = by, at
    report.save()
    _keep(report, claim.files)
    if not report.evidence.exclude(held=Evidence.Held.INFECTED).exists():
        raise ValidationError({"files": _("Hãy đính kèm ít nhất một minh chứng.")})
    return item


@transaction.atomic
def prepare_report(item_id: int, claim: Claim, *, by, at: datetime) -> CompletionReport:
    """Keep what was entered so far without sending it; the secretary is told when somebody else prepared it.

    Raises WorkItem.DoesNotExist, PermissionDenied, gate.StepNotOpen or ValidationError (files).
    """
    item, report = _entered(item_id, claim, by=by, prepared_by=by, prepared_at=at)
    record(
        "workitem.prepare_report",
        subject="workitem",
        subject_id=item.pk,
        unit_id=item.unit_id,
        by=by,
        at=at,
        tell=() if claim.interim or may(by, Action.REPORT) else people_at(item.unit, OFFICERS, at),
        text=lambda: _("Báo cáo đã soạn, chờ bạn gửi: %(title)s") % {"title": public_title(item)},
        link=reverse("progress:report", args=[item.pk]),
    )
    return report


@transaction.atomic
def tell_progress(item_id: int, claim: Claim, *, by, at: datetime) -> CompletionReport:
    """Tell how far an item is; its state stays. Whoever enters reports may; those above read it at the item.

    Raises as `prepare_report` does.
    """
    item, report = _entered(item_id, claim, by=by, reported_by=by, reported_at=at)
    record(
        "workitem.tell_progress",
        subject="workitem",
        subject_id=item.pk,
        unit_id=item.unit_id,
        by=by,
        at=at,
        detail={"report": report.pk},
    )
    return report


@transaction.atomic
def add_evidence(item_id: int, file, *, by, at: datetime, interim: bool = False) -> CompletionReport:
    """Keep one file in the item's draft, made where there is none; what was written in the draft stays.

    The same file sent again is the one that is there. Raises as `prepare_report` does.
    """
    item = locked_item(item_id, by=by)
    check_may_prepare(item, by=by)
    report = _draft_of(item, interim)
    if report.pk is None:
        report.prepared_by, report.prepared_at = by, at
        report.save()
    _keep(report, [file])
    record(
        "workitem.add_evidence",
        subject="workitem",
        subject_id=item.pk,
        unit_id=item.unit_id,
        by=by,
        at=at,
        detail={"report": report.pk},
    )
    return report


@transaction.atomic
def drop_evidence(item_id: int, evidence_id: int, *, by) -> None:
    """Take one file out of a draft; a sent report keeps all of its files."""
    item = locked_item(item_id, by=by)
    check_may_prepare(item, by=by)
    evidence = Evidence.objects.filter(report__item=item, report__reported_at__isnull=True, pk=evidence_id).first()
    if evidence is not None:
        evidence.delete()
        take_off_disk_later(evidence)


def place_of_evidence(file: Evidence, at: datetime) -> Place:
    """Return whose a file is and who is told of it; three queries."""
    item = file.report.item
    link = reverse("progress:item", args=[item.pk])
    return Place("workitem", item.pk, item.unit_id, people_at(item.unit_id, ENTERED_BY, at), link)


def check_may_prepare(item: WorkItem, *, by) -> None:
    """Raise PermissionDenied or StepNotOpen where this person may not enter the item's report now."""
    if not may(by, Action.ENTER_REPORT) or not reaches(by, item.unit):
        raise PermissionDenied
    if item.excluded_at or item.state not in ITEM_MOVES[ItemStep.REPORT].sources:
        raise gate.StepNotOpen(item, ItemStep.REPORT, ITEM_MOVES)


def _entered(item_id: int, claim: Claim, *, by, **said) -> tuple[WorkItem, CompletionReport]:
    """Write what was entered, with its files, and what is `said` of who and when."""
    item = locked_item(item_id, by=by)
    check_may_prepare(item, by=by)
    report = _written(item, claim)
    for name, value in said.items():
        setattr(report, name, value)
    report.save()
    _keep(report, claim.files)
    return item, report


def _written(item: WorkItem, claim: Claim) -> CompletionReport:
    """Return the item's draft, or a new one, saying what the claim says."""
    report = _draft_of(item, claim.interim)
    report.completed_on, report.result = claim.completed_on, claim.result
    report.value, report.measure = claim.value, claim.measure
    return report


def _draft_of(item: WorkItem, interim: bool) -> CompletionReport:
    drafts = CompletionReport.objects.drafts(interim=interim)
    return drafts.filter(item=item).first() or CompletionReport(item=item, interim=interim)


def _keep(report: CompletionReport, files: Sequence) -> None:
    """Store the files the report does not have yet; none stays behind on disk when one is refused."""
    there = list(report.evidence.values_list("digest", flat=True))
    taken = {one.digest: one for one in map(take_in, files)}
    new = [one for digest, one in taken.items() if digest not in there]
    if len(there) + len(new) > MOST_FILES:
        raise ValidationError({"files": _("Mỗi báo cáo tối đa %(most)d tệp.") % {"most": MOST_FILES}})
    kept = []
    try:
        for file in new:
            kept.append(Evidence(report=report))
            put_away(kept[-1], file)
            kept[-1].save()
    except Exception:
        for evidence in kept:
            take_off_disk(evidence)
        raise
