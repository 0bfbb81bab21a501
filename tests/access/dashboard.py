"""Who may open the two dashboards."""

ACCESS = {
    "dashboard:mine": "signed in",
    "dashboard:letters": "staff: coordinator manager administrator",
    "dashboard:desk": "staff: trainer coordinator manager safeguarding_lead",
}
