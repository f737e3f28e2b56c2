"""What marks add up to: totals out of 100, how far scoresheets stand apart, and which. Plain Python, exact fractions.

A total is the weighted mean of what each criterion's level earns, times 100; levels without a share (not applicable,
words) leave the denominator. A sheet that is not marked to the end has no total at all.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TypeVar

from models_registry.scales import level_of

Key = TypeVar("Key", bound=Hashable)


def total(criteria: Iterable, marks: Mapping[int, str]) -> Fraction | None:
    """Return 0 to 100 from {criterion's pk: mark}; None while a criterion is unmarked, or where nothing has weight."""
    earned, weighed = Fraction(0), 0
    for criterion in criteria:
        level = level_of(criterion, marks.get(criterion.pk, ""))
        if level is None:
            return None
        if level.share is not None:
            earned, weighed = earned + level.share * criterion.weight, weighed + criterion.weight
    return earned / weighed * 100 if weighed else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How far totals lie apart, in points out of 100."""

    low: Fraction
    high: Fraction
    mean: Fraction

    @property
    def apart(self) -> Fraction:
        return self.high - self.low


def spread(totals: Sequence[Fraction]) -> Spread | None:
    """Return the spread of at least two totals; None for fewer."""
    if len(totals) < 2:
        return None
    return Spread(min(totals), max(totals), sum(totals, Fraction(0)) / len(totals))


def outliers(totals: Mapping[Key, Fraction], least: int) -> dict[Key, Fraction]:
    """Return {whose: points above (+) or below (-) the median of the others} where that is `least` points or more.

    Of two who stand so far apart both are named: nobody can say which of them is the odd one.
    """
    found = {}
    for whose, own in totals.items():
        others = [one for other, one in totals.items() if other != whose]
        if others and abs(distance := own - Fraction(median(others))) >= least:
            found[whose] = distance
    return found


def divided(criterion, marks: Iterable[str]) -> Fraction | None:
    """Return how far apart the marks of one criterion are, as a part of its weight; None with fewer than two."""
    levels = [level_of(criterion, mark) for mark in marks]
    shares = [level.share for level in levels if level is not None and level.share is not None]
    return max(shares) - min(shares) if len(shares) > 1 else None
