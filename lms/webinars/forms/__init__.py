"""What people type: requests, dates, reasons, marks. Forms read, they never save."""

from lms.webinars.forms.people import MarksForm, NeedsForm, ReasonForm
from lms.webinars.forms.planning import SessionForm, typed_of

__all__ = ["MarksForm", "NeedsForm", "ReasonForm", "SessionForm", "typed_of"]
