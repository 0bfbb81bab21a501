"""Who may open what the ground floor answers."""

ACCESS = {
    "common:brand_css": "anyone",
    "common:healthz": "anyone",
    "common:readyz": "anyone",
    "common:gallery": "dev",
    "common:mailbox": "dev",
    "common:mail": "dev",
    "common:mail_html": "dev",
    "common:mail_calendar": "dev",
}
