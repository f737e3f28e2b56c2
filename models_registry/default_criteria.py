"""The criteria a board starts from: S4's three contents, "5 dễ" and six faults, S1's "5 rõ". Data, no queries."""

CONTENTS = [
    ("hoc_tap_bac", "Học tập Bác: nêu rõ nội dung tư tưởng, đạo đức, phong cách Hồ Chí Minh được học tập"),
    ("lam_theo_bac", "Làm theo Bác: nêu rõ việc làm cụ thể, gắn với nhiệm vụ của đơn vị"),
    ("neu_guong", "Nêu gương: nêu rõ trách nhiệm nêu gương của cán bộ, đảng viên, nhất là người đứng đầu"),
]
LINKS = [
    ("chi_tieu", "Gắn với ít nhất một chỉ tiêu nghị quyết của cấp mình hoặc cấp trên"),
    ("ton_tai", "Gắn với ít nhất một tồn tại, hạn chế đã được chỉ ra và mức độ khắc phục"),
    ("dien_hinh", "Có ít nhất một cá nhân điển hình với việc làm, hiệu quả thực tế"),
    ("lo_trinh", "Có phần việc, giải pháp và lộ trình với ngày tháng cụ thể"),
]
EASES = [
    ("de_hieu", "Dễ hiểu"),
    ("de_nho", "Dễ nhớ"),
    ("de_thuc_hien", "Dễ thực hiện"),
    ("de_danh_gia", "Dễ đánh giá hiệu quả"),
    ("de_giam_sat", "Dễ giám sát, kiểm tra"),
]
CLARITIES = [
    ("ro_nguoi", "Rõ người: ai làm"),
    ("ro_viec", "Rõ việc: làm việc gì"),
    ("ro_tien_do", "Rõ tiến độ: bắt đầu và hoàn thành ngày nào"),
    ("ro_trach_nhiem", "Rõ trách nhiệm: ai chịu trách nhiệm"),
    ("ro_ket_qua", "Rõ kết quả: đo được, có số lượng và đơn vị tính"),
]
SHEET_LINKS = [
    ("gan_nhiem_vu", "Việc đăng ký gắn với nhiệm vụ chính trị của đơn vị và chuyên đề của năm"),
    ("van_de_buc_xuc", "Vấn đề bức xúc, nổi cộm được chọn đúng và có hướng giải quyết"),
]
FAULTS = [
    ("chung_chung", "Chung chung"),
    ("pho_truong", "Phô trương"),
    ("hinh_thuc", "Hình thức"),
    ("chieu_le", "Chiếu lệ"),
    ("xue_xoa", "Xuề xòa"),
    ("khau_hieu", "Khẩu hiệu"),
]

# By dossier kind: the name of the set, and its criteria as (group, code, text).
DEFAULTS = {
    "practice_model": (
        "Tiêu chí thẩm định mô hình",
        [
            *(("content", *row) for row in CONTENTS),
            *(("link", *row) for row in LINKS),
            *(("ease", *row) for row in EASES),
            *(("fault", *row) for row in FAULTS),
        ],
    ),
    "registration_sheet": (
        "Tiêu chí thẩm định bản đăng ký",
        [
            *(("clarity", *row) for row in CLARITIES),
            *(("link", *row) for row in SHEET_LINKS),
            *(("fault", *row) for row in FAULTS),
        ],
    ),
}
