"""What each kind of decision does to units, people, dossiers and works, and what it tells of it."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from models_registry.models import WorkItem
from models_registry.services.handing_over import hand_over_dossiers, hand_over_obligations, widen_rounds
from models_registry.services.search_text import spell_out
from organizations.models import AppraisalLink, HeadCount, Post, Succession, Unit
from organizations.queries import appraising_body_of
from organizations.services import correct_unit, end_unit
from organizations.services.reorganising import (
    merge_units,
    move_units,
    posts_to_settle,
    roles_after,
    serve_instead,
    served_by,
)
from organizations.services.units import require_reach
from progress.models import QuarterDraft
from progress.services.boards import boards_among, hand_over_boards, idle, refuse_unnamed
from progress.services.leaving_behind import transfer_items
from progress.services.plans import Outcome, Plan
from progress.services.splitting import split
from vietnamese.display import number_text

Kind = Succession.Kind


def merge(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    posts = posts_to_settle(units, made.effective_on)
    roles = roles_after(posts, plan.posts)
    boards, served, before = boards_among(units), served_by(units), bodies_of(units)
    refuse_board(plan, by)
    successor, below = merge_units(made, units, plan.founds[0], plan.posts, board=plan.board, by=by, at=at)
    widen_rounds(units, [successor])
    outcome.posts = [(post, roles[post.pk]) for post in posts]
    outcome.ended = [(post, roles[post.pk], successor) for post in posts]
    outcome.news = {unit.pk: successor.name for unit in units} | {unit.pk: successor.name for unit in below}
    outcome.concerned = [(unit, Kind.MOVE) for unit in below]
    outcome.tell(_("Đơn vị mới"), f"{successor.code} · {successor.name}")
    outcome.tell(_("Đơn vị kết thúc"), *(f"{unit.code} · {unit.name}" for unit in units))
    outcome.tell(_("Đơn vị về trực thuộc đơn vị mới"), *(unit.name for unit in below))
    _tell_body(successor, made, outcome)
    count = HeadCount.objects.in_force(made.effective_on, unit=successor).first()
    outcome.tell(_("Số đảng viên"), *([number_text(count.members)] if count else []))
    reason = _("Đã sáp nhập vào %(unit)s theo %(number)s.") % {"unit": successor.name, "number": made.number}
    _take_over(units, successor, outcome, made=made, since=since, reason=reason, open_only=False, by=by, at=at)
    hand_over_boards(boards, successor, served, outcome, made=made, since=since, by=by, at=at)
    idle_now = idle([body for body in before.values() if body not in units], but=plan.board)
    if plan.board is None:
        refuse_unnamed(idle_now, localdate(at))
    else:
        mine = {body.pk: [successor] for body in idle_now}
        hand_over_boards(idle_now, plan.board, mine, outcome, made=made, since=since, by=by, at=at)


def move(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    if plan.to is None:
        raise ValidationError({"parent": _("Hãy điền mục này.")})
    move_units(made, units, plan.to, by=by, at=at)
    outcome.news = {unit.pk: plan.to.name for unit in units}
    outcome.concerned = [(unit, Kind.MOVE) for unit in (*units, plan.to)]
    outcome.tell(_("Chuyển về %(unit)s") % {"unit": plan.to.name}, *(unit.name for unit in units))
    below = [Unit.objects.below(Unit.objects.get(pk=unit.pk), include_self=False).count() for unit in units]
    outcome.tell(_("Đi cùng"), _("%(count)s đơn vị cấp dưới") % {"count": number_text(sum(below))})
    _tell_body(Unit.objects.get(pk=units[0].pk), made, outcome)
    outcome.tell(_("Số liệu"), _("Cả quý có ngày hiệu lực tính cho đơn vị cấp trên mới; các quý đã chốt giữ nguyên."))


def rename(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    unit, on = units[0], made.effective_on
    if plan.name.strip() == unit.name:
        raise ValidationError({"name": _("Tên mới giống tên đang dùng.")})
    renamed = {"name": plan.name, "code": unit.code, "kind": unit.kind}
    correct_unit(unit, **renamed, on=on, by=by, at=at, decision=made.number, reorganisation=made)
    outcome.news = {unit.pk: plan.name}
    outcome.concerned = [(unit, Kind.RENAME)]
    spell_out(Unit.objects.get(pk=unit.pk))
    outcome.tell(_("Đổi tên"), _("“%(old)s” thành “%(new)s”") % {"old": unit.name, "new": plan.name})
    outcome.tell(_("Giữ nguyên"), _("Mọi người, hồ sơ, việc và số liệu. Văn bản in tên có hiệu lực vào ngày của nó."))


def dissolve(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    posts = posts_to_settle(units, made.effective_on)
    if plan.to is not None:
        require_reach(by, plan.to)
        if plan.to.valid_to is not None or plan.to in units:
            raise ValidationError({"to": _("Hãy chọn một đơn vị còn hoạt động.")})
    refuse_board(plan, by)
    boards, served = boards_among(units), served_by(units)
    for unit in units:
        end_unit(unit, on=made.effective_on, by=by, at=at, decision=made.number, reorganisation=made)
    if plan.board is not None:
        serve_instead(plan.board, served, made.effective_on, by=by, at=at)
    outcome.ended = [(post, "", None) for post in posts]
    outcome.tell(_("Đơn vị kết thúc"), *(f"{unit.code} · {unit.name}" for unit in units))
    _tell_ended(posts, outcome)
    if plan.to is not None:
        outcome.concerned = [(plan.to, Kind.DISSOLVE)]
        outcome.news = {plan.to.pk: ", ".join(unit.name for unit in units)}
        reason = _("Đã giải thể theo %(number)s.") % {"number": made.number}
        _take_over(units, plan.to, outcome, made=made, since=since, reason=reason, open_only=True, by=by, at=at)
    hand_over_boards(boards, plan.board, served, outcome, made=made, since=since, by=by, at=at)
    left = WorkItem.objects.counted().filter(unit__in=units, year__gte=since).count()
    if left:
        waits = _("%(count)s việc ở lại, tính cho đơn vị cấp trên gần nhất cho đến khi được bàn giao")
        outcome.tell(_("Chưa bàn giao"), waits % {"count": number_text(left)})


def bodies_of(units: Sequence[Unit]) -> dict[int, Unit]:
    """Return the bodies that appraise for these units themselves, by id; one query."""
    links = AppraisalLink.objects.filter(serves__in=units, valid_to=None).select_related("body").order_by("pk")
    return {link.body_id: link.body for link in links}


def refuse_board(plan: Plan, by) -> None:
    """Refuse a body to take over that is out of reach, has ended or ends by this decision."""
    if plan.board is not None:
        require_reach(by, plan.board)
        if plan.board.valid_to is not None or plan.board in plan.units:
            raise ValidationError({"board": _("Hãy chọn một đơn vị còn hoạt động.")})


def _take_over(units, to: Unit, outcome: Outcome, *, made, since: int, reason: str, open_only: bool, by, at) -> None:
    """Let dossiers, obligations and works of open years go on at another unit, and tell how many."""
    items = WorkItem.objects.filter(unit__in=units, year__gte=since)
    dossiers = hand_over_dossiers(units, to, since=since, at=at)
    spell_out(to)
    owed = hand_over_obligations(units, [to], since=since, reason=reason, by=by, at=at)
    counted = transfer_items(
        items.open() if open_only else items, to, on=made.effective_on, reason=reason, by=by, at=at
    )
    lines = [
        _("%(count)s việc (kể cả việc đã hoàn thành của năm chưa chốt)") % {"count": number_text(counted)}
        if not open_only
        else _("%(count)s việc đang thực hiện") % {"count": number_text(counted)},
        _("%(count)s hồ sơ, giữ nguyên tình trạng") % {"count": number_text(dossiers)},
        _("%(count)s nghĩa vụ đăng ký") % {"count": number_text(owed)},
    ]
    outcome.tell(_("Tiếp tục ở %(unit)s") % {"unit": to.name}, *lines)
    if drafts := QuarterDraft.objects.filter(unit__in=units).count():
        outcome.tell(
            _("Ở lại đơn vị cũ"), _("%(count)s bản nháp báo cáo quý chưa gửi") % {"count": number_text(drafts)}
        )


def _tell_body(unit: Unit, made, outcome: Outcome) -> None:
    body = appraising_body_of(unit, made.effective_on)
    outcome.tell(_("Cơ quan thẩm định"), body.name if body else _("Chưa có."))


def _tell_ended(posts: Sequence[Post], outcome: Outcome) -> None:
    ended = _("%(count)s vai trò; người giữ vẫn xem được những gì đơn vị đã chốt")
    outcome.tell(_("Vai trò kết thúc"), *([ended % {"count": number_text(len(posts))}] if posts else []))


CHANGES = {Kind.MERGE: merge, Kind.SPLIT: split, Kind.MOVE: move, Kind.RENAME: rename, Kind.DISSOLVE: dissolve}
