"""What a body that appraises must have settled before it ends."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from models_registry.lifecycle import State
from models_registry.models import Dossier, RegistrationRound
from organizations.models import Succession, Unit
from vietnamese.display import number_text

ENDING = (Succession.Kind.MERGE, Succession.Kind.SPLIT, Succession.Kind.DISSOLVE)


def unsettled(units: Sequence[Unit], day: date) -> list[str]:
    """Return a sentence for each thing that units which appraise have in hand, and what to do about it; two queries.

    A dossier that was returned is not among them: sent again, it goes to whoever appraises then.
    """
    names = {unit.pk: unit.name for unit in units}
    at_work = Dossier.objects.filter(body__in=names, state__in=[State.SUBMITTED, State.UNDER_APPRAISAL])
    open_rounds = RegistrationRound.objects.filter(body__in=names, opened_at__isnull=False, late_until__gte=day)
    dossiers = _("%(body)s còn %(count)s hồ sơ đang thẩm định: hãy kết luận hoặc yêu cầu bổ sung trước.")
    rounds = _("%(body)s còn phụ trách %(count)s đợt đăng ký đang mở: hãy đợi hết hạn hoặc đóng đợt trước.")
    return [
        said % {"body": names[body], "count": number_text(count)}
        for said, rows in ((dossiers, at_work), (rounds, open_rounds))
        for body, count in rows.order_by().values_list("body").annotate(count=Count("pk"))
    ]
