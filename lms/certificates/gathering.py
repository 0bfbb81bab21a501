"""Looks at codes, gathered in this process for a moment and written down together.

Writing costs more than all the rest of an answer. What is gathered and not yet written is lost with a process that
is killed: a look or two of the last seconds, of which nothing depends but a number that its holder sees.
"""

import atexit
from collections import Counter
from datetime import date
from threading import Lock, Timer

from django.conf import settings
from django.db import connection

from lms.certificates.models import Lookup
from lms.common.memo import forgets

_lock = Lock()
_looks: Counter[tuple[int, date]] = Counter()


def add(*, award_id: int, day: date) -> None:
    """Count one look at an award; written within ``LMS_LOOKS_GATHERED_FOR``, or at once where that is zero."""
    wait = settings.LMS_LOOKS_GATHERED_FOR.total_seconds()
    if not wait:
        Lookup.add(award_id=award_id, day=day, count=1)
        return
    with _lock:
        is_first = not _looks
        _looks[award_id, day] += 1
    if is_first:
        timer = Timer(wait, _write_and_let_go)
        timer.daemon = True
        timer.start()


def write() -> None:
    """Write down what is gathered."""
    with _lock:
        taken = dict(_looks)
        _looks.clear()
    for (award_id, day), count in taken.items():
        Lookup.add(award_id=award_id, day=day, count=count)


def _write_and_let_go() -> None:
    """In a thread of its own, whose connection nobody else would close."""
    try:
        write()
    finally:
        connection.close()


forgets(_looks.clear)
atexit.register(write)
