"""An issued paper is kept byte for byte under a number of its own; a later issue stands for it and changes nothing."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from reviews.models import IssuedPaper
from reviews.services.issuing import issue
from tests.factories import AT
from tests.reviews.papers import PDF, WORD, decision_on, drawn, issued_decision, session_of


@pytest.fixture
def decided(district, dossier):
    decision_on(dossier, by=district.head)
    return dossier


def test_what_was_issued_is_had_again_byte_for_byte(district, decided):
    paper = issued_decision(district.board, district.head, decided)
    paper = IssuedPaper.objects.get(pk=paper.pk)
    assert (paper.word.read(), paper.pdf.read()) == (WORD, PDF)
    assert (paper.word_sha256, paper.pdf_sha256) == tuple(hashlib.sha256(one).hexdigest() for one in (WORD, PDF))
    assert (paper.symbol, paper.edition, paper.is_replaced) == ("1-QĐ/BTG", 1, False)
    assert [one.version.dossier for one in paper.decisions.all()] == [decided]


def test_the_database_refuses_to_change_or_delete_what_was_issued(district, decided):
    paper = issued_decision(district.board, district.head, decided)
    for change in (
        lambda: IssuedPaper.objects.update(number=9),
        lambda: IssuedPaper.objects.filter(pk=paper.pk).delete(),
    ):
        paper.decisions.clear()
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert IssuedPaper.objects.get().number == 1


def test_a_new_issue_takes_a_new_number_and_names_the_one_it_stands_for(district, decided):
    first = issued_decision(district.board, district.head, decided)
    second = issued_decision(district.board, district.head, decided, number=2, replaces=first)
    assert (second.edition, second.replaces) == (2, first)
    assert list(IssuedPaper.objects.in_force()) == [second]
    with pytest.raises(ValidationError, match="một quyết định khác"):
        issued_decision(district.board, district.head, decided, number=3, replaces=first)


def test_a_number_is_given_once_a_year_and_a_dossier_stands_on_one_decision(district, decided):
    issued_decision(district.board, district.head, decided)
    with pytest.raises(ValidationError, match="Số 1 của năm 2026"):
        issue(drawn(district.board), by=district.head, at=AT)
    with pytest.raises(ValidationError, match="nằm trong một quyết định khác"):
        issued_decision(district.board, district.head, decided, number=2)
    session = session_of(district.board, decided)
    minutes = issue(drawn(district.board, "minutes", session=session), by=district.appraiser, at=AT)
    assert minutes.number == 1  # each kind counts for itself


def test_the_same_code_is_issued_once(district, decided):
    paper = drawn(district.board, "minutes", session=session_of(district.board, decided))
    assert issue(paper, by=district.head, at=AT) == issue(paper, by=district.head, at=AT)
    assert IssuedPaper.objects.count() == 1


def test_only_the_head_issues_decisions_and_only_of_the_own_board(district, decided, other_head):
    paper = drawn(district.board)
    for nobody in (district.appraiser, district.secretary, district.leader):
        with pytest.raises(PermissionDenied):
            issue(paper, by=nobody, at=AT)
    with pytest.raises(PermissionDenied):
        issue(drawn(district.top), by=district.head, at=AT)
    assert issue(paper, by=other_head, at=AT).issued_by == other_head
