"""Who may open the public pages and the editor's own report."""

ACCESS = {
    "words:home": "anyone",
    "words:catalogue": "anyone",
    "words:workshops": "anyone",
    "words:topics": "anyone",
    "words:topic": "anyone",
    "words:right_now": "anyone",
    "words:card": "anyone",
    "words:help_now": "anyone",
    "words:document": "anyone",
    "words:picture": "anyone",
    "words:robots": "anyone",
    "words:sitemap": "anyone",
    "overdue_reviews": "staff: trainer editor administrator",
}
