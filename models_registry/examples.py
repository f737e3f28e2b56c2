"""What stands behind "Ví dụ" beside a field: short texts after the public reports of 2024. Data, no queries.

By field, or by (step, field) where the same field asks for something else.
"""

from django.utils.translation import gettext_lazy as _

EXAMPLES = {
    ("general", "title"): _("Phân loại và xử lý rác tại nguồn\nMỗi ngày một tin tốt, mỗi tuần một câu chuyện đẹp"),
    "place": _("Tổ 6, ấp Thạnh Phong, xã Yên Luông"),
    "target_group": _("Các hộ dân tổ 6; tổ dân vận ấp"),
    "beneficiaries": _("Người già neo đơn, người bệnh có hoàn cảnh đặc biệt khó khăn trong thị trấn"),
    "tags": _("môi trường, nông thôn mới"),
    "situation": _(
        "Đường tổ 6 hẹp, lầy vào mùa mưa, hai bên nhiều cỏ dại; xe máy tránh nhau khó.\n"
        "Rác sinh hoạt còn để lẫn; điểm tập kết có mùi, người dân phản ánh nhiều."
    ),
    "goal": _(
        "Đến 30/9, mở rộng 400 m đường lên 3 m, hai bên trồng hoa, 10 hộ tự giữ sạch đoạn trước nhà.\n"
        "Trong năm, 500 hộ phân loại rác tại nhà, giảm một nửa lượng rác phải chở."
    ),
    "learning": _(
        "Học lời Bác dặn việc gì có lợi cho dân phải hết sức làm; bàn với dân trước khi làm.\n"
        "Học nếp sống giản dị, gọn gàng, tiết kiệm của Bác."
    ),
    "following": _(
        "Họp tổ ba lần, đi từng hộ giải thích; đảng viên đo đất, ghi biên bản công khai.\n"
        "Phát thùng hai ngăn, hướng dẫn từng nhà; thu rác hữu cơ riêng để ủ phân."
    ),
    "example_setting": _(
        "Gia đình đảng viên hiến đất trước, dời hàng rào trước.\n"
        "Bí thư nhận đoạn khó nhất, công khai tiến độ trên bảng của chi bộ."
    ),
    "own_targets": _("90% hộ dân được nghe, đọc tin chính thống hằng tuần"),
    ("shortcomings", "text"): _("Thu gom, xử lý rác thải ở khu dân cư chưa triệt để"),
    ("exemplars", "position"): _("Tổ trưởng tổ tự quản môi trường"),
    "evidence": _("Hướng dẫn cả tổ ủ phân từ rác bếp, giảm một nửa rác phải chở."),
    "solutions": _(
        "Họp dân, ký cam kết; vận động ngày công; chia đoạn trồng và chăm hoa cho từng nhóm hộ; kiểm tra mỗi tháng.\n"
        "Ký kế hoạch phối hợp với Mặt trận; tập huấn; nhắc nhở hằng tháng, khen hộ làm tốt mỗi quý."
    ),
    "resources": _("Ngày công và đất của người dân; cây giống do hội phụ nữ xã hỗ trợ."),
    ("outputs", "name"): _("Hộ dân tham gia: 10 hộ\nĐất hiến làm đường: 1.150 m²"),
    "upkeep": _("Mỗi chiều thứ Sáu các hộ cùng dọn vệ sinh 20 phút; tổ tự quản theo dõi."),
    "spread": _("Mời tổ 4, tổ 5 đến xem và làm theo vào mùa khô."),
    ("works", "title"): _("Vận động hiến đất, mở rộng mặt đường tổ 6"),
    ("collective", "title"): _("Giữ sạch tuyến đường vào ấp, mỗi tháng một ngày ra quân"),
    ("issues", "title"): _("Đèn đường đoạn đầu ấp hỏng, trẻ đi học về tối không an toàn"),
    ("individual", "title"): _("Hướng dẫn bà con nộp hồ sơ trực tuyến tại nhà văn hóa"),
    "assignee": _("Chi hội phụ nữ ấp; tổ dân vận các ấp"),
    "accountable": _("Bí thư chi bộ; Chi ủy"),
    "expected_result": _("10 buổi ra quân, có ảnh trước và sau\n10 hộ hiến 1.150 m² đất"),
}


def example_for(step: str, field: str) -> str:
    """Return the examples of one field on one step, each on a line; "" where it needs none."""
    return EXAMPLES.get((step, field)) or EXAMPLES.get(field, "")
