"""Who may open the pages of courses, and send their forms."""

DESK = "staff: trainer coordinator manager safeguarding_lead"

ACCESS = {
    "courses:course": "anyone",
    "courses:module": "anyone",
    "courses:lesson": "anyone",
    "courses:enrol": "signed in",
    "courses:leave": "signed in",
    "courses:leave_out": "signed in",
    "courses:read": "signed in",
    "courses:place": "signed in",
    "courses:answer": "signed in",
    "courses:ending": "signed in",
    "courses:note": "signed in",
    "courses:plan": "signed in",
    "courses:check": "own",
    "courses:begin_check": "signed in",
    "courses:check_result": "own",
    "courses:save_check": "signed in",
    "courses:hand_in_check": "signed in",
    "courses:mine": "signed in",
    "courses:notes": "signed in",
    "courses:one_note": "own",
    "courses:change_note": "own",
    "courses:delete_note": "own",
    "courses:desk_courses": DESK,
    "courses:desk_enrolments": DESK,
}
