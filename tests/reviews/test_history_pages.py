"""Comparing versions and looking back."""

import datetime as dt

import pytest

from models_registry.services.comments import add_comment
from organizations.services import edit_person
from reviews import services
from reviews.queries import criteria_of
from tests.factories import AT
from tests.reviews import factories
from tests.reviews.pages import NOW, REASON, url

pytestmark = pytest.mark.usefixtures("the_day_after")


@pytest.fixture
def twice(district, judged):
    """A dossier that was returned once and sent again."""
    vague = next(one for one in criteria_of(judged) if one.code == "vague")
    remarks = {"learning": "Nêu rõ việc"}
    services.request_revision(
        judged.pk, criteria=[vague.pk], reason=REASON, remarks=remarks, by=district.appraiser, at=AT
    )
    return factories.resent(judged, factories.content("Mô hình mẫu", learning="Học Bác nêu gương"))


def test_any_two_versions_are_compared_the_first_always(client, district, twice):
    client.force_login(district.appraiser)
    response = client.get(url("compare", twice))
    assert (response.context["before"].number, response.context["after"].number) == (1, 2)
    same = client.get(url("compare", twice) + "?from=2&to=2")
    assert same.context["changes"] == []
    assert client.get(url("compare", twice) + "?from=1&to=9").status_code == 404


def test_the_board_reads_every_round_and_the_unit_reads_all_but_the_marks(client, district, twice):
    client.force_login(district.head)
    board = client.get(url("history", twice))
    assert [round_.version.number for round_ in board.context["rounds"]] == [2, 1]
    assert len(board.context["rounds"][1].panel.sheets[0].judgements) == 6
    client.force_login(district.secretary)
    unit = client.get(url("history", twice))
    page = unit.content.decode()
    assert unit.context["rounds"][1].panel is None
    assert (REASON in page, "Nêu rõ việc" in page, "Chung chung" in page) == (True, True, True)


def test_versions_decisions_and_comments_keep_the_names_of_then(client, district, twice):
    add_comment(twice.pk, text="Đã bổ sung", audience="both", by=district.secretary, at=AT)
    for n, person in enumerate((district.secretary, district.appraiser)):
        edit_person(
            person, username=person.username, full_name=f"Tên Mới {n}", phone="", email="",
            by=district.administrator, at=NOW + dt.timedelta(days=9),
        )  # fmt: skip
    client.force_login(district.head)
    for page in (url("history", twice), url("appraise", twice)):
        assert "Tên Mới" not in client.get(page).content.decode()
