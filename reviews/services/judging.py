"""Judging a dossier criterion by criterion, and proposing to the head."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.models import Criterion, Dossier
from models_registry.querysets.conflicts import unbarred
from models_registry.scales import Mark, level_of
from models_registry.services.criteria import pin_criteria
from organizations.queries import people_at
from reviews.lifecycle import JUDGE, PROPOSE, PROPOSE_REFUSAL
from reviews.models import Assignment, Judgement
from reviews.queries.appraisal import criteria_of, criterion_set_of, holding_of, judgements_of
from reviews.services.holding import finish, opened, refuse_missing_sheets


class Judged(NamedTuple):
    """What an appraiser says of one criterion; both empty takes the word back."""

    mark: str
    remark: str = ""


class JudgedElsewhere(Exception):
    """Another page of the same appraiser has saved since; `stored` is {criterion id: judgement}."""

    def __init__(self, stored: dict[int, Judgement]):
        self.stored = stored
        super().__init__("judged on another page")


@transaction.atomic
def save_judgements(
    dossier_id: int,
    entries: Mapping[int, Judged],
    *,
    by,
    at: datetime,
    edition: int | None = None,
    seen: datetime | None = None,
    unasked: bool = False,
) -> int:
    """Keep the marks and remarks of {criterion id: Judged} on the version at hand; return how many changed.

    The first judgement freezes the criterion set and binds the version to it. `seen` is the instant of the newest own
    judgement the page showed: a later one in the database raises JudgedElsewhere. `unasked` says that the page saved by
    itself: of such savings the journal keeps the first. Raises also PermissionDenied, gate.StepNotOpen, HeldByAnother
    and ValidationError (a criterion or mark that is not of this set, a sheet that was handed in), and then changes
    nothing.
    """
    dossier = opened(dossier_id, JUDGE, by=by, edition=edition)
    if any(said != Judged("") for said in entries.values()):
        pin_criteria(dossier, criterion_set_of(dossier), by=by, at=at)
    _check_marks(criteria_of(dossier), entries)
    stored = judgements_of(dossier, dossier.version, by.pk)
    changed = {pk: said for pk, said in entries.items() if said != _said(stored.get(pk))}
    if changed and Assignment.objects.held().filter(dossier=dossier, appraiser=by, finished_at__isnull=False).exists():
        raise ValidationError(_("Phiếu chấm đã nộp nên không sửa được nữa."))
    if seen is not None and any(one.at > seen for one in stored.values()):
        raise JudgedElsewhere(stored)
    if changed:
        _write_judgements(dossier, changed, by=by, at=at)
    if changed and not (unasked and stored):
        _record_judged(dossier, changed, by=by, at=at)
    return len(changed)


@transaction.atomic
def propose(
    dossier_id: int, proposed: str, *, by, at: datetime, reason: str = "", edition: int | None = None
) -> Assignment:
    """Propose to the head to approve, or with a reason not to; every scoresheet must be in. The heads are told.

    Raises PermissionDenied, gate.StepNotOpen, HeldByAnother or ValidationError, and then changes nothing.
    """
    act = PROPOSE if proposed == Assignment.Proposed.APPROVE else PROPOSE_REFUSAL
    dossier = opened(dossier_id, act, by=by, edition=edition, reason=reason)
    holding = holding_of(dossier.pk)
    refuse_missing_sheets(dossier, holding)
    finish([holding], at)
    holding.proposed = Assignment.Proposed(proposed)
    holding.proposed_reason, holding.proposed_at = reason.strip(), at
    holding.sent_back_reason, holding.sent_back_at, holding.sent_back_by = "", None, None
    holding.save()
    record(
        "appraisal.proposed",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"version": dossier.version, "proposed": proposed, "reason": reason.strip()},
        tell=unbarred(people_at(dossier.body, ("head",), at), dossier),
        text=lambda: f"{holding.proposed.label}: {dossier.title}",
        link=reverse("reviews:appraise", args=[dossier.pk]),
    )
    return holding


def _check_marks(criteria: list[Criterion], entries: Mapping[int, Judged]) -> None:
    known = {criterion.pk: criterion for criterion in criteria}
    for pk, said in entries.items():
        if pk not in known:
            raise ValidationError(_("Tiêu chí này không thuộc bộ tiêu chí của đợt."))
        if said.mark and level_of(known[pk], said.mark) is None:
            raise ValidationError(_("Mức đánh giá không hợp lệ."))
        if said.mark == Mark.ANSWERED and not said.remark.strip():
            raise ValidationError(_("Hãy ghi nhận xét cho tiêu chí này."))


def _said(judgement: Judgement | None) -> Judged:
    return Judged(judgement.mark, judgement.remark) if judgement else Judged("")


def _write_judgements(dossier: Dossier, changed: Mapping[int, Judged], *, by, at: datetime) -> None:
    version = dossier.versions.get(number=dossier.version)
    kept = [
        Judgement(version=version, criterion_id=pk, appraiser=by, mark=said.mark, remark=said.remark, at=at)
        for pk, said in changed.items()
        if said != Judged("")
    ]
    Judgement.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["version", "criterion", "appraiser"],
        update_fields=["mark", "remark", "at"],
    )
    emptied = [pk for pk, said in changed.items() if said == Judged("")]
    Judgement.objects.filter(version=version, appraiser=by, criterion__in=emptied).delete()


def _record_judged(dossier: Dossier, changed: Mapping[int, Judged], *, by, at: datetime) -> None:
    record(
        "appraisal.judged",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"version": dossier.version, "marks": {str(pk): said.mark for pk, said in changed.items()}},
    )
