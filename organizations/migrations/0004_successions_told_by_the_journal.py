"""What the journal told of units until now, kept where the figures ask for it."""

from django.db import migrations

from journal.guards import keep_rows
from vietnamese.folding import fold

KINDS = {"unit.renamed": "rename", "unit.corrected": "rename", "unit.moved": "move", "unit.ended": "dissolve"}


def keep_what_was_told(apps, schema_editor):
    succession = apps.get_model("organizations.Succession")
    units = set(apps.get_model("organizations.Unit").objects.values_list("pk", flat=True))
    events = apps.get_model("journal.Event").objects.filter(subject="unit", verb__in=KINDS).order_by("id")
    found = []
    for event in events.iterator():
        kind, told = KINDS[event.verb], event.detail
        changed = told.get("changed") or {}
        if event.subject_id not in units or not told.get("on") or (kind == "rename" and not changed.keys() & _NAMED):
            continue
        row = succession(kind=kind, predecessor_id=event.subject_id, effective_on=told["on"], recorded_at=event.at)
        row.successor_id = told.get("to") if kind == "move" else None
        row.old_name, row.new_name = changed.get("name", ("", ""))
        row.old_kind, row.new_kind = changed.get("kind", ("", ""))
        row.folded_old_name = fold(row.old_name)[:400]
        found.append(row)
    succession.objects.bulk_create(found, batch_size=1_000)


_NAMED = {"name", "kind"}


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_reorganisations"), ("journal", "0002_rows_are_kept")]

    operations = [
        migrations.RunPython(keep_what_was_told, migrations.RunPython.noop),
        keep_rows("organizations_succession"),
    ]
