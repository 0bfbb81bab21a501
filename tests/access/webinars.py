"""Who may open the pages of live sessions."""

DESK = "staff: trainer coordinator manager"

ACCESS = {
    "webinars:workshop": "anyone",
    "webinars:session": "anyone",
    "webinars:book": "signed in",
    "webinars:wait": "signed in",
    "webinars:cancel": "own",
    "webinars:needs": "own",
    "webinars:join": "own or staff: trainer",
    "webinars:calendar_file": "own",
    "webinars:my_bookings": "signed in",
    "webinars:my_calendar": "signed in",
    "webinars:calendar_make": "signed in",
    "webinars:calendar_stop": "signed in",
    "webinars:feed": "anyone",
    "webinars:desk_sessions": DESK,
    "webinars:desk_schedule": DESK,
    "webinars:desk_session": DESK,
    "webinars:desk_edit": DESK,
    "webinars:desk_publish": DESK,
    "webinars:desk_cancel": DESK,
    "webinars:desk_mark": DESK,
    "webinars:desk_print": DESK,
}
