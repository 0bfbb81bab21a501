"""Private writing: how much of it there may be."""

LONGEST_ENTRY = 20_000  # characters of private writing in one box
