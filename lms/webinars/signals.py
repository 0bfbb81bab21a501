"""News of live sessions for the rooms above."""

from django.dispatch import Signal

# Sent inside the transaction when marks settle or re-settle what a booking came to (attended, partial or absent).
# Arguments: booking_id, state, now.
attendance_settled = Signal()

# Asked when somebody wants to see what is shown to the people of a course. Argument: person. Who knows of courses
# answers with the ids of the pages of those that the person is on.
asking_about_course = Signal()

# Asked when somebody who is no member of staff wants into a room that they run. Argument: person. Who knows of awards
# answers with the ids of the agencies for which the person may lead groups today.
asking_who_leads = Signal()
