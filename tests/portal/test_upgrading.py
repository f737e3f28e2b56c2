"""What an upgrade would lock is told before it begins, and every step that needs words has them."""

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor

from portal.upgrading import Lock, changes

pytestmark = [pytest.mark.once, pytest.mark.django_db]
INDEX = models.Index(fields=["text"], name="by_text")
FILLED = models.CheckConstraint(condition=~models.Q(text=""), name="text_filled")


@pytest.mark.parametrize(
    ("operation", "held"),
    [
        (migrations.AddField("thing", "more", models.TextField(null=True)), [Lock.MOMENT]),
        (migrations.AddField("thing", "more", models.TextField(db_default="")), [Lock.MOMENT]),
        (migrations.AddField("thing", "more", models.TextField(default="")), [Lock.STOP]),
        (migrations.RemoveField("thing", "text"), [Lock.STOP]),
        (migrations.RenameField("thing", "text", "words"), [Lock.STOP]),
        (migrations.AddField("thing", "key", models.TextField(null=True, unique=True)), [Lock.WRITES]),
        (migrations.AlterField("thing", "text", models.TextField(help_text="said")), []),
        (migrations.AlterField("thing", "text", models.CharField(max_length=9)), [Lock.ALL]),
        (migrations.AddIndex("thing", INDEX), [Lock.WRITES]),
        (migrations.AddConstraint("thing", FILLED), [Lock.ALL]),
        (migrations.CreateModel("other", [("id", models.BigAutoField(primary_key=True))]), []),
        (migrations.RunPython(migrations.RunPython.noop), [Lock.DATA]),
        (migrations.SeparateDatabaseAndState([migrations.AddIndex("thing", INDEX)]), [Lock.WRITES]),
        (migrations.SeparateDatabaseAndState([], [migrations.AddIndex("thing", INDEX)]), []),
    ],
)
def test_each_kind_of_step_is_told_by_what_it_holds_off(operation, held):
    executor = MigrationExecutor(connection)
    began, then = migrations.Migration("0001", "journal"), migrations.Migration("0002", "journal")
    columns = [("id", models.BigAutoField(primary_key=True)), ("text", models.TextField())]
    began.operations, then.operations = [migrations.CreateModel("thing", columns)], [operation]
    state = began.mutate_state(executor._create_project_state(with_applied_migrations=True))
    executor._create_project_state = lambda **_: state
    assert [change.lock for change in changes(executor, [(then, False)])] == held


def test_nothing_is_told_where_nothing_is_left_to_run(capsys):
    call_command("upgrade_plan")
    assert capsys.readouterr().out.startswith("Không có bước nào khóa bảng.")
