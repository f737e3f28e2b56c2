"""Consent to be named or shown: how it was given, and its withdrawal, which takes the name or the photo out at once."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.models import Notice
from journal.services import record
from models_registry.consenting import LATEST
from models_registry.hidden_names import hiding, replaced
from models_registry.kept_files import put_away, take_off_disk
from models_registry.models import Attachment, Comment, Consent, Dossier, Exemplar, Recognition, Remark
from models_registry.services.made_files import let_go_of_files
from models_registry.services.rewording import reword, unname_versions
from models_registry.services.showcase import publishes
from models_registry.uploads import JPG, PDF, PNG
from organizations.permissions import Action, may

SCANS = (PDF, JPG, PNG)
How = Consent.How


def may_withdraw_consent(user, dossier: Dossier) -> bool:
    """Whether this person may record a consent or take one back: the unit's people, and who decides at its body."""
    own = may(user, Action.REGISTER) and dossier.unit_id == user.post.unit_id
    return own or publishes(user, dossier)


@transaction.atomic
def note_consents(dossier: Dossier, *, by, at: datetime) -> None:
    """Keep a consent for every exemplar that is named; three queries at most.

    That of one no longer named ends, and that given before the name became another.
    """
    named = dossier.practice.exemplars.filter(consent=True).exclude(name="")
    former = ~Q(exemplar__in=named) | Q(recorded_at__lt=F("exemplar__consented_at"))
    _end(Consent.objects.filter(former, exemplar__practice=dossier.practice), by=by, at=at)
    Consent.objects.bulk_create(
        Consent(
            exemplar=one, how=How.TOLD, given_on=localdate(one.consented_at or at), words=LATEST, recorded_by=by,
            recorded_at=at,
        )
        for one in named.exclude(consents__in=Consent.objects.standing())
    )  # fmt: skip


@transaction.atomic
def end_consents(dossier: Dossier, *, staying: Collection[int], by, at: datetime) -> None:
    """End what was agreed to by exemplars who are about to be taken out; a query where there are none.

    The rows go with them. That, when and how it was given goes on in the journal, which names nobody.
    """
    leaving = Consent.objects.filter(exemplar__practice=dossier.practice).exclude(exemplar__in=staying)
    proof = [
        {
            "exemplar": one.exemplar_id, "how": one.how, "given_on": one.given_on.isoformat(), "words": one.words,
            "recorded_by": one.recorded_by_id, "recorded_at": one.recorded_at.isoformat(),
            "withdrawn_at": one.withdrawn_at and one.withdrawn_at.isoformat(),
        }
        for one in leaving
    ]  # fmt: skip
    if proof:
        _end(leaving, by=by, at=at)
        _record("dossier.consent_ended", dossier, by=by, at=at, consents=proof)


@transaction.atomic
def record_consent(
    subject: Exemplar | Attachment, *, how: str, given_on: date, by, at: datetime, who: str = "", scan=None
) -> Consent:
    """Record how somebody agreed to be named, or the people of a photo that it is shown; anew in place of the former.

    `scan` is a file as `uploads.take_in` returns it. Raises PermissionDenied or ValidationError (by field).
    """
    dossier = _locked(subject)
    if not may_withdraw_consent(by, dossier):
        raise PermissionDenied
    _check(subject, how=how, given_on=given_on, who=who, scan=scan, at=at)
    of = {"photo" if isinstance(subject, Attachment) else "exemplar": subject}
    former = Consent.objects.standing().filter(**of).first()
    made = Consent(**of, how=how, given_on=given_on, who=who, words=LATEST, recorded_by=by, recorded_at=at)
    if scan is not None:
        put_away(made, scan)
    elif former is not None and how == How.PAPER:
        for field in ("file", "thumbnail", "name", "content_type", "size", "digest", "held", "finding"):
            setattr(made, field, getattr(former, field))
    if former is not None:
        if former.file != made.file:
            _drop_scan_later(former)
        former.delete()
    made.save()
    _record("dossier.consent", dossier, by=by, at=at, **{name: one.pk for name, one in of.items()}, how=how)
    return made


@transaction.atomic
def withdraw_consent(exemplar_id: int, *, by, at: datetime) -> Dossier:
    """Erase the name of an exemplary individual, also from every version sent; a second time changes nothing.

    Where the model's texts repeat the full name, the post stands in its place. Raises Exemplar.DoesNotExist or
    PermissionDenied.
    """
    seen = Exemplar.objects.filter(practice__dossier__in=Dossier.objects.visible_to(by))
    dossier = _locked(seen.select_related("practice").get(pk=exemplar_id))
    if not may_withdraw_consent(by, dossier):
        raise PermissionDenied
    unname(Exemplar.objects.get(pk=exemplar_id), dossier, by=by, at=at)
    return dossier


