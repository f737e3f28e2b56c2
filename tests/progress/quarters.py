"""The first quarter of 2026, in its days of grace, as the tests of its papers see it."""

from django.urls import reverse

from progress.services import send_quarterly_report
from tests.progress.making import instant

APRIL_5 = instant("2026-04-05")


def send(district, at=APRIL_5, results="Đã làm được hai việc.", quarter=1, by=None):
    return send_quarterly_report(district.cell, 2026, quarter, by=by or district.secretary, at=at, results=results)


def page_of(district, quarter=1):
    return reverse("progress:unit_quarter", args=[district.cell.pk, 2026, quarter])
