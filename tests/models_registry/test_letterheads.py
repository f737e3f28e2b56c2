"""Who issues a document and who signs it, by the names and places of its day."""

import datetime as dt

import pytest

from models_registry.models import Dossier
from models_registry.queries.letterheads import Signer, letterhead_of
from organizations import services
from organizations.queries import entered_for, names_on
from tests.factories import AT, person
from tests.models_registry.dossiers.pages import LATER, sent

pytestmark = pytest.mark.django_db
TOMORROW = LATER.date() + dt.timedelta(days=1)


def rename(unit, name, on, district):
    services.correct_unit(unit, name=name, code=unit.code, kind=unit.kind, on=on, by=district.administrator, at=AT)


def test_a_unit_is_called_as_it_was_on_the_day(district, django_assert_num_queries):
    rename(district.cell, "Chi bộ ấp Hai", dt.date(2026, 2, 1), district)
    rename(district.cell, "Chi bộ ấp Ba", dt.date(2026, 3, 1), district)
    district.cell.refresh_from_db()
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1)]
    with django_assert_num_queries(4):
        names = [names_on(day, [district.cell])[district.cell.pk] for day in days]
    assert names == ["Chi bộ ấp 1", "Chi bộ ấp Hai", "Chi bộ ấp Hai", "Chi bộ ấp Ba"]


def test_a_sent_version_keeps_the_names_and_the_place_of_its_day(sheet, district, django_assert_max_num_queries):
    sent(sheet, district.secretary)
    rename(district.cell, "Chi bộ ấp Mới", TOMORROW, district)
    rename(district.commune, "Đảng ủy xã Mới", TOMORROW, district)
    services.move_unit(district.cell, district.other_commune, on=TOMORROW, by=district.administrator, at=LATER)
    seen = Dossier.objects.select_related("unit").get(pk=sheet.pk)
    version = seen.versions.select_related("submitted_by").get()
    with django_assert_max_num_queries(4):
        head = letterhead_of(seen, version, by=district.appraiser, at=LATER + dt.timedelta(days=30))
    assert (head.issuer, head.superior, head.day, head.dated) == ("Chi bộ ấp 1", "Đảng ủy xã An", LATER.date(), True)
    assert head.signer == Signer("secretary", name=district.secretary.full_name)


def test_a_draft_is_for_the_secretary_to_sign_or_the_deputy_who_asks(sheet, district):
    deputy = person(district.cell, "deputy")
    for asking, signer in (
        (district.secretary, district.secretary),
        (district.clerk, district.secretary),
        (deputy, deputy),
    ):
        head = letterhead_of(sheet, None, by=asking, at=LATER)
        assert (head.signer.role, head.signer.name) == (signer.post.role, signer.full_name)
    assert head.dated is False


def test_what_a_deputy_sent_is_signed_by_the_deputy(sheet, district):
    deputy = person(district.cell, "deputy")
    sent(sheet, deputy)
    version = sheet.versions.get()
    head = letterhead_of(sheet, version, by=district.appraiser, at=LATER)
    assert head.signer == Signer("deputy", name=deputy.full_name)


def test_a_clerk_enters_for_the_secretary_or_who_stands_in_and_nobody_else_does(district):
    assert entered_for(district.clerk, AT) == district.secretary
    assert entered_for(district.secretary, AT) is None
    assert entered_for(None, AT) is None
    services.end_post(district.secretary.post, ends_at=LATER, at=LATER, by=district.administrator)
    assert entered_for(district.clerk, LATER) is None
    deputy = person(district.cell, "deputy")
    assert entered_for(district.clerk, LATER) == deputy
