"""Writing criterion sets. A set by which somebody was judged is never changed: a change makes the next version."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.default_criteria import DEFAULTS
from models_registry.editions import StalePage, locked
from models_registry.models import Criterion, CriterionSet, Dossier, RegistrationRound
from models_registry.queries.plans import keeps
from models_registry.scales import MOST_LEVELS
from organizations.models import Unit
from vietnamese.folding import slug


class CriterionRow(NamedTuple):
    """One line of a set as it was typed; a new line has no code yet. `levels` as `Criterion` keeps them."""

    group: str
    text: str
    code: str = ""
    kind: str = Criterion.Kind.CHECK
    weight: int = 1
    levels: Sequence[tuple[int, str]] = ()


@transaction.atomic
def add_criteria(
    owner: Unit,
    *,
    dossier_kind: str,
    year: int,
    name: str,
    rows: Sequence[CriterionRow],
    by,
    at: datetime,
    based_on: CriterionSet | None = None,
) -> CriterionSet:
    """Add the first version of a body's set for a year and dossier kind.

    Raises PermissionDenied, or ValidationError where one already stands or no criterion is given.
    """
    _refuse_stranger(owner, by=by, at=at)
    if CriterionSet.objects.filter(owner=owner, dossier_kind=dossier_kind, year=year).exists():
        raise ValidationError(_("Năm này đã có bộ tiêu chí cho loại hồ sơ ấy. Hãy sửa bộ đang có."))
    made = CriterionSet(owner=owner, dossier_kind=dossier_kind, year=year, name=name, based_on=based_on)
    return _write(made, rows, verb="added", by=by, at=at)


@transaction.atomic
def change_criteria(
    criterion_set: CriterionSet,
    *,
    name: str,
    rows: Sequence[CriterionRow],
    edition: int,
    by,
    at: datetime,
    rounds: Collection[int] = (),
    newest: int | None = None,
) -> CriterionSet:
    """Change a set and return it; where it is frozen, return the next version and leave the old one untouched.

    Of the rounds that use any version, those named (by id) take up what was written for what nobody has judged yet.
    `newest` is the newest version the writer knew of, where it is not this one. Raises PermissionDenied, StalePage
    (also where a newer version stands than that), or ValidationError.
    """
    current = locked(criterion_set, edition)
    _refuse_stranger(current.owner, by=by, at=at)
    last = current.versions().order_by("version").last()
    if last.version != (newest or current.version):
        raise StalePage(last)
    if current.frozen_at is None:
        current.name, current.edition = name, current.edition + 1
        written = _write(current, rows, verb="changed", by=by, at=at)
    else:
        following = CriterionSet(
            owner=current.owner,
            dossier_kind=current.dossier_kind,
            year=current.year,
            version=last.version + 1,
            name=name,
            based_on=current,
        )
        written = _write(following, rows, verb="versioned", by=by, at=at)
    for round_ in written.rounds_to_move().filter(pk__in=rounds).exclude(by_version=written.version):
        _take_up(round_, written, by=by, at=at)
    return written


@transaction.atomic
def copy_criteria(criterion_set: CriterionSet, year: int, *, by, at: datetime) -> CriterionSet:
    """Copy a set to another year as its version 1. Raises PermissionDenied, or ValidationError where one stands."""
    return add_criteria(
        criterion_set.owner,
        dossier_kind=criterion_set.dossier_kind,
        year=year,
        name=criterion_set.name,
        rows=rows_of(criterion_set),
        based_on=criterion_set,
        by=by,
        at=at,
    )


def rows_of(criterion_set: CriterionSet) -> list[CriterionRow]:
    """Return the criteria of a set as they are written."""
    found = criterion_set.criteria.all()
    return [CriterionRow(one.group, one.text, one.code, one.kind, one.weight, one.levels) for one in found]


@transaction.atomic
def seed_default_criteria(body: Unit, year: int, *, by, at: datetime) -> list[CriterionSet]:
    """Give a body the default sets of a year where it has none; returns those made. `by` None is the portal itself."""
    standing = set(CriterionSet.objects.filter(owner=body, year=year).values_list("dossier_kind", flat=True))
    made = []
    for dossier_kind, (name, criteria) in DEFAULTS.items():
        if dossier_kind in standing:
            continue
        rows = [CriterionRow(group, text, code) for group, code, text in criteria]
        if by is not None:
            _refuse_stranger(body, by=by, at=at)
        new = CriterionSet(owner=body, dossier_kind=dossier_kind, year=year, name=name)
        made.append(_write(new, rows, verb="added", by=by, at=at))
    return made


@transaction.atomic
def freeze_criteria(criterion_set: CriterionSet, *, by, at: datetime) -> None:
    """Freeze a set by which somebody now judges, unless it is; until commit nobody changes its criteria."""
    if CriterionSet.objects.filter(pk=criterion_set.pk, frozen_at__isnull=True).update(frozen_at=at):
        record(
            "criterionset.frozen",
            subject="criterionset",
            subject_id=criterion_set.pk,
            unit_id=criterion_set.owner_id,
            by=by,
            at=at,
        )


def pin_criteria(dossier: Dossier, criterion_set: CriterionSet, *, by, at: datetime) -> None:
    """Judge the version at hand by this set from now on, whatever its round takes up later; freezes the set."""
    freeze_criteria(criterion_set, by=by, at=at)
    dossier.versions.filter(number=dossier.version, criterion_set=None).update(criterion_set=criterion_set)


def _write(criterion_set: CriterionSet, rows: Sequence[CriterionRow], *, verb: str, by, at: datetime) -> CriterionSet:
    if not rows:
        raise ValidationError(_("Bộ tiêu chí cần ít nhất một tiêu chí."))
    for row in rows:
        refuse_odd_scale(row)
    criterion_set.save()
    criterion_set.criteria.all().delete()
    codes = _codes(rows)
    Criterion.objects.bulk_create(
        Criterion(
            criterion_set=criterion_set,
            group=row.group,
            code=code,
            text=row.text,
            order=order,
            kind=row.kind,
            weight=row.weight,
            levels=[list(level) for level in row.levels],
        )
        for order, (row, code) in enumerate(zip(rows, codes, strict=True), start=1)
    )
    record(
        f"criterionset.{verb}",
        subject="criterionset",
        subject_id=criterion_set.pk,
        unit_id=criterion_set.owner_id,
        by=by,
        at=at,
        detail={"version": criterion_set.version, "criteria": len(rows)},
    )
    return criterion_set


def refuse_odd_scale(row: CriterionRow) -> None:
    """Raise ValidationError where a line cannot be marked as it says; naming what to mend."""
    points = [points for points, _text in row.levels]
    if row.group == Criterion.Group.FAULT and row.kind != Criterion.Kind.CHECK:
        raise ValidationError(_("Lỗi cần tránh chỉ chấm có mắc hay không mắc."))
    if row.kind == Criterion.Kind.TEXT and row.weight:
        raise ValidationError(_("Tiêu chí nhận xét bằng lời không tính điểm nên trọng số phải là 0."))
    if row.kind != Criterion.Kind.SCORE:
        if points:
            raise ValidationError(_("Chỉ tiêu chí cho điểm mới có các mức điểm riêng."))
    elif not 2 <= len(points) <= MOST_LEVELS or not all(text.strip() for _points, text in row.levels):
        raise ValidationError(_("Tiêu chí cho điểm cần từ hai đến năm mức, mức nào cũng có mô tả."))
    elif points != sorted(set(points), reverse=True):
        raise ValidationError(_("Hãy xếp các mức từ điểm cao xuống thấp, không trùng điểm."))


def _take_up(round_: RegistrationRound, criteria: CriterionSet, *, by, at: datetime) -> None:
    field = "model_criteria" if criteria.dossier_kind == CriterionSet.DossierKind.PRACTICE_MODEL else "sheet_criteria"
    RegistrationRound.objects.filter(pk=round_.pk).update(**{field: criteria}, edition=F("edition") + 1)
    record(
        "registrationround.changed",
        subject="registrationround",
        subject_id=round_.pk,
        unit_id=round_.body_id,
        by=by,
        at=at,
        detail={field: criteria.pk},
    )


def _codes(rows: Sequence[CriterionRow]) -> list[str]:
    """Return a code for each row, its own or one made from its text, none twice."""
    kept = {row.code for row in rows if row.code}
    codes = []
    for row in rows:
        code, n = row.code, 1
        while not code or (not row.code and code in kept):
            base = slug(row.text)[:34].replace("-", "_") or "tieu_chi"
            code = base if n == 1 else f"{base}_{n}"
            n += 1
        kept.add(code)
        codes.append(code)
    return codes


def _refuse_stranger(owner: Unit, *, by, at: datetime) -> None:
    if not keeps(by, owner, localdate(at)):
        raise PermissionDenied
