"""Erasing a person: asked by one administrator, carried out by another; names go, ids stay, the chain still holds."""

from datetime import datetime

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal.models import Job
from journal.services import record
from models_registry.hidden_names import hiding, replaced
from models_registry.models import Dossier, Exemplar, Recognition, WorkItem, public_subject
from models_registry.services.consent import unname
from models_registry.services.made_files import let_go_of_files
from models_registry.services.rewording import ITEM_TEXTS, unname_versions
from models_registry.services.search_text import folded_item
from organizations.models import Person
from organizations.permissions import may_manage
from privacy.models import Erasure
from privacy.queries.erasing import candidates, names_of, places, rows_named
from privacy.register import HELD, UNREADABLE
from vietnamese.display import DASH
from vietnamese.folding import fold
from vietnamese.sorting import person_sort_key

SHORTEST = 10
# Rows that were of use to the person alone. What holds others' rights (votes, conflicts, posts, acts) stays by its id.
GONE = {
    "journal.Notice": "recipient",
    "journal.Reminder": "recipient",
    "journal.Digest": "recipient",
    "journal.NoticeChoice": "person",
    "journal.SentForm": "person",
    "journal.TypedText": "person",
    "organizations.FormerName": "person",
    "account.EmailAddress": "user",
    "completion.PackWish": "person",
    "completion.WeeklyWish": "person",
    "models_registry.OpenDraft": "person",
    "reviews.CannedRemark": "by",
    "reviews.SavedFilter": "person",
}
KINDS = ("exemplar", "recognition", "item", "sent")


