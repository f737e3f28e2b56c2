"""What the tests of a dossier's pages share: addresses, what is typed, and the steps before."""

import datetime as dt

from django.urls import reverse

from models_registry import services
from models_registry.lifecycle import Step
from models_registry.models import Remark
from tests.factories import AT

LATER = AT + dt.timedelta(hours=1)


def url(name, *args):
    return reverse(f"models_registry:{name}", args=args)


def step(dossier, key):
    return url("step", dossier.pk, key)


def sent(dossier, by):
    return services.submit(dossier.pk, edition=dossier.edition, by=by, at=LATER)


def returned(dossier, district, remarks):
    sent(dossier, district.secretary)
    services.take_step(dossier.pk, Step.TAKE, by=district.appraiser, at=LATER)
    services.take_step(
        dossier.pk,
        Step.REQUEST_REVISION,
        by=district.appraiser,
        at=LATER,
        reason="Nội dung còn chung chung",
        remarks=remarks,
    )
    dossier.refresh_from_db()
    return dossier


def answered(dossier, by):
    """The unit has answered every remark of the last return."""
    pks = Remark.objects.on(dossier).values_list("pk", flat=True)
    services.answer_remarks(dossier.pk, dict.fromkeys(pks, "Đơn vị đã bổ sung đầy đủ."), by=by, at=LATER)
    dossier.refresh_from_db()
    return dossier


def rows(*given, prefix="rows", total=None):
    data = {f"{prefix}-TOTAL_FORMS": str(total or len(given)), f"{prefix}-INITIAL_FORMS": "0"}
    for n, row in enumerate(given):
        data |= {f"{prefix}-{n}-{name}": value for name, value in row.items()}
    return data


WORK = {
    "title": "Trồng cây",
    "assignee": "Chi đoàn",
    "accountable": "Chi ủy",
    "starts_on": "01/02/2026",
    "due_on": "19/5/2026",
    "expected_result": "Trồng xong",
    "expected_value": "1.150,5",
}
