"""How a criterion is marked: its levels, best first, and what each is worth. Data and plain functions, no queries.

A mark is the key of a level. Whatever the kind of a criterion, all else asks only for its levels: a criterion that is
met, partly met or not is a scale of three, a fault one of two, a score has levels of its own, words weigh nothing.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOST_LEVELS = 5


class Mark(TextChoices):
    """The marks that mean the same in every set; those of a criterion's own levels are LEVEL_KEYS."""

    MET = "met", _("Đạt")
    PARTLY = "partly", _("Đạt một phần")
    NOT_MET = "not_met", _("Chưa đạt")
    ANSWERED = "answered", _("Đã nhận xét")
    NOT_APPLICABLE = "not_applicable", _("Không áp dụng")


LEVEL_KEYS = tuple(f"level_{n}" for n in range(MOST_LEVELS))
MARKS = (*Mark.values, *LEVEL_KEYS)


class Level(NamedTuple):
    """One answer. `share` is what part of the criterion's weight it earns; None leaves it out of the total."""

    key: str
    label: str
    share: Fraction | None
    text: str = ""


NOT_APPLICABLE = Level(Mark.NOT_APPLICABLE.value, Mark.NOT_APPLICABLE.label, None)
CHECK = (
    Level(Mark.MET.value, Mark.MET.label, Fraction(1)),
    Level(Mark.PARTLY.value, Mark.PARTLY.label, Fraction(1, 2)),
    Level(Mark.NOT_MET.value, Mark.NOT_MET.label, Fraction(0)),
    NOT_APPLICABLE,
)
# A fault is shown or not: MET says that the dossier is free of it.
FAULT = (
    Level(Mark.MET.value, pgettext_lazy("fault", "Không mắc"), Fraction(1)),
    Level(Mark.NOT_MET.value, pgettext_lazy("fault", "Có mắc"), Fraction(0)),
)
TEXT = (Level(Mark.ANSWERED.value, Mark.ANSWERED.label, None), NOT_APPLICABLE)


def levels_of(criterion) -> tuple[Level, ...]:
    """Return the levels of anything with `kind`, `group` and `levels` (as [points, descriptor], best first)."""
    if criterion.kind == "score":
        return (*_own(criterion.levels), NOT_APPLICABLE)
    if criterion.kind == "text":
        return TEXT
    return FAULT if criterion.group == "fault" else CHECK


def level_of(criterion, mark: str) -> Level | None:
    """Return the level a mark names; None for no mark, and for one that is not of this criterion."""
    return next((level for level in levels_of(criterion) if level.key == mark), None)


def _own(levels) -> list[Level]:
    most = max((points for points, _text in levels), default=0)
    return [
        Level(key, _("%(points)d/%(most)d điểm") % {"points": points, "most": most}, Fraction(points, most or 1), text)
        for key, (points, text) in zip(LEVEL_KEYS, levels, strict=False)
    ]


def falls_short(criterion, mark: str) -> bool:
    """Whether a mark earns half of the criterion's weight or less: what a return asks to mend."""
    level = level_of(criterion, mark)
    return level is not None and level.share is not None and level.share <= Fraction(1, 2)


def points(value: Fraction | None) -> Decimal | None:
    """Return a total or a share of 100 as it is printed: half-up to one decimal."""
    if value is None:
        return None
    return Decimal(floor(value * 10 + Fraction(1, 2))) / 10


def described(criteria: Iterable) -> list[dict]:
    """Return each criterion with its levels and what part of 100 it makes up when all apply (None for words)."""
    criteria = list(criteria)
    weighed = sum(one.weight for one in criteria)
    return [
        {
            "criterion": one,
            "levels": levels_of(one),
            "part": points(Fraction(one.weight * 100, weighed)) if weighed and one.kind != "text" else None,
        }
        for one in criteria
    ]