@transaction.atomic
def ask_erasure(person: Person, *, reference: str, reason: str, named: dict, by, at: datetime) -> Erasure:
    """Ask that a person be erased; another administrator carries it out. `named`: {kind: ids of rows that mean them}.

    Raises PermissionDenied, or ValidationError while the account is in use, or was asked for or erased before.
    """
    if not may_manage(by, person, at):
        raise PermissionDenied
    locked = Person.objects.select_for_update().get(pk=person.pk)
    _refuse_in_use(locked, at)
    if locked.erasures.exclude(state=Erasure.State.REFUSED).exists():
        raise ValidationError(_("Đã có yêu cầu xóa dữ liệu của người này."))
    if len(reason.strip()) < SHORTEST:
        raise ValidationError({"reason": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": SHORTEST}})
    found = candidates(names_of(locked))
    known = {kind: {one.pk for one in getattr(found, kind)} for kind in KINDS}
    chosen = {kind: sorted(known[kind] & set(named.get(kind, ()))) for kind in KINDS}
    made = Erasure.objects.create(
        person=locked, reference=reference, reason=reason.strip(), named=chosen, asked_by=by, asked_at=at
    )
    _record("person.erasure_asked", made, by=by, at=at)
    return made


@transaction.atomic
def refuse_erasure(pk: int, *, by, at: datetime) -> Erasure:
    """End a request without erasing anything; whoever asked may take it back so."""
    asked = _waiting(pk, by, at)
    if asked.state == Erasure.State.DONE:
        raise ValidationError(_("Dữ liệu của người này đã được xóa."))
    asked.state, asked.answered_by, asked.answered_at = Erasure.State.REFUSED, by, at
    asked.save()
    _record("person.erasure_refused", asked, by=by, at=at)
    return asked


@transaction.atomic
def erase(pk: int, *, by, at: datetime) -> Erasure:
    """Erase a person as was asked; a second time changes nothing.

    Raises Erasure.DoesNotExist, PermissionDenied (also for whoever asked) or ValidationError while the account is used.
    """
    asked = _waiting(pk, by, at)
    if asked.state == Erasure.State.DONE:
        return asked
    if asked.asked_by_id == by.pk:
        raise PermissionDenied
    person = Person.objects.select_for_update().get(pk=asked.person_id)
    _refuse_in_use(person, at)
    names = names_of(person)
    counts = {
        "named": _unname(asked.named, names, by=by, at=at),
        "rows": _drop_rows(person),
        "files": _drop_files(person),
    }
    _forget(person)
    asked.state, asked.answered_by, asked.answered_at = Erasure.State.DONE, by, at
    asked.counts = counts | {"places": places(names)}
    asked.save()
    _record("person.erased", asked, by=by, at=at)
    return asked


def _waiting(pk: int, by, at: datetime) -> Erasure:
    found = Erasure.objects.visible_to(by).select_for_update(of=("self",)).select_related("person").get(pk=pk)
    if not may_manage(by, found.person, at):
        raise PermissionDenied
    if found.state == Erasure.State.REFUSED:
        raise ValidationError(_("Yêu cầu này đã kết thúc."))
    return found


def _refuse_in_use(person: Person, at: datetime) -> None:
    if person.is_active or person.posts.lasting(at).exists():
        raise ValidationError(_("Hãy kết thúc mọi vai trò và ngừng tài khoản này trước khi xóa dữ liệu."))


def _unname(named: dict, names: list[str], *, by, at: datetime) -> int:
    """Take the name out of the rows that were chosen, and all that was made of them; returns how many."""
    for pk in named.get("exemplar", ()):
        dossier = _locked(Dossier.objects.filter(practice__exemplars=pk))
        if one := Exemplar.objects.filter(pk=pk).first():
            unname(one, dossier, by=by, at=at)
    for one in Recognition.objects.filter(pk__in=named.get("recognition", ())).select_related("unit"):
        Recognition.objects.filter(pk=one.pk).update(name="", consent=False)
        one.consents.standing().update(withdrawn_by=by, withdrawn_at=at)
        let_go_of_files(one.unit)
    for pk in named.get("item", ()):
        dossier = _locked(Dossier.objects.filter(items=pk))
        found = WorkItem.objects.select_for_update(of=("self",)).select_related("unit")
        if item := found.filter(pk=pk).first():
            _unname_item(item, dossier, by=by, at=at)
    for pk in named.get("sent", ()):
        dossier = _locked(Dossier.objects.filter(pk=pk))
        unname_versions(dossier, lambda content: _unnamed(content, names), by=by, at=at)
        let_go_of_files(dossier.unit, dossier_id=pk)
    return sum(map(len, named.values()))


def _locked(dossiers: QuerySet) -> Dossier | None:
    """Return the one dossier, locked: what is written of it is read only then, lest what others saved be undone."""
    return dossiers.select_for_update(of=("self",)).select_related("unit").first()


def _unnamed(content: dict, names: list[str]) -> dict:
    """Return what was sent without these names: the post stands in their place, a dash where none is known."""
    rows = list(rows_named(content, names))
    posts = {row["name"]: row["position"] for kind, row in rows if kind == "exemplar"}
    posts |= {
        row["subject_name"]: public_subject(row["subject_position"], row["subject_number"])
        for kind, row in rows
        if kind == "item"
    }
    gone = {(kind, row["id"]) for kind, row in rows}
    exemplars = [
        row | ({"name": "", "consent": False} if ("exemplar", row["id"]) in gone else {})
        for row in content.get("exemplars", [])
    ]
    items = [row | ({"subject_name": ""} if ("item", row["id"]) in gone else {}) for row in content.get("items", [])]
    return replaced(content | {"exemplars": exemplars, "items": items}, hiding(dict.fromkeys(names, DASH) | posts))


def _unname_item(item: WorkItem, dossier: Dossier | None, *, by, at: datetime) -> None:
    """Call an individual by post and number, in the work and in every version that was sent of it."""
    name, public = item.subject_name, item.public_subject
    hide = hiding({name: public})
    for text in ITEM_TEXTS:
        setattr(item, text, hide(getattr(item, text))[: WorkItem._meta.get_field(text).max_length])
    item.subject_name = ""
    item.folded = folded_item(item)
    item.save(update_fields=[*ITEM_TEXTS, "subject_name", "folded"])

    def unnamed(content: dict) -> dict:
        items = [
            one | {"subject_name": ""} if one.get("subject_name", "").lower() == name.lower() else one
            for one in content.get("items", [])
        ]
        return replaced(content | {"items": items}, hide)

    if dossier is not None:
        unname_versions(dossier, unnamed, by=by, at=at, item=item.pk)
    let_go_of_files(item.unit, dossier_id=item.dossier_id)


def _drop_rows(person: Person) -> int:
    """Delete what was of use to the person alone, and all one signs in with: sessions, second factors, codes."""
    gone = sum(_all_of(apps.get_model(label), link, person) for label, link in GONE.items())
    for label, kept in HELD.items():
        model = apps.get_model(label)
        for name in kept.get(UNREADABLE, "").split():
            if model._meta.get_field(name).related_model is Person:
                gone += _all_of(model, name, person)
    return gone


def _all_of(model: type[Model], link: str, person: Person) -> int:
    return model._default_manager.filter(**{link: person}).delete()[0]


def _drop_files(person: Person) -> int:
    """Delete the files of the person's jobs; and the name in titles of anybody's, an own export's among them."""
    made = list(Job.objects.filter(owner=person).exclude(file=""))
    made += list(Job.objects.filter(task="privacy.tasks.write_own_data", arguments__person=person.pk).exclude(file=""))
    for job in made:
        transaction.on_commit(lambda file=job.file: file.storage.delete(file.name))
    Job.objects.filter(pk__in=[job.pk for job in made]).update(file="")
    for job in Job.objects.filter(title__contains=person.full_name):
        Job.objects.filter(pk=job.pk).update(title=job.title.replace(person.full_name, "…"))
    return len(made)


def _forget(person: Person) -> None:
    """Leave of the account a number alone; nobody signs in with it."""
    with override("vi"):
        person.full_name = _("Người đã xóa tên số %(number)d") % {"number": person.pk}
    person.username, person.phone, person.email = f"da-xoa-{person.pk}", None, ""
    person.folded_name, person.sort_key = fold(person.full_name), person_sort_key(person.full_name)
    person.wants_mail, person.is_active, person.last_login = False, False, None
    person.set_unusable_password()
    person.save()


def _record(verb: str, asked: Erasure, *, by, at: datetime) -> None:
    """The journal keeps the number of the request and of the person, never what was erased."""
    detail = {"erasure": asked.pk}
    record(verb, subject="person", subject_id=asked.person_id, by=by, at=at, detail=detail)
