"""Rewrites the search text of every row: words with and without marks, a model's body, tags and programmes."""

from django.db import migrations

from vietnamese.folding import fold, slug
from vietnamese.searching import search_text

BATCH = 2_000
BODY = (
    "situation", "goal", "learning", "following", "example_setting", "solutions", "place", "target_group",
    "beneficiaries", "resources", "upkeep", "spread",
)


def rewrite(apps, schema_editor):
    WorkItem = apps.get_model("models_registry", "WorkItem")
    Dossier = apps.get_model("models_registry", "Dossier")
    works = WorkItem.objects.order_by("pk").only("title", "expected_result", "assignee", "kind", "subject_name")
    _in_batches(WorkItem, works, _of_work)
    dossiers = Dossier.objects.order_by("pk").select_related("unit", "practice").prefetch_related("items")
    _in_batches(Dossier, dossiers, _of_dossier)


def _in_batches(model, rows, text_of):
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        for row in batch:
            row.folded = text_of(row)
        model.objects.bulk_update(batch, ["folded"], batch_size=200)
        last = batch[-1].pk


def _of_work(work):
    named = work.kind == "IND" and work.subject_name.strip()
    # A title that names its individual is searched again when it is next saved; until then by its result only.
    title = "" if named and fold(work.subject_name) in fold(work.title) else work.title
    return search_text(title, work.expected_result, "" if work.kind == "IND" else work.assignee)


def _of_dossier(dossier):
    works = [work.title for work in dossier.items.all() if work.kind != "IND"]
    practice = getattr(dossier, "practice", None)
    said = [getattr(practice, name) for name in BODY] if practice else []
    tokens = [*(f"#{slug(tag)}" for tag in dossier.tags), *(f"@{code}" for code in dossier.programmes)]
    return search_text(dossier.title, dossier.unit.name, *dossier.tags, *works, *said, tokens=tokens)


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0016_showcase")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
