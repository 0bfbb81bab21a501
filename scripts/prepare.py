#!/usr/bin/env python3
"""Make this checkout ready to run: a virtual environment with the locked packages, and Pango for the PDFs.

Run by ``make``. Needs nothing but Python itself; written so that an old Python can still say that it is too old.
"""

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]


def stop(line):
    """Say what is wrong and what to do, in one line, and leave."""
    sys.exit("Hearth: " + line)


def check_python():
    """Hearth needs Python 3.11."""
    if sys.version_info < (3, 11):
        stop("needs Python 3.11 or newer, and this is %d.%d. Install python3.11 and try again." % sys.version_info[:2])


def apt_install(packages):
    """Install with apt where we may; say whether it worked."""
    apt = shutil.which("apt-get")
    if not apt:
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not shutil.which("sudo"):
        return False
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    print("Hearth: installing " + " ".join(packages) + " with apt ...", flush=True)
    for command in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        if subprocess.run([*prefix, apt, *command], env=quiet, stdout=subprocess.DEVNULL).returncode:
            return False
    return True


def make_venv():
    """Create .venv once; go on where that was broken off. Debian keeps the part that makes it in another package."""
    if (VENV / "bin" / "pip").exists():
        return
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    package = "python%d.%d-venv" % sys.version_info[:2]
    if not (apt_install([package]) and subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0):
        stop("cannot make a virtual environment. Run: sudo apt-get install " + package)


def install(lock):
    """Install the locked packages, checked by their hashes; nothing to do when they have not changed."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = VENV / ("installed-" + lock.stem)
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("Hearth: installing packages of " + str(lock.relative_to(ROOT)) + " (a minute or two, once) ...", flush=True)
    pip = [
        str(VENV / "bin" / "pip"),
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        str(lock),
    ]
    if subprocess.run(pip).returncode:
        stop("the packages could not be installed. Check the network and run the same command again.")
    stamp.write_text(digest)


def check_pango():
    """WeasyPrint draws certificates with Pango, which no Python package brings."""
    if ctypes.util.find_library("pango-1.0") and ctypes.util.find_library("pangoft2-1.0"):
        return
    if not apt_install(PANGO):
        stop("Pango is missing; certificates need it. Run: sudo apt-get install " + " ".join(PANGO))


def main():
    """Prepare to run, or with ``--dev`` to test."""
    check_python()
    make_venv()
    install(ROOT / "requirements" / ("dev.txt" if "--dev" in sys.argv else "base.txt"))
    check_pango()


if __name__ == "__main__":
    main()
