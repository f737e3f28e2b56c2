"""Sheets of the made-up cells of one district: enough works, done and not done, for figures worth looking at."""

SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
COLLECTIVE = (
    ("Mỗi đảng viên giúp một hộ khó khăn làm giấy tờ trực tuyến", "12 hộ được giúp làm xong giấy tờ", 12, "hộ"),
    ("Giữ sạch tuyến đường vào ấp, mỗi tháng một ngày ra quân", "10 buổi ra quân, có ảnh trước và sau", 10, "buổi"),
    ("Đọc và bàn một câu chuyện về Bác trong mỗi kỳ sinh hoạt", "12 buổi sinh hoạt có ghi biên bản", 12, "buổi"),
    ("Vận động trồng cây bóng mát quanh nhà văn hóa", "40 cây sống sau ba tháng", 40, "cây"),
)
# Works without a day on which they are done: each quarter somebody looks whether they go on.
ONGOING = ("Giữ sạch tuyến đường", "Đọc và bàn", "Đọc sách về Bác")
INDIVIDUAL = (
    ("Hướng dẫn bà con nộp hồ sơ trực tuyến tại nhà văn hóa", "20 lượt người được hướng dẫn", 20, "lượt"),
    ("Đọc sách về Bác và kể lại một câu chuyện mỗi tháng", "10 câu chuyện đã kể tại sinh hoạt", 10, "bài viết"),
)
ISSUES = (
    ("Đèn đường đoạn đầu ấp hỏng, trẻ đi học về tối không an toàn", "6 bóng đèn sáng trở lại", 6, "công trình"),
    ("Rác đổ trộm ở bãi đất trống cuối ấp", "Bãi rác được dọn và có biển nhắc", 1, "công trình"),
)


def sheet_of(code: str, number: int) -> dict:
    """Return the record of one cell's sheet: two collective works, two individuals' works, an issue."""
    works = [_work("COL", *COLLECTIVE[(number + n) % len(COLLECTIVE)]) for n in range(2)]
    for n in range(2):
        works.append(
            _work("IND", *INDIVIDUAL[(number + n) % len(INDIVIDUAL)])
            | {"subject_name": f"Đảng viên mẫu {number}.{n + 1} (giả lập)", "subject_is_head": n == 0}
        )
    works.append(_work("ISS", *ISSUES[number % len(ISSUES)]))
    return {"code": code, "kind": "registration_sheet", "unit": code, "items": works}


def _work(kind: str, title: str, result: str, value: int, measure: str) -> dict:
    return {
        "kind": kind,
        "title": title,
        "assignee": "Đảng viên được phân công",
        "accountable": "Chi ủy",
        "expected_result": result,
        "expected_value": value,
        "measure": measure,
        "ongoing": title.startswith(ONGOING),
    }
