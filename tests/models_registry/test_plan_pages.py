import datetime as dt

import pytest
from django.urls import reverse

from models_registry.models import CriterionSet, Obligation, RegistrationRound, ResolutionTarget, Shortcoming, Theme
from models_registry.services.criteria import seed_default_criteria
from tests import factories
from tests.factories import AT
from tests.models_registry import plans

KEPT = [
    ("theme", Theme, {"title": "Dân chủ", "year_from": "2026", "year_to": "2027"}),
    ("target", ResolutionTarget, {"text": "Giảm 2% hộ nghèo", "year_from": "2026", "year_to": "2026"}),
    ("shortcoming", Shortcoming, {"text": "Sinh hoạt chưa đều", "year": "2026"}),
]


def at(name, *args):
    return reverse(f"models_registry:{name}", args=args)


@pytest.fixture
def head(client, district):
    client.force_login(district.head)
    return client


@pytest.fixture
def secretary(client, district):
    client.force_login(district.secretary)
    return client


@pytest.mark.parametrize(("stem", "model", "data"), KEPT)
def test_a_head_adds_a_row_by_its_form_and_finds_it_in_the_list(head, district, stem, model, data):
    answer = head.post(at(f"{stem}_add"), data | {"owner": district.top.pk, "edition": "0"})
    assert answer.status_code == 302
    assert str(model.objects.get()) in head.get(answer.url).content.decode()


@pytest.mark.parametrize(("stem", "model", "data"), KEPT)
def test_a_refused_form_comes_back_with_what_was_typed(head, district, stem, model, data):
    answer = head.post(at(f"{stem}_add"), {name: "x9" if "year" in name else value for name, value in data.items()})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "bốn chữ số" in page and "x9" in page
    assert not model.objects.exists()


def test_a_span_that_ends_before_it_begins_is_refused_with_a_sentence(head, district):
    data = {"title": "Ngược", "year_from": "2027", "year_to": "2026", "owner": district.board.pk, "edition": "0"}
    answer = head.post(at("theme_add"), data)
    assert (answer.status_code, "Năm cuối phải" in answer.content.decode()) == (422, True)


def test_a_foreign_owner_is_refused(head, district, other_district):
    data = {"title": "Của huyện khác", "year_from": "2026", "year_to": "2026", "edition": "0"}
    assert head.post(at("theme_add"), data | {"owner": other_district.top.pk}).status_code == 422


