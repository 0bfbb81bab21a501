"""Who may open the pages of packages."""

DESK = "staff: trainer coordinator manager"

ACCESS = {
    "packages:launch": "own",
    "packages:desk_packages": DESK,
    "packages:desk_upload": DESK,
    "packages:desk_package": DESK,
    "packages:desk_replace": DESK,
    "packages:desk_reported": "staff: trainer coordinator manager safeguarding_lead",
}
