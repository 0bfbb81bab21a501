"""No worker is taken twice at one time, the rest between two families included. The database itself refuses it.

On SQLite a later change of the table makes it anew without its triggers: such a migration must make them again.
"""

from typing import Any

from django.db import migrations

TAKEN = "('held', 'booked', 'done', 'missed')"

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE consultations_slot ADD CONSTRAINT no_worker_taken_twice EXCLUDE USING gist "
    f"(worker_id WITH =, tstzrange(starts_at, busy_until, '[)') WITH &&) WHERE (state IN {TAKEN})",
)
ACROSS = (
    "SELECT 1 FROM consultations_slot AS other WHERE other.id <> NEW.id AND other.worker_id = NEW.worker_id "
    f"AND other.state IN {TAKEN} AND other.starts_at < NEW.busy_until AND other.busy_until > NEW.starts_at"
)
SQLITE = tuple(
    f"CREATE TRIGGER no_worker_taken_twice_{deed} BEFORE {deed} ON consultations_slot "
    f"WHEN NEW.state IN {TAKEN} AND EXISTS ({ACROSS}) "
    "BEGIN SELECT RAISE(ABORT, 'no_worker_taken_twice'); END"
    for deed in ("insert", "update")
)
GONE = {
    "postgresql": ("ALTER TABLE consultations_slot DROP CONSTRAINT no_worker_taken_twice",),
    "sqlite": ("DROP TRIGGER no_worker_taken_twice_insert", "DROP TRIGGER no_worker_taken_twice_update"),
}


def guard(_apps: Any, schema_editor: Any) -> None:
    """An exclusion constraint on PostgreSQL; triggers on SQLite, which has none."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def take_away(_apps: Any, schema_editor: Any) -> None:
    """Undo it."""
    for statement in GONE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]
    operations = [migrations.RunPython(guard, take_away, elidable=False)]
