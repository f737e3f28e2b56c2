"""Rounds and dossiers to start a test from: complete enough to be sent."""

import datetime as dt

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from models_registry.content import content_of
from models_registry.models import (
    Criterion,
    CriterionSet,
    Dossier,
    Exemplar,
    MeasureUnit,
    PracticeModel,
    PracticeOutput,
    RegistrationRound,
    ResolutionTarget,
    Shortcoming,
    ShortcomingLink,
    TargetLink,
    Theme,
    WorkItem,
)
from tests.factories import AT
from vietnamese.folding import fold
from vietnamese.searching import search_text

YEAR = AT.year
DAY = AT.date()


def opened_round(district, name="Đợt 1", year=YEAR, **fields):
    """A round of the district's board that receives from 1 January to the end of March, late until 15 April."""
    theme = Theme.objects.create(title="Chuyên đề năm", year_from=year, year_to=year, owner=district.top)
    sets = [
        CriterionSet.objects.create(name=f"Tiêu chí {kind} {name}", owner=district.board, dossier_kind=kind, year=year)
        for kind in Dossier.Kind.values
        if not CriterionSet.objects.filter(owner=district.board, dossier_kind=kind, year=year)
    ] or list(CriterionSet.objects.filter(owner=district.board, year=year).order_by("dossier_kind"))
    for criteria in sets:
        Criterion.objects.get_or_create(
            criterion_set=criteria, code="de-hieu", defaults={"group": "ease", "text": "Dễ hiểu"}
        )
    values = {
        "opens_on": dt.date(year, 1, 1),
        "closes_on": dt.date(year, 3, 31),
        "late_until": dt.date(year, 4, 15),
        "target_kinds": ["cell"],
        "opened_at": AT,
    }
    return RegistrationRound.objects.create(
        name=name,
        year=year,
        body=district.board,
        theme=theme,
        model_criteria=sets[0],
        sheet_criteria=sets[-1],
        **values | fields,
    )


def measure(name="hộ"):
    return MeasureUnit.objects.get_or_create(code=fold(name), defaults={"name": name})[0]


def dossier(unit, author, round_, kind=Dossier.Kind.PRACTICE_MODEL, title="Tổ bảo vệ môi trường", **fields):
    """An empty draft."""
    made = Dossier.objects.create(
        kind=kind,
        unit=unit,
        round=round_,
        year=round_.year,
        title=title,
        author=author,
        created_at=AT,
        changed_at=AT,
        folded=search_text(title),
        **fields,
    )
    if made.is_model:
        PracticeModel.objects.create(dossier=made)
    return made


def item(of, kind="COL", title="Thu gom rác tại nguồn", **fields):
    values = {
        "assignee": "Tổ trưởng tổ tự quản",
        "accountable": "Chi ủy",
        "starts_on": dt.date(of.year, 2, 1),
        "due_on": dt.date(of.year, 6, 30),
        "expected_result": "Các hộ phân loại rác",
        "expected_value": 60,
        "measure": measure(),
        "folded": search_text(title),
    }
    return WorkItem.objects.create(dossier=of, unit=of.unit, kind=kind, year=of.year, title=title, **values | fields)


def individual(of, name="Nguyễn Văn Mẫu", position="Đảng viên", number=1, title="Mỗi tháng đọc một bài học", **fields):
    return item(
        of,
        "IND",
        title,
        subject_name=name,
        subject_position=position,
        subject_number=number,
        assignee=position,
        **fields,
    )


def full_model(unit, author, round_, **fields):
    """A draft of a practice model that lacks nothing."""
    made = dossier(unit, author, round_, **fields)
    practice = made.practice
    for name in ("situation", "goal", "learning", "following", "example_setting", "solutions", "upkeep"):
        setattr(practice, name, f"Nội dung {name}")
    for name in ("place", "target_group", "beneficiaries", "resources", "spread"):
        setattr(practice, name, f"Nội dung {name}")
    practice.save()
    target = ResolutionTarget.objects.create(
        owner=unit, text="90% hộ phân loại rác", year_from=made.year, year_to=made.year
    )
    TargetLink.objects.create(practice=practice, target=target)
    flaw = Shortcoming.objects.create(owner=unit, text="Rác chưa được phân loại", year=made.year)
    ShortcomingLink.objects.create(practice=practice, shortcoming=flaw, remedy="partly")
    Exemplar.objects.create(
        practice=practice, name="Trần Thị Mẫu", position="Tổ trưởng", evidence="Vận động 60 hộ", consent=True
    )
    PracticeOutput.objects.create(practice=practice, name="Hộ tham gia", value=60, measure=measure())
    item(made)
    return made


def full_sheet(unit, author, round_, **fields):
    """A draft of a registration sheet that lacks nothing: one collective work, one issue, one individual work."""
    made = dossier(unit, author, round_, kind=Dossier.Kind.REGISTRATION_SHEET, title="Bản đăng ký", **fields)
    item(made)
    item(made, "ISS", "Giải quyết ngập nước đường tổ 6")
    individual(made)
    return made


def content(of):
    return content_of(of)


def stored_sample() -> str:
    """Return the stored name of a tiny file, made once."""
    name = "samples/mau.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(b"%PDF-1.7\n%%EOF"))
    return name
