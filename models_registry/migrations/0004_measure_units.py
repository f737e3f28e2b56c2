"""The units an indicator may carry, as the reports of 2024 use them."""

from django.db import migrations

MEASURE_UNITS = [
    ("ho", "hộ"),
    ("nguoi", "người"),
    ("dang-vien", "đảng viên"),
    ("to", "tổ"),
    ("nhom", "nhóm"),
    ("the", "thẻ"),
    ("met", "m"),
    ("met-vuong", "m²"),
    ("met-khoi", "m³"),
    ("ki-lo-met", "km"),
    ("hec-ta", "ha"),
    ("kg", "kg"),
    ("tan", "tấn"),
    ("dong", "đồng"),
    ("nghin-dong", "nghìn đồng"),
    ("trieu-dong", "triệu đồng"),
    ("ti-dong", "tỷ đồng"),
    ("gio", "giờ"),
    ("ngay", "ngày"),
    ("ngay-cong", "ngày công"),
    ("buoi", "buổi"),
    ("luot", "lượt"),
    ("luot-nguoi", "lượt người"),
    ("cuoc", "cuộc"),
    ("lop", "lớp"),
    ("cay", "cây"),
    ("cong-trinh", "công trình"),
    ("tuyen-duong", "tuyến đường"),
    ("can-nha", "căn nhà"),
    ("mo-hinh", "mô hình"),
    ("bao-cao", "báo cáo"),
    ("ke-hoach", "kế hoạch"),
    ("van-ban", "văn bản"),
    ("bai-viet", "bài viết"),
    ("ho-so", "hồ sơ"),
    ("vu-viec", "vụ việc"),
    ("suat-qua", "suất quà"),
    ("hoc-bong", "suất học bổng"),
    ("viec", "việc"),
    ("phan-tram", "%"),
]


def add(apps, schema_editor):
    measure_unit = apps.get_model("models_registry", "MeasureUnit")
    measure_unit.objects.bulk_create(
        [measure_unit(code=code, name=name, order=n) for n, (code, name) in enumerate(MEASURE_UNITS, start=1)],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0003_kept_plans")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
