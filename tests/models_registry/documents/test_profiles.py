"""Which layout a unit's document has on a day, and what stands at its head and foot."""

import datetime as dt

import pytest

from models_registry.documents.compose import compose
from models_registry.documents.profiles import PROFILES, profile_for
from organizations.models import Unit
from tests.models_registry.documents.contents import TRACE, full_sheet, letterhead

KINDS = [
    ("cell", dt.date(2026, 1, 8), "party-2018"),
    ("cell", dt.date(2026, 1, 9), "party-2026"),
    ("grassroots_committee", dt.date(2017, 1, 1), "party-2018"),
    ("advisory_body", dt.date(2026, 3, 1), "party-2026"),
    ("government", dt.date(2026, 3, 1), "government-2020"),
    ("public_service_unit", dt.date(2026, 3, 1), "government-2020"),
    ("front", dt.date(2026, 3, 1), "front-2020"),
    ("mass_org", dt.date(2026, 3, 1), "front-2020"),
    ("youth_union", dt.date(2026, 3, 1), "youth-2013"),
]


@pytest.mark.parametrize(("kind", "day", "key"), KINDS)
def test_the_profile_follows_kind_and_day(kind, day, key):
    assert profile_for(kind, day).key == key


def test_every_kind_of_unit_has_a_profile_and_a_signer():
    for kind in Unit.Kind.values:
        assert profile_for(kind, dt.date(2026, 3, 1)).signing[kind].lines("deputy", "")


def test_no_two_profiles_of_a_kind_begin_on_the_same_day():
    begun = [(kind, profile.valid_from) for profile in PROFILES for kind in profile.kinds]
    assert len(begun) == len(set(begun))


HEADS = [
    # kind, superior, role, title of the post → superior, number, what stands above the signature
    ("cell", "Đảng ủy xã An", "secretary", "", "ĐẢNG BỘ XÃ AN", "Số-BĐK/CB", ("T/M CHI BỘ", "BÍ THƯ")),
    ("cell", "Đảng ủy xã An", "deputy", "", "ĐẢNG BỘ XÃ AN", "Số-BĐK/CB", ("T/M CHI BỘ", "PHÓ BÍ THƯ")),
    ("advisory_body", "Huyện ủy B", "secretary", "", "HUYỆN ỦY B", "Số-BĐK/…………", ("TRƯỞNG BAN",)),
    ("government", "", "secretary", "Chủ tịch", "", "Số:/BĐK-…………", ("CHỦ TỊCH",)),
    ("youth_union", "Tỉnh đoàn C", "secretary", "", "TỈNH ĐOÀN C", "Số:-BĐK/…………", ("TM. BAN CHẤP HÀNH", "BÍ THƯ")),
]


@pytest.mark.parametrize(("kind", "superior", "role", "title", "above", "number", "lines"), HEADS)
def test_head_and_foot_are_the_profiles(kind, superior, role, title, above, number, lines):
    head = letterhead(kind, superior=superior, role=role, title=title)
    first = compose(full_sheet(), head, which="dossier", mark="", trace=TRACE).parts[0]
    assert first.head.superior == above
    assert first.head.number.replace("\u00a0", "") == number
    assert first.blocks[-1].places[0].lines == lines
