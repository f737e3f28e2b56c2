"""Starting a dossier."""

import datetime as dt

import pytest

from models_registry import services
from models_registry.lifecycle import ItemState, State
from models_registry.models import Dossier, WorkItem
from tests.factories import AT
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, returned, step, url

pytestmark = pytest.mark.django_db


def test_a_secretary_starts_a_sheet_and_comes_to_its_first_screen(secretary, opened, district):
    answer = secretary.post(url("start"), {"kind": "registration_sheet", "round": opened.pk})
    made = Dossier.objects.get()
    assert (made.unit, made.state) == (district.cell, State.DRAFT)
    assert answer.url == step(made, "general")


def test_starting_without_a_choice_says_so(secretary, opened):
    answer = secretary.post(url("start"), {})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "round"}


def test_a_round_that_does_not_receive_cannot_be_chosen(secretary, district):
    closed = make.opened_round(district, late_until=dt.date(2026, 1, 4), closes_on=dt.date(2026, 1, 3))
    answer = secretary.post(url("start"), {"kind": "practice_model", "round": closed.pk})
    assert answer.status_code == 422


def test_where_no_round_receives_the_page_says_so(secretary):
    assert "Hiện chưa có đợt nào nhận đăng ký" in secretary.get(url("start")).content.decode()


@pytest.fixture
def last_year(district, opened):
    """What the cell has approved of the year before: a model, and a sheet."""
    then = make.opened_round(district, name="Đợt 2025", year=2025, late_until=dt.date(2025, 4, 15))
    made = [writer(district.cell, district.secretary, then) for writer in (make.full_model, make.full_sheet)]
    Dossier.objects.filter(round=then).update(state=State.APPROVED, version=1, body=district.board)
    WorkItem.objects.filter(dossier__round=then).update(
        state=ItemState.IN_PROGRESS, approved_at=AT, due_in_force=dt.date(2025, 6, 30)
    )
    return made


def test_a_model_of_last_year_is_offered_and_copied(secretary, opened, last_year):
    model, _sheet = last_year
    page = secretary.get(url("start"))
    assert list(page.context["earlier"]) == [model]
    assert url("copy", model.pk) in page.content.decode()
    assert secretary.get(url("copy", model.pk)).context["form"].initial == {"round": opened.pk}
    secretary.post(url("copy", model.pk), {"round": opened.pk})
    made = Dossier.objects.get(round=opened)
    assert (made.title, made.copied_from, made.items.get().due_on) == (model.title, model, dt.date(2026, 6, 30))


def test_a_new_sheet_asks_which_works_of_last_year_go_on(secretary, opened, last_year):
    asked = secretary.post(url("start"), {"kind": "registration_sheet", "round": opened.pk})
    draft = Dossier.objects.get(round=opened)
    assert asked.url == url("bring", draft.pk)
    page = secretary.get(asked.url)
    groups = [group for group, _works in page.context["form"].fields["works"].choices]
    assert groups == ["Việc của tập thể", "Nguyễn Văn Mẫu", "Vấn đề bức xúc, nổi cộm"]
    assert secretary.post(asked.url, {"edition": draft.edition}).status_code == 422
    chosen = list(last_year[1].items.filter(kind="COL").values_list("pk", flat=True))
    done = secretary.post(asked.url, {"edition": draft.edition, "works": chosen})
    assert done.url == step(draft, "collective")
    assert draft.items.get().due_on == dt.date(2026, 6, 30)
    assert secretary.post(asked.url, {"edition": draft.edition, "works": chosen}).status_code == 409


def test_no_more_works_are_brought_than_the_round_allows(secretary, district, opened, last_year):
    draft = make.full_sheet(district.cell, district.secretary, opened)
    make.item(draft, title="Việc thứ hai")
    chosen = last_year[1].items.filter(kind="COL").values_list("pk", flat=True)
    answer = secretary.post(url("bring", draft.pk), {"edition": 0, "works": list(chosen)})
    assert answer.status_code == 422
    assert "nhiều nhất 2 việc" in answer.content.decode()


def test_starting_over_an_open_draft_says_that_it_is_that_one(secretary, opened, sheet):
    assert sheet.title in secretary.get(url("start")).content.decode()
    answer = secretary.post(url("start"), {"kind": "registration_sheet", "round": opened.pk}, follow=True)
    assert answer.redirect_chain[0][0] == step(sheet, "general")
    assert "đang soạn dở" in answer.content.decode()


def test_the_preview_shows_what_is_being_written_and_to_the_unit_alone(secretary, district, model):
    returned(model, district, {"goal": "Nêu con số."})
    services.save_draft(model.pk, by=district.clerk, at=LATER, fields={"goal": "60 hộ tham gia"})
    preview = url("print", model.pk) + "?draft=1"
    assert "60 hộ tham gia" in secretary.get(preview).content.decode()
    assert preview in secretary.get(url("check", model.pk)).content.decode()
    secretary.force_login(district.appraiser)
    assert "60 hộ tham gia" not in secretary.get(preview).content.decode()
