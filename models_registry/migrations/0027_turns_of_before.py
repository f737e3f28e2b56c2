"""Ships the calendar of the years that are known, and gives every dossier sent so far the turns it went through."""

from datetime import date, timedelta
from itertools import islice

from django.db import migrations
from django.utils.timezone import localdate

from vietnamese.working_days import Calendar

BATCH = 500
REVISION_DAYS = 10
TET, GIO_TO, NEW_YEAR = "Tết Nguyên đán", "Giỗ Tổ Hùng Vương", "Tết Dương lịch"
MAY, NATIONAL = "Ngày Chiến thắng 30/4 và Quốc tế Lao động 1/5", "Quốc khánh"
INSTEAD, WORKED = "Nghỉ hoán đổi", "Làm bù ngày nghỉ hoán đổi"
# Name, first day, last day: as (month, day) of the year. From the yearly announcements; 2027 as far as it is known.
OFF = {
    2023: [
        (NEW_YEAR, (1, 1), (1, 2)), (TET, (1, 20), (1, 26)), (GIO_TO, (4, 29), (4, 29)), (MAY, (4, 30), (5, 3)),
        (NATIONAL, (9, 1), (9, 4)),
    ],
    2024: [
        (NEW_YEAR, (1, 1), (1, 1)), (TET, (2, 8), (2, 14)), (GIO_TO, (4, 18), (4, 18)), (INSTEAD, (4, 29), (4, 29)),
        (MAY, (4, 30), (5, 1)), (NATIONAL, (9, 2), (9, 3)),
    ],
    2025: [
        (NEW_YEAR, (1, 1), (1, 1)), (TET, (1, 25), (2, 2)), (GIO_TO, (4, 7), (4, 7)), (MAY, (4, 30), (5, 1)),
        (INSTEAD, (5, 2), (5, 2)), (NATIONAL, (9, 1), (9, 2)),
    ],
    2026: [
        (NEW_YEAR, (1, 1), (1, 1)), (INSTEAD, (1, 2), (1, 2)), (TET, (2, 14), (2, 22)), (GIO_TO, (4, 26), (4, 27)),
        (MAY, (4, 30), (5, 1)), (INSTEAD, (8, 31), (8, 31)), (NATIONAL, (9, 1), (9, 2)),
    ],
    2027: [
        (NEW_YEAR, (1, 1), (1, 1)), (TET, (2, 4), (2, 10)), (GIO_TO, (4, 16), (4, 16)), (MAY, (4, 30), (5, 3)),
        (NATIONAL, (9, 2), (9, 3)),
    ],
}  # fmt: skip
WORKED_INSTEAD = [date(2024, 5, 4), date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)]


def ship(apps, schema_editor):
    row = apps.get_model("models_registry", "SpecialDays")
    row.objects.bulk_create(
        row(name=name, first_on=date(year, *first), last_on=date(year, *last), works=False)
        for year, spans in OFF.items()
        for name, first, last in spans
    )
    row.objects.bulk_create(row(name=WORKED, first_on=day, last_on=day, works=True) for day in WORKED_INSTEAD)


def calendar() -> Calendar:
    days = {}
    for year, spans in OFF.items():
        for _name, first, last in spans:
            first, last = date(year, *first), date(year, *last)
            days |= {first + timedelta(days=n): False for n in range((last - first).days + 1)}
    return Calendar(days | dict.fromkeys(WORKED_INSTEAD, True))


# What a step left the dossier with: a side, or nobody. A version's sending is known even where its event is not.
PASSED = {"request_revision": "unit", "approve": None, "reject": None, "withdraw": None}
HELD = {"submitted": "board", "under_appraisal": "board", "revision_requested": "unit"}


def begin(apps, schema_editor):
    dossiers = apps.get_model("models_registry", "Dossier").objects
    sent = iter(dossiers.filter(version__gte=1).order_by("pk").values_list("pk", flat=True).iterator(BATCH))
    known = calendar()
    while batch := list(islice(sent, BATCH)):
        _begin(apps, batch, known)


def _begin(apps, keys, known):
    dossier, turn = (apps.get_model("models_registry", name) for name in ("Dossier", "Turn"))
    event = apps.get_model("journal", "Event")
    marks = {pk: [] for pk in keys}
    versions = apps.get_model("models_registry", "DossierVersion").objects.filter(dossier__in=keys)
    for pk, at in versions.values_list("dossier", "submitted_at"):
        marks[pk].append((at, "board"))
    taken = event.objects.filter(subject="dossier", subject_id__in=keys, verb__in=[f"dossier.{s}" for s in PASSED])
    for pk, verb, at in taken.order_by("id").values_list("subject_id", "verb", "at"):
        marks[pk].append((at, PASSED[verb.removeprefix("dossier.")]))
    made, due = [], []
    for one in dossier.objects.filter(pk__in=keys).select_related("round"):
        turns = _turns_of(one, sorted(marks[one.pk], key=lambda mark: mark[0]), known, turn)
        open_now = turns and turns[-1].ended_at is None
        one.due_on = turns[-1].due_on if open_now else None
        if open_now:
            # What is late already was told by the reminders there were.
            turns[-1].told_late_for = one.due_on
        made += turns
        due.append(one)
    turn.objects.bulk_create(made)
    dossier.objects.bulk_update(due, ["due_on"])


def _turns_of(one, marks, known, turn):
    turns = []
    for at, side in marks:
        last = turns[-1] if turns else None
        if last and last.ended_at is None:
            if last.side == side:
                continue
            last.ended_at = at
        if side is None:
            continue
        days = one.round.appraisal_days if side == "board" else REVISION_DAYS
        due_on = known.add(localdate(at), days)
        turns.append(
            turn(dossier=one, number=len(turns) + 1, side=side, began_at=at, due_on=due_on, working_days=days)
        )
    last = turns[-1] if turns else None
    if last and last.ended_at is None:
        _agree_with_state(one, last)
    return turns


def _agree_with_state(one, last):
    """What the dossier says of now wins over a journal that is short: brought in from elsewhere, or by hand."""
    if HELD.get(one.state) is None:
        last.ended_at = max(last.began_at, one.decided_at or one.changed_at)
    elif one.due_on is not None and last.side == "unit":
        last.due_on = one.due_on
        last.working_days = None


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0026_turns"), ("journal", "0007_notices_of_posts")]

    operations = [
        migrations.RunPython(ship, migrations.RunPython.noop),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
