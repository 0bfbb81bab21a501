"""Addresses of live sessions."""

from django.urls import path

from lms.webinars.desk import places as desk_places
from lms.webinars.desk import planning, proposals, registers, rooms, sessions
from lms.webinars.views import calendar, codes, couples, finding, joining, mine, places, public

app_name = "webinars"
urlpatterns = [
    path("workshops/<slug:slug>/", public.workshop, name="workshop"),
    path("sessions/", finding.sessions, name="sessions"),
    path("sessions/<uuid:uuid>/", public.session, name="session"),
    path("sessions/<uuid:uuid>/book/", places.book, name="book"),
    path("sessions/<uuid:uuid>/cancel/", places.cancel, name="cancel"),
    path("sessions/<uuid:uuid>/wait/", places.wait, name="wait"),
    path("sessions/<uuid:uuid>/offer/", places.offer, name="offer"),
    path("sessions/<uuid:uuid>/swap/", places.swap, name="swap"),
    path("sessions/<uuid:uuid>/hold/", couples.hold, name="hold"),
    path("sessions/<uuid:uuid>/together/", couples.together, name="together"),
    path("sessions/for-two/<str:secret>/", couples.partner, name="partner"),
    path("sessions/<uuid:uuid>/needs/", places.needs, name="needs"),
    path("sessions/<uuid:uuid>/join/", joining.join, name="join"),
    path("sessions/<uuid:uuid>/code/", codes.code, name="code"),
    path("sessions/<uuid:uuid>/calendar.ics", calendar.calendar_file, name="calendar_file"),
    path("my/bookings/", mine.my_bookings, name="my_bookings"),
    path("my/calendar/", calendar.my_calendar, name="my_calendar"),
    path("my/calendar/make/", calendar.calendar_make, name="calendar_make"),
    path("my/calendar/stop/", calendar.calendar_stop, name="calendar_stop"),
    path("calendar/<str:token>.ics", calendar.feed, name="feed"),
    path("desk/sessions/", sessions.sessions, name="desk_sessions"),
    path("desk/calendar/", sessions.calendar, name="desk_calendar"),
    path("desk/series/<uuid:uuid>/", planning.series, name="desk_series"),
    path("desk/series/<uuid:uuid>/publish/", planning.publish_series, name="desk_series_publish"),
    path("desk/proposals/", proposals.proposals, name="desk_proposals"),
    path("desk/proposals/<uuid:uuid>/", proposals.proposal, name="desk_proposal"),
    path("desk/proposals/<uuid:uuid>/approve/", proposals.approve, name="desk_approve"),
    path("desk/proposals/<uuid:uuid>/decline/", proposals.decline, name="desk_decline"),
    path("desk/sessions/new/", planning.schedule, name="desk_schedule"),
    path("desk/sessions/<uuid:uuid>/", registers.session, name="desk_session"),
    path("desk/sessions/<uuid:uuid>/places/", desk_places.places, name="desk_places"),
    path("desk/sessions/<uuid:uuid>/places/add/", desk_places.add, name="desk_add"),
    path("desk/sessions/<uuid:uuid>/places/change/", desk_places.change, name="desk_change_places"),
    path("desk/sessions/<uuid:uuid>/places/<uuid:booking>/remove/", desk_places.remove, name="desk_remove"),
    path("desk/sessions/<uuid:uuid>/places/<uuid:booking>/move/", desk_places.move, name="desk_move"),
    path("desk/sessions/<uuid:uuid>/edit/", planning.edit, name="desk_edit"),
    path("desk/sessions/<uuid:uuid>/publish/", planning.publish, name="desk_publish"),
    path("desk/sessions/<uuid:uuid>/cancel/", planning.cancel, name="desk_cancel"),
    path("desk/sessions/<uuid:uuid>/register/", registers.mark, name="desk_mark"),
    path("desk/sessions/<uuid:uuid>/register/print/", registers.printed, name="desk_print"),
    path("desk/sessions/<uuid:uuid>/code/", rooms.code, name="desk_code"),
    path("desk/sessions/<uuid:uuid>/walk-in/", rooms.walk_in, name="desk_walk_in"),
    path("desk/sessions/<uuid:uuid>/guest/", rooms.sort_guest, name="desk_guest"),
    path("desk/sessions/<uuid:uuid>/room/again/", rooms.room_again, name="desk_room_again"),
]
