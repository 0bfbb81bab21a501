"""Pages for staff: which sessions there are, a new one, who is coming, and who was there."""
