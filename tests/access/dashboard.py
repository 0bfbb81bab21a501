"""Who may open the two dashboards."""

ACCESS = {
    "dashboard:mine": "signed in",
    "dashboard:desk": "staff: trainer coordinator manager safeguarding_lead",
}
