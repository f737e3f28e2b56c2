"""What becomes of what a body that appraises has in hand when a decision ends it: another takes it over, or it must be
settled first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from models_registry.models import Dossier, RegistrationRound
from organizations.models import AppraisalLink, Reorganisation, Succession, Unit
from organizations.queries import appraising_body_of
from progress.services.plans import Outcome
from reviews.services.succeeding import OPEN, succeed
from vietnamese.display import number_text

ENDING = (Succession.Kind.MERGE, Succession.Kind.SPLIT, Succession.Kind.DISSOLVE)


class Unsettled(ValidationError):
    """Something must be settled before a unit may end; `settle_at` are the units on whose pages."""

    def __init__(self, said: Sequence[str], settle_at: Sequence[Unit]):
        super().__init__({"board": list(said)})
        self.settle_at = list(settle_at)


def boards_among(units: Sequence[Unit]) -> list[Unit]:
    """Return those of these units that appraise, or have something in hand; three queries."""
    ids = set(AppraisalLink.objects.filter(body__in=units).values_list("body", flat=True))
    ids |= set(Dossier.objects.filter(body__in=units).order_by().values_list("body", flat=True).distinct())
    ids |= set(RegistrationRound.objects.filter(body__in=units).order_by().values_list("body", flat=True))
    return [unit for unit in units if unit.pk in ids]


def hand_over_boards(
    boards: Sequence[Unit],
    heir: Unit | None,
    served: Mapping[int, Sequence[Unit]],
    outcome: Outcome,
    *,
    made: Reorganisation,
    since: int,
    by,
    at: datetime,
) -> None:
    """Let the heir take over what boards that ended, or serve nobody any more, have open, and tell how much.

    Without an heir whoever serves the same units from then on takes over. Raises Unsettled where there is nobody.
    """
    taken = [unit for units in served.values() for unit in units]
    for old in boards:
        mine = list(served.get(old.pk, ()))
        following = heir or next(filter(None, (appraising_body_of(one, localdate(at)) for one in [*mine, old])), None)
        if following is None:
            refuse_unsettled(old, mine, at)
            continue
        done = succeed(old, following, mine, taken=taken, since=since, decision=made.number, by=by, at=at)
        _tell(old, following, mine, done, outcome)
        bodies = {following.pk: following} | {body.pk: body for body in done.cases}
        for body in bodies.values():
            if body.valid_from < made.effective_on:
                before = outcome.receiving.get(body.pk)
                outcome.receiving[body.pk] = f"{before}, {old.name}" if before else old.name
                outcome.concerned += [] if before else [(body, Succession.Kind.DISSOLVE)]


def refuse_unsettled(old: Unit, served: Sequence[Unit], at: datetime) -> None:
    """Raise Unsettled for what a board that ended, and nobody follows, serves or has in hand; two queries."""
    said = [
        _("%(body)s đang thẩm định cho %(unit)s. Hãy nêu cơ quan tiếp nhận, hoặc giao trước ở trang của %(unit)s.")
        % {"body": old.name, "unit": unit.name}
        for unit in served
    ]
    if held := in_hand(old, localdate(at)):
        what = ", ".join(held)
        said.append(_("%(body)s còn %(what)s. Hãy nêu cơ quan tiếp nhận.") % {"body": old.name, "what": what})
    if said:
        raise Unsettled(said, [*served, old])


def refuse_unnamed(boards: Sequence[Unit], day: date) -> None:
    """Raise Unsettled where boards which serve nobody any more have something in hand and no other is named for it; two
    queries for each."""
    held = [(body, ", ".join(what)) for body in boards if (what := in_hand(body, day))]
    if held:
        asked = _("Hãy nêu cơ quan nào nhận tiếp: %(boards)s.")
        told = "; ".join(_("%(body)s còn %(what)s") % {"body": body.name, "what": what} for body, what in held)
        raise Unsettled([asked % {"boards": told}], [body for body, _what in held])


def in_hand(body: Unit, day: date) -> list[str]:
    """Return how many open dossiers and open rounds a board has, in words; two queries."""
    dossiers = Dossier.objects.filter(body=body, state__in=OPEN).count()
    rounds = RegistrationRound.objects.filter(body=body, opened_at__isnull=False, late_until__gte=day).count()
    counted = ((dossiers, _("%(count)s hồ sơ chưa kết luận")), (rounds, _("%(count)s đợt đăng ký đang mở")))
    return [said % {"count": number_text(count)} for count, said in counted if count]


def _tell(old: Unit, heir: Unit, served: Sequence[Unit], done, outcome: Outcome) -> None:
    """Say what goes over from a board to those that follow it."""
    lines = [
        _("%(count)s hồ sơ chưa kết luận sang %(body)s, giữ nguyên hạn, nhận xét và điểm đã chấm")
        % {"count": number_text(count), "body": body.name}
        for body, count in sorted(done.cases.items(), key=lambda one: one[0].pk)
    ]
    names = ", ".join(unit.name for unit in served)
    rounds = _("%(count)s đợt đăng ký, chỉ dành cho %(units)s") if served else _("%(count)s đợt đăng ký")
    back = _("%(count)s hồ sơ về hàng chờ: người đang thẩm định không ở cơ quan mới, hoặc có xung đột lợi ích")
    counted = (
        (done.requeued, back),
        (done.dropped, _("%(count)s quyết định đã ký mà chưa công bố được bỏ; cơ quan mới quyết định lại")),
        (done.rounds, rounds),
        (done.sessions, _("%(count)s phiên họp chưa có biên bản")),
    )
    lines += [said % {"count": number_text(count), "units": names} for count, said in counted if count]
    if served:
        lines.insert(0, _("từ nay thẩm định cho %(units)s") % {"units": names})
    if done.cases:
        lines.append(_("các đơn vị có hồ sơ được báo cơ quan nào thẩm định; không phải gửi lại"))
    outcome.tell(_("%(heir)s tiếp nhận từ %(old)s") % {"heir": heir.name, "old": old.name}, *lines)


def idle(bodies: Iterable[Unit], *, but: Unit | None) -> list[Unit]:
    """Return those of these bodies that stand and appraise for nobody any more; one query."""
    bodies = [body for body in bodies if body.valid_to is None and body != but]
    busy = set(AppraisalLink.objects.filter(body__in=bodies, valid_to=None).values_list("body", flat=True))
    return [body for body in bodies if body.pk not in busy]