def unname(one: Exemplar, dossier: Dossier, *, by, at: datetime) -> None:
    """Take an exemplar's name out of a locked dossier and all that was made of it; the callers ask who may.

    `one` was read once the dossier was locked, lest what the unit saved meanwhile be undone.
    """
    if not one.name:
        return
    hide = hiding({one.name: one.position})
    unname_versions(dossier, lambda content: _unnamed(content, one.pk, hide), by=by, at=at, exemplar=one.pk)
    for publication in dossier.publications.all():
        publication.summary = hide(publication.summary)[:300]
        publication.save(update_fields=["summary"])
    _erase(dossier, one, hide)
    _reword_what_was_said(dossier, hide)
    _end(one.consents.all(), by=by, at=at)
    let_go_of_files(dossier.unit, dossier_id=dossier.pk)


@transaction.atomic
def withdraw_photo(photo_id: int, *, by, at: datetime) -> Dossier:
    """Show a photo no more in the showcase: from this instant neither its page nor its address answers there.

    A second time changes nothing. Raises Attachment.DoesNotExist or PermissionDenied.
    """
    photo = Attachment.objects.visible_to(by).get(pk=photo_id)
    dossier = _locked(photo)
    if not may_withdraw_consent(by, dossier):
        raise PermissionDenied
    if _end(photo.consents.all(), by=by, at=at):
        _record("dossier.unshow", dossier, by=by, at=at, photo=photo.pk)
    return dossier


def _locked(subject: Exemplar | Attachment) -> Dossier:
    pk = subject.dossier_id if isinstance(subject, Attachment) else subject.practice.dossier_id
    return Dossier.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)


def _check(subject, *, how: str, given_on: date, who: str, scan, at: datetime) -> None:
    if given_on > localdate(at):
        raise ValidationError({"given_on": _("Ngày đồng ý không thể ở sau hôm nay.")})
    if scan is not None and scan.kind not in SCANS:
        raise ValidationError({"scan": _("Phiếu đồng ý là ảnh chụp hoặc bản quét: hãy chọn tệp PDF, JPG hoặc PNG.")})
    if isinstance(subject, Attachment):
        if how != How.NOBODY and not who:
            raise ValidationError({"who": _("Hãy ghi ai trong ảnh đã đồng ý.")})
        if how == How.NOBODY and who:
            raise ValidationError({"who": _("Đã chọn “Trong ảnh không nhận ra ai” thì để trống mục này.")})
    elif not subject.name or how == How.NOBODY:
        raise ValidationError({"how": _("Hãy chọn người được nêu tên đã đồng ý bằng cách nào.")})


def _end(consents, *, by, at: datetime) -> int:
    """End those that stand: who agreed and the scan are erased; returns how many."""
    ended = list(consents.standing())
    for one in ended:
        _drop_scan_later(one)
    gone = {"who": "", "file": "", "thumbnail": "", "name": "", "digest": "", "content_type": "", "size": 0, "held": ""}
    Consent.objects.filter(pk__in=[one.pk for one in ended]).update(withdrawn_by=by, withdrawn_at=at, **gone)
    return len(ended)


def _drop_scan_later(one: Consent) -> None:
    file, thumbnail = one.file.name, one.thumbnail.name
    kept = Consent(file=file, thumbnail=thumbnail)
    transaction.on_commit(lambda: take_off_disk(kept))


def _unnamed(content: dict, exemplar_id: int, hide: Callable[[str], str]) -> dict:
    content = replaced(content, hide)
    nameless = {"name": "", "consent": False}
    people = [one | nameless if one["id"] == exemplar_id else one for one in content.get("exemplars", [])]
    return content | {"exemplars": people}


def _erase(dossier: Dossier, one: Exemplar, hide: Callable[[str], str]) -> None:
    """Take the name out of what is written now, and of the search texts."""
    one.name, one.folded_name, one.consent, one.consented_at = "", "", False, None
    one.evidence = hide(one.evidence)
    one.save()
    reword(dossier, hide)


def _reword_what_was_said(dossier: Dossier, hide: Callable[[str], str]) -> None:
    """Take a name out of what unit and board said of a dossier, and of what they were told of it."""
    said = [
        (Comment.objects.filter(dossier=dossier), ("text",)),
        (Remark.objects.filter(version__dossier=dossier), ("text", "answer")),
        (Recognition.objects.filter(dossier=dossier), ("note", "reason")),
        (Notice.objects.filter(event__subject="dossier", event__subject_id=dossier.pk), ("text", "translated")),
    ]
    said += [one for name in settings.SAID_OF_DOSSIERS for one in import_string(name)(dossier)]
    for rows, names in said:
        for row in rows:
            before = {name: getattr(row, name) for name in names}
            after = {name: replaced(value, hide) for name, value in before.items()}
            if after != before:
                longest = {name: row._meta.get_field(name).max_length for name in names}
                cut = {name: value[: longest[name]] if longest[name] else value for name, value in after.items()}
                type(row).objects.filter(pk=row.pk).update(**cut)


def _record(verb: str, dossier: Dossier, *, by, at: datetime, **detail) -> None:
    told = {"subject": "dossier", "subject_id": dossier.pk, "unit_id": dossier.unit_id}
    record(verb, **told, by=by, at=at, detail=detail)
