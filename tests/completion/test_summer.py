"""1 July 2025 replayed: the districts end, two provinces and their communes merge, the cells move. Cases 17 and 18."""

import pytest

from organizations.models import Unit
from tests.completion.summer import NEW, OLD, SMALL, before, replay


@pytest.mark.django_db
def test_the_summer_of_2025_leaves_every_earlier_hash_and_loses_no_item(tmp_path):
    found = replay(tmp_path, SMALL)
    assert set(found.hashes) == {(code, number) for code in OLD for number in (1, 2)} | {(NEW, 3), (NEW, 4)}
    assert found.again == {key: sealed for key, sealed in found.hashes.items() if key[1] <= 2}
    assert {quarter: sorted(codes) for quarter, codes in found.listed.items()} == {
        number: sorted(found.items) for number in (1, 2, 3, 4)
    }
    works = len(found.items)
    assert [found.totals[NEW, 3], found.totals[NEW, 4], sum(found.totals[code, 2] for code in OLD)] == [works] * 3
    communes = [row[0] for row in before(SMALL)[0] if row[2] == "grassroots_committee"]
    below = Unit.objects.below(Unit.objects.get(code=NEW)).filter(code__in=[*OLD, *communes])
    assert below.count() == len(OLD) + len(communes)  # what merged is found below its successor
