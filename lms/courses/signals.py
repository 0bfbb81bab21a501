"""News from courses, for the rooms above."""

from django.dispatch import Signal

# Sent once for each round that is completed, inside the transaction of the completion: whoever hears it and raises
# undoes the completion too. Arguments: round_id (int), now (datetime).
course_completed = Signal()
