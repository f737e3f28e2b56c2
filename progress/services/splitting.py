"""A unit split: who and what goes to which of the new units."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from django.utils.translation import gettext as _

from models_registry.models import Dossier, WorkItem
from models_registry.services.handing_over import FINAL, hand_over_dossiers, hand_over_obligations, widen_rounds
from models_registry.services.search_text import spell_out
from organizations.models import Succession, Unit
from organizations.services.reorganising import posts_to_settle, served_by, split_unit
from progress.services.boards import boards_among, hand_over_boards
from progress.services.leaving_behind import transfer_items
from progress.services.plans import Outcome, Plan
from vietnamese.display import number_text


def split(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    """Found the new units, give each what was ticked for it and one of them the rest, and tell how much each has."""
    old, on = units[0], made.effective_on
    posts = posts_to_settle(units, on)
    below = list(Unit.objects.children_of(old).filter(valid_to=None))
    seats = picked(plan.shares, "post")
    boards, served = boards_among(units), served_by(units)
    founded = split_unit(
        made, old, plan.founds, below=_below(plan, below), seats=seats, heir=plan.rest, by=by, at=at,
    )  # fmt: skip
    widen_rounds(units, founded)
    by_code = {unit.code: unit for unit in founded}
    outcome.ended = [
        (post, post.role if seats.get(post.pk) in by_code else "", by_code.get(seats.get(post.pk))) for post in posts
    ]
    parts: dict[str, list[str]] = defaultdict(list)
    reason = _("Đã chia tách theo %(number)s.") % {"number": made.number}
    owed = hand_over_obligations(units, founded, since=since, reason=reason, by=by, at=at)
    for code, dossiers in _dossiers(plan, old, since).items():
        count = hand_over_dossiers(units, by_code[code], since=since, at=at, only=dossiers)
        spell_out(by_code[code])
        parts[code].append(_("%(count)s hồ sơ, giữ nguyên tình trạng") % {"count": number_text(count)})
    for code, items in works_by_unit(plan, old, since).items():
        held = WorkItem.objects.filter(pk__in=items)
        if code in by_code:
            transfer_items(held, by_code[code], on=on, reason=reason, by=by, at=at)
        parts[code].insert(0, _("%(count)s việc, kể cả việc đã hoàn thành") % {"count": number_text(len(items))})
    _tell(outcome, founded, parts, owed, by_code)
    heir = by_code.get(plan.rest, founded[0])
    hand_over_boards(boards, heir, served, outcome, made=made, since=since, by=by, at=at)
    outcome.news = {old.pk: ", ".join(unit.name for unit in founded)}
    for child in below:
        parent = Unit.objects.get(pk=child.pk).ancestor_ids[-1]
        outcome.news[child.pk] = next((unit.name for unit in founded if unit.pk == parent), "")
    outcome.concerned = [(child, Succession.Kind.MOVE) for child in below]
    outcome.tell(_("Đơn vị kết thúc"), f"{old.code} · {old.name}")


def _below(plan: Plan, below) -> dict[int, str]:
    chosen = picked(plan.shares, "unit")
    return {child.pk: chosen.get(child.pk) or plan.rest for child in below}


def _tell(outcome: Outcome, founded, parts, owed: int, by_code: Mapping[str, Unit]) -> None:
    gone = Counter(unit.pk for _post, _role, unit in outcome.ended if unit)
    for code, unit in by_code.items():
        under = Unit.objects.children_of(unit).count()
        lines = [*parts.get(code, []), _("%(count)s người") % {"count": number_text(gone[unit.pk])}]
        if under:
            lines.append(_("%(count)s đơn vị trực thuộc") % {"count": number_text(under)})
        if owed:
            lines.append(_("%(count)s nghĩa vụ đăng ký") % {"count": number_text(owed)})
        outcome.tell(f"{unit.code} · {unit.name}", *lines)
    left = [f"{line}: {_('tính cho đơn vị cấp trên gần nhất cho đến khi được bàn giao')}" for line in parts.get("", [])]
    outcome.tell(_("Chưa bàn giao"), *left)
    ended = sum(1 for _post, role, _unit in outcome.ended if not role)
    outcome.tell(_("Vai trò kết thúc"), *([_("%(count)s vai trò") % {"count": number_text(ended)}] if ended else []))


def picked(shares: Mapping[str, str], what: str) -> dict[int, str]:
    """Return {id: code of a new unit} of what was ticked of one sort: "item", "dossier", "unit" or "post"."""
    names = (name.partition("-") for name in shares)
    return {int(pk): shares[f"{sort}-{pk}"] for sort, _dash, pk in names if sort == what and shares[f"{sort}-{pk}"]}


def works_by_unit(plan: Plan, old: Unit, since: int) -> dict[str, list[int]]:
    """Return {code: ids} of the works of open years a unit holds; "" are those nobody takes over. One query."""
    codes, chosen = {one.code for one in plan.founds}, picked(plan.shares, "item")
    found = WorkItem.objects.counted().filter(unit=old, year__gte=since).order_by("pk").values_list("pk", flat=True)
    parts: dict[str, list[int]] = defaultdict(list)
    for pk in found:
        code = chosen.get(pk) or plan.rest
        parts[code if code in codes else ""].append(pk)
    return parts


def _dossiers(plan: Plan, old: Unit, since: int) -> dict[str, list[int]]:
    """Return {code: ids} of the dossiers of open years: as ticked, else where most of its works go, the rest, or the
    first new unit, so that each that is not over has somebody who answers for it. Three queries."""
    chosen, codes = picked(plan.shares, "dossier"), [one.code for one in plan.founds]
    of_item = dict(WorkItem.objects.filter(unit=old, year__gte=since).values_list("pk", "dossier"))
    most: dict[int, Counter] = defaultdict(Counter)
    for code, items in works_by_unit(plan, old, since).items():
        for pk in items if code else ():
            most[of_item[pk]][code] += 1
    found = Dossier.objects.filter(unit=old, year__gte=since).exclude(state__in=FINAL)
    parts: dict[str, list[int]] = defaultdict(list)
    for pk in found.order_by("pk").values_list("pk", flat=True):
        code = chosen.get(pk) or (most[pk].most_common(1)[0][0] if most[pk] else plan.rest)
        parts[code if code in codes else codes[0]].append(pk)
    return parts
