"""The lists of approved items and what an item's page shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.names import name_then
from models_registry.lifecycle import ItemState
from models_registry.masking import shown_title
from models_registry.models import WorkItem, public_subject
from models_registry.names_shown import name_shown
from organizations.models import Unit
from progress.models import ChangeRequest, CompletionReport, Evidence, Fact, QuarterlyCheck
from progress.queries.authority import waiting_for
from progress.queries.paging import COUNTED_TO
from vietnamese.display import day_text
from vietnamese.quarters import first_day, last_day
from vietnamese.searching import asked

SOON_DAYS = 14


def items_matching(user, values: dict, at: datetime):
    """Return the items within sight that a filter's values ask for but for its words, unordered."""
    found = waiting_for(user, at) if values.get("mine") else WorkItem.objects.visible_to(user).counted()
    found = found.filter(year=values["year"], **{k: values[k] for k in ("kind", "state") if values.get(k)})
    if values.get("unit"):
        unit = Unit.objects.visible_to(user).filter(pk=values["unit"]).first()
        found = found.filter(unit__in=Unit.objects.below(unit)) if unit else found.none()
    if values.get("quarter"):
        found = found.due_between(*days_of(values["year"], values["quarter"]))
    if values.get("when"):
        found = WHEN[values["when"]](found, localdate(at))
    return found


def words_of(values: dict) -> tuple[str, ...]:
    """Return the words a filter asks for, as search compares them."""
    return asked(values.get("q") or "").terms


def due_soon(found, day: date):
    """Still to be done and due within the next fortnight."""
    return found.filter(state=ItemState.IN_PROGRESS, excluded_at__isnull=True).due_between(
        day, day + timedelta(days=SOON_DAYS)
    )


def untouched(found, day: date):
    """Of those `due_soon` the ones nothing was ever told of: no report of progress or of completion was sent, no
    request waits, no check was recorded. What is only drafted nobody above has seen."""
    return due_soon(found, day).filter(is_untold())


def is_untold() -> Q:
    sent = CompletionReport.objects.told().filter(item=OuterRef("pk"))
    asked = ChangeRequest.objects.undecided().filter(item=OuterRef("pk"))
    checked = QuarterlyCheck.objects.filter(item=OuterRef("pk"))
    return ~Exists(sent) & ~Exists(asked) & ~Exists(checked)


def untouched_ids(found, day: date):
    """Return the ids of those of these that are `untouched`, as many as are counted: at the end of a year most are."""
    return untouched(found, day).order_by().values_list("pk", flat=True)[:COUNTED_TO]


def refusals():
    """Refused reports of the outer item, as a subquery."""
    return Fact.objects.filter(item=OuterRef("pk"), kind=Fact.Kind.REFUSED)


WHEN = {
    "overdue": lambda found, day: found.overdue(day),
    "soon": due_soon,
    "untouched": untouched,
    "refused": lambda found, day: found.filter(Exists(refusals()), state=ItemState.IN_PROGRESS),
}


def days_of(year: int, quarter: int) -> tuple[date, date]:
    return first_day(year, quarter), last_day(year, quarter)


@dataclass(frozen=True, slots=True)
class File:
    """A piece of evidence as a page lists it."""

    pk: int
    name: str
    size: int
    is_photo: bool = False
    held: str = ""  # back, and why

    @property
    def url(self) -> str:
        return reverse("progress:evidence", args=[self.pk])

    @property
    def thumbnail(self) -> str:
        return reverse("progress:thumbnail", args=[self.pk]) if self.is_photo else ""


def reports_of(item: WorkItem) -> list[CompletionReport]:
    """Return an item's sent reports, newest first, each with `files` and who sent it; one query."""
    return list(with_files(item.reports.sent()).values())


def told_of(item: WorkItem) -> tuple[list[CompletionReport], list[CompletionReport]]:
    """Return `reports_of` an item, and in the same way what was told of its progress; one query."""
    told = list(with_files(item.reports.told()).values())
    return [one for one in told if not one.interim], [one for one in told if one.interim]


def draft_of(item: WorkItem, *, interim: bool = False) -> CompletionReport | None:
    """Return what is being prepared of an item, with `files`; one query."""
    return next(iter(with_files(item.reports.drafts(interim=interim)).values()), None)


def with_files(reports) -> dict[int, CompletionReport]:
    """Return {id: report}, newest first, each with its `files`, oldest first; one query for reports and files."""
    joined = reports.select_related("reported_by", "prepared_by", "measure").annotate(
        reporter_then=name_then("reported_by", "reported_at"),
        preparer_then=name_then("prepared_by", "prepared_at"),
        file_pk=F("evidence__id"),
        file_name=F("evidence__name"),
        file_size=F("evidence__size"),
        file_thumbnail=F("evidence__thumbnail"),
        file_held=F("evidence__held"),
    )
    found: dict[int, CompletionReport] = {}
    for row in joined.order_by("-id", "file_pk"):
        report = found.setdefault(row.pk, row)
        if report is row:
            report.files = []
        if row.file_pk is not None:
            is_photo, held = bool(row.file_thumbnail), dict(Evidence.Held.choices).get(row.file_held, "")
            report.files.append(File(row.file_pk, row.file_name, row.file_size, is_photo, held))
    return found


def confirmable(user, at: datetime, *, limit: int) -> list[WorkItem]:
    """Return the reported items that wait for this person, nearest due first, each with `report`; two queries."""
    found = waiting_for(user, at).select_related("unit", "dossier__round", "measure")
    rows = list(found.nearest_due_first()[:limit])
    latest = {}
    for report in with_files(CompletionReport.objects.sent().filter(item__in=[row.pk for row in rows])).values():
        latest.setdefault(report.item_id, report)
    for row in rows:
        row.report = latest.get(row.pk)
    return rows


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One row of the list as this person may read it, every value ready to print."""

    pk: int
    due_in_force: date
    title: str
    about: str  # the kind of work and, for an individual's, whose
    unit: str
    due: str
    state: str  # what the badge shows: an ItemState, or "overdue" for one in progress
    state_label: str
    note: str  # "" or that it is excluded
    address: str


ROW_FIELDS = (
    "pk", "due_in_force", "title", "kind", "state", "excluded_at", "unit_id", "unit__name", "subject_name",
    "subject_position", "subject_number", "dossier__round__mask_names",
)  # fmt: skip


def row_maker(user, today: date) -> Callable[..., ItemRow]:
    """Return the function that makes a list's row of ROW_FIELDS; names are masked as `masking.shown_item` does."""
    own_unit = user.post.unit_id if user.post else None
    address = reverse("progress:item", args=[0])[:-2]
    kinds, states = ({choice.value: str(choice.label) for choice in few} for few in (WorkItem.Kind, ItemState))
    states["overdue"], note_of_excluded = _("Quá hạn"), _("Loại khỏi chỉ tiêu")

    def row(pk, due, title, kind, state, excluded_at, unit_id, unit, name, position, number, round_masks) -> ItemRow:
        about = kinds[kind]
        if kind == WorkItem.Kind.INDIVIDUAL:
            masks = unit_id != own_unit and round_masks is not False
            public = public_subject(position, number)
            about = f"{about} · {public if masks or not name else name}"
            if name and not masks:
                name_shown(unit_id)
            elif masks:
                title = shown_title(title, name=name, position=position, number=number)
        note = "" if excluded_at is None else note_of_excluded
        if state == ItemState.IN_PROGRESS and not note and due < today:
            state = "overdue"
        return ItemRow(pk, due, title, about, unit, day_text(due), state, states[state], note, f"{address}{pk}/")

    return row
