"""Report packs: what they say is what was sealed, they are handed to whom they concern, and a newer seal is told."""

import gc
import io

import openpyxl
import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from docx import Document
from pypdf import PdfReader

from completion import correcting
from completion.models import Pack, PackFile, PackSending, Period, PublishedFigure, Taken
from completion.packing import drop_pack_files
from completion.quarters import Quarter
from completion.queries.behind import reading_of
from completion.queries.bridge import bridge_between, told_steps
from completion.queries.bridge_sums import AT_A_TIME, bridge_sums
from completion.queries.figures import table_of
from completion.queries.spans import sealed_periods
from completion.revising import seal_corrections
from completion.wishing import tell_of_pack
from dashboards import tasks
from dashboards.packs.books import pages_of, works_of
from dashboards.packs.gathering import gather
from dashboards.packs.report import compose
from journal.models import Notice
from journal.services import make_digests, send_mails, tell_about_new_events
from models_registry.documents.paper import Heading, Note, Paragraph, Table
from models_registry.models import WorkItem
from organizations.models import Person, Unit
from tests import factories
from tests.completion.archives import TREE, close, done, event, item, load
from tests.completion.test_cases import ten
from tests.dashboards.packs import digest, pack_of

UNITS = [*TREE, ["C", "Chi bộ ấp 3", "cell", "G", "2020-01-01", ""]]
MORE = [
    *(item(f"B{n}", "30/6", unit="B") for n in range(5)),
    item("C1", "31/3", unit="C", kind="ISS"),
    item("P1", "30/6", unit="B", kind="IND"),
]
EVENTS = [
    *(one for n in range(4) for one in done(f"B{n}", "20/6")),
    event("C1", "excluded", "15/2", "15/2", "duplicate"),
    *done("I8", "5/5"),
]


@pytest.fixture
def half_year(db, tmp_path):
    """20 July 2026: A had ten works due in the first quarter, eight done in it and one in May; both quarters sealed."""
    with time_machine.travel("2026-07-20T09:00:00+07:00", tick=True):
        items, events = ten("31/3", 8)
        load(tmp_path, units=UNITS, items=[*items, *MORE], events=[*events, *EVENTS])
        close("2026-Q1")
        close("2026-Q2")
        yield {unit.code: unit for unit in Unit.objects.all()}


@pytest.fixture
def leader(half_year):
    return factories.person(half_year["D"], "leader", "Lãnh đạo")


def gathered_of(unit, key):
    period = next(one for one in sealed_periods(unit) if one[0].key == key)
    return gather(unit, *period, at=timezone.now())


def said_in(paper) -> str:
    """Every sentence of a report's body, a line each."""
    blocks = paper.parts[0].blocks
    return "\n".join(
        f"{getattr(one, 'lead', '')}{one.text}" for one in blocks if isinstance(one, Paragraph | Heading | Note)
    )


@pytest.mark.once
def test_a_pack_is_made_handed_out_and_outdated_by_a_correction(client, half_year, leader, run_jobs):
    client.force_login(leader)
    page = client.get(reverse("packs:start"), follow=True)
    assert [key for key, _label in page.context["form"].fields["period"].choices] == ["2026-Q2", "2026-H1", "2026-Q1"]
    client.post(page.redirect_chain[-1][0], {"period": "2026-Q2"})
    (job,) = run_jobs()
    assert (job.state, job.message) == ("done", "")
    pack = Pack.objects.get()
    assert client.get(job.result["url"]).context["one"].is_outdated is False
    files = {
        form: b"".join(client.get(reverse("packs:file", args=[pack.pk, form]))) for form in ("docx", "pdf", "xlsx")
    }
    assert {digest(content): form for form, content in files.items()} == pack.digests
    assert set(Taken.objects.values_list("form", "by", "revision__period__quarter")) == {
        (form, leader.pk, quarter) for form in files for quarter in (1, 2)
    }
    written = Document(io.BytesIO(files["docx"]))
    assert "Hoàn thành trong quý (R1): 4/6 việc đến hạn trong quý đã hoàn thành, đạt 66,7%" in "\n".join(
        line.text for line in written.paragraphs
    )
    shown = client.get(reverse("packs:pack", args=[pack.pk])).context["one"].code
    assert all(shown in section.footer.paragraphs[0].text for section in written.sections)
    assert b"word/charts/chart1.xml" in files["docx"]
    assert files["pdf"].startswith(b"%PDF")
    _adds_up(openpyxl.load_workbook(io.BytesIO(files["xlsx"]), read_only=True), half_year["D"])
    verify = client.get(reverse("verify_code", args=[shown]))
    assert verify.context["paper"].newer == ""
    _correct(half_year)
    verify = client.get(reverse("verify_code", args=[shown]))
    assert "bản chốt mới hơn" in verify.context["paper"].newer
    assert verify.context["paper"].rows[-1] == ("Quý I/2026 nay là", "Đã chốt, bản 2")
    assert client.get(job.result["url"]).context["one"].is_outdated is True
    assert Notice.objects.filter(recipient=leader, text__contains="không còn là bản mới nhất").exists()
    assert "đã đính chính 1 việc: xác nhận sai" in said_in(
        compose(gathered_of(half_year["D"], "2026-Q1"), code=pack.code, site="")
    )


