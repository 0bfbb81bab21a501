"""Who may open what people take with them, and what they show to one person."""

ACCESS = {
    "portfolio:workbook": "own",
    "portfolio:make_workbook": "own",
    "portfolio:record": "signed in",
    "portfolio:preview": "signed in",
    "portfolio:make_record": "signed in",
    "portfolio:paper": "own",
    "portfolio:download": "own",
    "portfolio:shared": "signed in",
    "portfolio:withdraw": "own",
    "portfolio:share": "own",
    "portfolio:day": "own",
    "portfolio:forget_day": "own",
    "portfolio:desk_entries": "staff: trainer coordinator",
    "portfolio:desk_entry": "staff: trainer",  # the one to whom it was shown by name
    "portfolio:desk_read": "staff: trainer",
}
