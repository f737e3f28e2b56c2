"""What pages of corrections show: a work as it was sealed and as it should be, who may approve, what has changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from completion.computing import frame_of
from completion.errors import came_by
from completion.lifecycle import CORRECTION_MOVES, OWN_STEPS
from completion.lines import WAITS, read_lines
from completion.models import Correction, CorrectionLine, ItemList, Period, Revision
from completion.queries.tables import waiting_for as tables_waiting_for
from completion.rates import Check, Frame
from journal.awaiting import Awaited, counts_together
from models_registry import gate
from models_registry.models import WorkItem
from organizations.models import Person, Post, Unit
from organizations.permissions import Action, may, reaches, top_path
from organizations.seats import Sight
from progress.queries.authority import bodies_in_line
from vietnamese.display import day_text, instant_text


def newest_seal(period: Period) -> Revision | None:
    """Return the newest sealed revision of a period; one query."""
    return period.revisions.filter(sealed=True).newest_first().first()


def frame_of_lines(period: Period) -> Frame:
    """Return what the lines of every revision of a period are read by: the frame of its first seal; two queries."""
    first = period.revisions.filter(sealed=True).order_by("number").values_list("as_of", flat=True).first()
    return frame_of(period, first)


def code_of(item: WorkItem) -> str:
    """Return the work's name in the sealed lines."""
    return item.code or f"#{item.pk}"


def sealed_line(revision: Revision, item: WorkItem) -> tuple[Unit, str] | None:
    """Return the unit in whose list a work was sealed and its line; None where it was not counted. One query."""
    start = f"{item.kind}|{code_of(item)}|"
    lists = ItemList.objects.filter(place__revision=revision, lines__contains=start).select_related("place__unit")
    found = ((one.place.unit, line) for one in lists for line in one.lines.split("\n") if line.startswith(start))
    return next(found, None)


def sealed_lists(revision: Revision, units: Iterable[int]) -> dict[int, set[str]]:
    """Return {unit id: the lines sealed in its list} of a few units; one query."""
    lists = ItemList.objects.filter(place__revision=revision, place__unit__in=units)
    return {unit: set(text.split("\n")) for unit, text in lists.values_list("place__unit_id", "lines")}


def open_line_of(period: Period, item: WorkItem, *, but: Correction | None = None) -> CorrectionLine | None:
    """Return the line of another correction of the period, sent and not yet sealed, that speaks of the same work."""
    found = CorrectionLine.objects.filter(correction__period=period, item=item)
    found = found.filter(correction__state__in=["asked", "approved"])
    return (found.exclude(correction=but) if but else found).select_related("correction__asked_by").first()


def described(line: str, unit: Unit, frame: Frame) -> str:
    """Return one sentence: what a line says of its work, and whose it is."""
    ((_kind, _code, state),) = read_lines(line, frame)
    said = [unit.name, _("hạn %(day)s") % {"day": day_text(state.due)}]
    if came_by(line) == WAITS:
        said[0] = _("%(unit)s (chưa bàn giao)") % {"unit": unit.name}
    if state.excluded:
        said.append(_("được loại trừ"))
    if state.confirmed_at is None:
        said.append(_("chưa hoàn thành"))
    else:
        days = {"day": day_text(state.completed_on), "at": instant_text(state.confirmed_at)}
        said.append(_("hoàn thành ngày %(day)s, xác nhận lúc %(at)s") % days)
    if state.check is not Check.NONE:
        said.append(_("kiểm tra: Đạt") if state.check is Check.PASSED else _("kiểm tra: Chưa đạt"))
    return "; ".join(said)


def stands_above(by, correction: Correction) -> bool:
    """Whether one stands a level above whoever asked; at the root of the tree beside them. `unit` is loaded."""
    top = top_path(by)
    above = correction.unit.path.startswith(top) and correction.unit.path != top
    return reaches(by, correction.unit) and (above or correction.unit_id == correction.period.root_id)


def open_steps_of(correction: Correction, by) -> set[str]:
    """Return the steps this person may take now: what the page draws its buttons from."""
    own = correction.asked_by_id == by.pk
    steps = gate.open_steps(correction, CORRECTION_MOVES, by=by, conflicted=own or not stands_above(by, correction))
    return {step for step in steps if step not in OWN_STEPS or own}


