"""Many individuals' works on one page, typed or pasted: all of it saved, or each wrong cell told and nothing lost."""

import datetime as dt

import pytest

from journal.models import Event
from models_registry import services
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, returned, rows, sent, step, url

pytestmark = pytest.mark.django_db

ROW = {
    "subject_name": "Lê Thị Mẫu",
    "subject_position": "Chi ủy viên",
    "title": "Kể chuyện về Bác",
    "accountable": "Chi ủy",
    "starts_on": "1/2/26",
    "due_on": "19/5/2026",
    "expected_result": "Mười câu chuyện",
    "expected_value": "1.150,5",
    "measure": "buoi",
}
STOOD = {
    "subject_name": "Nguyễn Văn Mẫu",
    "subject_position": "Đảng viên",
    "title": "Mỗi tháng đọc một bài học",
    "accountable": "Chi ủy",
    "starts_on": "01/02/2026",
    "due_on": "30/06/2026",
    "expected_result": "Các hộ phân loại rác",
    "expected_value": "60",
    "measure": "hộ",
}


def table(sheet):
    return url("individuals_table", sheet.pk)


def stood(sheet):
    return STOOD | {"id": sheet.items.get(kind="IND").pk}


def save(client, sheet, *given, edition=0, **more):
    return client.post(table(sheet), {"edition": edition, "save": "1", **rows(*given), **more})


def works(sheet):
    found = sheet.items.filter(kind="IND").order_by("subject_number", "order")
    return [(one.pk, one.subject_number, one.order, one.subject_name, one.title) for one in found]


def wrong(answer):
    return {(row, cell.split("-")[-1]): text for row, cell, _label, text in answer.context["table"].wrong}


def test_the_table_shows_what_stands_and_saves_it_unchanged_without_a_trace(secretary, sheet):
    page = secretary.get(table(sheet))
    first = next(page.context["table"].rows())
    assert {cell.key: cell.value for cell in first.cells if cell.value} == STOOD
    before = works(sheet)
    assert save(secretary, sheet, stood(sheet), {"id": ""}).status_code == 302
    sheet.refresh_from_db()
    assert (works(sheet), sheet.edition) == (before, 0)
    assert not Event.objects.filter(verb="dossier.save").exists()


def test_rows_are_added_changed_and_taken_out_at_once(secretary, sheet):
    (old,) = sheet.items.filter(kind="IND")
    second = ROW | {"title": "Việc hai", "ongoing": "on", "starts_on": "", "due_on": ""}
    answer = save(secretary, sheet, stood(sheet) | {"title": "Đọc hai bài"}, ROW, second)
    assert answer.url == table(sheet)
    assert [work[1:] for work in works(sheet)] == [
        (1, 0, "Nguyễn Văn Mẫu", "Đọc hai bài"),
        (2, 0, "Lê Thị Mẫu", "Kể chuyện về Bác"),
        (2, 1, "Lê Thị Mẫu", "Việc hai"),
    ]
    added = sheet.items.get(title="Kể chuyện về Bác")
    assert (added.starts_on, added.expected_value, added.measure.name) == (dt.date(2026, 2, 1), 1150.5, "buổi")
    assert (added.assignee, "ke chuyen ve bac" in added.folded) == ("Chi ủy viên", True)
    assert Event.objects.filter(verb="dossier.save").count() == 1
    save(secretary, sheet, {"id": old.pk, "DELETE": "on"}, edition=1)
    assert [work[1] for work in works(sheet)] == [2, 2]
    sheet.refresh_from_db()
    assert sheet.edition == 2


