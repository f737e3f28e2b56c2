"""Files that come while the antivirus is away are kept, shown to nobody, and looked at once it answers."""

import shutil
from pathlib import Path
from tempfile import mkdtemp

import pytest

from completion.models import SourceDocument
from completion.tasks import release_files as release_documents
from journal.models import Event, Notice
from models_registry import services
from models_registry.models import Attachment, Consent
from models_registry.models.files import StoredFile
from models_registry.tasks import release_files
from progress.models import CompletionReport, Evidence
from progress.tasks import release_files as release_evidence
from tests.clamd import EICAR, TOO_LONG, small_clamd
from tests.completion.access_published import table_of
from tests.models_registry.dossiers.pages import LATER, sent, step, url
from tests.models_registry.test_uploads import JPG, PDF, named

pytestmark = pytest.mark.django_db
WAITS, GONE = "đang chờ kiểm tra mã độc", "có mã độc, đã loại bỏ"
INFECTED = PDF.replace(b"trailer", b" " * 5_000 + EICAR + b"\ntrailer")


@pytest.fixture
def folder():
    made = Path(mkdtemp(prefix="av-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def away(settings, folder):
    """The antivirus of this portal gives no answer; returns what lets it answer."""
    settings.ANTIVIRUS_SOCKET = str(folder / "small.sock")
    return lambda: small_clamd(folder)


def shown(client, address: str) -> str:
    return client.get(address).content.decode()


def on_disk(settings) -> int:
    return sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def test_a_file_waits_unseen_may_be_sent_and_opens_once_it_was_looked_at(secretary, client, model, district, away):
    for name, body in (("a.pdf", PDF), ("b.jpg", JPG)):
        assert secretary.post(url("files", model.pk), {"file": named(name, body)}).status_code == 302
    paper, photo = model.attachments.order_by("id")
    assert shown(secretary, step(model, "files")).count(WAITS) == 2
    opened = secretary.get(url("attachment", paper.pk))
    assert (opened.status_code, "chưa ai mở được" in opened.content.decode()) == (409, True)
    assert secretary.get(url("thumbnail", photo.pk)).status_code == 404
    model.refresh_from_db()
    sent(model, district.secretary)
    client.force_login(district.appraiser)
    page = shown(client, url("dossier", model.pk))
    assert (page.count(WAITS), url("thumbnail", photo.pk) in page) == (2, False)
    assert [client.get(url("attachment", one.pk)).status_code for one in (paper, photo)] == [409, 409]
    assert release_files() == 0
    with away():
        assert (release_files(), release_files()) == (2, 0)
    assert [client.get(url("attachment", one.pk)).status_code for one in (paper, photo)] == [200, 200]
    assert WAITS not in shown(client, url("dossier", model.pk))


def test_an_infected_one_is_gone_its_row_says_so_and_who_entered_it_is_told(
    secretary, model, district, away, settings, django_capture_on_commit_callbacks
):
    secretary.post(url("files", model.pk), {"file": named("lạ.pdf", INFECTED)})
    assert on_disk(settings) == 1
    with away(), django_capture_on_commit_callbacks(execute=True):
        assert release_files() == 1
    kept = model.attachments.get()
    assert (kept.held, kept.finding, kept.file.name, on_disk(settings)) == (
        "infected",
        "Eicar-Test-Signature",
        "",
        0,
    )
    assert GONE in shown(secretary, step(model, "files"))
    assert secretary.get(url("attachment", kept.pk)).status_code == 410
    told = Notice.objects.filter(event__verb="file.infected")
    assert {one.recipient_id for one in told} == {district.secretary.pk, district.clerk.pk}
    assert "“lạ.pdf” có mã độc" in told[0].text
    assert Event.objects.get(verb="file.infected").detail == {"attachment": kept.pk, "finding": kept.finding}
    with away():
        again = secretary.post(url("files", model.pk), {"file": named("lạ.pdf", INFECTED)})
    assert "nhận diện là tệp độc hại" in again.content.decode()
    services.detach(kept.pk, by=district.secretary, at=LATER)
    assert not Attachment.objects.exists()


def test_a_file_that_cannot_be_judged_holds_back_none_that_came_after_it(secretary, model, away, caplog):
    unjudged = PDF.replace(b"trailer", TOO_LONG + b"\ntrailer")
    for name, body in (("dài.pdf", unjudged), ("a.pdf", PDF), ("b.jpg", JPG)):
        secretary.post(url("files", model.pk), {"file": named(name, body)})
    with away():
        assert (release_files(), release_files()) == (2, 0)
    assert dict(model.attachments.values_list("name", "held")) == {"dài.pdf": "waiting", "a.pdf": "", "b.jpg": ""}
    assert "INSTREAM size limit exceeded" in caplog.text


def test_every_kind_of_file_that_is_kept_is_looked_at_by_some_task():
    assert {*StoredFile.__subclasses__()} == {Attachment, Consent, Evidence, SourceDocument}


def test_evidence_documents_of_reports_and_consents_wait_in_the_same_way(secretary, model, district, away):
    dossier = model
    item = model.items.get()
    report = CompletionReport.objects.create(
        item=item, completed_on=LATER.date(), result="x", prepared_by=district.secretary, prepared_at=LATER
    )
    table = table_of(district.top, by=district.administrator)
    for model in (Evidence, SourceDocument):
        fields = {"report": report} if model is Evidence else {}
        for name, body in (("a.pdf", PDF), ("b.pdf", INFECTED)):
            row = model(**fields)
            services.files.put_away(row, services.files.take_in(named(name, body)))
            row.save()
    table.document = SourceDocument.objects.get(name="b.pdf")
    table.save()
    photo = services.attach(dossier.pk, named("c.jpg", JPG), by=district.secretary, at=LATER)
    scan = Consent(photo=photo, how="paper", given_on=LATER.date(), words=1, recorded_by=district.secretary)
    services.files.put_away(scan, services.files.take_in(named("b.pdf", INFECTED)))
    scan.recorded_at = LATER
    scan.save()
    with away():
        assert (release_evidence(), release_documents(), release_files()) == (2, 2, 2)
    assert Consent.objects.get().held == "infected"
    for model in (Evidence, SourceDocument):
        assert list(model.objects.order_by("id").values_list("held", flat=True)) == ["", "infected"]
    links = Event.objects.filter(verb="file.infected").order_by("id").values_list("subject", "subject_id", "unit_id")
    assert list(links) == [
        ("workitem", item.pk, district.cell.pk),
        ("publishedtable", table.pk, district.top.pk),
        ("dossier", dossier.pk, district.cell.pk),
    ]
