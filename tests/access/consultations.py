"""Who may open the pages of talks with a worker."""

DESK = "staff: trainer coordinator manager safeguarding_lead"
THOSE_HOURS = "staff: trainer coordinator manager"  # the trainer because these are hours of their own

ACCESS = {
    "consultations:times": "signed in",
    "consultations:time": "own",
    "consultations:keep": "own",
    "consultations:book": "own",
    "consultations:about": "own",
    "consultations:give_up": "own",
    "consultations:room": "own",
    "consultations:queue": "own",
    "consultations:queue_join": "own",
    "consultations:queue_leave": "own",
    "consultations:queue_room": "own",
    "consultations:desk_surgeries": DESK,
    "consultations:desk_offer": DESK,
    "consultations:desk_surgery": THOSE_HOURS,
    "consultations:desk_cancel": THOSE_HOURS,
    "consultations:desk_late": THOSE_HOURS,
    "consultations:desk_queue": THOSE_HOURS,
    "consultations:desk_settle": THOSE_HOURS,
}
