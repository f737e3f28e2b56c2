from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from completion.shares import difference_text, level, percent_text, prints_otherwise, rank


class TestPercentText:
    @pytest.mark.parametrize(
        ("n", "base", "text"),
        [
            (8, 10, "80,0%"),
            (135_719, 135_720, "99,9%"),  # case 5
            (135_720, 135_720, "100%"),
            (1, 15_000, "<0,1%"),
            (0, 0, "—"),  # case 6
            (0, 7, "0,0%"),
            (8, 9, "88,9%"),
            (207, 225, "92,0%"),
            (49, 49, "100%"),
            (1_298, 1_343, "96,6%"),
            (7_855, 8_100, "97,0%"),
            (133_350, 135_720, "98,3%"),
            (141_205, 143_820, "98,2%"),
            (1_554, 1_617, "96,1%"),
            (1_999, 2_500, "79,96%"),  # case 28
            (799_995, 1_000_000, "79,999%"),
            (7_999_999, 10_000_000, "79,999%"),
            (49_996, 100_000, "49,996%"),
            (4_996, 10_000, "49,96%"),
            (1, 3, "33,3%"),
            (1, 2_000, "0,1%"),
            (1, 2_001, "<0,1%"),
        ],
    )
    def test_of_known_figures(self, n, base, text):
        assert percent_text(n, base) == text

    @given(st.integers(0, 10**7), st.integers(1, 10**7))
    def test_says_all_exactly_when_all_are_done(self, n, base):
        n = min(n, base)
        assert (percent_text(n, base) == "100%") == (n == base)

    @given(st.integers(0, 10**7), st.integers(1, 10**7))
    def test_never_prints_on_the_other_side_of_a_threshold(self, n, base):
        n = min(n, base)
        printed = Fraction(percent_text(n, base).strip("<%").replace(",", "."))
        for limit in (50, 80):
            assert (printed >= limit) == (n * 100 >= limit * base)

    @given(st.integers(1, 10**7), st.integers(1, 10**7))
    def test_something_done_never_prints_as_nothing(self, n, base):
        assert percent_text(min(n, base), base) != "0,0%"


@pytest.mark.parametrize(
    ("printed", "n", "base", "otherwise"),
    [
        ("97%", 7_855, 8_100, False),
        ("98,2%", 133_350, 135_720, True),
        ("96,6%", 1_298, 1_343, False),
        ("100%", 49, 49, False),
        ("", 207, 225, False),
    ],
)
def test_a_published_rate_is_compared_at_its_own_precision(printed, n, base, otherwise):
    assert prints_otherwise(printed, n, base) is otherwise


def test_colour_goes_by_the_exact_fraction():
    assert [level(1_999, 2_500), level(2_000, 2_500), level(1, 2), level(49, 100), level(0, 0)] == [
        "middle", "high", "middle", "low", "none",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        ((6, 10), (8, 10), "−20,0 điểm %"),
        ((8, 10), (6, 10), "+20,0 điểm %"),
        ((1, 3), (1, 3), "0,0 điểm %"),
        ((2, 3), (1, 3), "+33,3 điểm %"),
        ((0, 0), (1, 3), "—"),
    ],
)
def test_a_difference_is_of_exact_rates_and_rounded_last(now, before, text):
    assert difference_text(*now, *before) == text


def test_equal_fractions_share_a_rank_and_small_counts_stand_apart():
    """Case 30, and a third to show the gap."""
    ranking = rank(
        [
            ("D", 1, 5, True),
            ("A", 8, 10, True),
            ("B", 4, 5, True),
            ("C", 2, 2, True),
            ("E", 0, 0, True),
            ("F", 0, 0, False),
        ]
    )
    assert ranking.ranked == [(1, "A"), (1, "B"), (3, "D")]
    assert (ranking.few, ranking.nothing_due, ranking.unregistered) == (["C"], ["E"], ["F"])