def _adds_up(book, top) -> None:
    """The works add up to the sealed figures, and the rows of the units to their total."""
    row = table_of(top, sealed_periods(top)[0][0].quarter).row
    lines = list(book["Danh sách việc"].iter_rows(values_only=True))
    start = next(number for number, line in enumerate(lines) if line[0] == "Số việc")
    columns = {head: [line[n] for line in lines[start + 1 :]] for n, head in enumerate(lines[start])}
    for code in ("r1", "r2", "r3"):
        rate = row.rate(code)
        assert (sum(columns[f"{code.upper()}: n"]), sum(columns[f"{code.upper()}: N"])) == (rate.n, rate.base)
    assert (sum(columns["R3: X"]), sum(columns["R4: n"])) == (row.rate("r3").x, row.rate("r4").n)
    lines = [line for line in book["Đơn vị trực thuộc"].iter_rows(values_only=True) if line[1]]
    head, *units, total = lines
    assert total[1] == "Tổng cộng"
    for n, name in enumerate(head):
        if name.endswith((": n", ": N", ": X")):
            assert total[n] == sum(line[n] or 0 for line in units), name


def _correct(units) -> None:
    """Let a committee ask that one confirmation of the first quarter was false, and seal revision 2."""
    period = Period.objects.get(year=2026, quarter=1)
    asker = factories.person(units["G"], "committee", "Cấp ủy")
    approver = factories.person(units["D"], "leader", "Lãnh đạo khác")
    work = WorkItem.objects.filter(unit=units["A"], confirmed_at__isnull=False).order_by("completed_on").first()
    line = correcting.add_line(period, work, "false_confirmation", by=asker, at=timezone.now())
    for step, by in (("ask", asker), ("approve", approver)):
        correcting.take_correction_step(
            line.correction_id, step, by=by, at=timezone.now(), reason="Kiểm tra: chưa làm."
        )
    seal_corrections(period, at=timezone.now(), by=approver)


def test_a_quarter_is_told_with_its_bridge_its_peers_and_what_was_left_out(half_year):
    paper = compose(gathered_of(half_year["G"], "2026-Q2"), code="2" * 16, site="mau.vn/verify")
    said = said_in(paper)
    for sentence in (
        "Kính gửi: Huyện ủy Mẫu",
        "Kế hoạch năm 2026 đến hết kỳ có 16 việc đã được duyệt, gồm 15 việc của tập thể và 1 việc của cá nhân.",
        "Hoàn thành trong quý (R1): 4/6 việc đến hạn trong quý đã hoàn thành, đạt 66,7%.",
        "Lũy kế đến hạn (R2): 13/16 việc đến hạn từ đầu năm đã hoàn thành, đạt 81,3%; 1 việc được loại trừ",
        "Khắc phục tồn đọng (R5): 1/2 việc tồn đọng từ các quý trước đã được khắc phục, đạt 50,0%",
        "Báo cáo quý đầy đủ (R6): không có nghĩa vụ báo cáo trong kỳ.",
        "So với Quý I/2026: hoàn thành trong quý giảm 13,3 điểm %, lũy kế đến hạn tăng 1,3 điểm %",
        "R2 đi từ 8/10 đến 13/16 việc, gồm: mới đến hạn 6 việc (n 0, N +6); hoàn thành 4 việc (n +4, N 0); "
        "khắc phục việc quá hạn 1 việc (n +1, N 0).",
        "1 đơn vị không xếp hạng vì không có việc đến hạn: Chi bộ ấp 3.",
        "1 việc được loại trừ khỏi kế hoạch năm (1 việc: đăng ký trùng).",
        "Đến lúc chốt còn 3 việc đã đến hạn chưa hoàn thành.",
    ):
        assert sentence in said
    assert paper.trace == "Quý II/2026, bản 1. Mã kiểm tra 2222-2222-2222-2222, xem tại mau.vn/verify"
    tables = [block for part in paper.parts for block in part.blocks if isinstance(block, Table)]
    assert ("Tổng cộng", "4/6\n66,7%") in {table.sums[1:3] for table in tables if table.sums}


