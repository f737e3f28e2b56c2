"""What marks add up to, by example and as laws."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_registry.scales import LEVEL_KEYS, falls_short, levels_of, points
from reviews.scoring import divided, outliers, spread, total


def criterion(pk, kind="check", group="content", weight=1, levels=()):
    return SimpleNamespace(pk=pk, kind=kind, group=group, weight=weight, levels=[list(one) for one in levels])


TEN = ((10, "Đủ"), (6, "Khá"), (0, "Thiếu"))
SET = [
    criterion(1, weight=2),
    criterion(2, "score", weight=3, levels=TEN),
    criterion(3, group="fault"),
    criterion(4, "text", weight=0),
]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (("met", "level_0", "met", "answered"), 100),
        (("not_met", "level_2", "not_met", "answered"), 0),
        (("partly", "level_1", "met", "not_applicable"), Fraction(100) * (1 + Fraction(9, 5) + 1) / 6),
        (("not_applicable", "level_1", "met", "answered"), Fraction(100) * (Fraction(9, 5) + 1) / 4),
        (("met", "not_applicable", "met", "answered"), 100),
        # Half-filled: no total, whatever is missing and however little it weighs.
        (("met", "level_0", "met", ""), None),
        (("", "level_0", "met", "answered"), None),
        # A mark of another scale is no mark.
        (("level_0", "level_0", "met", "answered"), None),
    ],
)
def test_a_total_is_the_weighted_mean_of_what_counts(marks, expected):
    assert total(SET, dict(zip((1, 2, 3, 4), marks, strict=True))) == expected


def test_where_nothing_counts_there_is_no_total():
    assert total([criterion(1)], {1: "not_applicable"}) is None
    assert total([criterion(1, weight=0)], {1: "met"}) is None


scales = st.lists(st.integers(0, 100), min_size=2, max_size=5, unique=True).map(
    lambda found: tuple((n, "mô tả") for n in sorted(found, reverse=True))
)
kinds = st.one_of(
    st.builds(dict, weight=st.integers(0, 100)),
    st.builds(dict, weight=st.integers(0, 100), group=st.just("fault")),
    st.builds(dict, weight=st.integers(0, 100), kind=st.just("score"), levels=scales),
    st.just({"kind": "text", "weight": 0}),
)


@st.composite
def sheets(draw):
    criteria = [criterion(pk, **values) for pk, values in enumerate(draw(st.lists(kinds, min_size=1, max_size=8)))]
    keys = {one.pk: [level.key for level in levels_of(one)] for one in criteria}
    return criteria, {pk: draw(st.sampled_from(own)) for pk, own in keys.items()}


@given(sheets())
def test_a_total_stands_between_0_and_100_and_the_best_marks_give_100(sheet):
    criteria, marks = sheet
    found = total(criteria, marks)
    assert found is None or 0 <= found <= 100
    best = total(criteria, {one.pk: levels_of(one)[0].key for one in criteria})
    assert best in (None, 100)
    assert (found is None) >= (best is None)


@given(sheets(), st.integers(2, 9))
def test_weights_count_against_each_other_alone(sheet, times):
    criteria, marks = sheet
    heavier = [SimpleNamespace(**{**vars(one), "weight": one.weight * times}) for one in criteria]
    assert total(criteria, marks) == total(heavier, marks)


@given(sheets(), st.data())
def test_what_is_not_applicable_might_as_well_not_stand_there(sheet, data):
    criteria, marks = sheet
    left_out = data.draw(st.sampled_from(criteria))
    if left_out.group == "fault":
        return
    without = [one for one in criteria if one is not left_out]
    assert total(criteria, marks | {left_out.pk: "not_applicable"}) == total(without, marks)


@given(sheets(), st.data())
def test_a_sheet_with_any_mark_missing_has_no_total(sheet, data):
    criteria, marks = sheet
    del marks[data.draw(st.sampled_from(sorted(marks)))]
    assert total(criteria, marks) is None


@given(sheets(), st.data())
def test_a_better_mark_never_lowers_a_total(sheet, data):
    criteria, marks = sheet
    one = data.draw(st.sampled_from(criteria))
    shares = {level.key: level.share for level in levels_of(one) if level.share is not None}
    if marks[one.pk] in shares:
        better = max(shares, key=shares.get)
        before, after = total(criteria, marks), total(criteria, marks | {one.pk: better})
        assert (before is None and after is None) or after >= before


def test_spread_and_outliers_are_told_in_exact_points():
    totals = {"An": Fraction(250, 3), "Bình": Fraction(80), "Chi": Fraction(60)}
    found = spread(list(totals.values()))
    assert (found.low, found.high, found.mean, found.apart) == (60, Fraction(250, 3), Fraction(670, 9), Fraction(70, 3))
    assert outliers(totals, 15) == {"Chi": -Fraction(65, 3)}
    assert (spread([Fraction(80)]), outliers({"An": Fraction(80)}, 1)) == (None, {})


@pytest.mark.parametrize(("apart", "named"), [(Fraction(149999, 10000), set()), (Fraction(15), {"An", "Bình"})])
def test_the_limit_itself_is_an_outlier_and_a_hair_less_is_none(apart, named):
    assert set(outliers({"An": Fraction(70), "Bình": Fraction(70) - apart}, 15)) == named


def test_marks_of_one_criterion_stand_apart_by_parts_of_its_weight():
    assert divided(SET[1], ["level_0", "level_1", "not_applicable"]) == Fraction(2, 5)
    assert divided(SET[0], ["met", "not_applicable"]) is None


def test_a_return_names_what_earned_half_or_less():
    assert [key for key in (*LEVEL_KEYS[:3], "not_applicable") if falls_short(SET[1], key)] == ["level_2"]
    assert [mark for mark in ("met", "partly", "not_met", "not_applicable") if falls_short(SET[0], mark)] == [
        "partly",
        "not_met",
    ]


@pytest.mark.parametrize(
    ("exact", "printed"),
    [(Fraction(250, 3), "83.3"), (Fraction(1665, 20), "83.3"), (Fraction(8335, 100), "83.4"), (Fraction(100), "100")],
)
def test_a_total_is_printed_half_up_to_one_decimal(exact, printed):
    assert points(exact) == Decimal(printed)
