from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from completion import keeping
from completion.models import BridgeStep, Revision, Taken
from models_registry.models import WorkItem
from organizations.models import Unit
from tests import factories
from tests.completion.archives import close, done, item, load


@pytest.fixture
def leader(client, db, tmp_path):
    with time_machine.travel("2026-07-02T09:00:00+07:00", tick=True):
        yield from _leader(client, tmp_path)


def _leader(client, tmp_path):
    works = [item(f"A{n}", "20/3") for n in range(6)] + [item(f"B{n}", "20/6", "B") for n in range(4)]
    events = [row for n in range(3) for row in done(f"A{n}", "15/3")] + done("A3", "15/4") + done("B0", "1/6")
    load(tmp_path, items=works, events=events)
    close("2026-Q1")
    close("2026-Q2", provisional=True)
    client.person = factories.person(Unit.objects.get(code="D"), "leader")
    client.force_login(client.person)
    client.folder = tmp_path
    yield client


def address(name="bridge", **query):
    query = {"quarter": "2026-Q2", "rate": "r2"} | query
    return reverse(f"dashboards:{name}", args=[Unit.objects.get(code="G").pk], query=query)


def test_a_leader_reads_why_a_rate_moved_and_opens_each_step(leader):
    answer = leader.get(address())
    steps = {label: (n, base, works) for label, n, base, works, _url in answer.context["steps"]}
    assert steps == {
        "Mới đến hạn": ("0", "+4", 4), "Hoàn thành": ("+1", "0", 1), "Khắc phục việc quá hạn": ("+1", "0", 1),
    }  # fmt: skip
    assert [answer.context[end][1].text for end in ("first", "last")] == ["50,0%", "50,0%"]
    assert "Quý II/2026, tạm tính" in answer.text
    for _label, _n, _base, works, url in answer.context["steps"]:
        assert len(leader.get(url).context["rows"]) == works
    ((item_, _shown, was, now),) = leader.get(answer.context["steps"][2][4]).context["rows"]
    assert (item_.code, was, now) == (
        "A3",
        "Chi bộ ấp 1: Đến hạn 20/03/2026, hoàn thành 15/04/2026, xác nhận muộn, lúc 15/04/2026 09:00, "
        "sau thời điểm chốt – không tính",
        "Chi bộ ấp 1: Đến hạn 20/03/2026, hoàn thành 15/04/2026, xác nhận 15/04/2026, sau hạn – tính",
    )


def test_the_bridge_and_its_steps_are_workbooks_too_names_hidden(leader):
    WorkItem.objects.filter(code="B0").update(kind="IND", subject_name="Đảng viên mẫu", title="Việc của Đảng viên mẫu")
    for url, wanted in (
        (address(), ("Quý I/2026, đã chốt, bản 1", 3, 6)),
        (address("bridge_step", step="completed"), None),
    ):
        sheet = load_workbook(BytesIO(b"".join(leader.post(url, {"file": "xlsx"})))).active
        rows = [row for row in sheet.iter_rows(values_only=True) if row[1] is not None]
        assert len(rows) > 1 and (wanted is None or rows[1][:3] == wanted)
        assert not any("Đảng viên mẫu" in str(cell) for row in rows for cell in row)
    sealed = set(Revision.objects.filter(sealed=True).values_list("pk", flat=True))
    assert set(Taken.objects.values_list("revision", "form")) == {(pk, "xlsx") for pk in sealed}


def test_one_revision_alone_has_no_bridge(leader):
    answer = leader.get(address(to="2026-Q1.1"))
    assert (answer.status_code, answer.context["compared"]) == (200, None)
    assert leader.get(address("bridge_step", step="moved_in")).status_code == 404


@pytest.mark.parametrize(("name", "queries"), [("bridge", 12), ("bridge_step", 13)])
def test_it_costs_the_same_however_many_works(leader, name, queries, django_assert_max_num_queries):
    load(leader.folder / "more", items=[item(f"C{n}", "20/6", "B", approved="5/4") for n in range(30)])
    close("2026-Q2", provisional=True)
    asked = address(name, step="newly")
    with django_assert_max_num_queries(queries):
        assert leader.get(asked).status_code == 200


def test_the_bridge_of_two_seals_is_kept_and_its_steps_open_as_before(
    leader, monkeypatch, django_assert_max_num_queries
):
    with time_machine.travel("2026-07-12T09:00:00+07:00", tick=True):
        close("2026-Q2")
        leader.force_login(leader.person)
        asked = [address(), address("bridge_step", step="recovered")]
        told = [leader.get(url).context for url in asked]
        assert not BridgeStep.objects.exists()
        monkeypatch.setattr(keeping, "KEPT_FROM", 1)
        for url, was, queries in zip(asked * 2, told * 2, (12, 12, 6, 10), strict=True):
            with django_assert_max_num_queries(queries):
                now = leader.get(url).context
            assert [now.get(name) for name in ("steps", "chart", "rows", "counts")] == [
                was.get(name) for name in ("steps", "chart", "rows", "counts")
            ]
    kept = BridgeStep.objects.values_list("step", "n", "base", "count").order_by("id")
    assert list(kept) == [("", 3, 6, 10), ("recovered", 1, 0, 1), ("newly", 0, 4, 4), ("completed", 1, 0, 1)]
