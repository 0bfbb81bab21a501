"""The floors: the least that Django and Wagtail can do for a request."""
