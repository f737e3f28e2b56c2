"""Contents and letterheads to make papers of; plain values, no database."""

import datetime as dt

from models_registry.queries.letterheads import Letterhead, Signer
from models_registry.sections import PRACTICE_FIELDS

DAY = dt.date(2026, 2, 5)
NOON = dt.datetime(2026, 2, 5, 5, tzinfo=dt.UTC)
TRACE = "Bản gửi lần 2, 05/02/2026 12:00"
# What breaks a careless renderer: markup, a template's words, controls, stacked marks, tabs.
HARD = "Ễ Ậ Ỗ & <b>đậm</b> {{ x }} {% y %} \x00\x0b\ufffe“a” \t 'b' ]]> \ud800"


def letterhead(
    kind="cell", issuer="Chi bộ ấp Một", superior="Đảng ủy xã An", day=DAY, dated=True, role="secretary", **who
):
    return Letterhead(kind, issuer, superior, day, dated, Signer(role, **{"name": "Trần Văn Mẫu"} | who))


def item(number, kind="COL", **fields):
    return {
        "id": number,
        "kind": kind,
        "title": f"Việc số {number}: phân loại rác tại nguồn",
        "assignee": "Tổ trưởng",
        "accountable": "Chi ủy",
        "starts_on": "2026-02-01",
        "due_on": "2026-06-30",
        "ongoing": False,
        "expected_result": "Các hộ phân loại rác",
        "expected_value": "1150.5",
        "measure": "hộ",
        "subject_name": "",
        "subject_position": "",
        "subject_number": None,
        "subject_is_head": False,
    } | fields


def individual(number, works=1, **fields):
    who = {"subject_name": f"Nguyễn Thị Mẫu {number}", "subject_position": "Đảng viên", "subject_number": number}
    return [item(100 * number + n, "IND", **who | fields) for n in range(works)]


def content(kind="practice_model", title="Tổ tự quản bảo vệ môi trường", **fields):
    return {
        "kind": kind,
        "title": title,
        "unit": "Chi bộ ấp Một",
        "round": "Đợt 1 năm 2026",
        "year": 2026,
        "co_units": [],
        "tags": [],
        "programmes": [],
        "practice": {},
        "targets": [],
        "shortcomings": [],
        "exemplars": [],
        "outputs": [],
        "items": [],
        "attachments": [],
    } | fields


def full_model(text="Nội dung đủ ý.\nĐoạn hai.", **fields):
    return content(
        **{
            "co_units": ["Chi hội Phụ nữ"],
            "programmes": ["dan_van_kheo"],
            "practice": dict.fromkeys(PRACTICE_FIELDS, text),
            "targets": [text, "Chỉ tiêu hai"],
            "shortcomings": [{"text": "Rác chưa phân loại", "remedy": "partly"}],
            "exemplars": [{"id": 1, "name": "Lê Mẫu", "position": "Tổ trưởng", "evidence": text, "consent": True}],
            "outputs": [{"id": 1, "name": "Hộ tham gia", "value": "1150.5", "measure": "hộ"}],
            "items": [item(n, title=f"{text} {n}") for n in range(1, 4)],
            "attachments": [{"id": 1, "name": "Ảnh & biểu.jpg", "size": 3}],
        }
        | fields
    )


def full_sheet(people=2, **fields):
    items = [item(1), item(2), item(3, "ISS", title="Ngập nước đường tổ 6")]
    items += individual(1, works=2, subject_is_head=True)
    items += [one for number in range(2, people + 1) for one in individual(number)]
    return content("registration_sheet", "Bản đăng ký năm 2026 của Chi bộ ấp Một", **{"items": items} | fields)
