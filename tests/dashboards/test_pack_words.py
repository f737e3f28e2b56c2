"""Sentences of a report read right for nothing, one, all and some, for a rise, a fall and neither."""

import pytest

from completion.queries.figures import Rate
from dashboards.packs import words

RATES = {
    (0, 0, 0): "không có việc nào đến hạn trong quý",
    (0, 0, 2): "không có việc nào đến hạn trong quý; 2 việc được loại trừ, không tính vào mẫu số",
    (0, 1, 0): "1 việc đến hạn trong quý chưa hoàn thành (0/1, 0,0%)",
    (0, 3, 0): "chưa có việc nào trong 3 việc đến hạn trong quý hoàn thành (0/3, 0,0%)",
    (1, 1, 0): "1 việc đến hạn trong quý đã hoàn thành (1/1, 100%)",
    (5, 5, 0): "cả 5 việc đến hạn trong quý đều đã hoàn thành (5/5, 100%)",
    (
        1298,
        1343,
        1,
    ): "1.298/1.343 việc đến hạn trong quý đã hoàn thành, đạt 96,6%; 1 việc được loại trừ, không tính vào mẫu số",
}


@pytest.mark.parametrize("counts", RATES)
def test_a_rate_reads_right_for_none_one_all_and_some(counts):
    assert words.told(Rate.of("r1", *counts, (50, 80))) == RATES[counts]


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ((8, 10), (6, 10), "tăng 20,0 điểm %"),
        ((6, 10), (8, 10), "giảm 20,0 điểm %"),
        ((4, 8), (5, 10), "không thay đổi"),
        ((99999, 100000), (1, 1), "thay đổi dưới 0,1 điểm %"),
        ((0, 0), (5, 10), "không so sánh được (một trong hai kỳ không có việc để tính)"),
    ],
)
def test_a_change_is_told_as_a_rise_a_fall_or_neither(now, before, said):
    assert words.moved(*(Rate.of("r2", *counts, 0, (50, 80)) for counts in (now, before))) == said
