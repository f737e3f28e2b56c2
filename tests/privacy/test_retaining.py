"""What is past its time goes every night, no sooner, and the journal tells how much."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from docx import Document

from journal.models import Event, Job, Notice
from organizations.models import Person, ResetCode, Roster, SignInAttempts
from organizations.services import let_in, shut_out
from privacy.models import Look
from privacy.retention import RULES
from privacy.services.retaining import choose_retention, retain
from tests.factories import AT

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def kept(district):
    """One row of every rule, of the instant AT; {key: whether it stands}."""
    head = district.head
    Look.objects.create(key="a", viewer=head, what="people", at=AT)
    Notice.objects.create(event=Event.objects.first(), recipient=head, text="Việc", told_at=AT)
    Job.objects.create(task="t", title="T", owner=head, created_at=AT, ended_at=AT, state="done")
    Roster.objects.create(owner=head, name="a.xlsx", file="", size=1, uploaded_at=AT)
    ResetCode.objects.create(person=head, code_hash="x", made_at=AT, expires_at=AT)
    SignInAttempts.objects.create(key="k", last_at=AT)
    clerk = Person.objects.filter(pk=district.clerk.pk)
    clerk.update(phone="0912345678", email="a@example.vn", is_active=False, shut_out_at=AT)
    Person.objects.filter(pk=head.pk).update(phone="0987654321")
    rows = {
        "looks": Look, "notices": Notice, "jobs": Job, "rosters": Roster, "codes": ResetCode,
        "attempts": SignInAttempts,
    }  # fmt: skip

    def standing():
        stands = {key: model.objects.exists() for key, model in rows.items()}
        return stands | {"contacts": clerk.get().phone is not None}

    return standing


def test_each_kind_goes_the_night_after_its_time_and_not_before(kept):
    assert kept().keys() == RULES.keys()
    for days in sorted({rule.days for rule in RULES.values()}):
        retain(at=AT + days * DAY)
        assert kept() == {key: rule.days >= days for key, rule in RULES.items()}, days
        retain(at=AT + days * DAY + dt.timedelta(minutes=1))
        assert kept() == {key: rule.days > days for key, rule in RULES.items()}, days
    told = Event.objects.filter(verb="privacy.retained").values_list("detail", flat=True)
    rows = {}
    for one in told:
        rows |= one["rows"]
    assert rows == dict.fromkeys(RULES, 1)
    assert Person.objects.filter(phone="0987654321").exists()
    assert Person.objects.filter(email="a@example.vn").count() == 0


@pytest.mark.parametrize("ends_at", [None, AT - 400 * DAY])
def test_contacts_are_kept_as_long_after_shutting_out_whenever_the_posts_end(district, ends_at):
    clerk = Person.objects.filter(pk=district.clerk.pk)
    clerk.update(phone="0912345678", created_at=AT - 900 * DAY)
    district.clerk.posts.update(starts_at=AT - 900 * DAY, ends_at=ends_at)
    shut_out(clerk.get(), by=district.administrator if ends_at is None else None, at=AT)
    retain(at=AT + 365 * DAY)
    assert clerk.get().phone == "0912345678"
    let_in(clerk.get(), by=None, at=AT)
    retain(at=AT + 366 * DAY)
    assert (clerk.get().phone, clerk.get().shut_out_at) == ("0912345678", None)
    shut_out(clerk.get(), by=None, at=AT)
    retain(at=AT + 366 * DAY)
    assert clerk.get().phone is None


def test_with_nothing_past_its_time_nothing_is_written(db):
    assert retain(at=AT) == {}
    assert not Event.objects.filter(verb="privacy.retained").exists()


def test_an_installation_chooses_within_the_limits(client, kept, district, administrators):
    with pytest.raises(PermissionDenied):
        choose_retention("looks", days=400, by=district.administrator, at=AT)
    with pytest.raises(ValidationError, match="Chọn từ 365"):
        choose_retention("looks", days=364, by=administrators[0], at=AT)
    client.force_login(administrators[0])
    address = reverse("privacy:retention")
    assert client.post(address, {"key": "looks", "days": "364"}).status_code == 422
    assert client.post(address, {"key": "looks", "days": "365"}).status_code == 302
    page = client.get(address).content.decode()
    assert 'value="365"' in page
    assert "365" in client.get(reverse("privacy:notice")).content.decode().partition('id="retention"')[2]
    retain(at=AT + 366 * DAY)
    assert not kept()["looks"]
    assert kept()["notices"]


def test_the_register_is_a_paper_that_says_what_holds(client, administrators):
    said = {"name": "Văn phòng mẫu", "contact": "0123 456 789"}
    client.force_login(administrators[0])
    assert client.post(reverse("privacy:controller"), {"name": "Văn phòng mẫu"}).status_code == 422
    assert client.post(reverse("privacy:controller"), said).status_code == 302
    choose_retention("looks", days=1234, by=administrators[0], at=AT)
    paper = Document(BytesIO(client.get(reverse("privacy:register_word")).content))
    assert "Văn phòng mẫu" in "\n".join(one.text for one in paper.paragraphs)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert {str(one.name) for one in RULES.values()} | {"1.234"} <= set(cells)


def test_the_page_asks_little(client, kept, administrators, django_assert_max_num_queries):
    client.force_login(administrators[0])
    with django_assert_max_num_queries(12):
        assert "Đêm tới bỏ: 1 dòng" in client.get(reverse("privacy:retention")).content.decode()
