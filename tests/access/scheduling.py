"""Who may open the pages on which sessions are planned, looked through and decided on."""

from tests.access.webinars import DESK

ACCESS = {
    "webinars:sessions": "anyone",
    "webinars:desk_calendar": DESK,
    "webinars:desk_series": DESK,
    "webinars:desk_series_publish": DESK,
    "webinars:desk_proposals": "staff: coordinator manager",
    "webinars:desk_proposal": "staff: coordinator manager",
    "webinars:desk_approve": "staff: coordinator manager",
    "webinars:desk_decline": "staff: coordinator manager",
}
