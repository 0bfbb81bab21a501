"""News of rooms for the rooms of the house above."""

from django.dispatch import Signal

# Sent in a transaction when it is known, or known anew, how long people were in a room.
# Arguments: about (UUID), number, minutes (whole minutes by person id), now.
stays_counted = Signal()

# Sent in a transaction when a provider has recordings of a room.
# Arguments: about (UUID), number, recordings (tuple of lms.meetings.providers.base.Recording), now.
recordings_found = Signal()

# Sent in a transaction when an agency lets nobody record, now or still. Arguments: agency_id, now.
recording_ended = Signal()
