import random

import pytest

from models_registry.describing import Row, Section
from reviews.comparison import LONGEST, Piece, RowChange, SectionChange, compare, pieces


def section(*rows, key="contents", title="Ba nội dung"):
    return Section(key, title, tuple(Row(*row) for row in rows))


def test_the_changed_words_are_named_not_the_whole_text():
    assert pieces("Trồng 100 cây xanh", "Trồng 150 cây xanh ven đường") == [
        Piece("", "Trồng "),
        Piece("removed", "100"),
        Piece("added", "150"),
        Piece("", " cây xanh"),
        Piece("added", " ven đường"),
    ]


def test_rows_added_removed_and_changed_are_told_apart_and_kept_ones_left_out():
    before = section(("a", "Việc 1", "Quét dọn"), ("b", "Việc 2", "Trồng cây"), ("c", "Việc 3", "Họp tổ"))
    after = section(("a", "Việc 1", "Quét dọn"), ("c", "Việc 2", "Họp chi bộ"), ("d", "Việc 3", "Thắp sáng"))
    assert compare([before], [after]) == [
        SectionChange(
            "contents",
            "Ba nội dung",
            (
                RowChange(
                    "c", "Việc 2", "changed", (Piece("", "Họp "), Piece("removed", "tổ"), Piece("added", "chi bộ"))
                ),
                RowChange("d", "Việc 3", "added", (Piece("added", "Thắp sáng"),)),
                RowChange("b", "Việc 2", "removed", (Piece("removed", "Trồng cây"),)),
            ),
        )
    ]


def test_two_equal_versions_differ_in_nothing():
    same = section(("a", "Mục tiêu", "Sạch đường"))
    assert compare([same], [same]) == []


def test_an_output_called_otherwise_or_counted_otherwise_is_seen():
    def outputs(name, value):
        return section(("output.7", name, value, (), name), key="outputs")

    [found] = compare([outputs("Hộ", "60 hộ")], [outputs("Hộ tham gia", "60 hộ")])
    assert [row.parts for row in found.rows] == [(("Tên", (Piece("", "Hộ"), Piece("added", " tham gia"))),)]
    [found] = compare([outputs("Hộ", "60 hộ")], [outputs("Hộ", "70 hộ")])
    assert [label for label, _pieces in found.rows[0].parts] == ["Số lượng"]


def test_a_file_that_came_is_seen():
    before = section(("files", "Tệp", "anh-1.jpg"), key="files", title="Tệp")
    after = section(("files", "Tệp", "anh-1.jpg\nanh-2.jpg"), key="files", title="Tệp")
    [found] = compare([before], [after])
    assert found.rows[0].pieces == (Piece("", "anh-1.jpg"), Piece("added", "\nanh-2.jpg"))


@pytest.mark.parametrize("seed", range(20))
def test_each_side_can_be_read_back_from_the_pieces(seed):
    rng = random.Random(seed)
    words = ["chi bộ", "trồng", "cây", "150", "đường", "\n", "hoa"]
    before, after = (" ".join(rng.choices(words, k=rng.randint(0, 30))) for _ in range(2))
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.change != "added") == before
    assert "".join(piece.text for piece in found if piece.change != "removed") == after


def test_a_very_long_text_is_shown_whole_instead_of_matched():
    before, after = "một " * LONGEST, "hai " * LONGEST
    assert pieces(before, after) == [Piece("removed", before), Piece("added", after)]
