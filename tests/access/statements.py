"""Who may open the pages of statements."""

ACCESS = {
    "statements:mine": "signed in",
    "statements:download": "signed in",
    "statements:desk_store": "staff: manager",
    "statements:desk_again": "staff: manager",
    "statements:desk_person": "staff: coordinator manager",
    "statements:desk_group": "staff: coordinator manager",
}
