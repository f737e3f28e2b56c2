"""Who hears of a reorganisation: whose role ends or goes on elsewhere, and the people of the units it concerns."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.services import record
from organizations.models import Post, Succession
from organizations.services.people import said_of
from organizations.services.units import midnight
from progress.services.plans import Outcome, Plan
from vietnamese.display import day_text

Kind = Succession.Kind
# What became of one unit, as its people are told; `new` is Outcome.news of it.
BECAME = {
    Kind.MERGE: gettext_lazy("%(unit)s sáp nhập vào %(new)s"),
    Kind.SPLIT: gettext_lazy("%(unit)s chia tách thành %(new)s"),
    Kind.MOVE: gettext_lazy("%(unit)s chuyển về trực thuộc %(new)s"),
    Kind.RENAME: gettext_lazy("%(unit)s đổi tên thành %(new)s"),
    Kind.DISSOLVE: gettext_lazy("%(unit)s kết thúc hoạt động"),
}
RECEIVES = {
    Kind.MOVE: gettext_lazy("%(new)s về trực thuộc %(unit)s"),
    Kind.DISSOLVE: gettext_lazy("%(unit)s nhận bàn giao việc, hồ sơ của %(new)s"),
}


def tell_of(plan: Plan, outcome: Outcome, *, by, at: datetime, planned: int | None = None) -> None:
    """Tell each whose post ends what becomes of it and where to go, and the people of the units concerned.

    `planned` is the plan's number while it only waits for its day. One query for who sits where, two or three for each
    person whose post ends and each unit concerned.
    """
    link = (
        reverse("progress:planned", args=[planned])
        if planned
        else reverse("progress:reorganised", args=[outcome.made.pk])
    )
    for post, role, unit in outcome.ended:
        became = became_of(plan, plan.decision.kind, post.unit.name, outcome.news.get(post.unit_id, ""))
        detail = said_of(post) | {"ends_at": midnight(plan.decision.effective_on).isoformat()}
        record(
            "post.will_end" if planned else "post.ended",
            subject="person",
            subject_id=post.person_id,
            unit_id=post.unit_id,
            by=by,
            at=at,
            detail=detail,
            tell=[post.person.acting_as(None)],
            text=lambda became=became, seat=(post, role, unit): f"{became()} {_seat(*seat)}",
            link=link,
        )
    for unit, kind, people in _listening(outcome, at):
        taken = outcome.receiving.get(unit.pk) if kind == Kind.DISSOLVE else None
        new, receives = taken or outcome.news.get(unit.pk, ""), bool(taken) or unit == plan.to
        text = became_of(plan, kind, unit.name, new, receives=receives)
        verb = "reorganisation.foretold" if planned else "reorganisation.told"
        record(
            verb, subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at, tell=people, text=text, link=link
        )


def became_of(plan: Plan, kind: str, unit: str, new: str, *, receives: bool = False) -> Callable[[], str]:
    """Return the sentence that says what becomes of a unit from which day on by which decision."""
    words = (RECEIVES if receives else BECAME)[kind]
    decision = plan.decision

    def said() -> str:
        what = str(words) % {"unit": unit, "new": new}
        sentence = _("Từ %(day)s, %(what)s theo %(number)s.")
        return sentence % {"day": day_text(decision.effective_on), "what": what, "number": decision.number}

    return said


def _seat(post: Post, role: str, unit) -> str:
    if role and unit:
        goes_on = _("Bạn giữ vai trò %(role)s ở %(unit)s; việc và hồ sơ đang làm tiếp tục ở đó.")
        return goes_on % {"role": Post.Role(role).label, "unit": unit.name}
    ends = _("Vai trò %(role)s của bạn kết thúc; bạn vẫn xem được hồ sơ và số liệu mà đơn vị đã chốt.")
    return ends % {"role": post.get_role_display()}


def _listening(outcome: Outcome, at: datetime):
    """Yield each unit concerned with the kind of change and the people there, acting in their post; one query."""
    there: dict[int, list] = {}
    units = [unit for unit, _kind in outcome.concerned]
    held = Post.objects.current(at).filter(unit__in=units, person__is_active=True).select_related("person")
    for post in held.order_by("pk"):
        there.setdefault(post.unit_id, []).append(post.person.acting_as(post))
    for unit, kind in outcome.concerned:
        if people := there.get(unit.pk):
            yield unit, kind, people
