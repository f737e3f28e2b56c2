"""The board's sentences, a person's filters, and going from dossier to dossier through a filtered queue."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from models_registry.models import Dossier
from reviews import services
from reviews.models import CannedRemark, SavedFilter
from reviews.queries.neighbours import neighbours
from reviews.queries.queue import ALL, QueueFilters, queue
from reviews.services import shortcuts
from tests.factories import AT
from tests.reviews import factories


@pytest.fixture
def three(district, round_):
    """Three dossiers; two were sent at the same instant."""
    days = {"Ba": 1, "Một": 0, "Hai": 0}
    return [factories.sent(district, round_, title, at=AT + dt.timedelta(days=day)) for title, day in days.items()]


@pytest.mark.parametrize("sort", ["submitted", "-submitted", "due", "-due", "title", "-title", "unit", "-unit"])
def test_one_goes_through_a_queue_from_end_to_end_and_back(district, three, sort):
    filters = QueueFilters(state=ALL, sort=sort)
    dossiers = queue(district.appraiser, filters, at=AT)
    found = {one.pk: neighbours(one.pk, dossiers, sort) for one in three}
    first = next(pk for pk, beside in found.items() if beside.before is None)
    line = [first]
    while after := found[line[-1]].after:
        assert found[after].before == line[-1]
        line.append(after)
    assert sorted(line) == sorted(found)


def test_a_dossier_that_left_the_filter_still_knows_what_comes_next(district, three):
    sent = queue(district.appraiser, QueueFilters(state="submitted"), at=AT)
    _last, first, second = three
    Dossier.objects.filter(pk=first.pk).update(state="under_appraisal")
    assert neighbours(first.pk, sent, "submitted") == (None, second.pk)


def test_a_dossier_without_a_due_day_is_followed_by_the_first_that_has_one(district, three):
    last, *sent = three
    Dossier.objects.filter(pk=last.pk).update(due_on=None)
    assert neighbours(last.pk, queue(district.appraiser, QueueFilters(sort="due"), at=AT), "due").after == sent[0].pk


def test_the_page_leads_on_in_the_queue_it_was_opened_from(client, district, three):
    client.force_login(district.appraiser)
    rows = client.get("/reviews/?state=submitted&sort=-title").context["rows"]
    page = client.get(f"/reviews/{rows[0]['address']}")
    after = page.context["line"].after
    assert after == f"/reviews/{rows[1]['address']}"
    assert f'href="{after}"' in page.content.decode().replace("&amp;", "&")
    assert page.context["line"].queue == "/reviews/?state=submitted&sort=-title"
    # A list that asks for what does not exist is left alone, and so is a page opened by itself.
    assert client.get(f"/reviews/{three[0].pk}/?list=sort%3Dnothing").context["line"].after == ""
    assert client.get(f"/reviews/{three[0].pk}/").context["line"].suffix == ""


def test_a_filter_is_kept_by_name_used_and_dropped_by_its_owner_alone(client, district, round_):
    client.force_login(district.appraiser)
    for address in ("q=cũ&page=3", "q=t%E1%BB%95&filter=1"):
        client.post(reverse("reviews:save_filter"), {"name": "Của tôi", "address": address})
    kept = SavedFilter.objects.get()
    assert (kept.person, kept.name, kept.address) == (district.appraiser, "Của tôi", "q=t%E1%BB%95&filter=1")
    page = client.get(f"/reviews/?{kept.address}").content.decode().replace("&amp;", "&")
    assert f'href="?{kept.address}" aria-current="page"' in page
    with pytest.raises(SavedFilter.DoesNotExist):
        shortcuts.drop_filter(kept.pk, by=district.head, at=AT)
    client.post(reverse("reviews:drop_filter", args=[kept.pk]))
    assert not SavedFilter.objects.exists()


def test_filters_and_sentences_have_an_end(district, monkeypatch):
    monkeypatch.setattr(shortcuts, "MOST_FILTERS", 1)
    monkeypatch.setattr(shortcuts, "MOST_REMARKS", 1)
    shortcuts.save_filter("Một", "q=a", by=district.appraiser, at=AT)
    shortcuts.keep_remark("Câu một.", by=district.appraiser, at=AT)
    with pytest.raises(ValidationError):
        shortcuts.save_filter("Hai", "q=b", by=district.appraiser, at=AT)
    with pytest.raises(ValidationError):
        shortcuts.keep_remark("Câu hai.", by=district.appraiser, at=AT)
    assert shortcuts.keep_remark("  Câu một. ", by=district.head, at=AT).by == district.appraiser


def test_a_sentence_is_dropped_by_who_wrote_it_or_by_a_head(district):
    heads = shortcuts.keep_remark("Câu của Trưởng ban.", by=district.head, at=AT)
    own = shortcuts.keep_remark("Câu của chuyên viên.", by=district.appraiser, at=AT)
    with pytest.raises(PermissionDenied):
        shortcuts.drop_remark(heads.pk, by=district.appraiser, at=AT)
    shortcuts.drop_remark(own.pk, by=district.head, at=AT)
    assert list(CannedRemark.objects.values_list("text", flat=True)) == ["Câu của Trưởng ban."]


def test_chosen_sentences_are_added_to_the_reason_and_stay_when_it_is_refused(client, district, round_):
    kept = shortcuts.keep_remark("Chưa nêu số hộ tham gia.", by=district.head, at=AT)
    dossier = factories.sent(district, round_)
    services.take(dossier.pk, by=district.appraiser, at=AT)
    client.force_login(district.appraiser)
    page = reverse("reviews:return", args=[dossier.pk])
    assert kept.text in client.get(page).content.decode()
    answer = client.post(page, {"reason": "Xem lại.", "canned": [kept.text]})
    assert answer.status_code == 422  # no criterion is chosen
    assert answer.context["form"]["reason"].value() == f"Xem lại.\n{kept.text}"
