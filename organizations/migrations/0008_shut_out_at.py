"""Since when an account is ended; of one ended before it was kept, since this upgrade."""

from django.db import migrations, models
from django.utils import timezone


def begin_now(apps, schema_editor):
    apps.get_model("organizations.Person").objects.filter(is_active=False).update(shut_out_at=timezone.now())


class Migration(migrations.Migration):
    locks = (
        "khóa bảng người dùng trong chốc lát để thêm một cột, rồi từng dòng của tài khoản đã ngừng. / "
        "The table of people for an instant, to add a column, then single rows of accounts that have ended."
    )

    dependencies = [("organizations", "0007_sign_ins")]

    operations = [
        migrations.AddField("person", "shut_out_at", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.RunPython(begin_now, migrations.RunPython.noop),
    ]
