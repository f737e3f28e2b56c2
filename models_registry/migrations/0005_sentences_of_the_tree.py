"""Sentences are found in their whole tree, no longer within one board: their marks are made anew."""

from django.db import migrations

from models_registry.advice import scope_of, signature

CHUNK = 500


def remark(apps, schema_editor):
    Sentence = apps.get_model("models_registry", "KnownSentence")
    Mark = apps.get_model("models_registry", "SentenceMark")
    Mark.objects.all().delete()
    batch = []
    for sentence in Sentence.objects.select_related("body").only("text", "year", "body__path").iterator(CHUNK):
        scope = scope_of(sentence.body.path, sentence.year)
        batch += [Mark(sentence_id=sentence.pk, mark=mark) for mark in signature(sentence.text, scope)]
        if len(batch) >= CHUNK * 10:
            Mark.objects.bulk_create(batch)
            batch = []
    Mark.objects.bulk_create(batch)


class Migration(migrations.Migration):
    dependencies = [
        ("models_registry", "0004_judged_criteria_are_kept"),
        ("organizations", "0001_tables"),
    ]

    operations = [migrations.RunPython(remark, migrations.RunPython.noop)]