def test_a_stale_form_shows_both_versions_and_can_then_be_saved(head, district):
    theme = plans.theme_of(district.board, title="Bản của người kia", edition=3)
    typed = {"title": "Bản của tôi", "year_from": "2026", "year_to": "2026", "owner": district.board.pk}
    answer = head.post(at("theme", theme.pk), typed | {"edition": "2"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Bản của người kia" in page and "Bản của tôi" in page
    assert head.post(at("theme", theme.pk), typed | {"edition": "3"}).status_code == 302
    theme.refresh_from_db()
    assert theme.title == "Bản của tôi"


def test_a_secretary_reads_a_theme_and_cannot_write_it(secretary, district):
    theme = plans.theme_of(district.board)
    answer = secretary.get(at("theme", theme.pk))
    assert answer.status_code == 200
    assert "Kết thúc mục này" not in answer.content.decode()
    assert secretary.post(at("theme", theme.pk), {"title": "x"}).status_code == 403


def test_a_row_is_ended_and_used_again_from_its_page(head, district):
    theme = plans.theme_of(district.board)
    assert head.post(at("theme_end", theme.pk), {"edition": "0"}).status_code == 302
    assert "Dùng lại" in head.get(at("theme", theme.pk)).content.decode()
    assert head.post(at("theme_resume", theme.pk), {"edition": "1"}).status_code == 302
    assert head.post(at("theme_end", theme.pk), {"edition": "1"}).status_code == 409


def test_last_years_rows_are_copied(head, district):
    old = Shortcoming.objects.create(owner=district.board, text="Sinh hoạt chưa đều", year=2025)
    page = head.get(at("shortcomings_copy"), {"year": "2026"})
    assert "Sinh hoạt chưa đều" in page.content.decode()
    url = f"{at('shortcomings_copy')}?year=2026"
    assert head.post(url, {}).status_code == 422
    assert head.post(url, {"rows": [old.pk]}).status_code == 302
    assert Shortcoming.objects.filter(year=2026, text="Sinh hoạt chưa đều").count() == 1


def lines(*rows, name="Bộ tiêu chí", edition="0", **more):
    data = {"name": name, "edition": edition, "lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": "0"} | more
    for n, (group, text, code) in enumerate(rows):
        data |= {f"lines-{n}-group": group, f"lines-{n}-text": text, f"lines-{n}-code": code}
    return data


def test_a_set_is_added_and_its_blank_lines_are_left_out(head, district):
    data = lines(("ease", "Dễ hiểu", ""), ("content", "", ""), dossier_kind="practice_model", year="2026")
    assert head.post(at("criteria_add"), data).status_code == 302
    assert [row.text for row in CriterionSet.objects.get().criteria.all()] == ["Dễ hiểu"]


def test_a_set_of_blank_lines_is_refused(head, district):
    data = lines(("content", "", ""), dossier_kind="practice_model", year="2026")
    answer = head.post(at("criteria_add"), data)
    assert (answer.status_code, "ít nhất một tiêu chí" in answer.content.decode()) == (422, True)


def test_a_frozen_set_becomes_the_next_version_by_its_form(head, district):
    model = seed_default_criteria(district.board, 2026, by=None, at=AT)[0]
    CriterionSet.objects.filter(pk=model.pk).update(frozen_at=AT)
    answer = head.post(at("criteria_change", model.pk), lines(("ease", "Dễ hiểu", "de_hieu")))
    newer = CriterionSet.objects.get(version=2)
    assert answer.url == at("criterion_set", newer.pk)
    assert model.criteria.count() == 18
    stale = head.post(at("criteria_change", model.pk), lines(("ease", "Dễ nhớ", "")))
    assert (stale.status_code, "Dễ nhớ" in stale.content.decode()) == (409, True)


def test_a_score_with_its_levels_is_seen_before_it_is_saved(head, district):
    data = lines(("ease", "Dễ hiểu", ""), ("link", "Nhận xét chung", ""), dossier_kind="practice_model", year="2026")
    data |= {"lines-0-kind": "score", "lines-0-weight": "3", "lines-1-kind": "text"}
    data |= {"lines-0-points_0": "0", "lines-0-level_0": "Khó hiểu"}
    bad = head.post(at("criteria_add"), data)
    assert (bad.status_code, "từ hai đến năm mức" in bad.content.decode()) == (422, True)
    data |= {"lines-0-points_1": "10", "lines-0-level_1": "Đọc một lần là hiểu"}
    seen = head.post(at("criteria_add"), data | {"preview": "1"})
    assert [(row["part"], [level.label for level in row["levels"]]) for row in seen.context["preview"]] == [
        (100, ["10/10 điểm", "0/10 điểm", "Không áp dụng"]),
        (None, ["Đã nhận xét", "Không áp dụng"]),
    ]
    assert not CriterionSet.objects.exists()
    assert head.post(at("criteria_add"), data).status_code == 302
    kept = CriterionSet.objects.get().criteria.values_list("kind", "weight", "levels")
    assert list(kept) == [("score", 3, [[10, "Đọc một lần là hiểu"], [0, "Khó hiểu"]]), ("text", 0, [])]


def test_a_new_version_is_taken_up_by_the_rounds_that_are_chosen(head, district):
    criteria = plans.criteria_of(district.board, "practice_model")
    CriterionSet.objects.filter(pk=criteria.pk).update(frozen_at=AT)
    one, other = (plans.round_of(district.board, name=f"Đợt {n}") for n in (1, 2))
    assert "Đợt dùng bản mới" in head.get(at("criteria_change", criteria.pk)).content.decode()
    head.post(at("criteria_change", criteria.pk), lines(("ease", "Dễ hiểu", "")) | {"rounds": [one.pk]})
    used = dict(RegistrationRound.objects.values_list("name", "model_criteria__version"))
    assert used == {"Đợt 1": 2, "Đợt 2": 1}
    newer = CriterionSet.objects.get(version=2)
    page = head.get(at("criterion_set", newer.pk)).content.decode()
    assert ("Đợt 1" in page, "Bản 1" in page, other.name in page) == (True, True, False)
    # One that was left behind is not left for good, from whichever version it is written.
    assert "Đợt 2 (đang theo bản 1)" in head.get(at("criteria_change", newer.pk)).content.decode()
    head.post(at("criteria_change", newer.pk), lines(("ease", "Dễ hiểu", "")) | {"rounds": [other.pk]})
    other.refresh_from_db()
    assert other.model_criteria == newer
    answer = head.post(at("criteria_change", criteria.pk), lines(("ease", "Dễ làm", "")) | {"newest": 2})
    assert answer.url == at("criterion_set", CriterionSet.objects.get(version=3).pk)


def test_an_ended_set_is_offered_to_no_new_round_until_used_again(head, district):
    model = seed_default_criteria(district.board, 2026, by=None, at=AT)[0]
    assert head.post(at("criteria_end", model.pk), {"edition": "0"}).status_code == 302
    assert str(model) not in head.get(at("round_add")).content.decode()
    assert head.post(at("criteria_end", model.pk), {"edition": "0"}).status_code == 409
    assert head.post(at("criteria_resume", model.pk), {"edition": "1"}).status_code == 302
    assert str(model) in head.get(at("round_add")).content.decode()


def test_the_default_sets_are_written_by_a_button(head, district):
    assert head.post(at("criteria_defaults")).status_code == 302
    assert CriterionSet.objects.filter(owner=district.board).count() == 2


def a_round(district, **more):
    theme = plans.theme_of(district.board)
    return {
        "year": "2026",
        "name": "Đợt 1",
        "theme": theme.pk,
        "model_criteria": plans.criteria_of(district.board, "practice_model").pk,
        "sheet_criteria": plans.criteria_of(district.board, "registration_sheet").pk,
        "opens_on": "05/01/2026",
        "closes_on": "31/03/2026",
        "late_until": "10/04/2026",
        "target_kinds": ["cell"],
        "min_works": "1",
        "max_works": "2",
        "appraisal_days": "15",
        "appraisers": "1",
        "apart_points": "15",
        "edition": "0",
    } | more


def test_a_head_adds_a_round_and_opens_it(head, district, time_machine):
    time_machine.move_to(AT)
    assert head.post(at("round_add"), a_round(district)).status_code == 302
    made = RegistrationRound.objects.get()
    assert (made.body, made.closes_on, made.opened_at) == (district.board, dt.date(2026, 3, 31), None)
    head.post(at("round_open", made.pk))
    assert Obligation.objects.filter(round=made).count() == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("closes_on", "31/02/2026", "Ngày không đúng"),
        ("closes_on", "01/01/2026", "Hạn đăng ký phải bằng hoặc sau ngày mở"),
        ("late_until", "30/03/2026", "Ngày nhận muộn phải bằng hoặc sau hạn đăng ký"),
        ("max_works", "0", "Ít nhất là 1."),
        ("target_kinds", [], "Hãy chọn mục này."),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_with_a_sentence(head, district, field, value, sentence):
    answer = head.post(at("round_add"), a_round(district, **{field: value}))
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_a_second_round_of_the_same_name_is_refused(head, district):
    plans.round_of(district.board, name="Đợt 1")
    answer = head.post(at("round_add"), a_round(district))
    assert (answer.status_code, "đặt tên khác" in answer.content.decode()) == (422, True)


def test_the_days_of_an_opened_round_do_not_move_by_its_form(head, district):
    opened = plans.round_of(district.board)
    data = a_round(district, closes_on="30/06/2026", name="Tên mới", theme=opened.theme_id)
    assert head.post(at("round_change", opened.pk), data).status_code == 302
    opened.refresh_from_db()
    assert (opened.name, opened.closes_on) == ("Tên mới", dt.date(2026, 3, 31))


def test_next_years_round_starts_from_this_years(head, district):
    before = plans.round_of(district.board, min_works=2, max_works=3)
    page = head.get(at("round_add"), {"from": before.pk}).content.decode()
    assert "Đợt đăng ký năm 2027" in page and "31/03/2027" in page


def test_a_round_is_extended_with_a_reason(head, district):
    opened = plans.round_of(district.board)
    data = {"late_until": "20/04/2026", "reason": "Nhiều chi bộ vùng sâu chưa kịp", "edition": "0"}
    assert head.post(at("round_extend", opened.pk), data | {"reason": "vì"}).status_code == 422
    assert head.post(at("round_extend", opened.pk), data).status_code == 302
    assert head.post(at("round_extend", opened.pk), data).status_code == 409


def test_an_unopened_round_is_out_of_a_secretarys_sight(secretary, district):
    unopened = plans.round_of(district.board, opened_at=None)
    assert secretary.get(at("round", unopened.pk)).status_code == 404


def test_a_huge_id_or_year_is_answered_plainly(head, district):
    assert head.get("/registry/rounds/99999999999999999999999/").status_code == 404
    assert head.get(at("rounds"), {"year": "٢٠٢٦", "page": "x"}).status_code == 200
    assert head.get(at("themes"), {"year": "0000"}).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("name", ["themes", "targets", "shortcomings", "criterion_sets", "rounds"])
def test_a_list_costs_the_same_for_one_row_and_for_thirty(head, district, name, count, django_assert_max_num_queries):
    for n in range(count):
        theme = plans.theme_of(district.board, title=f"Chuyên đề {n}")
        ResolutionTarget.objects.create(owner=district.board, text=f"Chỉ tiêu {n}", year_from=2026, year_to=2026)
        Shortcoming.objects.create(owner=district.board, text=f"Hạn chế {n}", year=2026)
        plans.criteria_of(district.board, "practice_model", version=n + 1)
        plans.round_of(district.board, name=f"Đợt {n}", theme=theme)
    with django_assert_max_num_queries(9):
        assert head.get(at(name)).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_a_round_costs_the_same_for_one_unit_and_for_thirty(
    head, district, count, django_assert_max_num_queries
):
    opened = plans.round_of(district.board)
    for n in range(count):
        plans.obligation(opened, district, unit=factories.unit(f"Chi bộ {n}", parent=district.commune))
    with django_assert_max_num_queries(12):
        assert head.get(at("round", opened.pk)).status_code == 200
