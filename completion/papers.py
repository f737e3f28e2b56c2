"""What a unit owes besides works: quarterly reports, registration, a plan of each member; counted and summed up."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import Count

from completion.bulk import these
from completion.models import Period
from completion.rates import COUNTERS
from completion.tree import Tree
from models_registry.models import MemberObligation, Obligation, WorkItem
from progress import models as progress_models

# Of one unit, or sums. Its report: owed, exempt, received, in time. Its registration: obliged (the exempt not among
# them), registered, exempt. Its members: all, exempt, with an approved work; and whether nobody counted them.
PAPERS = (
    "owed", "exempt", "reported", "in_time", "obliged", "registered",
    "freed", "members", "members_exempt", "members_planned", "uncounted",
)  # fmt: skip
NO_PAPERS = (0,) * len(PAPERS)
NO_MEMBERS = (0,) * 4


def roll_up_papers(tree: Tree, papers: dict[int, Sequence[int]]) -> dict[int, Sequence[int]]:
    totals = dict.fromkeys(tree.places, NO_PAPERS) | papers
    for unit in reversed(tree.places):
        parent = tree.places[unit].parent
        if parent is not None and any(totals[unit]):
            totals[parent] = [a + b for a, b in zip(totals[parent], totals[unit], strict=True)]
    return totals


def papers_of(period: Period, tree: Tree, counts: Mapping[int, Mapping], known_until) -> dict[int, Sequence[int]]:
    """Return {unit: in the order of PAPERS} of units obliged in a round of the year; five queries at most.

    `counts` are those of the units' own items by kind, which say who has an approved one.
    """
    here = these(tree.places)
    exempt: dict[int, bool] = {}
    owed = Obligation.objects.filter(round__year=period.year, round__opened_at__lt=known_until, unit__in=here)
    for unit, exempted_at in owed.values_list("unit_id", "exempted_at"):
        freed = exempted_at is not None and exempted_at < known_until
        exempt[unit] = exempt.get(unit, True) and freed
    if not exempt:
        return {}
    reports = progress_models.QuarterlyReport.objects.of_quarter(period.year, period.quarter)
    sent = dict(reports.filter(unit__in=here, sent_at__lt=known_until).values_list("unit_id", "sent_at"))
    let_off = progress_models.ReportExemption.objects.of_quarter(period.year, period.quarter).standing_at(known_until)
    spared = set(let_off.values_list("unit_id", flat=True))
    deadline = period.ends_at + timedelta(days=period.report_within_days)
    oldest = period.as_quarter.end_day - timedelta(days=period.report_after_days)
    members = members_of(period, here, exempt, known_until)
    papers = {}
    for unit, freed in exempt.items():
        due = tree.places[unit].valid_from <= oldest
        silent = freed or unit in spared
        received = due and not silent and unit in sent
        in_time = received and sent[unit] < deadline
        registered = not freed and has_approved(counts, unit)
        ones = (due, due and silent, received, in_time, not freed, registered, freed)
        papers[unit] = (*map(int, ones), *members.get(unit, NO_MEMBERS))
    return papers


def members_of(period: Period, here, freed: Mapping[int, bool], known_until) -> dict[int, Sequence[int]]:
    """Return {cell: (members, exempt, with an approved work, 1 if nobody counted them)} of those whose members owe.

    Of a year's rounds the one opened last that knows a number says it. Individuals count where their works stand now,
    each once, and never more than owe. Two queries; one where no member owes anything.
    """
    rows = MemberObligation.objects.filter(round__year=period.year, round__opened_at__lt=known_until, unit__in=here)
    owing: dict[int, tuple] = {}
    rows = rows.order_by("round__opened_at", "round_id")
    for unit, *count in rows.values_list("unit_id", "head_count__members", "head_count__exempt"):
        if count[0] is not None or unit not in owing:
            owing[unit] = count
    if not owing:
        return {}
    works = WorkItem.objects.filter(year=period.year, kind="IND", unit__in=these(owing)).order_by()
    works = works.filter(approved_at__lt=min(period.ends_at, known_until))
    planned = dict(works.values("unit").annotate(n=Count("subject_number", distinct=True)).values_list("unit", "n"))
    found = {}
    for unit, (members, exempt) in owing.items():
        if members is None:
            found[unit] = (0, 0, 0, 1)
            continue
        exempt = members if freed.get(unit) else exempt
        found[unit] = (members, exempt, min(planned.get(unit, 0), members - exempt), 0)
    return found


def has_approved(counts: Mapping[int, Mapping], unit: int) -> bool:
    base, x = COUNTERS.index("r3_base"), COUNTERS.index("r3_x")
    return any(sums[base] + sums[x] for sums in counts.get(unit, {}).values())
