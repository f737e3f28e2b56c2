"""Makes the rows of a year's plan that a test starts from."""

import datetime as dt

from models_registry.models import CriterionSet, Obligation, RegistrationRound, Theme
from tests.factories import AT


def theme_of(owner, **values):
    given = {"title": "Chuyên đề mẫu", "year_from": 2026, "year_to": 2026}
    return Theme.objects.create(owner=owner, **given | values)


def criteria_of(owner, kind, year=2026, **values):
    made, _ = CriterionSet.objects.get_or_create(
        owner=owner, dossier_kind=kind, year=year, **{"version": 1} | values, defaults={"name": "Bộ tiêu chí mẫu"}
    )
    return made


def round_of(body, **values):
    given = {
        "name": "Đợt đăng ký năm 2026",
        "year": 2026,
        "theme": values.pop("theme", None) or theme_of(body),
        "model_criteria": criteria_of(body, "practice_model"),
        "sheet_criteria": criteria_of(body, "registration_sheet"),
        "opens_on": dt.date(2026, 1, 5),
        "closes_on": dt.date(2026, 3, 31),
        "late_until": dt.date(2026, 4, 10),
        "target_kinds": ["cell"],
        "opened_at": AT,
    }
    return RegistrationRound.objects.create(body=body, **given | values)


def obligation(round_, district, unit=None, **values):
    given = {"unit": unit or district.cell, "owes": "registration_sheet"}
    return Obligation.objects.create(round=round_, **given | values)
