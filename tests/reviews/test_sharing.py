"""Sharing dossiers out evenly: a table of what goes to whom, and what no exchange could better."""

import random

import pytest

from reviews.sharing import share

FIVE = ["a", "b", "c", "d", "e"]


def loads_after(given, before):
    return {who: before[who] + list(given.values()).count(who) for who in before}


def test_thirty_dossiers_five_appraisers_and_a_cap_of_eight_give_six_each():
    before = dict.fromkeys(FIVE, 0)
    given = share(dict.fromkeys(range(30), FIVE), before, cap=8)
    assert loads_after(given, before) == dict.fromkeys(FIVE, 6)


@pytest.mark.parametrize(
    ("dossiers", "before", "cap", "after"),
    [
        (dict.fromkeys(range(31), FIVE), dict.fromkeys(FIVE, 0), 8, [6, 6, 6, 6, 7]),
        (dict.fromkeys(range(50), FIVE), dict.fromkeys(FIVE, 0), 8, [8, 8, 8, 8, 8]),
        (dict.fromkeys(range(10), FIVE), {"a": 9, "b": 0, "c": 0, "d": 0, "e": 0}, 8, [2, 2, 3, 3, 9]),
        ({n: ["a"] for n in range(3)} | dict.fromkeys(range(3, 10), FIVE), dict.fromkeys(FIVE, 0), 8, [1, 2, 2, 2, 3]),
        ({1: []}, dict.fromkeys(FIVE, 0), 8, [0, 0, 0, 0, 0]),
        # The first would go to "a"; only by passing it on can the second be given at all.
        ({1: ["a", "b"], 2: ["a"]}, {"a": 0, "b": 0}, 1, [1, 1]),
    ],
)
def test_loads_are_even_within_the_cap_and_around_conflicts(dossiers, before, cap, after):
    given = share(dossiers, before, cap=cap)
    assert sorted(loads_after(given, before).values()) == after
    assert all(who in dossiers[pk] for pk, who in given.items())


def test_no_single_exchange_makes_it_more_even():
    rng = random.Random(4)
    for _ in range(30):
        before = {who: rng.randrange(4) for who in FIVE}
        dossiers = {n: [who for who in FIVE if rng.random() < 0.6] for n in range(30)}
        given = share(dossiers, before, cap=9)
        after = loads_after(given, before)
        assert all(after[other] >= after[who] - 1 for pk, who in given.items() for other in dossiers[pk])
        assert all(after[who] >= 9 for pk in dossiers.keys() - given for who in dossiers[pk])
