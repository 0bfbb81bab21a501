"""Who may open what of certificates and pathways."""

DESK = "staff: trainer coordinator manager safeguarding_lead"

ACCESS = {
    "certificates:check_form": "anyone",
    "certificates:check": "anyone",
    "certificates:check_file": "anyone",
    "certificates:awards": "signed in",
    "certificates:award": "own",
    "certificates:claim": "own",
    "certificates:change": "own",
    "certificates:download": "own",
    "certificates:text": "own",
    "certificates:show_name": "own",
    "certificates:pathway": "own",
    "certificates:desk_pathways": DESK,
    "certificates:desk_pathway": DESK,
    "certificates:desk_sign": "staff: coordinator",  # the role that the step names: here a coordinator's
    "certificates:desk_awards": "staff: safeguarding_lead",
    "certificates:desk_award": "staff: safeguarding_lead",
    "certificates:print_copy": "own",
    "certificates:print_copy_file": "own",
    "certificates:desk_print_copy": "staff: safeguarding_lead",
    "certificates:desk_print_copy_file": "staff: safeguarding_lead",
    "certificates:desk_correct": "staff: safeguarding_lead",
}