WRONG = {
    "no name": ([ROW | {"subject_name": ""}], {(1, "subject_name"): "Hãy điền mục này."}),
    "a day that is none": ([ROW | {"due_on": "31/2/26"}], {(1, "due_on"): "Ngày không đúng"}),
    "a day of another year, typed short": ([ROW | {"due_on": "5/6/24"}], {(1, "due_on"): "phải sau ngày bắt đầu"}),
    "a due day outside the year": ([ROW | {"starts_on": "", "due_on": "5/6/24"}], {(1, "due_on"): "năm kế hoạch 2026"}),
    "an unknown unit": ([ROW | {"measure": "thúng"}], {(1, "measure"): "Không có đơn vị tính “thúng”"}),
    "a number without its unit": ([ROW | {"measure": ""}], {(1, "measure"): "Hãy chọn đơn vị tính"}),
    "no number": ([ROW | {"expected_value": "mười"}], {(1, "expected_value"): "Số không đúng"}),
    "a tick that is none": ([ROW | {"ongoing": "đôi khi"}], {(1, "ongoing"): "Hãy ghi x nếu có"}),
    "a text too long": ([ROW | {"title": "x" * 501}], {(1, "title"): "Nhiều nhất 500 ký tự"}),
    "a mark of secrecy": ([ROW | {"title": "TUYỆT MẬT"}], {(1, "title"): "dấu chỉ mức độ mật"}),
    "a name alone": ([{"subject_name": "Lê Thị Mẫu"}], {(1, "title"): "Chưa nhập việc"}),
    "the same work twice": ([ROW, {}, ROW | {"title": "KỂ  chuyện về bác"}], {(3, "title"): "đã có ở dòng 1"}),
    "a name that differs in accents alone": (
        [ROW, ROW | {"title": "Khác", "subject_name": "Lê Thị Mậu"}],
        {(2, "subject_name"): "chỉ khác dấu với dòng 1"},
    ),
    "a second head": (
        [ROW | {"subject_is_head": "on"}, ROW | {"subject_name": "Trần Văn Mẫu", "subject_is_head": "on"}],
        {(2, "subject_is_head"): "Người đứng đầu đã là người khác, ở dòng 1"},
    ),
    "a head in one row and not in the other": (
        [ROW | {"subject_is_head": "on"}, ROW | {"title": "Khác"}],
        {(2, "subject_is_head"): "ở dòng 1 ghi khác"},
    ),
}


def test_two_names_that_differ_in_accents_alone_are_not_called_one_person_elsewhere(secretary, sheet):
    other = ROW | {"title": "Khác", "subject_name": "Lê Thị Mậu"}
    assert set(wrong(save(secretary, sheet, ROW | {"subject_is_head": "on"}, other))) == {(2, "subject_name")}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_saved_or_lost(secretary, sheet, case):
    given, told = WRONG[case]
    before = works(sheet)
    answer = save(secretary, sheet, *given)
    assert answer.status_code == 422
    found = wrong(answer)
    assert {place: text for place, text in told.items() if text in found.get(place, "")} == told, found
    assert len(found) == len(told)
    shown = [{cell.key: cell.value for cell in row.cells if cell.value} for row in answer.context["table"].rows()]
    assert [row["title"] for row in shown if "title" in row] == [row["title"] for row in given if "title" in row]
    sheet.refresh_from_db()
    assert (works(sheet), sheet.edition) == (before, 0)
    for row, key in told:
        assert f'href="#id_rows-{row - 1}-{key}"' in answer.text


def test_what_stands_already_is_not_judged_again(secretary, sheet):
    make.individual(sheet, "Trần Văn Mẫu", number=2, title="Sai năm", due_on=dt.date(2025, 6, 30))
    odd = {"subject_name": "Trần Văn Mẫu", "title": "Sai năm", "due_on": "30/06/2025"}
    item = sheet.items.get(title="Sai năm")
    whole = STOOD | odd | {"id": item.pk}
    assert save(secretary, sheet, whole, ROW).status_code == 302
    assert wrong(save(secretary, sheet, whole | {"accountable": "Khác"}, edition=1)) == {
        (1, "due_on"): "Ngày hoàn thành phải sau ngày bắt đầu."
    }


def test_a_person_keeps_the_number_under_a_new_name_and_a_work_given_to_another_moves(secretary, sheet):
    save(secretary, sheet, ROW, ROW | {"title": "Việc hai"})
    one, two = sheet.items.filter(subject_number=2).order_by("order")
    renamed = ROW | {"subject_name": "Lê Thị Mới"}
    save(secretary, sheet, renamed | {"id": one.pk}, renamed | {"id": two.pk, "title": "Việc hai"}, edition=1)
    assert [work[1] for work in works(sheet) if work[3] == "Lê Thị Mới"] == [2, 2]
    moved = ROW | {"id": two.pk, "title": "Việc hai", "subject_name": "Nguyễn Văn Mẫu", "subject_position": "Đảng viên"}
    save(secretary, sheet, moved, ROW | {"title": "Việc ba"}, edition=2)
    assert [work[1:] for work in works(sheet)] == [
        (1, 0, "Nguyễn Văn Mẫu", "Mỗi tháng đọc một bài học"),
        (1, 1, "Nguyễn Văn Mẫu", "Việc hai"),
        (2, 0, "Lê Thị Mới", "Kể chuyện về Bác"),
        (3, 0, "Lê Thị Mẫu", "Việc ba"),
    ]


