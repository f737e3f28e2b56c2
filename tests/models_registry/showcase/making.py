"""Approved, published and adopted models, as a test of the showcase starts from them."""

import datetime as dt

from models_registry import services
from models_registry.lifecycle import State
from models_registry.models import Exemplar, ResolutionTarget, Shortcoming, ShortcomingLink, TargetLink
from tests.factories import AT
from tests.models_registry import registry_factories as make

LATER = AT + dt.timedelta(hours=1)


def approve(dossier, district):
    """Set a model approved, as it was sent."""
    dossier.state, dossier.version, dossier.body = State.APPROVED, 1, district.board
    dossier.submitted_at, dossier.submitted_by, dossier.decided_at = AT, dossier.author, AT
    dossier.save()
    dossier.versions.get_or_create(
        number=1, defaults={"content": make.content(dossier), "submitted_at": AT, "submitted_by": dossier.author}
    )
    return dossier


def publish(dossier, district, summary="Nhà nào cũng phân loại rác", at=LATER):
    return services.publish(dossier.pk, summary=summary, agreed=True, by=district.head, at=at)


def another(district, unit, author, round_, **fields):
    """One more approved model in the showcase."""
    made = approve(make.full_model(unit, author, round_, **fields), district)
    publish(made, district)
    return made


def adopted(source, by, district, round_):
    """An approved adoption of a model of the showcase."""
    return approve(services.adopt(source.pk, round=round_, by=by, at=LATER), district)


def completed(draft):
    """Fill in what an adopter has to say for itself, so that it can be sent."""
    practice = draft.practice
    practice.place = practice.target_group = practice.beneficiaries = "Ấp 2"
    practice.save()
    Exemplar.objects.create(practice=practice, position="Tổ trưởng", evidence="Vận động 20 hộ", consent=True)
    target = ResolutionTarget.objects.create(owner=draft.unit, text="Đạt 80% hộ", year_from=2026, year_to=2026)
    TargetLink.objects.create(practice=practice, target=target)
    flaw = Shortcoming.objects.create(owner=draft.unit, text="Rác còn lẫn lộn", year=2026)
    ShortcomingLink.objects.create(practice=practice, shortcoming=flaw, remedy="partly")
    draft.items.update(assignee="Chi đoàn", accountable="Chi ủy")
    return draft
