"""Reading dossiers: one, its print, the list; and what that costs."""

import datetime as dt

import pytest

from models_registry import services
from models_registry.lifecycle import Step
from models_registry.queries.dossiers import awaiting
from models_registry.sections import sections_of
from tests.factories import person
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, answered, returned, sent, step, url

pytestmark = pytest.mark.django_db


def test_the_first_version_stays_readable_after_the_second(secretary, model, district):
    returned(model, district, {})
    services.save_draft(model.pk, by=district.secretary, at=LATER, fields={"goal": "Mục tiêu mới"})
    answered(model, district.secretary)
    model.refresh_from_db()
    sent(model, district.secretary)
    assert "Mục tiêu mới" in secretary.get(url("dossier", model.pk)).content.decode()
    first = secretary.get(url("dossier", model.pk) + "?version=1").content.decode()
    assert "Nội dung goal" in first
    assert "Mục tiêu mới" not in first
    assert secretary.get(url("dossier", model.pk) + "?version=3").status_code == 404


def test_names_are_seen_in_the_cell_and_masked_above_on_page_and_print(client, sheet, district):
    sent(sheet, district.secretary)
    for name in ("dossier", "print"):
        client.force_login(district.secretary)
        assert "Nguyễn Văn Mẫu" in client.get(url(name, sheet.pk)).content.decode()
        for reader in (district.appraiser, district.committee, district.leader):
            client.force_login(reader)
            page = client.get(url(name, sheet.pk)).content.decode()
            assert "Nguyễn Văn Mẫu" not in page
            assert "Đảng viên (số 1)" in page


def test_a_print_says_draft_until_it_is_approved(secretary, model, district):
    assert "DỰ THẢO" in secretary.get(url("print", model.pk)).content.decode()
    sent(model, district.secretary)
    services.take_step(model.pk, Step.TAKE, by=district.appraiser, at=LATER)
    services.take_step(model.pk, Step.APPROVE, by=district.head, at=LATER)
    assert "DỰ THẢO" not in secretary.get(url("print", model.pk)).content.decode()


def test_the_list_is_narrowed_by_year_state_kind_and_folded_words(secretary, model, sheet):
    def listed(query):
        return {one.pk for one in secretary.get(url("dossiers") + query).context["page_obj"]}

    services.save_draft(model.pk, by=model.author.acting_as(model.author.posts.first()), at=LATER, fields={})
    assert listed("") == {model.pk, sheet.pk}
    assert listed("?kind=registration_sheet&state=draft&year=2026") == {sheet.pk}
    assert listed("?year=2025") == set()
    assert listed("?q=to bao ve moi truong") == {model.pk}
    assert listed("?year=x&state=y") == {model.pk, sheet.pk}


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_however_long(secretary, district, opened, count, django_assert_max_num_queries):
    for n in range(count):
        make.dossier(district.cell, district.secretary, opened, title=f"Mô hình {n}")
    with django_assert_max_num_queries(8):
        assert secretary.get(url("dossiers")).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_no_page_of_a_dossier_costs_more_than_twelve_queries(
    client, district, opened, count, django_assert_max_num_queries
):
    draft = make.full_model(district.cell, district.secretary, opened)
    sheet = make.full_sheet(district.cell, district.secretary, opened)
    for n in range(count):
        make.item(draft, title=f"Việc {n}")
        make.individual(sheet, name=f"Người Mẫu {n}", number=n + 2)
    client.force_login(district.secretary)
    pages = [url(name, one.pk) for name in ("dossier", "check", "print") for one in (draft, sheet)]
    pages += [step(draft, key) for key in sections_of(is_model=True)]
    pages += [step(sheet, key) for key in ("general", "collective", "issues", "individual")]
    pages += [url("individual", sheet.pk, 1), url("start"), url("copy", draft.pk)]
    for page in pages:
        with django_assert_max_num_queries(12) as asked:
            assert client.get(page).status_code == 200, page
        print(page, len(asked))
    returned(draft, district, {"goal": "x"})
    for page in (url("dossier", draft.pk), step(draft, "works")):
        with django_assert_max_num_queries(12):
            assert client.get(page).status_code == 200, page
    client.force_login(district.appraiser)
    with django_assert_max_num_queries(12):
        assert client.get(url("dossier", draft.pk)).status_code == 200


def test_people_of_other_units_find_nothing(client, model, district):
    sent(model, district.secretary)
    stranger = person(district.other_cell, "secretary")
    client.force_login(stranger)
    for name in ("dossier", "print", "check", "copy", "files"):
        assert client.get(url(name, model.pk)).status_code == 404, name


def test_the_home_page_counts_drafts_and_what_was_returned(district, model, sheet, django_assert_max_num_queries):
    returned(sheet, district, {})
    with django_assert_max_num_queries(1):
        lines = awaiting(district.clerk, LATER)
    assert [(line.text, line.count, line.level) for line in lines] == [
        ("Hồ sơ phải bổ sung theo yêu cầu của Ban", 1, "warning"),
        ("Bản nháp đang soạn", 1, "info"),
    ]
    late = awaiting(district.secretary, LATER + dt.timedelta(days=60))
    assert late[0].level == "danger"
    assert awaiting(district.leader, LATER) == []
