"""Workbooks that cannot be taken: each refused at the door with its sentence, before any job."""

import io
import zipfile

import pytest

from journal.models import Job
from models_registry.forms.individual_files import VERSION
from tests.models_registry.dossiers.sheets_as_files import exported, filled, hand_in

pytestmark = pytest.mark.django_db

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def rewritten(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name in given.namelist():
            data = given.read(name)
            out.writestr(name, data.replace(old, new) if name == part else data)
    return stream.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def another_version(book, page):
    page["A1"] = f"Việc của cá nhân · mẫu phiên bản {VERSION + 1}"


def no_sheet(book, page):
    page.title = "Danh sách"


def hidden(book, page):
    page.sheet_state = "hidden"
    book.active = 1


def hundred_thousand_rows(good: bytes) -> bytes:
    lines = "".join(f"<row r='{n}'><c><v>{n}</v></c><c><v>{n % 977}</v></c></row>" for n in range(4, 100_004))
    return rewritten(good, "xl/worksheets/sheet1.xml", b"</sheetData>", lines.encode() + b"</sheetData>")


TEMPLATE = {"another version": another_version, "no sheet": no_sheet, "hidden": hidden}
BAD = {
    "an old workbook renamed": (lambda good: OLE + b"Workbook", "tệp Office đời cũ"),
    "a workbook with a password": (lambda good: OLE + "EncryptedPackage".encode("utf-16-le"), "có mật khẩu"),
    "macros": (lambda good: with_part(good, "xl/vbaProject.bin", b"x"), "macro"),
    "a bomb": (lambda good: with_part(good, "xl/big.xml", b"0" * 120_000_000), "bung ra quá lớn"),
    "nothing": (lambda good: b"", "rỗng"),
    "no archive": (lambda good: b"PK\3\4 broken", "bị hỏng"),
    "a broken book": (lambda good: rewritten(good, "xl/workbook.xml", b"<sheets>", b"<shee"), "Không đọc được tệp này"),
    "another version": (None, f"không theo mẫu phiên bản {VERSION}"),
    "no sheet": (None, "không có trang “Cá nhân”"),
    "hidden": (None, "đang bị ẩn"),
    "a hundred thousand rows": (hundred_thousand_rows, "quá dài: nhiều nhất 5.000 dòng"),
}


@pytest.mark.once
@pytest.mark.parametrize("case", BAD)
def test_a_file_that_cannot_be_taken_is_refused_at_the_door(secretary, sheet, case):
    make_bad, sentence = BAD[case]
    content = make_bad(exported(secretary, sheet)) if make_bad else filled(secretary, sheet, change=TEMPLATE[case])
    answer = hand_in(secretary, sheet, content)
    assert (answer.status_code, Job.objects.count()) == (422, 0)
    assert sentence in str(answer.context["form"].errors)


def test_a_name_of_another_kind_is_refused(secretary, sheet):
    for name in ("ca-nhan.xls", "ca-nhan.xlsm", "ca-nhan.csv"):
        assert hand_in(secretary, sheet, exported(secretary, sheet), name).status_code == 422
