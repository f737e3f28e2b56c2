"""A model carried on by others: linked, counted to any depth, told to its source, never in a circle."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from models_registry import services
from models_registry.lifecycle import State, Step
from models_registry.models import Dossier
from models_registry.queries.adoption import Spread, adoption_tree, flat, sources_of, spread_of, units_adopting
from tests import factories
from tests.factories import AT
from tests.models_registry import registry_factories as make
from tests.models_registry.showcase.making import LATER, adopted, approve, completed, publish

pytestmark = pytest.mark.django_db


def cell(district, name):
    made = factories.unit(name, parent=district.commune)
    return factories.person(made, "secretary")


def rows(dossier):
    return [(node.level, node.unit, node.years) for node in flat(adoption_tree(dossier))]


def spread(dossier):
    return spread_of(dossier, adoption_tree(dossier))


def test_an_adoption_is_a_linked_draft_without_the_others_people(district, shown, opened):
    shown.practice.solutions = "Bà TRẦN THỊ MẪU đến từng nhà"
    shown.practice.save()
    made = services.adopt(shown.pk, round=opened, by=district.other_secretary, at=LATER)
    assert (made.unit, made.copied_from, made.state) == (district.other_cell, shown, State.DRAFT)
    assert made.practice.solutions == "Bà Tổ trưởng đến từng nhà"
    assert not made.practice.exemplars.exists()
    again = services.adopt(shown.pk, round=opened, by=district.other_secretary, at=LATER)
    assert again == made


def test_an_adoption_takes_no_contact_along_and_no_name_in_its_works(district, shown, opened):
    shown.practice.upkeep = "Gọi 0912 345 678 hoặc viết cho to@example.vn"
    shown.practice.save()
    shown.items.update(title="Bà Trần Thị Mẫu gọi 0912345678")
    made = services.adopt(shown.pk, round=opened, by=district.other_secretary, at=LATER)
    assert made.practice.upkeep == "Gọi (đã ẩn) hoặc viết cho (đã ẩn)"
    assert {item.title for item in made.items.all()} == {"Bà Tổ trưởng gọi (đã ẩn)"}
    assert not any(text in made.folded for text in ("0912", "tran thi mau"))


def test_only_what_stands_in_the_showcase_is_adopted_and_only_by_who_registers(
    district, approved, opened, other_district
):
    with pytest.raises(Dossier.DoesNotExist):
        services.adopt(approved.pk, round=opened, by=district.other_secretary, at=LATER)
    publish(approved, district)
    with pytest.raises(PermissionDenied):
        services.adopt(approved.pk, round=opened, by=district.leader, at=LATER)
    with pytest.raises(Dossier.DoesNotExist):
        services.adopt(approved.pk, round=opened, by=other_district.secretary, at=LATER)
    with pytest.raises(ValidationError, match="không nhận"):
        services.adopt(approved.pk, round=opened, by=district.other_secretary, at=AT.replace(month=6))


def test_nobody_adopts_an_own_model_back(district, shown, opened):
    with pytest.raises(ValidationError):
        services.adopt(shown.pk, round=opened, by=district.secretary, at=LATER)
    theirs = adopted(shown, district.other_secretary, district, opened)
    publish(theirs, district)
    with pytest.raises(ValidationError):
        services.adopt(theirs.pk, round=opened, by=district.secretary, at=LATER)


def test_approved_adoptions_are_counted_to_any_depth_and_drafts_are_not_told(district, shown, opened):
    before, line = shown, []
    for n in range(15):
        by = cell(district, f"Chi bộ {n}")
        before = adopted(before, by, district, opened)
        publish(before, district)
        line.append((n + 1, f"Chi bộ {n}", [2026]))
    services.adopt(shown.pk, round=opened, by=district.other_secretary, at=LATER)
    assert rows(shown) == line
    assert spread(shown) == Spread(direct=1, units=15, levels=15)
    assert units_adopting([shown.pk, before.pk, before.copied_from_id]) == {shown.pk: 15, before.copied_from_id: 1}
    assert len(sources_of(before)) == 15


def test_a_unit_that_goes_on_next_year_is_counted_once_also_past_a_rejected_copy(district, shown, opened):
    by = district.other_secretary
    first = adopted(shown, by, district, opened)
    rejected = services.copy_dossier(first.pk, round=opened, by=by, at=LATER)
    approve(rejected, district)
    Dossier.objects.filter(pk=rejected.pk).update(state=State.REJECTED)
    next_round = make.opened_round(district, name="Đợt 2027", year=2027)
    again = services.copy_dossier(rejected.pk, round=next_round, by=by, at=AT.replace(year=2027))
    publish(approve(again, district), district)
    third = cell(district, "Chi bộ ba")
    approve(services.adopt(again.pk, round=opened, by=third, at=LATER), district)
    assert rows(shown) == [(1, district.other_cell.name, [2026, 2027]), (2, "Chi bộ ba", [2026])]
    assert spread(shown) == Spread(direct=1, units=2, levels=2)
    assert units_adopting([shown.pk]) == {shown.pk: 2}


def test_the_source_is_told_when_an_adoption_is_approved(district, shown, opened):
    made = completed(services.adopt(shown.pk, round=opened, by=district.other_secretary, at=LATER))
    services.take_step(made.pk, Step.SUBMIT, by=district.other_secretary, at=LATER)
    services.take_step(made.pk, Step.TAKE, by=district.appraiser, at=LATER)
    district.secretary.notices.all().delete()
    services.take_step(made.pk, Step.APPROVE, by=district.head, at=LATER)
    told = district.secretary.notices.get()
    assert told.text == "Chi bộ ấp 2 áp dụng mô hình “Tổ bảo vệ môi trường” của đơn vị bạn, đã được duyệt"
    assert told.translated["en"].startswith("Chi bộ ấp 2 adopted your unit's model")
    assert told.link == f"/registry/showcase/{shown.pk}/adoptions/"


def test_the_database_refuses_a_circle(district, shown, opened):
    made = services.adopt(shown.pk, round=opened, by=district.other_secretary, at=LATER)
    for copy, source in ((shown, made), (shown, shown)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dossier.objects.filter(pk=copy.pk).update(copied_from=source)