def may_seal(by, root: Unit) -> bool:
    """Whether one seals the next revision of a tree from what was approved."""
    return may(by, Action.APPROVE_CORRECTION) and reaches(by, root)


def approvers_of(correction: Correction, at: datetime) -> list[Person]:
    """Return who may approve, of the nearest level that has somebody, each acting in that post; three queries."""
    unit = correction.unit
    bodies = {body.pk: body for body in bodies_in_line(unit, localdate(at))}
    posts = Post.objects.current(at).filter(person__is_active=True).exclude(person=correction.asked_by_id)
    posts = posts.filter(
        Q(role="leader", unit__in=[*unit.ancestor_ids, unit.pk]) | Q(role="head", unit__in=bodies)
    ).select_related("person", "unit")
    found = [post.person.acting_as(post) for post in posts]
    found = [person for person in found if stands_above(person, correction)]
    nearest = max((len(top_path(person)) for person in found), default=0)
    return [person for person in found if len(top_path(person)) == nearest]


def waiting_for(user):
    """Return the corrections that wait for this person's approval, oldest first."""
    found = Correction.objects.visible_to(user).waiting().exclude(asked_by=user.pk)
    found = found.filter(~Q(unit__path=top_path(user)) | Q(unit=F("period__root")))
    return found.order_by("asked_at", "pk")


def to_be_sealed_by(user):
    """Return the approved corrections of trees this person seals the next revision of."""
    roots = Unit.objects.visible_to(user).order_by().values("pk")
    return Correction.objects.to_seal().filter(period__root__in=roots)


@Sight
def _counted(user):
    own, tables = Person.objects.filter(pk=user.pk), tables_waiting_for(user)
    return counts_together(own, asked=waiting_for(user), approved=to_be_sealed_by(user), tables=tables)


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return what waits for this person among corrections and tables of published figures; one query, none for posts
    that approve nothing."""
    if not may(user, Action.APPROVE_CORRECTION) or user.post.unit_id is None:
        return []
    listed = reverse("completion:corrections")
    (counts,) = _counted(user)
    return [
        Awaited(_("Đính chính chờ bạn duyệt"), counts["asked"], f"{listed}?state=asked&mine", "warning"),
        Awaited(_("Đính chính đã duyệt, chờ chốt bản mới"), counts["approved"], f"{listed}?state=approved"),
        Awaited(
            _("Bảng số liệu đã công bố chờ bạn duyệt"),
            counts["tables"],
            f"{reverse('completion:published_tables')}?state=asked",
            "warning",
        ),
    ]


def sealed_beside(period: Period) -> list[Period]:
    """Return the other sealed quarters of the same tree and year, which may hold the same error; one query."""
    beside = Period.objects.filter(root=period.root_id, year=period.year, revisions__sealed=True).exclude(pk=period.pk)
    return list(beside.distinct().order_by("quarter"))


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a correction as its page tells it; `now` says what the register says today, where that differs."""

    line: CorrectionLine
    was: str
    becomes: str
    now: str


def shown_lines(correction: Correction) -> list[ShownLine]:
    """Return the lines of a correction as sentences; four queries, whatever their number."""
    frame = frame_of_lines(correction.period)
    lines = correction.lines.select_related("item__unit", "item__dossier__round", "item__measure", "home", "to_unit")
    return [
        ShownLine(
            line,
            described(line.was, line.home, frame),
            described(line.becomes, line.to_unit or line.home, frame),
            _register_says(line),
        )
        for line in lines
    ]


def _register_says(line: CorrectionLine) -> str:
    """Return what must still be put right in the register itself, for the quarters that are open; "" mostly."""
    item, error = line.item, CorrectionLine.Error
    if line.error == error.FALSE_CONFIRMATION and item.confirmed_at is not None and item.state == "completed":
        return _("Sổ việc vẫn ghi đã xác nhận. Hãy hủy xác nhận ở trang của việc, nếu không các quý sau vẫn tính.")
    if line.error in (error.DUPLICATE, error.REGISTERED_IN_ERROR) and item.excluded_at is None:
        return _("Sổ việc chưa loại trừ việc này. Hãy đề nghị loại trừ, nếu không các quý sau vẫn tính.")
    if line.error == error.WRONG_OWNER and item.unit_id != line.to_unit_id:
        return _("Sổ việc vẫn ghi đơn vị khác. Việc cần được bàn giao, nếu không các quý sau vẫn tính như cũ.")
    return ""
