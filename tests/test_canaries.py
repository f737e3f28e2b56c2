"""What belongs to another district, and names hidden above the cell, appear in nothing that anybody opens or sends.

Each district is made of everything the access tables can make. A word stands in all of the foreign one's texts, another
in the names of individuals. Whatever a role may open is opened, with the parameters its own links and forms name, once
more with the foreign district's ids in the place of its own. Neither word comes back. Whatever it may send is sent so
too, and nothing of the foreign district changes by it, nor is named by anything else.
"""

import datetime as dt
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone

from models_registry.models import Dossier, RegistrationRound, WorkItem
from models_registry.pdf_text import text_of_first_pages
from privacy.looks import files_over, lines_of
from privacy.services.looking import Seen
from tests import access, matrix
from tests.factories import AT
from tests.foreign_ids import OURS, as_it_is, forms_to_send, sent_with_foreign_ids, with_foreign, with_links
from tests.models_registry import registry_factories
from vietnamese.folding import fold

# Of each pair the first is searched for, which pages repeat; the second must be in no answer.
ASKED_FOREIGN, FOREIGN = "kanarivang", "chimxanh"
ASKED_NAME, NAME = "lodevang", "anhdao"
SHEET = Dossier.Kind.REGISTRATION_SHEET
READERS = ("secretary", "committee", "appraiser", "head", "leader", "administrator")
TABLES = access.tables()
ROWS = {
    (row.url, row.place): dict(zip(access.ROLES, row.statuses, strict=True))
    for row in TABLES.rows
    if row.method == "GET"
}


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker, tmp_path_factory):
    """The two districts, full, with the words planted; the addresses of A's things, and what stands for which of B."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        matrix.keep_ids_apart()
        world = access.build_world()
        own = made_everything(world, world.a.cell)
        add_individuals(world.a.cell)
        before = last_ids()
        made_everything(world, world.b.cell)
        unguard()
        hide_names()
        foreign = plant(world, before)
        clients = {role: Client() for role in READERS}
        for role, client in clients.items():
            client.force_login(world.people[role])
        matrix.hold_sessions()
        sheets = Dossier.objects.filter(kind=SHEET, unit=world.a.cell).exclude(versions=None)
        works = WorkItem.objects.filter(subject_number=91, unit=world.a.cell)
        named = {Dossier: {one.state: one.pk for one in sheets}.values(), WorkItem: [works[0].pk]}
        as_it_was = {model: as_it_is(foreign, model) for model in with_links()}
        yield SimpleNamespace(
            world=world, own=own, foreign=foreign, named=named, as_it_was=as_it_was, clients=clients,
            media=settings.MEDIA_ROOT,
        )  # fmt: skip
        transaction.set_rollback(True)


def made_everything(world, unit) -> dict:
    """Make what each table's address shows, as far as it can stand beside the rest; return {url: its arguments}."""
    made, by_maker = {}, {}
    for url, maker in TABLES.objects.items():
        if maker not in by_maker:
            try:
                with transaction.atomic():
                    by_maker[maker] = maker(world, unit)
            except (DatabaseError, AssertionError, LookupError):
                continue
        made[url] = by_maker[maker]
    return made


def add_individuals(unit) -> None:
    """Let each sheet of the unit have an individual who is being registered and one at work, in its versions too.

    One that was sent twice is being appraised.
    """
    sheets = Dossier.objects.filter(unit=unit, kind=SHEET)
    twice = sheets.filter(versions=None)[0]
    Dossier.objects.filter(pk=twice.pk).update(state="under_appraisal", version=2)
    for number in (1, 2):
        twice.versions.create(number=number, content={}, submitted_at=AT, submitted_by=twice.author)
    for sheet in sheets:
        registry_factories.individual(sheet, number=90)
        registry_factories.individual(sheet, number=91, state="in_progress", approved_at=AT, due_in_force=AT.date())
        content = registry_factories.content(sheet)
        sheet.versions.update(content=content)
        sheet.versions.filter(number=2).update(content=content | {"items": content["items"][:-1]})


def our_models():
    return [model for app in OURS for model in apps.get_app_config(app).get_models()]


def last_ids() -> dict:
    return {model: model.objects.aggregate(last=models.Max("pk"))["last"] for model in our_models()}