def test_a_third_work_is_saved_with_a_warning_and_refused_when_the_sheet_is_sent(secretary, sheet):
    three = [ROW | {"title": f"Việc {n}"} for n in (1, 2, 3)]
    answer = secretary.post(table(sheet), {"edition": 0, "save": "1", **rows(*three)}, follow=True)
    assert "1 dòng còn chỗ cần xem lại" in answer.text
    sheet.refresh_from_db()
    assert (sheet.items.filter(subject_name="Lê Thị Mẫu").count(), list(sheet.lacking)) == (3, ["individual"])


def test_a_stale_page_shows_both_versions_and_saving_again_is_a_choice(secretary, sheet, district):
    mine = stood(sheet) | {"title": "Của tôi"}
    services.save_draft(sheet.pk, by=district.clerk, at=LATER, fields={"tags": ["x"]})
    refused = save(secretary, sheet, mine | {"due_on": "x"})
    assert (refused.status_code, refused.context["edition"]) == (422, 0)
    answer = save(secretary, sheet, mine)
    assert answer.status_code == 409
    (pair,) = answer.context["conflict"]["pairs"]
    assert (pair["label"], "Của tôi" in pair["mine"], "Mỗi tháng" in pair["theirs"]) == ("Dòng 1", True, True)
    assert save(secretary, sheet, mine, edition=answer.context["edition"]).status_code == 302
    assert sheet.items.get(kind="IND").title == "Của tôi"


def test_rows_are_added_to_the_page_without_saving(secretary, sheet):
    answer = secretary.post(table(sheet), {"edition": 0, "add": "1", **rows(ROW)})
    shown = list(answer.context["table"].rows())
    assert (answer.status_code, len(shown), shown[0].cells[0].value) == (200, 6, "Lê Thị Mẫu")


def test_a_sheet_that_was_sent_and_a_model_have_no_table(secretary, sheet, model, district):
    assert secretary.get(table(model)).status_code == 404
    sent(sheet, district.secretary)
    assert secretary.get(table(sheet)).url == url("dossier", sheet.pk)
    assert save(secretary, sheet, ROW, edition=1).status_code == 409


def test_remarks_of_the_board_stand_in_the_row_they_were_written_at(secretary, sheet, district):
    item = sheet.items.get(kind="IND")
    returned(sheet, district, {f"item.{item.pk}": "Nêu rõ hơn", "individual": "Xem lại từng người"})
    assert next(secretary.get(table(sheet)).context["table"].rows()).remark.text == "Nêu rõ hơn"


@pytest.mark.parametrize("people", [1, 60])
def test_the_table_costs_the_same_however_many(secretary, sheet, people, django_assert_max_num_queries):
    for number in range(2, people + 2):
        make.individual(sheet, f"Người Mẫu {number}", number=number)
    with django_assert_max_num_queries(12):
        page = secretary.get(table(sheet))
    assert len(list(page.context["table"].rows())) == min(people + 6, 50)


