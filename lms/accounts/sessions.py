"""Sessions of staff end by themselves: half an hour without a request, or twelve hours in all.

The time is asked where a session is loaded, so it does not matter which page is opened first. Sessions of
learners carry no such mark and live as long as their cookie.
"""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db

SINCE, SEEN = "staff_since", "staff_seen"  # seconds since 1970
NOTE_AFTER = timedelta(minutes=1)  # how stale ``SEEN`` may get: a session is not written at every request


def begin_staff_time(session: Any) -> None:
    """Give this session the times of staff, unless it has them."""
    if SINCE not in session:
        session[SINCE] = session[SEEN] = int(time.time())


class SessionStore(db.SessionStore):
    """The database's sessions, but one of staff that has had its time is empty."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; end it first if its time is over."""
        held: dict[str, Any] = super().load()
        if SINCE not in held:
            return held
        now = int(time.time())
        if now - held[SEEN] > settings.LMS_STAFF_IDLE.total_seconds() or now - held[SINCE] > self._longest():
            self.delete()
            self._session_key = None
            return {}
        if now - held[SEEN] > NOTE_AFTER.total_seconds():
            held[SEEN] = now
            self.modified = True
        return held

    @staticmethod
    def _longest() -> float:
        return float(settings.LMS_STAFF_LONGEST.total_seconds())
