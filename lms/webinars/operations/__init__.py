"""What people do with live sessions. Each operation decides, changes and tells in one transaction."""

from lms.webinars.operations.attendance import NotOnRegister, ReasonMissing, RegisterNotOpen, mark_attendance
from lms.webinars.operations.bookings import book, book_or_wait, cancel_booking, hold, say_needs
from lms.webinars.operations.calendar import make_feed, open_feed, stop_feed
from lms.webinars.operations.counting import Miscount, miscounts, put_right
from lms.webinars.operations.couples import (
    InvitationOver,
    NotTwoPlaces,
    OwnInvitation,
    book_two,
    decline_partner,
    hold_two,
    join_partner,
    kept_for,
)
from lms.webinars.operations.doors import (
    BookingClosed,
    BookingNotOpen,
    HouseholdLimit,
    ListFull,
    NotVerified,
    OwnSession,
    SessionCancelled,
    SessionFull,
    SessionOver,
)
from lms.webinars.operations.editing import DateHasBegun, edit_session
from lms.webinars.operations.housekeeping import end_sessions, forget_needs
from lms.webinars.operations.offers import OfferOver, accept_offer, decline_offer, sweep_places
from lms.webinars.operations.overrides import (
    StaffReason,
    add_person,
    change_places,
    end_places_of,
    move_person,
    remove_person,
)
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
from lms.webinars.operations.reminding import follow_up, remind
from lms.webinars.operations.resettling import Resettled, resettle
from lms.webinars.operations.rooms import make_room_again, part_on, plan_rooms, prepare_room, way_in
from lms.webinars.operations.series import cancel_following, edit_following, following, following_plans
from lms.webinars.operations.signs import (
    CodeNotNow,
    CodeWrong,
    code_is_asked,
    code_now,
    match_guest,
    note_stays,
    type_code,
)
from lms.webinars.operations.stopping import cancel_session
from lms.webinars.operations.swaps import OtherWorkshop, swap
from lms.webinars.operations.waiting import PlaceIsFree, join_waiting_list, place_freed
from lms.webinars.operations.walk_ins import WalkInTooEarly, WalkInUnknown, add_walk_in

__all__ = [
    "AlreadyDecided",
    "BookingClosed",
    "BookingNotOpen",
    "CodeNotNow",
    "CodeWrong",
    "DateHasBegun",
    "DatesOverlap",
    "HouseholdLimit",
    "InvitationOver",
    "ListFull",
    "Miscount",
    "NotOnRegister",
    "NotTwoPlaces",
    "NotVerified",
    "NotYoursToDecide",
    "OfferOver",
    "OtherWorkshop",
    "OwnInvitation",
    "OwnSession",
    "PartPlan",
    "PlaceIsFree",
    "PlanRefused",
    "ProposalTooLate",
    "ReasonMissing",
    "RegisterNotOpen",
    "Resettled",
    "SessionCancelled",
    "SessionFull",
    "SessionOver",
    "SessionPlan",
    "StaffReason",
    "WalkInTooEarly",
    "WalkInUnknown",
    "accept_offer",
    "add_person",
    "add_walk_in",
    "approve_proposal",
    "book",
    "book_or_wait",
    "book_two",
    "cancel_booking",
    "cancel_following",
    "cancel_session",
    "change_places",
    "check_series",
    "code_is_asked",
    "code_now",
    "dates_of",
    "decline_offer",
    "decline_partner",
    "decline_proposal",
    "edit_following",
    "edit_session",
    "end_places_of",
    "end_sessions",
    "follow_up",
    "following",
    "following_plans",
    "forget_needs",
    "hold",
    "hold_two",
    "join_partner",
    "join_waiting_list",
    "kept_for",
    "make_feed",
    "make_room_again",
    "mark_attendance",
    "match_guest",
    "miscounts",
    "move_person",
    "note_stays",
    "open_feed",
    "part_on",
    "place_freed",
    "plan_of",
    "plan_rooms",
    "prepare_room",
    "propose_session",
    "publish_series",
    "publish_session",
    "put_right",
    "remind",
    "remove_person",
    "resettle",
    "say_needs",
    "schedule_series",
    "schedule_session",
    "stop_feed",
    "swap",
    "sweep_places",
    "type_code",
    "way_in",
]
