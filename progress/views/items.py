"""The list of approved items and the page of one."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.lists import Listing, listed
from models_registry.gate import StepNotOpen
from models_registry.kept_files import handed_out, handed_out_small
from models_registry.masking import shown_item
from organizations.permissions import Action, may, reaches
from organizations.queries import unit_choices
from progress.forms.filters import ItemFilter
from progress.lifecycle import ItemStep
from progress.models import Evidence
from progress.queries.authority import authority_over, authors_of, open_item_steps
from progress.queries.checks import checked_quarters, checks_it
from progress.queries.items import ROW_FIELDS, items_matching, row_maker, told_of, words_of
from progress.queries.paging import slice_of
from progress.queries.timeline import checks_of, facts_of, happenings, open_requests, requests_of
from progress.services.reporting import check_may_prepare
from progress.views.answers import confirms, find_item, links_for, require_reader


def _items_asked(request, at) -> ItemFilter:
    require_reader(request.user)
    today = localdate(at)
    return ItemFilter(
        request.GET,
        units=unit_choices(request.user, request.GET.get("unit", "")),
        this_year=today.year,
        confirms=confirms(request.user),
    )


def _items_file(request) -> Listing:
    at = timezone.now()
    values = _items_asked(request, at).values
    sort = values["sort"]
    keys = (sort,) if sort.endswith("id") else (sort.replace("due", "due_in_force"), sort.replace("due", "id"))
    found = items_matching(request.user, values, at).speaking_of(words_of(values)).order_by(*keys)
    return Listing(
        title=_("Phần việc"),
        heads=[
            _("Số việc"),
            _("Việc"),
            _("Loại việc"),
            _("Đơn vị"),
            _("Cá nhân"),
            _("Năm"),
            _("Hạn"),
            _("Tình trạng"),
        ],
        rows=found.select_related("unit", "measure", "dossier__round"),
        line=lambda one: _item_line(one, shown_item(one, request.user)),
    )


def _item_line(item, shown: dict) -> list:
    """Return an item's cells as this person may read them."""
    due, state = item.due_in_force, item.get_state_display()
    return [item.pk, shown["title"], item.get_kind_display(), item.unit.name, shown["subject"], item.year, due, state]


@listed(_items_file)
@require_safe
def items(request):
    """List the items within sight, by the filters in the address; at most 12 queries whatever the number of rows."""
    at = timezone.now()
    today = localdate(at)
    form = _items_asked(request, at)
    values = form.values
    page = slice_of(
        items_matching(request.user, values, at),
        fields=ROW_FIELDS,
        make=row_maker(request.user, today),
        sort=values["sort"],
        words=words_of(values),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"form": form, "values": values, "page": page, "narrowed": _narrowed(values, today.year)}
    context |= {"links": links_for(request.user), "urges": may(request.user, Action.URGE)}
    return render(request, "progress/items.html", context)


@require_safe
def item(request, pk):
    """Show one item: the five "rõ", where it stands and why, and what this person may do now."""
    at = timezone.now()
    found = find_item(request, pk)
    reports, notes = told_of(found)
    authority = authority_over(found, at, authors=authors_of(reports[0] if reports else None))
    requests = requests_of(found)
    waiting = next((asked for asked in requests if not asked.outcome), None)
    steps = open_item_steps(found, by=request.user, at=at, authority=authority)
    asks = may(request.user, Action.REPORT) and reaches(request.user, found.unit)
    prepares = _prepares(request.user, found)
    today = localdate(at)
    facts, checks = facts_of(found), checks_of(found)
    context = {
        "item": found,
        "shown": shown_item(found, request.user),
        "is_overdue": is_overdue(found, today),
        "co_units": list(found.dossier.co_units.all()) if found.dossier else [],
        "reports": reports,
        "notes": notes,
        "authority": authority,
        "steps": steps,
        "prepares": prepares and ItemStep.REPORT not in steps,
        "tells": prepares,
        "waiting": waiting,
        "decides": waiting and _decides(request.user, found, waiting, authority, today),
        "withdraws": asks and waiting is not None,
        "asks": open_requests(found, today) if asks and not waiting else [],
        "quarters": checked_quarters(found, facts, checks, today) if found.ongoing else [],
        "checks_it": checks_it(found, authority, request.user),
        "events": happenings(found, facts, requests, checks, notes),
    }
    return render(request, "progress/item.html", context)


@require_safe
def evidence(request, pk):
    """Hand out one file of a report to whoever sees its item."""
    file = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    return handed_out(request, file)


@require_safe
def thumbnail(request, pk):
    """Hand out the small picture of a photo of a report to whoever sees its item."""
    seen = Evidence.objects.visible_to(request.user).exclude(thumbnail="")
    return handed_out_small(request, get_object_or_404(seen, pk=pk))


def is_overdue(item, today) -> bool:
    return item.state == "in_progress" and item.excluded_at is None and item.due_in_force < today


def _prepares(user, item) -> bool:
    try:
        check_may_prepare(item, by=user)
    except (PermissionDenied, StepNotOpen):
        return False
    return True


def _decides(user, item, asked, authority, today) -> bool:
    seat = authority.seat_of(asked.kind, item, today)
    return (
        may(user, Action.DECIDE)
        and seat is not None
        and user.post.unit_id == seat.pk != item.unit_id
        and user.pk != asked.asked_by_id
    )


def _narrowed(values: dict, this_year: int) -> bool:
    plain = {"year": this_year, "sort": "due"}
    return any(value and value != plain.get(name) for name, value in values.items())
