"""Every bad file, at every place that takes files: refused with a sentence, and nothing of it stays."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from completion.forms import ArchiveForm
from completion.models import SourceDocument
from completion.printed.forms import HeadForm, RowsFileForm
from journal.models import Job
from models_registry.forms.consent import ConsentForm
from models_registry.forms.dossiers import FileForm
from models_registry.forms.individual_files import IndividualsFileForm
from models_registry.forms.papers import SignedForm
from models_registry.models import Attachment
from models_registry.uploads import take_in
from organizations.forms.rosters import RosterForm
from organizations.models import Roster, Unit
from progress.forms.items import CompletionForm
from progress.models import Evidence
from tests import factories
from tests.completion.access_published import table_of
from tests.corpus import bad, bad_workbooks, good
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import url
from tests.progress import making

# Where a file is kept to be handed out again → the form that takes it.
KEPT = {
    "attachment": lambda file: FileForm({}, {"file": file}),
    "signed paper": lambda file: SignedForm({}, {"file": file}, signers=[], by=None),
    "evidence": lambda file: CompletionForm({}, MultiValueDict({"files": [file]})),
    "consent": lambda file: ConsentForm({}, {"scan": file}),
    "document of figures": lambda file: HeadForm({}, {"file": file}, units=Unit.objects.none()),
}
# What is read and not kept.
READ = {
    "roster": lambda file: RosterForm({}, {"file": file}),
    "individual works": lambda file: IndividualsFileForm({}, {"file": file}),
    "published rows": lambda file: RowsFileForm({}, {"file": file}),
    "old register": lambda file: ArchiveForm({}, {"file": file}),
}


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content)
    file._name = name  # as a hostile client would send it, past Django's own tidying
    return file


def said(form) -> str:
    errors = next((form.errors[field] for field in ("file", "files", "scan") if field in form.errors), None)
    return " ".join(errors) if errors else "taken"


def test_every_bad_file_is_refused_with_its_sentence_wherever_files_are_kept():
    told = {
        (where, what): said(form(sent(name, content)))
        for what, (name, content, _sentence) in bad().items()
        for where, form in KEPT.items()
        # Reading what is packed in a PDF takes a process of its own: once is enough.
        if where == "attachment" or "packed" not in what
    }
    sentences = {what: sentence for what, (_name, _content, sentence) in bad().items()}
    wrong = {
        key: text for key, text in told.items() if sentences[key[1]] not in text and not _is_of_django(key[1], text)
    }
    assert wrong == {}
    assert len(bad()) >= 25


def _is_of_django(what: str, text: str) -> bool:
    """Whether Django's own field refused it first: nothing in it, or a name too long."""
    return what in ("nothing in it", "300 characters") and text.endswith((".", ")"))


def test_every_bad_file_is_refused_wherever_files_are_read():
    ending = {"old register": "a.zip"}
    contents = {what: (content, "") for what, (_name, content, _sentence) in bad().items()} | bad_workbooks()
    told = {
        (where, what): said(form(sent(ending.get(where, "a.xlsx"), content)))
        for what, (content, _sentence) in contents.items()
        for where, form in READ.items()
    }
    wrong = {
        key: text
        for key, text in told.items()
        if text == "taken" or (contents[key[1]][1] not in text and key[0] not in ("old register", "published rows"))
    }
    # A roster may be that long, and is told row by row what is missing.
    rows = ("more texts than cells", "nothing but its part", "a workbook called document")
    assert wrong.keys() <= {("roster", what) for what in rows}


@pytest.mark.parametrize("what", good())
def test_a_good_file_is_taken_however_odd_it_looks(what):
    name, content = good()[what]
    assert take_in(sent(name, content)).kind.suffix[:3] in name.lower()


@pytest.fixture
def places(district, settings, tmp_path):
    """Where files are sent to, by whom; uploads lie on disk from their first byte on."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "sent"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    opened = make.opened_round(district)
    model = make.full_model(district.cell, district.secretary, opened)
    sheet = make.full_sheet(district.cell, district.secretary, opened)
    other = factories.district()
    item = making.item(making.sheet(other.cell, other.board))
    table = table_of(district.top, by=district.administrator)
    by = district.secretary
    return {
        url("files", model.pk): (by, "file"),
        url("paper", model.pk): (by, "file"),
        reverse("progress:report", args=[item.pk]): (other.secretary, "files"),
        reverse("completion:published_head", args=[table.pk]): (district.administrator, "file"),
        reverse("completion:published_bring", args=[table.pk]): (district.administrator, "file"),
        reverse("organizations:rosters"): (district.administrator, "file"),
        url("individuals_import", sheet.pk): (by, "file"),
        reverse("completion:history"): (factories.person(None, "administrator"), "file"),
    }


@pytest.mark.django_db
def test_nothing_of_a_refused_file_stays_on_disk_or_in_the_database(client, places, settings):
    for place, (by, field) in places.items():
        client.force_login(by)
        for what in ("a macro", "the EICAR test", "unfolds two hundred times", "a photo cut off"):
            name, content, _sentence = bad()[what]
            answer = client.post(place, {field: SimpleUploadedFile(name, content)})
            assert answer.status_code == 422, (place, what)
            assert "errorlist" in (page := answer.content.decode()) or "invalid-feedback" in page, (place, what)
    left = [path for root in (settings.MEDIA_ROOT, settings.FILE_UPLOAD_TEMP_DIR) for path in Path(root).rglob("*")]
    assert [path for path in left if path.is_file()] == []
    assert [model.objects.count() for model in (Attachment, Evidence, SourceDocument, Roster, Job)] == [0] * 5
