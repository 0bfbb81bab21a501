"""The test database: migrated once for each set of migrations, then copied, so that a run starts in a second."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = settings.DATA / "test-databases"


def migrations_digest() -> str:
    """Changes when a migration of ours or the set of packages does."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("**/migrations/*.py"), ROOT / "requirements" / "base.txt"]):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process of the run prepare the template."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def use(name: str) -> None:
    """Point Django's connection at the database ``name``."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def sqlite_copy(name: str) -> Path:
    """Return a fresh migrated SQLite file called ``name``."""
    template = FOLDER / f"template-{migrations_digest()}.sqlite3"
    with one_at_a_time():
        if not template.exists():
            for old in FOLDER.glob("template-*"):
                old.unlink()
            unfinished = template.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            use(str(unfinished))
            call_command("migrate", verbosity=0)
            connection.close()
            unfinished.rename(template)
    copy = FOLDER / f"{name}.sqlite3"
    shutil.copyfile(template, copy)
    return copy


def _on_server(statement: str) -> None:
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _exists(name: str) -> bool:
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def postgresql_copy(name: str) -> str:
    """Return the name of a fresh migrated PostgreSQL database."""
    template = f"template_{migrations_digest()}"
    with one_at_a_time():
        if not _exists(template):
            _on_server("DROP DATABASE IF EXISTS unfinished")
            _on_server("CREATE DATABASE unfinished")
            use("unfinished")
            call_command("migrate", verbosity=0)
            _on_server(f"ALTER DATABASE unfinished RENAME TO {template}")
        _on_server(f"DROP DATABASE IF EXISTS {name}")
        _on_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


@contextmanager
def fresh() -> Iterator[None]:
    """Run with a database of this process's own, gone afterwards."""
    name = f"run_{os.getpid()}"
    if connection.vendor == "sqlite":
        copy = sqlite_copy(name)
        use(str(copy))
    else:
        use(postgresql_copy(name))
    connection._test_serialized_contents = connection.creation.serialize_db_to_string()
    yield
    connection.close()
    if connection.vendor == "sqlite":
        for left in FOLDER.glob(f"{name}.sqlite3*"):
            left.unlink()
    else:
        _on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.close()
