"""What the text of a cell stands for, and what is looked up of many rows at once."""

import datetime as dt

from django.core.exceptions import ValidationError

from organizations.models import Unit
from organizations.workbooks import Problem, Row
from vietnamese.forms import DayField

CHUNK = 5_000


def in_chunks(queryset, field_name: str, values) -> list:
    values = sorted(values)
    return [
        row
        for start in range(0, len(values), CHUNK)
        for row in queryset.filter(**{f"{field_name}__in": values[start : start + CHUNK]})
    ]


def day_of(row: Row, key: str, problems: list[Problem]) -> dt.date | None:
    if not row.cells[key]:
        return None
    try:
        return DayField().clean(row.cells[key])
    except ValidationError as error:
        problems.append(row.problem(key, error.messages[0]))
        return None


def stands(unit, day: dt.date) -> bool:
    if isinstance(unit, Unit):
        return unit.valid_from <= day and (unit.valid_to is None or unit.valid_to > day)
    return unit["valid_from"] is None or unit["valid_from"] <= day
