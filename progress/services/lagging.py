"""Reminding the units that were shown to lag, and only those, each once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journal.services import part_of
from organizations.models import Unit
from organizations.services import urge
from progress.queries.lagging import WHATS, Lagging, reminded_lately
from vietnamese.display import day_text, number_text

SAID = {
    "untouched": gettext_lazy("%(by)s nhắc: %(count)s việc đến hạn trong 14 ngày chưa có tiến độ, gần nhất %(day)s"),
    "slow": gettext_lazy("%(by)s nhắc: theo nhịp hiện nay, đến hết quý còn thiếu %(count)s việc"),
}


@dataclass(slots=True)
class Outcome:
    """How many units and people were reminded, and why others that had been shown were not: [(unit, why)]."""

    units: int = 0
    people: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)

    def told(self) -> str:
        said = {"units": number_text(self.units), "people": number_text(self.people)}
        lines = [_("Đã nhắc %(units)s đơn vị (%(people)s người).") % said]
        if self.left:
            count = {"count": number_text(len(self.left))}
            lines.append(ngettext("%(count)s đơn vị để lại:", "%(count)s đơn vị để lại:", len(self.left)) % count)
            lines += [f"{name}: {why}" for name, why in self.left[:50]]
        return "\n".join(lines)


def remind_lagging(
    what: str, shown: Mapping[int, str], values: dict, *, by, at: datetime, job: int | None = None, progress=None
) -> Outcome:
    """Remind the officers of each unit that was `shown` ({id: name}) and still lags; none that was not shown.

    `values` are the filters it was shown by. Each unit in a transaction of its own with its event, so that a `job`
    begun anew after a kill reminds nobody twice and counts whom it had reminded. Three or four queries a unit.
    """
    lagging = {one.unit: one for one in WHATS[what].units(by, values, at)}
    lately, outcome = reminded_lately(what, list(shown), at), Outcome()
    units = {unit.pk: unit for unit in Unit.objects.visible_to(by).filter(pk__in=shown)}
    for number, (pk, name) in enumerate(shown.items(), 1):
        if pk not in units:
            outcome.left.append((name, _("không còn trong phạm vi của bạn")))
        elif job is not None and pk in lately and lately[pk].detail.get("job") == job:
            outcome.units += 1
            outcome.people += lately[pk].notices.count()
        elif pk not in lagging:
            outcome.left.append((name, _("vừa có tiến độ, không cần nhắc nữa")))
        elif pk in lately:
            outcome.left.append((name, _("vừa được nhắc")))
        else:
            with part_of(job=job):
                _urge(what, units[pk], lagging[pk], outcome, by=by, at=at)
        if progress:
            progress(number, len(shown))
    return outcome


def _urge(what: str, unit: Unit, one: Lagging, outcome: Outcome, *, by, at: datetime) -> None:
    def said() -> str:
        values = {"by": by.post.unit, "count": number_text(one.count), "day": day_text(one.nearest)}
        return SAID[what] % values

    try:
        outcome.people += urge(unit, what, text=said, link=WHATS[what].link(localdate(at)), by=by, at=at)
        outcome.units += 1
    except ValidationError as refusal:
        outcome.left.append((unit.name, refusal.messages[0]))
