"""The sheets of a roster: their names, their columns, and the template people fill in."""

import functools
import io

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from organizations.models import Post, Unit
from organizations.workbooks import Column, Sheet

# Headers and sheet names are part of the file's format and stay Vietnamese, whatever the language of the page.
UNITS = Sheet(
    "units",
    "Đơn vị",
    (
        Column("code", "Mã", "CB-AP3"),
        Column("name", "Tên đơn vị", "Chi bộ ấp 3", width=50),
        Column("kind", "Loại", "Chi bộ trực thuộc", width=34),
        Column("parent", "Mã cấp trên", "DU-XA1", required=False),
        Column("valid_from", "Hoạt động từ ngày", "01/01/2026"),
        Column("body", "Mã cơ quan thẩm định", "", required=False),
    ),
)
PEOPLE = Sheet(
    "people",
    "Người",
    (
        Column("username", "Tên đăng nhập", "an.nguyen"),
        Column("full_name", "Họ và tên", "Nguyễn Văn A", width=34),
        Column("phone", "Số điện thoại", "0900000000", required=False),
        Column("email", "Thư điện tử", "", required=False, width=34),
    ),
)
POSTS = Sheet(
    "posts",
    "Vai trò",
    (
        Column("username", "Tên đăng nhập", "an.nguyen"),
        Column("unit", "Mã đơn vị", "CB-AP3"),
        Column("role", "Vai trò", "Bí thư chi bộ", width=28),
        Column("title", "Chức danh", "", required=False, width=28),
        Column("starts_on", "Từ ngày", "01/01/2026"),
    ),
)
HEAD_COUNTS = Sheet(
    "head_counts",
    "Số đảng viên",
    (
        Column("unit", "Mã chi bộ", "CB-AP3"),
        Column("members", "Số đảng viên", "18"),
        Column("exempt", "Miễn sinh hoạt", "2", required=False),
        Column("exempt_reason", "Lý do miễn", "Tuổi cao, sức yếu", required=False, width=34),
        Column("valid_from", "Tính từ ngày", "01/01/2026"),
    ),
)
SHEETS = (UNITS, PEOPLE, POSTS, HEAD_COUNTS)


@functools.cache
def kinds() -> dict[str, str]:
    """Return {Vietnamese name: kind}."""
    with override("vi"):
        return {str(kind.label): kind.value for kind in Unit.Kind}


@functools.cache
def roles() -> dict[str, str]:
    """Return {Vietnamese name: role}."""
    with override("vi"):
        return {str(role.label): role.value for role in Post.Role}


def template() -> bytes:
    """Return an XLSX file: empty sheets, an example, and the lists to choose kinds and roles from."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#7a1416", "font_color": "#ffffff", "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        lists = {"kind": list(kinds()), "role": list(roles())}
        for sheet in SHEETS:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for number, column in enumerate(sheet.columns):
                page.write(0, number, column.header, head)
                page.set_column(number, number, column.width, text)
                if column.key in lists:
                    chosen = "=Danhsach!${0}$2:${0}${1}".format("AB"[column.key == "role"], len(lists[column.key]) + 1)
                    page.data_validation(1, number, sheet.longest, number, {"validate": "list", "source": chosen})
        _write_help(book, head, lists)
    return stream.getvalue()


def _write_help(book, head, lists) -> None:
    page = book.add_worksheet("Danhsach")
    page.set_column(0, 1, 40)
    for number, (title, labels) in enumerate((("Loại đơn vị", lists["kind"]), ("Vai trò", lists["role"]))):
        page.write(0, number, title, head)
        page.write_column(1, number, labels)
    page = book.add_worksheet("Ví dụ")
    page.set_column(0, 6, 26)
    line = 0
    for sheet in SHEETS:
        page.write(line, 0, sheet.name, head)
        page.write_row(line + 1, 0, [column.header for column in sheet.columns], head)
        page.write_row(line + 2, 0, [column.example for column in sheet.columns])
        required = ", ".join(column.header for column in sheet.columns if column.required)
        page.write(line + 3, 0, _("Bắt buộc: %(columns)s.") % {"columns": required})
        line += 5