def test_what_reports_printed_stands_apart_with_what_differs_in_the_report_and_the_workbook(half_year, leader):
    assert "Số liệu đã công bố" not in {page.name for page in pages_of_pack(half_year["G"], leader)}
    old = factories.unit("Đảng ủy xã Cũ", Unit.Kind.GRASSROOTS_COMMITTEE, half_year["D"])
    factories.succession("merge", old, half_year["G"])
    of = {"source": "Báo cáo 12-BC", "label": "Cả năm", "kind": "COL"}
    for unit, year, n, base, rate in (
        (half_year["G"], 2025, 8, 10, "81%"),
        (old, 2024, 7, 9, ""),
        (old, 2027, 1, 1, ""),
    ):
        PublishedFigure.objects.create(unit=unit, year=year, n=n, base=base, printed_rate=rate, **of)
    paper = compose(gathered_of(half_year["G"], "2026-Q2"), code="2" * 16, site="")
    (part,) = [part for part in paper.parts if part.titles == ("SỐ LIỆU ĐÃ CÔNG BỐ CỦA CÁC NĂM",)]
    table, note = part.blocks
    assert [row[0] for row in table.rows] == ["Cả năm 2025", "Cả năm 2024"]
    assert table.rows[0][2:6] == ("8/10\n81%", "80,0%", "—", "Công bố cao hơn 1 điểm % so với n/N.")
    assert table.rows[1][1].startswith("Đảng ủy xã Cũ: ")
    assert "không do cổng chốt" in note.text
    (page,) = [one for one in pages_of_pack(half_year["G"], leader) if one.name == "Số liệu đã công bố"]
    assert [(line[0], *line[5:8]) for line in page.lines] == [(2025, 8, 10, "81%"), (2024, 7, 9, "")]


def pages_of_pack(unit, user):
    with override("vi"):
        return list(pages_of(gathered_of(unit, "2026-Q2"), code="2" * 16, user=user))


def test_six_months_are_one_cut_and_no_mean(half_year):
    gathered = gathered_of(half_year["D"], "2026-H1")
    quarter = table_of(half_year["D"], gathered.spanned.quarter).row
    assert {rate.code: (rate.n, rate.base, rate.x) for rate in gathered.rates if rate.base} == {
        "r2": (13, 16, 1),
        "r3": (13, 16, 1),
        "r4": (12, 16, 1),  # the one of May was late
    }
    assert gathered.rate("r2") == quarter.rate("r2")
    said = said_in(compose(gathered, code="2" * 16, site=""))
    assert "tính tại một thời điểm, lúc chốt Quý II/2026; không lấy trung bình" in said
    assert "Chưa có kỳ trước đã chốt để so sánh." in said


def test_a_workbook_names_people_only_to_who_sees_their_names_and_goes_to_its_maker_alone(client, half_year, leader):
    WorkItem.objects.filter(code="P1").update(
        subject_name="Nguyễn Thị Mẫu", subject_position="Đảng viên", subject_number=3
    )
    secretary = factories.person(half_year["B"], "secretary", "Bí thư")
    gathered = gathered_of(half_year["B"], "2026-Q2")
    with override("vi"):
        of_secretary, of_leader = ({line[3] for line in works_of(gathered, user)} for user in (secretary, leader))
    assert (of_secretary, of_leader) == ({"", "Nguyễn Thị Mẫu"}, {"", "Đảng viên (số 3)"})
    pack = pack_of(half_year["B"], by=secretary)
    asked = {}
    for person in (secretary, leader):
        client.force_login(person)
        asked[person] = [
            client.get(reverse("packs:file", args=[pack.pk, form])).status_code for form in ("docx", "xlsx")
        ]
    assert asked == {secretary: [200, 200], leader: [200, 404]}


def test_however_many_works_a_workbook_lists_few_are_held_at_a_time(half_year, leader):
    gathered, held = gathered_of(half_year["D"], "2026-Q2"), []
    gc.freeze()  # what stood before is not looked through
    for _line in works_of(gathered, leader, at_a_time=3):
        held.append(sum(type(one) is WorkItem for one in gc.get_objects()))
    gc.unfreeze()
    assert len(held) == gathered.works == 17
    assert max(held) <= 6  # those being written, and those just read


