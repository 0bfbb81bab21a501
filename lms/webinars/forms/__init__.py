"""What people and staff type about live sessions."""

from lms.webinars.forms.diary import DiaryForm
from lms.webinars.forms.finding import FindForm
from lms.webinars.forms.kept import terms_of, typed_of
from lms.webinars.forms.people import MarksForm, NeedsForm, ReasonForm
from lms.webinars.forms.places import AddPersonForm, MoveForm, PartnerForm, PlacesForm, ReasonedForm, WaitForm
from lms.webinars.forms.planning import SessionForm
from lms.webinars.forms.proposals import DeclineForm
from lms.webinars.forms.series import CancelForm, EditForm, ScheduleForm

__all__ = [
    "AddPersonForm",
    "CancelForm",
    "DeclineForm",
    "DiaryForm",
    "EditForm",
    "FindForm",
    "MarksForm",
    "MoveForm",
    "NeedsForm",
    "PartnerForm",
    "PlacesForm",
    "ReasonForm",
    "ReasonedForm",
    "ScheduleForm",
    "SessionForm",
    "WaitForm",
    "terms_of",
    "typed_of",
]
