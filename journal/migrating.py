"""Many new tables in one step of a migration."""

from django.db.migrations.operations.base import Operation


class CreateTables(Operation):
    """Make the tables of several `CreateModel`s, parents first, as one step.

    Django renders whatever hangs together with a new model anew, for each of them: a hundred tables cost a hundred
    renderings of nearly all. Here all become known first, and are rendered once.
    """

    reversible = True

    def __init__(self, *tables):
        self.tables = tables

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.tables)} tables"
