"""Who may open the pages of rooms at providers."""

ACCESS = {
    "meetings:hook": "anyone",
    "meetings:desk_rooms": "staff: manager administrator",
    "meetings:desk_save": "staff: manager administrator",
    "meetings:desk_choose": "staff: manager administrator",
    "meetings:desk_try": "staff: manager administrator",
}
