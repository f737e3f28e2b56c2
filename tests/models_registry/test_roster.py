import io

import openpyxl
import pytest
from django.urls import reverse

from models_registry.models import Obligation
from tests.factories import AT
from tests.models_registry import plans


@pytest.fixture
def opened(district):
    made = plans.round_of(district.board, target_kinds=["cell", "grassroots_committee"])
    plans.obligation(made, district)
    plans.obligation(made, district, unit=district.other_cell)
    plans.obligation(
        made,
        district,
        unit=district.commune,
        exempted_at=AT,
        exempted_by=district.head,
        exempt_reason="=cmd|' /C calc'!A0",
    )
    return made


@pytest.fixture
def as_head(client, district):
    client.force_login(district.head)
    return client


def page(client, opened, **query):
    return client.get(reverse("models_registry:round", args=[opened.pk]), query)


def shown(answer):
    return {row.unit.name for row in answer.context["page_obj"].object_list}


def exported(client, opened, **query):
    answer = client.get(reverse("models_registry:round_export", args=[opened.pk]), query)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_the_head_sees_every_unit_and_counts_that_add_up(as_head, opened):
    answer = page(as_head, opened)
    assert shown(answer) == {"Chi bộ ấp 1", "Chi bộ ấp 2", "Đảng ủy xã An"}
    counts = answer.context["counts"]
    assert counts["owed"] == 3 == sum(counts[name] for name in ("sent", "late", "missing", "exempt"))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "missing"}, {"Chi bộ ấp 1", "Chi bộ ấp 2"}),
        ({"status": "exempt"}, {"Đảng ủy xã An"}),
        ({"kind": "cell"}, {"Chi bộ ấp 1", "Chi bộ ấp 2"}),
        ({"q": "chi bo ap 2"}, {"Chi bộ ấp 2"}),
        ({"status": "nonsense"}, {"Chi bộ ấp 1", "Chi bộ ấp 2", "Đảng ủy xã An"}),
        ({"q": "không có"}, set()),
    ],
)
def test_the_roster_is_filtered_by_the_address(as_head, opened, query, names):
    assert shown(page(as_head, opened, **query)) == names


def test_a_secretary_sees_the_own_line_alone(client, district, opened):
    client.force_login(district.secretary)
    answer = page(client, opened)
    assert shown(answer) == {"Chi bộ ấp 1"}
    assert answer.context["counts"]["owed"] == 1


def test_a_secretary_begins_the_registration_from_the_page_of_its_round(client, district, opened, time_machine):
    time_machine.move_to(AT)
    client.force_login(district.secretary)
    assert page(client, opened).context["start_url"] == f"{reverse('models_registry:start')}?round={opened.pk}"


def test_nothing_begins_after_the_last_day_nor_by_the_board(client, district, opened, time_machine):
    time_machine.move_to("2026-04-11T08:00:00+07:00")
    client.force_login(district.secretary)
    assert page(client, opened).context["start_url"] == ""
    time_machine.move_to(AT)
    client.force_login(district.head)
    assert page(client, opened).context["start_url"] == ""


def test_a_leader_sees_all_lines_and_no_button(client, district, opened):
    client.force_login(district.leader)
    answer = page(client, opened)
    assert len(shown(answer)) == 3
    assert "Miễn cho các đơn vị" not in answer.content.decode()


def test_the_export_holds_the_list_as_filtered(as_head, opened):
    rows = exported(as_head, opened, status="missing")
    assert [row[1] for row in rows] == ["Chi bộ ấp 1", "Chi bộ ấp 2"]
    assert [row[2] for row in rows] == ["Đảng ủy xã An", "Đảng ủy xã Bình"]
    assert {row[5] for row in rows} == {"Chưa gửi"}


def test_what_was_typed_stays_text_in_the_export(as_head, opened):
    assert exported(as_head, opened, status="exempt")[0][7] == "=cmd|' /C calc'!A0"


def test_marked_units_are_exempted_with_a_reason(as_head, district, opened):
    row = opened.obligations.get(unit=district.cell)
    url = reverse("models_registry:round_exempt", args=[opened.pk])
    assert "Chi bộ ấp 1" in as_head.get(url, {"rows": [row.pk]}).content.decode()
    refused = as_head.post(url, {"rows": [row.pk], "reason": "vì"})
    assert (refused.status_code, "ít nhất 10 ký tự" in refused.content.decode()) == (422, True)
    assert as_head.post(url, {"rows": [row.pk], "reason": "Đang sắp xếp lại tổ chức"}).status_code == 302
    row.refresh_from_db()
    assert row.exempt_reason == "Đang sắp xếp lại tổ chức"


def test_exempting_with_nothing_marked_goes_back_and_says_so(as_head, opened):
    answer = as_head.get(reverse("models_registry:round_exempt", args=[opened.pk]), {"rows": ["9" * 30]}, follow=True)
    assert "Hãy đánh dấu" in answer.content.decode()


def test_a_lifted_exemption_is_owed_again(as_head, opened):
    row = Obligation.objects.get(exempted_at__isnull=False)
    assert as_head.post(reverse("models_registry:exemption_lift", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.exempted_at is None


def test_a_secretary_lifts_no_exemption(client, district, opened):
    Obligation.objects.update(exempted_at=AT, exempt_reason="Đang sắp xếp")
    client.force_login(district.secretary)
    row = opened.obligations.get(unit=district.cell)
    assert client.post(reverse("models_registry:exemption_lift", args=[row.pk])).status_code == 403