def unguard() -> None:
    """Let even what is never changed be planted with a word; undone with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def texts_of(model):
    """Return the columns of prose a model has, those it is searched by, and those of plain values."""
    prose, folded, plain = [], [], []
    for field in model._meta.concrete_fields:
        if isinstance(field, models.JSONField):
            plain.append(field)
        elif (
            isinstance(field, models.FileField)
            or field.choices
            or not isinstance(field, models.CharField | models.TextField)
        ):
            continue
        elif field.name.startswith("folded"):
            folded.append(field)
        elif not NO_PROSE.search(field.name) and (isinstance(field, models.TextField) or field.max_length >= 100):
            prose.append(field)
    return prose, folded, plain


WRITTEN = models.CharField | models.TextField
NO_PROSE = re.compile("path|password|digest|hash|code|task|content_type|username|email|sort_key|token|key$|url")


def hide_names() -> None:
    """Give every individual a name of the canary's, wherever it is written."""
    names = set(WorkItem.objects.exclude(subject_name="").values_list("subject_name", flat=True))
    new = f"{ASKED_NAME.title()} Thi {NAME.title()}"
    for model in our_models():
        prose, folded, plain = texts_of(model)
        for field in [*prose, *folded, *plain]:
            for name in names:
                for old in {name, json.dumps(name)[1:-1], name.lower(), fold(name)}:
                    replace(model, field, old, new if old != fold(name) else fold(new))


def replace(model, field, old: str, new: str) -> None:
    """Put another text in the place of one in a whole column, of plain values too as they are stored."""
    table, column = model._meta.db_table, field.column
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET "{column}" = replace("{column}", %s, %s)', [old, new])  # noqa: S608


def plant(world, before: dict) -> dict:
    """Write the word into all texts of B; return {model: ids of its rows}."""
    word, foreign = f"{ASKED_FOREIGN.title()} {FOREIGN.title()}", {}
    of_b = {
        "unit": [getattr(world.b, name).pk for name in vars(world.b)],
        "person": [one.pk for one in world.b_people.values()],
    }
    for model in our_models():
        rows = model.objects.filter(pk__gt=before[model] or 0)
        rows |= model.objects.filter(pk__in=of_b.get(model._meta.model_name, ()))
        foreign[model] = sorted(rows.values_list("pk", flat=True))
        prose, folded, plain = texts_of(model)
        for row in rows:
            values = {one.name: f"{getattr(row, one.name)} {word}" for one in prose if getattr(row, one.name)}
            values |= {one.name: f"{getattr(row, one.name)} {word.lower()}" for one in folded}
            values |= {one.name: spoilt(getattr(row, one.name), word) for one in plain}
            if values:
                model.objects.filter(pk=row.pk).update(**values)
    return foreign


def spoilt(value, word: str):
    """Return plain values with the word in every text that is a sentence."""
    if isinstance(value, dict):
        return {key: spoilt(one, word) for key, one in value.items()}
    if isinstance(value, list):
        return [spoilt(one, word) for one in value]
    return f"{value} {word}" if isinstance(value, str) and " " in value else value


