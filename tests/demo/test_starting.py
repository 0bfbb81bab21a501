"""What a newcomer is told when something is in the way: one clear line, and an exit code that is not 0."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "lms.settings.local", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of what was said; the command must have failed without a stack."""
    assert done.returncode not in {0, None}
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("command", ["start_demo", "serve"])
def test_a_taken_port_is_named_with_the_way_round_it(command: str, tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = told(run("manage.py", command, "--port", port, LMS_DATA=str(tmp_path)))
    assert port in line
    assert "PORT=" in line
    assert not (tmp_path / "hearth.sqlite3").exists()


@pytest.mark.parametrize("port", ["eight", "-1", "99999", "", "\u00b2"])
def test_a_port_that_is_none_is_refused_in_words(port: str, tmp_path: Path):
    line = told(run("manage.py", "serve", f"--port={port}", LMS_DATA=str(tmp_path)))
    assert "port" in line.lower()


def test_an_old_python_is_told_which_one_is_needed():
    as_old = "import sys; sys.version_info = (3, 9, 2); sys.argv = ['prepare.py']; import runpy; "
    line = told(run("-c", as_old + "runpy.run_path('scripts/prepare.py', run_name='__main__')"))
    assert "3.11" in line
    assert "3.9" in line


def test_production_does_not_start_without_its_secrets():
    line = told(run("manage.py", "check", DJANGO_SETTINGS_MODULE="lms.settings.production"))
    assert "SECRET_KEY" in line


def test_production_does_not_start_with_the_key_that_is_public():
    from django.conf import settings

    environment = {"DJANGO_SETTINGS_MODULE": "lms.settings.production", "SECRET_KEY": settings.SECRET_KEY}
    assert "not the local one" in told(run("manage.py", "check", **environment))
