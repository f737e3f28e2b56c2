"""Makes approved items and the days around them."""

import datetime as dt
import itertools

from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry.models import (
    CriterionSet,
    Dossier,
    MeasureUnit,
    RegistrationRound,
    Theme,
    WorkItem,
)
from progress.services.reporting import Claim
from tests.factories import AT

APPROVED_AT = AT + dt.timedelta(days=5)  # 10/01/2026 09:00
DUE = dt.date(2026, 3, 20)
_number = itertools.count(1)


def instant(day, hour=9, minute=0):
    """A local instant of a day written "2026-03-20"."""
    day = dt.date.fromisoformat(day)
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=AT.tzinfo)


def sheet(unit, body, *, year=2026, mask_names=True):
    """An approved registration sheet in a round of its own."""
    n = next(_number)
    theme = Theme.objects.create(title="Chuyên đề", year_from=year, year_to=year, owner=body)
    criteria = [
        CriterionSet.objects.create(name=f"Bộ {n}", owner=body, dossier_kind=kind, year=year, version=n)
        for kind in ("practice_model", "registration_sheet")
    ]
    found = RegistrationRound.objects.create(
        name=f"Đợt {n}",
        year=year,
        body=body,
        theme=theme,
        model_criteria=criteria[0],
        sheet_criteria=criteria[1],
        opens_on=dt.date(year, 1, 2),
        closes_on=dt.date(year, 3, 1),
        late_until=dt.date(year, 3, 31),
        mask_names=mask_names,
        opened_at=AT,
    )
    author = next(iter(unit.posts.all())).person
    return Dossier.objects.create(
        kind="registration_sheet",
        unit=unit,
        round=found,
        year=year,
        title="Bản đăng ký",
        state="approved",
        version=1,
        body=body,
        author=author,
        submitted_by=author,
        created_at=AT,
        changed_at=AT,
        submitted_at=AT,
        decided_at=APPROVED_AT,
    )


def item(dossier, *, kind="COL", due=DUE, approved_at=APPROVED_AT, state="in_progress", **fields):
    """An approved item of a sheet, in progress."""
    fields = {"title": "Lắp đèn đường ấp 1", "folded": "lap den duong ap 1"} | fields
    return WorkItem.objects.create(
        dossier=dossier,
        unit=dossier.unit,
        kind=kind,
        year=dossier.year,
        due_on=due,
        due_in_force=due,
        approved_at=approved_at,
        state=state,
        **fields,
    )


def file(name="bien-ban.pdf", content=b"%PDF-1.4\n1 0 obj <<>> endobj\n%%EOF"):
    return SimpleUploadedFile(name, content)


def claim(day, *, files=None):
    return Claim(
        completed_on=dt.date.fromisoformat(day),
        result="Đã lắp 12 bóng đèn.",
        value=12,
        measure=MeasureUnit.objects.get_or_create(code="bong", defaults={"name": "bóng"})[0],
        files=[file()] if files is None else files,
    )