class Page(HTMLParser):
    """What a page leads to (`links`) and its `forms`: (method, where, [(name, value)])."""

    def __init__(self, text: str):
        super().__init__()
        self.links, self.forms, self._select, self._form = [], [], "", None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        elif tag == "form":
            self._form = (attrs.get("method", "get").lower(), attrs.get("action") or "", [])
            self.forms.append(self._form)
        elif self._form and tag in ("input", "button", "textarea") and attrs.get("name"):
            self._form[2].append((attrs["name"], attrs.get("value") or ""))
        elif tag == "select":
            self._select = attrs.get("name") or ""
        elif self._form and tag == "option" and self._select:
            self._form[2].append((self._select, attrs.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None


def starting_points(planted, role: str):
    """Yield the address of every page the tables give this role, of A's things and of none."""
    at = "child" if access.SEATS[role][1] == "cell" else "own"
    for url, takes in access.urls().items():
        place = at if takes else "-"
        if ROWS.get((url, place), {}).get(role) != 200:
            continue
        if not takes or url in planted.own:
            yield reverse(url, kwargs=planted.own[url] if takes else {})
        kwargs = planted.own.get(url, {"pk": 0}) if takes else {}
        if kwargs.keys() == {"pk"}:
            model = matrix.model_of(kwargs["pk"]) or Dossier
            yield from filter(None, (address_of(url, pk) for pk in planted.named.get(model, ())))


def address_of(url: str, pk: int) -> str:
    """Return the address of a row, "" where this one takes more than its id."""
    try:
        return reverse(url, kwargs={"pk": pk})
    except NoReverseMatch:
        return ""


def crawled(planted, role: str):
    """Yield (address, answer) of all a role may open, one of each kind of parameter, own and foreign."""
    client, done = planted.clients[role], set()
    waiting = list(starting_points(planted, role))
    while waiting:
        address = waiting.pop(0)
        path, query = urlsplit(address).path, parse_qsl(urlsplit(address).query, keep_blank_values=True)
        of_foreign = any(value.isdigit() and is_foreign(planted, int(value)) for _, value in query)
        kind = path, frozenset(name for name, _ in query), of_foreign
        if kind in done:
            continue
        done.add(kind)
        answer = client.get(address)
        answer.whole = matrix.read_whole(answer)
        yield address, answer
        if not query and answer.status_code == 200 and "html" in answer["Content-Type"]:
            waiting += parameters_of(planted, path, Page(answer.whole.decode()))


def parameters_of(planted, path: str, page: Page):
    """Yield the page's own address with each set of parameters its links and forms name, and with foreign ids."""
    links = [urlsplit(urljoin(path, link)) for link in page.links]
    asked = [parse_qsl(link.query) for link in links if link.path == path]
    for method, where, fields in page.forms:
        if method == "get" and urlsplit(urljoin(path, where)).path == path:
            asked += [[field] for field in fields]
            asked += [[(name, word)] for name, _ in fields for word in (ASKED_FOREIGN, ASKED_NAME) if name == "q"]
    for fields in filter(None, asked):
        yield f"{path}?{urlencode(fields)}"
        for swapped, _ in with_foreign(planted, fields):
            yield f"{path}?{urlencode(swapped)}"


def is_foreign(planted, pk: int) -> bool:
    return pk in planted.foreign.get(matrix.model_of(pk), ())


def words_in(answer) -> str:
    """Return all an answer says, headers too, folded to lower case; of workbooks and papers what is inside."""
    whole = answer.whole
    said = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    if whole.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(whole)) as parts:
            return said + " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist()).lower()
    if whole.startswith(b"%PDF"):
        return said + text_of_first_pages(whole).lower()
    return said.lower() + whole.decode("utf-8", "replace").lower()


def looks_not_noted(role: str, planted, address: str, answer) -> set[str]:
    """Return the view of an answer that names an individual although no look at one is kept of it."""
    noted = files_over(timezone.now() + dt.timedelta(hours=1))
    lines = [line for path in noted for line in lines_of(path)]
    for path in noted:
        path.unlink()
    if answer.status_code != 200 or NAME not in words_in(answer):
        return set()
    viewer, seen = planted.world.people[role].pk, Seen(lines)
    kept = {row.viewer_id for line in lines for row in seen.rows(line)}
    return set() if viewer in kept else {resolve(urlsplit(address).path).view_name}


@pytest.mark.sqlite
@pytest.mark.parametrize("role", ["committee", "head"])
def test_where_names_are_not_hidden_every_look_at_one_is_kept(role, planted, db):
    settings.MEDIA_ROOT = planted.media
    RegistrationRound.objects.update(mask_names=False)
    shown, unseen = 0, set()
    for address, answer in crawled(planted, role):
        unseen |= looks_not_noted(role, planted, address, answer)
        shown += answer.status_code == 200 and NAME in words_in(answer)
    assert (unseen, shown > 5) == (set(), True)


@pytest.mark.sqlite
@pytest.mark.parametrize("role", READERS)
def test_nothing_of_another_district_is_read_or_written_and_no_hidden_name_is_read(role, planted, db):
    hidden = {FOREIGN} | ({NAME} if role != "secretary" else set())
    settings.MEDIA_ROOT = planted.media
    seen, named, told, forms, unseen = 0, False, [], {}, set()
    for address, answer in crawled(planted, role):
        seen += 1
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            for which, where, fields in forms_to_send(urlsplit(address).path, Page(answer.whole.decode())):
                forms.setdefault(which, (where, fields))
        named |= NAME in words_in(answer)
        unseen |= looks_not_noted(role, planted, address, answer)
        told += [f"{address} ({answer.status_code}) tells {word}" for word in hidden if word in words_in(answer)]
    assert (told, unseen) == ([], set())
    assert seen > 30
    # So the words are there to be found: the own cell reads the names, and their district the foreign texts.
    assert named == (role == "secretary")
    of_b = Client()
    of_b.force_login(planted.world.b_people[role])
    assert role == "administrator" or FOREIGN in of_b.get(reverse("models_registry:dossiers")).content.decode().lower()
    assert list(sent_with_foreign_ids(planted, role, forms)) == []
    # The other two send no form that names a thing but by its address.
    assert role in ("leader", "committee") or any(key[:2] == ("foreign id sent", role) for key in matrix.asked)