HEADED = 'STT\tHọ tên\tChức vụ\tNội dung\tHạn\tGhi chú\n1\tLê Thị Mẫu\tĐảng viên\t"Trồng cây\nở trường"\t5/6/26\tx'
BARE = "1\tLê Thị Mẫu\tĐảng viên\t\tTrồng cây ở trường\tChi ủy\t1/2/26\t5/6/26"
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head>
<body><!--[if gte mso 9]><xml><o:x>hidden</o:x></xml><![endif]--><p class=MsoNormal>Danh sách</p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal><b>Họ và tên</b><o:p></o:p></p></td><td>Chức danh</td>
<td>Rõ việc</td><td>Hoàn thành</td></tr><tr style='mso-yfti-irow:1'>
<td><p class=MsoNormal>Lê Thị&nbsp;Mẫu<o:p></o:p></p></td><td>Đảng viên</td>
<td><p>Trồng cây</p><p>ở trường</p></td><td>5/6/26</td></tr></table></body></html>"""


@pytest.mark.parametrize("pasted", [HEADED, BARE, WORD, HEADED.replace("\n1\t", "\r\n1\t")])
def test_what_was_pasted_is_shown_first_and_saved_as_it_was_corrected(secretary, sheet, pasted):
    paste = url("individuals_paste", sheet.pk)
    answer = secretary.post(paste, {"pasted": pasted})
    assert answer.status_code == 200, wrong(answer)
    (row,) = answer.context["table"].rows()
    shown = {cell.key: cell.value for cell in row.cells}
    assert (shown["subject_name"], shown["title"], shown["due_on"]) == (
        "Lê Thị Mẫu",
        "Trồng cây ở trường",
        "05/06/2026",
    )
    assert "được hiểu là 05/06/2026" in answer.text
    assert answer.context["unused"] == (["Ghi chú"] if "Ghi chú" in pasted else [])
    assert sheet.items.filter(kind="IND").count() == 1
    corrected = {name: text for name, text in shown.items() if text} | {"accountable": "Chi ủy"}
    saved = secretary.post(paste, {"edition": answer.context["edition"], "save": "1", **rows(corrected)})
    assert saved.url == step(sheet, "individual")
    assert sheet.items.get(subject_name="Lê Thị Mẫu").due_on == dt.date(2026, 6, 5)


def test_a_pasted_row_that_stands_is_known_by_its_person_and_work(secretary, sheet):
    line = "\t".join(STOOD.get(key, "") for key in ("subject_name", "subject_position", "x", "title", "accountable"))
    answer = secretary.post(url("individuals_paste", sheet.pk), {"pasted": line.replace("Chi ủy", "Bí thư")})
    (row,) = answer.context["table"].rows()
    assert (row.standing, row.known) == ("changed", str(sheet.items.get(kind="IND").pk))


def test_a_pasted_row_about_a_work_that_began_is_left_out_and_told(secretary, sheet):
    work = sheet.items.filter(kind="IND")
    work.update(approved_at=LATER, state="in_progress", due_in_force=dt.date(2026, 6, 30))
    line = "\t".join(STOOD.get(key, "") for key in ("subject_name", "subject_position", "x", "title", "accountable"))
    paste = url("individuals_paste", sheet.pk)
    answer = secretary.post(paste, {"pasted": line.replace("Chi ủy", "Bí thư") + "\n" + line.replace("Mỗi", "Mười")})
    assert [row.standing for row in answer.context["table"].rows()] == ["begun", "new"]
    assert "1 dòng không được ghi vì việc đã duyệt và đã bắt đầu" in answer.text
    begun = STOOD | {"id": work.get().pk, "accountable": "Bí thư"}
    given = rows(begun, STOOD | {"title": "Mười điều"})
    saved = secretary.post(paste, {"edition": answer.context["edition"], "save": "1", **given}, follow=True)
    assert "1 dòng không được ghi vì việc đã duyệt và đã bắt đầu: 1." in saved.text
    assert sorted(work.values_list("title", "accountable")) == [
        ("Mười điều", "Chi ủy"),
        ("Mỗi tháng đọc một bài học", "Chi ủy"),
    ]


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "Hãy điền mục này."),
        ("Họ và tên\tRõ việc\n", "Chưa có dòng nào"),
        ("Lê Thị Mẫu\tĐảng viên\n" * 201, "Mỗi lần dán nhiều nhất 200 dòng; ở đây có 201."),
    ],
)
def test_nothing_or_too_much_pasted_is_said_and_stays_in_the_box(secretary, sheet, pasted, sentence):
    answer = secretary.post(url("individuals_paste", sheet.pk), {"pasted": pasted})
    assert answer.status_code == 422 and sentence in answer.text
    assert (answer.context["form"]["pasted"].value() or "") == pasted


def test_wrong_cells_that_were_pasted_are_told_where_they_stand(secretary, sheet):
    answer = secretary.post(url("individuals_paste", sheet.pk), {"pasted": BARE.replace("5/6/26", "5/6/24")})
    assert (answer.status_code, wrong(answer)) == (422, {(1, "due_on"): "Ngày hoàn thành phải sau ngày bắt đầu."})
    assert "“5/6/24” được hiểu là 05/06/2024." in answer.text
