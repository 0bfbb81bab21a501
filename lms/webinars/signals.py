"""News of live sessions for the rooms above."""

from django.dispatch import Signal

# Sent inside the transaction when marks settle or re-settle what a booking came to (attended, partial or absent).
# Arguments: booking_id, state, now.
attendance_settled = Signal()

# Asked when somebody wants to see what is shown to the people of a course. Argument: person. Who knows of courses
# answers with the ids of the pages of those that the person is on.
asking_about_course = Signal()

# Asked who can be kept a session for, beside every verified adopter. No arguments. Who knows of a circle of people
# answers with pairs, the word that a session carries for it and what it is called after "for".
asking_circles = Signal()

# Asked when somebody wants a place in a session that is for such a circle. Argument: person. Answers are sets of the
# words of the circles that the person is in today.
asking_circles_of = Signal()

# Asked when somebody who is no member of staff wants into a room that they run. Argument: person. Who knows of awards
# answers with the ids of the agencies for which the person may lead groups today.
asking_who_leads = Signal()
