"""Rows to begin with: the units an indicator may carry, as the reports of 2024 use them, and the known holidays."""

from datetime import date

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

TET, GIO_TO, NEW_YEAR = "Tết Nguyên đán", "Giỗ Tổ Hùng Vương", "Tết Dương lịch"
MAY, NATIONAL = "Ngày Chiến thắng 30/4 và Quốc tế Lao động 1/5", "Quốc khánh"
INSTEAD, WORKED = "Nghỉ hoán đổi", "Làm bù ngày nghỉ hoán đổi"
# Name, first day, last day: as (month, day) of the year. From the yearly announcements; 2027 as far as it is known.
OFF = {
    2023: [
        (NEW_YEAR, (1, 1), (1, 2)), (TET, (1, 20), (1, 26)), (GIO_TO, (4, 29), (4, 29)), (MAY, (4, 30), (5, 3)),
        (NATIONAL, (9, 1), (9, 4)),
    ],
    2024: [
        (NEW_YEAR, (1, 1), (1, 1)), (TET, (2, 8), (2, 14)), (GIO_TO, (4, 18), (4, 18)), (INSTEAD, (4, 29), (4, 29)),
        (MAY, (4, 30), (5, 1)), (NATIONAL, (9, 2), (9, 3)),
    ],
    2025: [
        (NEW_YEAR, (1, 1), (1, 1)), (TET, (1, 25), (2, 2)), (GIO_TO, (4, 7), (4, 7)), (MAY, (4, 30), (5, 1)),
        (INSTEAD, (5, 2), (5, 2)), (NATIONAL, (9, 1), (9, 2)),
    ],
    2026: [
        (NEW_YEAR, (1, 1), (1, 1)), (INSTEAD, (1, 2), (1, 2)), (TET, (2, 14), (2, 22)), (GIO_TO, (4, 26), (4, 27)),
        (MAY, (4, 30), (5, 1)), (INSTEAD, (8, 31), (8, 31)), (NATIONAL, (9, 1), (9, 2)),
    ],
    2027: [
        (NEW_YEAR, (1, 1), (1, 1)), (TET, (2, 4), (2, 10)), (GIO_TO, (4, 16), (4, 16)), (MAY, (4, 30), (5, 3)),
        (NATIONAL, (9, 2), (9, 3)),
    ],
}  # fmt: skip
WORKED_INSTEAD = [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)]


def add_units(apps, schema_editor):
    measure_unit = apps.get_model("models_registry", "MeasureUnit")
    measure_unit.objects.bulk_create(
        [measure_unit(code=code, name=name, order=n) for n, (code, name) in enumerate(MEASURE_UNITS, start=1)],
        ignore_conflicts=True,
    )


def add_holidays(apps, schema_editor):
    row = apps.get_model("models_registry", "SpecialDays")
    row.objects.bulk_create(
        row(name=name, first_on=date(year, *first), last_on=date(year, *last), works=False)
        for year, spans in OFF.items()
        for name, first, last in spans
    )
    row.objects.bulk_create(row(name=WORKED, first_on=day, last_on=day, works=True) for day in WORKED_INSTEAD)


class Migration(migrations.Migration):
    replaces = [("models_registry", "0004_measure_units"), ("models_registry", "0027_turns_of_before")]
    dependencies = [("models_registry", "0002_trigram_search")]

    operations = [
        migrations.RunPython(add_units, migrations.RunPython.noop),
        migrations.RunPython(add_holidays, migrations.RunPython.noop),
    ]
