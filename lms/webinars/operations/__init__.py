"""What people do with live sessions. Each operation decides, changes and tells in one transaction."""

from lms.webinars.operations.attendance import NotOnRegister, RegisterNotOpen, mark_attendance
from lms.webinars.operations.bookings import book, cancel_booking, say_needs
from lms.webinars.operations.calendar import make_feed, owner_of_feed, stop_feed
from lms.webinars.operations.doors import (
    BookingClosed,
    BookingNotOpen,
    NotVerified,
    OwnSession,
    SessionCancelled,
    SessionFull,
    SessionOver,
)
from lms.webinars.operations.editing import DateHasBegun, TooFewPlaces, edit_session
from lms.webinars.operations.housekeeping import end_sessions, forget_needs, remind
from lms.webinars.operations.planning import (
    check_series,
    publish_series,
    publish_session,
    schedule_series,
    schedule_session,
)
from lms.webinars.operations.plans import (
    DatesOverlap,
    PartPlan,
    PlanRefused,
    SessionPlan,
    dates_of,
    plan_of,
)
from lms.webinars.operations.proposals import (
    AlreadyDecided,
    NotYoursToDecide,
    ProposalTooLate,
    approve_proposal,
    decline_proposal,
    propose_session,
)
from lms.webinars.operations.resettling import Resettled, resettle
from lms.webinars.operations.series import cancel_following, edit_following, following, following_plans
from lms.webinars.operations.stopping import cancel_session
from lms.webinars.operations.waiting import PlaceIsFree, join_waiting_list, place_freed

__all__ = [
    "AlreadyDecided",
    "BookingClosed",
    "BookingNotOpen",
    "DateHasBegun",
    "DatesOverlap",
    "NotOnRegister",
    "NotVerified",
    "NotYoursToDecide",
    "OwnSession",
    "PartPlan",
    "PlaceIsFree",
    "PlanRefused",
    "ProposalTooLate",
    "RegisterNotOpen",
    "Resettled",
    "SessionCancelled",
    "SessionFull",
    "SessionOver",
    "SessionPlan",
    "TooFewPlaces",
    "approve_proposal",
    "book",
    "cancel_booking",
    "cancel_following",
    "cancel_session",
    "check_series",
    "dates_of",
    "decline_proposal",
    "edit_following",
    "edit_session",
    "end_sessions",
    "following",
    "following_plans",
    "forget_needs",
    "join_waiting_list",
    "make_feed",
    "mark_attendance",
    "owner_of_feed",
    "place_freed",
    "plan_of",
    "propose_session",
    "publish_series",
    "publish_session",
    "remind",
    "resettle",
    "say_needs",
    "schedule_series",
    "schedule_session",
    "stop_feed",
]
