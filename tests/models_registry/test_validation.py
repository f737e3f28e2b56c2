import datetime as dt

import pytest

from models_registry import services
from models_registry.models import WorkItem
from models_registry.validation import problems_of
from tests.factories import AT
from tests.models_registry import registry_factories as make

pytestmark = pytest.mark.django_db
DAY = AT.date()


def test_a_complete_model_and_a_complete_sheet_lack_nothing(model, sheet):
    assert problems_of(model, day=DAY) == {}
    assert problems_of(sheet, day=DAY) == {}


def test_an_empty_model_is_told_everything_it_lacks(district, opened):
    empty = make.dossier(district.cell, district.secretary, opened, title="")
    assert set(problems_of(empty, day=DAY)) == {
        *("title", "situation", "goal", "learning", "following", "example_setting", "solutions", "place", "upkeep"),
        *("targets", "shortcomings", "exemplars", "works", "outputs"),
    }


def test_an_exemplar_needs_evidence_and_one_of_them_consent(model):
    one = model.practice.exemplars.get()
    model.practice.exemplars.update(name="", consent=False, evidence=" ")
    assert problems_of(model, day=DAY) == {
        "exemplars": ["Cần ít nhất một cá nhân điển hình đã đồng ý được nêu."],
        f"exemplar.{one.pk}": ["Hãy nêu chức danh và việc làm, hiệu quả thực tế."],
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "Rõ việc: hãy nêu việc làm cụ thể."),
        ({"assignee": " "}, "Rõ người: hãy nêu người thực hiện."),
        ({"accountable": ""}, "Rõ trách nhiệm: hãy nêu ai chịu trách nhiệm."),
        ({"expected_result": ""}, "Rõ kết quả: hãy nêu kết quả đo đếm được."),
        ({"measure": None}, "Rõ kết quả: hãy chọn đơn vị tính cho số lượng."),
        (
            {"due_on": None},
            "Rõ tiến độ: hãy nêu ngày bắt đầu và ngày hoàn thành, hoặc chọn việc thường xuyên.",
        ),
        ({"due_on": dt.date(2026, 1, 20)}, "Ngày hoàn thành phải sau ngày bắt đầu."),
        ({"due_on": dt.date(2027, 1, 1)}, "Hạn hoàn thành phải nằm trong năm kế hoạch 2026."),
        (
            {"starts_on": dt.date(2026, 1, 1), "due_on": dt.date(2026, 1, 4)},
            "Hạn hoàn thành 04/01/2026 đã qua. Hãy đặt hạn mới.",
        ),
    ],
)
def test_a_work_lacking_one_of_the_five_is_told_which(model, changes, says):
    model.items.update(**changes)
    assert problems_of(model, day=DAY) == {f"item.{model.items.get().pk}": [says]}


def test_a_work_due_today_or_ongoing_without_days_is_in_order(model):
    model.items.update(starts_on=dt.date(2026, 1, 1), due_on=DAY)
    assert problems_of(model, day=DAY) == {}
    model.items.update(starts_on=None, due_on=None, ongoing=True)
    assert problems_of(model, day=DAY) == {}


def test_an_empty_sheet_needs_a_work(sheet):
    sheet.items.all().delete()
    assert problems_of(sheet, day=DAY) == {"collective": ["Hãy đăng ký ít nhất một việc."]}


@pytest.mark.parametrize("kind", ["IND", "ISS", "COL"])
def test_a_sheet_of_one_kind_of_work_alone_is_whole(sheet, kind):
    if kind == "ISS":
        make.item(sheet, kind, "Rác tồn đọng")
    sheet.items.exclude(kind=kind).delete()
    assert sheet.items.exists()
    assert problems_of(sheet, day=DAY) == {}


def test_a_third_work_of_a_person_is_refused_and_two_are_not(sheet):
    make.individual(sheet, title="Việc hai")
    assert problems_of(sheet, day=DAY) == {}
    third = make.individual(sheet, title="Việc ba", order=9)
    says = "Mỗi chủ thể đăng ký nhiều nhất 2 việc một năm; ở đây có 3."
    assert problems_of(sheet, day=DAY) == {f"item.{third.pk}": [says]}


def test_a_supplementary_sheet_counts_what_was_already_sent(district, opened, sheet):
    make.item(sheet, title="Việc hai của tập thể")
    services.submit(sheet.pk, edition=0, by=district.secretary, at=AT)
    extra = make.full_sheet(district.cell, district.secretary, opened, supplementary=True)
    says = "Mỗi chủ thể đăng ký nhiều nhất 2 việc một năm; cả năm có 3, gồm 2 ở bản đã gửi."
    assert problems_of(extra, day=DAY) == {"collective": [says]}
    extra.items.filter(kind="COL").delete()
    assert problems_of(extra, day=DAY) == {}


def test_pressing_issues_are_not_limited(sheet):
    for n in range(4):
        make.item(sheet, WorkItem.Kind.ISSUE, f"Vấn đề {n}")
    assert problems_of(sheet, day=DAY) == {}


def test_a_round_may_ask_for_two_works_each(sheet):
    sheet.round.min_works = 2
    assert set(problems_of(sheet, day=DAY)) == {"collective", f"item.{sheet.items.get(kind='IND').pk}"}


def test_the_first_version_is_only_sent_while_the_round_receives(model):
    assert problems_of(model, day=dt.date(2026, 4, 15)) == {}
    assert problems_of(model, day=dt.date(2026, 4, 16)) == {
        "round": ["Đợt “Đợt 1” không nhận đăng ký vào ngày 16/04/2026."]
    }
    model.version = 1
    assert problems_of(model, day=dt.date(2026, 4, 16)) == {}


def test_individuals_of_one_name_and_other_posts_are_two_people(sheet):
    for position in ("Chi ủy viên", "Tổ trưởng"):
        make.individual(sheet, title=f"Việc của {position}", position=position)
        make.individual(sheet, title=f"Việc hai của {position}", position=position)
    assert problems_of(sheet, day=DAY) == {}
