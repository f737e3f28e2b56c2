"""The years of a unit: what was printed, of its predecessors too, beside what the portal sealed of the same."""

from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from completion.models import PublishedFigure
from completion.queries import beside_ours, sealed_of
from organizations.models import Unit
from tests import factories
from tests.completion.archives import close, done, item, load

pytestmark = pytest.mark.django_db


def printed(unit, label, n, base, rate, year=2026, **more) -> PublishedFigure:
    of = {"unit": unit, "year": year, "label": label, "n": n, "base": base, "printed_rate": rate, "kind": "COL"}
    return PublishedFigure.objects.create(source="Báo cáo", **of | more)


@time_machine.travel("2027-02-01T09:00:00+07:00", tick=True)
def test_sealed_counts_stand_beside_what_was_printed_of_the_same_unit_and_time(client, tmp_path):
    load(
        tmp_path,
        items=[item("A1", "20/3"), item("A2", "20/6"), item("B1", "20/6", unit="B")],
        events=done("A1", "15/3"),
    )
    for quarter in ("2026-Q1", "2026-Q4"):
        close(quarter)
    units = {unit.code: unit for unit in Unit.objects.all()}
    top = units["D"]
    printed(top, "Cả năm", 1, 3, "33,3%")
    printed(top, "Quý I", 2, 3, "66,7%", quarter=1)
    printed(top, "Của chi bộ", 1, 3, "", unit_kind="cell")
    printed(top, "Năm trước", 8, 10, "81%", year=2025)
    figures = list(PublishedFigure.objects.order_by("pk"))
    told = [
        (one.published.label, one.text, one.gap, one.n, one.base, one.counts_differ)
        for one in beside_ours(figures, sealed_of([top.pk], {2025, 2026}))
    ]
    assert told == [
        ("Cả năm", "33,3%", "", 1, 3, False),
        ("Quý I", "66,7%", "", 1, 3, True),
        ("Của chi bộ", "33,3%", "", 1, 3, False),
        ("Năm trước", "80,0%", "Công bố cao hơn 1 điểm % so với n/N.", None, None, False),
    ]
    client.force_login(factories.person(top, "leader"))
    asked = {"quarter": "2026-Q4", "rate": "r3", "kind": "COL"}
    chart = client.get(reverse("dashboards:unit", args=[top.pk]), asked).context["trend"]
    marks = [(row["name"], row["counts"], row["rate"]) for row in chart.rows if "công bố" in row["state"]]
    assert marks == [("2026, Quý IV", "1/3", "33,3%"), ("2026, Quý I", "2/3", "66,7%")]
    files = [client.get(reverse("dashboards:export", args=[top.pk, form]), asked).content for form in ("xlsx", "csv")]
    (line,) = [row for row in load_workbook(BytesIO(files[0]))["Số liệu đã công bố"].values if row[1] == "Quý I"]
    assert (line[5:9], line[13]) == ((2, 3, "66,7%", 2 / 3), "n, N khác số cổng đã chốt.")
    assert "không do cổng chốt" in files[1].decode("utf-8-sig")
    chart = client.get(reverse("dashboards:years", args=[top.pk])).context["chart"]
    assert [(row["name"], row["counts"], row["rate"], row["state"]) for row in chart.rows] == [
        ("2026", "1/3", "33,3%", "Đã chốt"),
        ("2025", "8/10", "81% (tính từ n/N: 80,0%)", "Số đã công bố trong báo cáo"),
        ("2026", "1/3", "33,3%", "Số đã công bố trong báo cáo"),
    ]
    old = factories.unit("Đảng ủy xã Cũ", Unit.Kind.GRASSROOTS_COMMITTEE, top)
    factories.succession("merge", old, units["G"])
    printed(old, "Tập thể", 7, 9, "77,8%", year=2024)
    page = client.get(reverse("dashboards:years", args=[units["G"].pk])).text
    assert all(said in page for said in ("Năm 2024", "Đảng ủy xã Cũ", "7/9"))


@time_machine.travel("2027-02-01T09:00:00+07:00", tick=True)
def test_years_the_portal_sealed_are_drawn_also_where_nothing_was_ever_printed(client, tmp_path):
    load(tmp_path, items=[item("A1", "20/3"), item("B1", "20/6", year=2025)], events=done("A1", "15/3"))
    for quarter in ("2025-Q4", "2026-Q4"):
        close(quarter)
    top = Unit.objects.get(code="D")
    client.force_login(factories.person(top, "leader"))
    page = client.get(reverse("dashboards:years", args=[top.pk]))
    assert [(row["name"], row["counts"]) for row in page.context["chart"].rows] == [("2025", "0/1"), ("2026", "1/1")]
    assert "Chưa có số liệu đã công bố" in page.text
