"""Signals against formalism: found where they were planted, not where it only looks so, and asked once."""

import datetime as dt

import pytest

from progress import formalism
from progress.services.formalism import look_at_dossiers, look_at_new_files, look_at_year
from reviews.models import Signal
from tests.models_registry.registry_factories import opened_round
from tests.progress.making import instant
from tests.progress.seeded_year import YEAR, seeded_year

NIGHT = instant("2026-12-31", 23)
BEFORE = instant("2026-01-01")


def look(board, *, at=NIGHT):
    return look_at_dossiers(board, at=at) + look_at_year(board, YEAR, at=at)


@pytest.mark.once
def test_at_least_nine_in_ten_are_found_and_at_most_one_in_fifty_is_false(district):
    year = seeded_year(district, opened_round(district))
    look(district.board.pk)
    found = {kind: set() for kind in Signal.Kind.values}
    for one in Signal.objects.all():
        found[one.kind].add(one.dossier_id if one.kind == "text" else one.unit_id)
    hits = wrong = 0
    for kind, planted in year.planted.items():
        right, false = found[kind] & planted, found[kind] & year.honest[kind]
        assert found[kind] <= planted | year.honest[kind]
        print(f"{kind}: found {len(right)}/{len(planted)}, false {len(false)} of {len(year.honest[kind])} honest")
        hits, wrong = hits + len(right), wrong + len(false)
        assert len(right) >= 0.9 * len(planted), kind
        assert len(false) <= 0.02 * len(found[kind]), kind
    print(f"all: found {hits}/{sum(map(len, year.planted.values()))}, false {wrong}/{hits + wrong}")
    # Looked at again, and by the small look, nothing is asked a second time.
    assert look(district.board.pk) == 0
    assert look_at_new_files(district.board.pk, since=BEFORE, at=NIGHT) == 0


@pytest.mark.parametrize(
    ("seconds", "runs"),
    [
        ([0, 60, 120], [(0, 2)]),
        ([0, 60, 120, 180, 240], [(0, 4)]),
        ([0, 60, 600, 660, 720, 5000, 5010, 5020], [(2, 4), (5, 7)]),
        ([0, 200, 400], []),
        ([0, 60], []),
        ([], []),
    ],
)
def test_a_run_is_as_long_as_its_stretches_overlap(seconds, runs):
    times = [NIGHT + dt.timedelta(seconds=one) for one in seconds]
    assert list(formalism.bursts(times, count=3, minutes=3)) == runs


@pytest.mark.parametrize(
    ("paths", "above"),
    [
        ({"0000000100000002"}, "0000000100000002"),
        ({"0000000100000002", "0000000100000003"}, "00000001"),
        ({"00000001", "0000000100000003"}, "00000001"),
        ({"00000001", "00000002"}, ""),
    ],
)
def test_works_of_several_units_belong_to_the_unit_above_them(paths, above):
    assert formalism.nearest_common(paths, step=8) == above
