#!/usr/bin/env python3
"""Run a command with a private PostgreSQL server beside it: ``with_postgresql.py COMMAND ...``.

The server is made in a temporary folder from the machine's own binaries, listens on a socket in that folder only, and
is gone afterwards. PostgreSQL refuses to run as root, so root hands it to the user ``postgres`` (or ``nobody``).
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HASTE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server on this machine, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def server_user() -> str | None:
    """Return whom the server runs as: ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def run(command: list[str], user: str | None) -> None:
    """Run one of the server's programs, quietly. Raises CalledProcessError when it fails."""
    subprocess.run(command, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)


def main(command: list[str]) -> int:
    """Start, run the command with DATABASE_URL set, stop; return the command's exit code."""
    folder = binaries()
    if folder is None:
        sys.exit("There is no PostgreSQL server on this machine. Run: sudo apt-get install postgresql")
    user = server_user()
    home = Path(tempfile.mkdtemp(prefix="hearth-pg-"))
    try:
        if user:
            shutil.chown(home, user=user)
        data = home / "data"
        run([str(folder / "initdb"), "-D", str(data), "-U", "hearth", "-A", "trust", "-E", "UTF8", "--no-sync"], user)
        options = f"-c listen_addresses= -k {home} {HASTE}"
        run([str(folder / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(home / "log"), "-w", "start"], user)
        url = f"postgresql://hearth@/postgres?host={home}"
        try:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
        finally:
            run([str(folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"], user)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
