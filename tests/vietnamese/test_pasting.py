"""Markup that is broken, or meant to keep the portal busy, is read in no time or left out."""

from time import process_time

import pytest

from vietnamese.pasting import table_of

CELL = "<table><tr><td>Trồng cây</td></tr></table>"


@pytest.mark.parametrize("broken", ["<!--", "<![", "<style>", "<a ", "<p a='", "<!", "</", "<<!--x-->!["])
def test_markup_nobody_closed_costs_no_more_than_any_other(broken):
    began = process_time()
    assert table_of(CELL + broken * 8_000)[0] == ["Trồng cây"]
    assert process_time() - began < 2


def test_what_word_writes_for_its_own_use_is_left_out():
    pasted = "<!--[if gte mso 9]><xml>x</xml><![endif]--><style>p {}</style>" + CELL + "<![if !x]> <![endif]>"
    assert table_of(pasted) == [["Trồng cây"]]


def test_an_ampersand_at_the_very_end_is_kept():
    assert table_of("<p>Lúa &amp; cá</p><p>An & B") == [["Lúa & cá"], ["An & B"]]