def test_files_go_after_a_while_and_the_code_still_answers(client, half_year, leader):
    pack = pack_of(half_year["D"], by=leader)
    day = timezone.timedelta(days=1)
    assert [drop_pack_files(at=pack.made_at + days * day) for days in (6, 8, 399, 401)] == [0, 1, 0, 2]
    assert not PackFile.objects.exists()
    client.force_login(leader)
    page = client.get(reverse("packs:pack", args=[pack.pk]))
    assert client.get(reverse("verify_code", args=[page.context["one"].code])).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_packs_costs_the_same_however_long(client, half_year, leader, rows, django_assert_max_num_queries):
    for _row in range(rows):
        pack_of(half_year["D"], by=leader, forms=("docx",))
    client.force_login(leader)
    with django_assert_max_num_queries(12):
        answer = client.get(reverse("packs:unit", args=[half_year["D"].pk]))
    assert len(answer.context["rows"]) == rows


@pytest.mark.once
def test_a_pack_that_was_wished_for_comes_once_after_the_seal(client, half_year, leader, run_jobs, settings):
    settings.MAIL_ON, settings.SITE_URL = True, "https://mau.vn"
    Person.objects.filter(pk=leader.pk).update(email="lanhdao@mau.vn")
    client.force_login(leader)
    page = reverse("packs:unit", args=[half_year["G"].pk])
    for _twice in range(2):
        client.post(reverse("packs:wish", args=[half_year["G"].pk]))
    assert client.get(page).context["is_wished"] is True
    with time_machine.travel("2026-10-11T00:10:00+07:00", tick=True):
        now = timezone.now()
        assert tasks.plan_packs() == 0  # what was sealed before is not sent
        close("2026-Q3")
        assert [tasks.plan_packs(), tasks.plan_packs()] == [1, 0]
        (job,) = run_jobs()
        assert (job.state, job.message) == ("done", "")
        sending = PackSending.objects.get()
        assert tell_of_pack(sending, sending.pack, lambda: "lần nữa", at=now) is False
        (notice,) = Notice.objects.filter(kind="pack")
        assert (notice.recipient, notice.link) == (leader, reverse("packs:pack", args=[sending.pack_id]))
        assert notice.text == (
            "Quý III/2026 của Đảng ủy xã An đã chốt (bản 1): R1 — · R2 13/16 (81,3%) · R3 13/16 (81,3%) · R6 — · R7 —. "
            "Bộ báo cáo đã lập xong."
        )
        tell_about_new_events(at=now)
        morning = now + timezone.timedelta(hours=7)
        assert [(make_digests(at=morning), send_mails(at=morning)) for _twice in range(2)] == [(1, 1), (0, 0)]
    (sent,) = mail.outbox
    assert "R2 13/16 (81,3%)" in sent.body
    assert f"https://mau.vn{notice.link}" in sent.body
    assert (sent.to, sent.attachments) == (["lanhdao@mau.vn"], [])
    client.post(reverse("packs:wish", args=[half_year["G"].pk]), {"end": "1"})
    assert client.get(page).context["is_wished"] is False


@pytest.mark.once
def test_a_passport_is_had_on_paper_and_as_a_workbook(client, half_year, leader, run_jobs):
    client.force_login(leader)
    address = {"quarter": "2026-Q1", "rate": "r1"}
    page = reverse("dashboards:passport", args=[half_year["D"].pk], query=address)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.post(page, {"file": "xlsx"}))))
    told = dict(row[:2] for row in book.active.iter_rows(values_only=True))
    assert (told["n"], told["N"], told["X"]) == (8, 10, 1)
    assert told["R1 · Hoàn thành trong quý"] == "80,0%"
    client.post(reverse("dashboards:passport_paper", args=[half_year["D"].pk], query=address))
    (job,) = run_jobs()
    assert (job.state, job.message) == ("done", "")
    file = io.BytesIO(b"".join(client.get(reverse("journal:job_file", args=[job.pk]))))
    said = " ".join(PdfReader(file).pages[0].extract_text().split())
    for what in ("R1 · Hoàn thành trong quý", "80,0%", "Đã chốt, bản 1", "2026.4"):
        assert what in said
    assert sorted(Taken.objects.values_list("form", flat=True)) == ["pdf", "xlsx"]


def test_the_sums_of_a_bridge_are_those_of_the_bridge_in_however_many_parts(half_year):
    before, after = (reading_of(half_year["D"], Quarter(2026, number)) for number in (1, 2))
    whole = bridge_between(before, after, "r2")
    for works in (17, 3 * AT_A_TIME):
        sums = bridge_sums(before, after, "r2", works=works)
        assert (sums.start, sums.end, sums.told()) == (whole.start, whole.end, told_steps(whole))
