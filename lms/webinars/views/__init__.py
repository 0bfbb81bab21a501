"""Pages for adopters: workshops and their dates, places, the way into a room, calendars."""
