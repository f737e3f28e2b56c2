"""What the migrations that are still to be run would lock, told before they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _


class Lock(StrEnum):
    NONE = "none"
    MOMENT = "moment"
    WRITES = "writes"
    ALL = "all"
    STOP = "stop"
    DATA = "data"


WORDS = {
    Lock.NONE: _("không khóa"),
    Lock.MOMENT: _("khóa trong chớp mắt"),
    Lock.WRITES: _("không ai ghi được vào bảng trong lúc làm"),
    Lock.ALL: _("không ai đọc, ghi được bảng trong lúc làm"),
    Lock.STOP: _("bản đang chạy sẽ hỏng: dừng web và worker trước"),
    Lock.DATA: _("đọc hoặc sửa dữ liệu"),
}
# What PostgreSQL does for each; what is not named here is asked below, or a change of names and nothing else.
LOCKS = {
    migrations.AddIndex: Lock.WRITES,
    migrations.AddConstraint: Lock.ALL,
    migrations.AlterUniqueTogether: Lock.ALL,
    migrations.RunPython: Lock.DATA,
    migrations.RunSQL: Lock.DATA,
    migrations.RemoveIndex: Lock.MOMENT,
    migrations.RemoveConstraint: Lock.MOMENT,
    # What the release that still runs reads and writes by its name.
    migrations.RemoveField: Lock.STOP,
    migrations.DeleteModel: Lock.STOP,
    migrations.RenameField: Lock.STOP,
    migrations.RenameModel: Lock.STOP,
    migrations.AlterModelTable: Lock.STOP,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a migration does: to which table ("" where that is not known), holding what off."""

    migration: migrations.Migration
    table: str
    lock: Lock

    @property
    def told(self) -> str:
        """Return what the migration says by itself of what it locks, and for how long; "" where it says nothing."""
        return getattr(self.migration, "locks", "")


def pending() -> list[Change]:
    """Return what the migrations that are not applied yet would do, in their order. Reads django_migrations."""
    executor = MigrationExecutor(connection)
    return list(changes(executor, executor.migration_plan(executor.loader.graph.leaf_nodes())))


def changes(executor: MigrationExecutor, plan: list[tuple[migrations.Migration, bool]]) -> Iterator[Change]:
    """Yield each change of a plan; what happens to a table made by the same plan holds nobody off and is left out."""
    state, begun = executor._create_project_state(with_applied_migrations=True), set()
    for migration, _backwards in plan:
        for operation in _flat(migration.operations):
            before = state.clone()
            operation.state_forwards(migration.app_label, state)
            if isinstance(operation, migrations.CreateModel):
                begun.add((migration.app_label, operation.name_lower))
                continue
            model = getattr(operation, "model_name", None) or getattr(operation, "name", "") or ""
            key = migration.app_label, model.lower()
            lock = lock_of(operation, before, state, migration.app_label)
            if lock is not Lock.NONE and key not in begun:
                yield Change(migration, _table(before, key), lock)


def lock_of(operation, before, after, app_label: str) -> Lock:
    """Return what an operation holds off on PostgreSQL."""
    if isinstance(operation, migrations.AddField):
        field = operation.field
        # Who does not know the column leaves it out, and nothing fills it then.
        if not (field.null or field.many_to_many or field.has_db_default()):
            return Lock.STOP
        # An index is built and a foreign key looked up for every row; a column alone is a line in the catalogue.
        return Lock.WRITES if field.remote_field or field.db_index or field.unique else Lock.MOMENT
    if isinstance(operation, migrations.AlterField):
        key, name = (app_label, operation.model_name_lower), operation.name
        same = _kept(before.models[key].get_field(name)) == _kept(after.models[key].get_field(name))
        return Lock.NONE if same else Lock.ALL
    return next((lock for kind, lock in LOCKS.items() if type(operation) is kind), Lock.NONE)


def _kept(field: models.Field) -> tuple[str, dict]:
    """Return what the database knows of a field."""
    _name, path, _arguments, options = field.deconstruct()
    return path, {option: value for option, value in options.items() if option not in field.non_db_attrs}


def _flat(operations) -> Iterator:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _table(state, key: tuple[str, str]) -> str:
    model = state.models.get(key)
    return model.options.get("db_table") or "_".join(key) if model else ""
