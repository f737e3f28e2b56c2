"""Posts that ended with their unit, before it was kept of them, are read on too unless their holder went on after it."""

from django.db import migrations
from django.db.models import Exists, F, OuterRef


def let_read_on(apps, schema_editor):
    post, succession = apps.get_model("organizations.Post"), apps.get_model("organizations.Succession")
    ended = post.objects.filter(unit__valid_to__isnull=False, delegated_from=None).exclude(role="administrator")
    with_unit = ended.filter(ends_at__date=F("unit__valid_to"))
    after = succession.objects.filter(predecessor=OuterRef(OuterRef("unit")), kind__in=["merge", "split"])
    went_on = post.objects.filter(person=OuterRef("person"), unit__in=after.values("successor"))
    with_unit.exclude(Exists(went_on)).update(reads_on=True)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0005_planned_reorganisations")]

    operations = [migrations.RunPython(let_read_on, migrations.RunPython.noop)]
