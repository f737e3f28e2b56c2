"""The figures of the samples: past quarters sealed as of their closing instants, the present one provisional."""

from datetime import datetime

from django.db.models.functions import Length

from completion.quarters import Quarter
from completion.services import compute_provisional, seal_quarter
from organizations.models import Unit
from organizations.paths import STEP


def compute_figures(at: datetime) -> int:
    """Compute every quarter of this year and the last for every tree; returns how many were sealed.

    To be called outside a transaction: each quarter is read in a snapshot of its own.
    """
    roots = Unit.objects.annotate(length=Length("path")).filter(length=STEP)
    present, sealed = Quarter.of(at), 0
    quarters = [Quarter(year, number) for year in (present.year - 1, present.year) for number in (1, 2, 3, 4)]
    for root in roots:
        for quarter in (quarter for quarter in quarters if quarter <= present):
            if quarter.closes_at() <= at:
                seal_quarter(root, quarter, at=at)
                sealed += 1
            else:
                compute_provisional(root, quarter, at=at)
    return sealed
