"""Recording that something was chosen, fostered, commended or spread; taking it back; taking a name out."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.consenting import LATEST
from models_registry.lifecycle import Reason, State
from models_registry.models import Consent, Dossier, Recognition
from models_registry.querysets.conflicts import barred_at_work
from models_registry.services.made_files import let_go_of_files
from organizations.models import Unit
from organizations.permissions import Action, may, reaches
from organizations.queries import people_at

TOLD = ("secretary", "deputy")
SHORTEST = Reason.REQUIRED.value
Stage, Recipient = Recognition.Stage, Recognition.Recipient


def recognises(user, unit: Unit) -> bool:
    """Whether this person records recognition of a unit; no query for who reaches below."""
    return may(user, Action.RECOGNISE) and reaches(user, unit)


@transaction.atomic
def recognise_model(dossier_id: int, *, by, at: datetime, **given) -> Recognition:
    """Record one fact about an approved model within sight.

    Raises Dossier.DoesNotExist, PermissionDenied or ValidationError (keyed by the form's fields).
    """
    seen = Dossier.objects.visible_to(by).select_related("unit")
    dossier = seen.get(pk=dossier_id, kind=Dossier.Kind.PRACTICE_MODEL, state=State.APPROVED)
    return _recognise(dossier.unit, by=by, at=at, recipient=Recipient.MODEL, dossier=dossier, **given)


@transaction.atomic
def recognise_unit(unit: Unit, *, recipient: str, by, at: datetime, **given) -> Recognition:
    """Record one fact about a collective or one of its individuals, who is named only where they agree.

    Raises PermissionDenied or ValidationError (keyed by the form's fields).
    """
    if recipient not in (Recipient.COLLECTIVE, Recipient.INDIVIDUAL):
        raise ValidationError({"recipient": _("Hãy chọn tập thể hoặc cá nhân.")})
    if recipient == Recipient.COLLECTIVE:
        given |= {"name": "", "position": "", "consent": False}
    elif not given.get("position"):
        raise ValidationError({"position": _("Hãy ghi chức danh của người được ghi nhận.")})
    elif given.get("name") and not given.get("consent"):
        raise ValidationError({"consent": _("Chỉ ghi họ tên khi người ấy đồng ý; nếu không, hãy để trống họ tên.")})
    return _recognise(unit, by=by, at=at, recipient=recipient, **given)


def _recognise(unit: Unit, *, by, at: datetime, stage: str, on: date, **given) -> Recognition:
    if not recognises(by, unit):
        raise PermissionDenied
    if on > localdate(at):
        raise ValidationError({"on": _("Ngày ghi nhận không thể ở sau hôm nay.")})
    if stage == Stage.COMMENDED:
        for field, said in (("level", _("Hãy chọn cấp khen.")), ("document_symbol", _("Hãy ghi số quyết định."))):
            if not given.get(field):
                raise ValidationError({field: said})
    made = Recognition(unit=unit, stage=stage, on=on, recorded_by=by, recorded_at=at, **given)
    _check_once(made)
    made.save()
    if made.name:
        Consent.objects.create(
            recognition=made, how=Consent.How.TOLD, given_on=localdate(at), words=LATEST, recorded_by=by, recorded_at=at
        )
    _tell("recognition.recorded", made, by=by, at=at)
    return made


def _check_once(made: Recognition) -> None:
    """Raise ValidationError where the same decision commends the same one already."""
    same = (
        Recognition.objects.standing()
        .commended()
        .filter(
            recipient=made.recipient,
            unit=made.unit,
            dossier=made.dossier,
            document_symbol=made.document_symbol,
            name=made.name,
            position=made.position,
        )
    )
    if made.stage == Stage.COMMENDED and same.exists():
        raise ValidationError({"document_symbol": _("Quyết định này đã được ghi cho chính nơi này.")})


@transaction.atomic
def withdraw_recognition(pk: int, *, reason: str, by, at: datetime) -> Recognition:
    """Take back a fact that was recorded wrongly; it stays readable with its reason and counts nowhere.

    Raises Recognition.DoesNotExist, PermissionDenied or ValidationError; a second time changes nothing.
    """
    found = _locked(pk, by)
    reason = reason.strip()
    if found.withdrawn_at:
        return found
    if len(reason) < SHORTEST:
        raise ValidationError({"reason": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": SHORTEST}})
    found.withdrawn_at, found.withdrawn_by, found.reason = at, by, reason
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
    _tell("recognition.withdrawn", found, by=by, at=at, reason=reason)
    return found


@transaction.atomic
def unname_recognition(pk: int, *, by, at: datetime) -> Recognition:
    """Erase the name of somebody who no longer agrees; the position stands in its place. Raises as the others do."""
    found = _locked(pk, by)
    if not found.name:
        return found
    found.name, found.consent = "", False
    found.save(update_fields=["name", "consent"])
    found.consents.standing().update(withdrawn_by=by, withdrawn_at=at)
    let_go_of_files(found.unit)
    record(
        "recognition.unnamed",
        subject="recognition",
        subject_id=found.pk,
        unit_id=found.unit_id,
        by=by,
        at=at,
        detail={},
    )
    return found


def _locked(pk: int, by) -> Recognition:
    seen = Recognition.objects.visible_to(by).with_names().select_for_update(of=("self",))
    found = seen.get(pk=pk)
    if not recognises(by, found.unit) or found.dossier_id in barred_at_work(by):
        raise PermissionDenied
    return found


def _tell(verb: str, one: Recognition, *, by, at: datetime, **detail) -> None:
    """Record it without names and tell the unit's officers."""
    detail |= {"stage": one.stage, "level": one.level, "symbol": one.document_symbol, "dossier": one.dossier_id}
    what = one.position if one.recipient == Recipient.INDIVIDUAL else one.title
    stage, gone = one.stage, one.withdrawn_at is not None

    def said() -> str:
        return f"{_('Rút ghi nhận') if gone else _('Ghi nhận')} · {Stage(stage).label}: {what}"

    record(
        verb,
        subject="recognition",
        subject_id=one.pk,
        unit_id=one.unit_id,
        by=by,
        at=at,
        detail=detail,
        tell=people_at(one.unit, TOLD, at),
        text=said,
        link=reverse("models_registry:recognition", args=[one.pk]),
    )
