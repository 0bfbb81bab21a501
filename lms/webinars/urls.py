"""Addresses of live sessions."""

from django.urls import path

from lms.webinars import desk, views

app_name = "webinars"
urlpatterns = [
    path("workshops/<slug:slug>/", views.workshop, name="workshop"),
    path("sessions/<uuid:uuid>/", views.session, name="session"),
    path("sessions/<uuid:uuid>/book/", views.book, name="book"),
    path("sessions/<uuid:uuid>/cancel/", views.cancel, name="cancel"),
    path("sessions/<uuid:uuid>/wait/", views.wait, name="wait"),
    path("sessions/<uuid:uuid>/needs/", views.needs, name="needs"),
    path("sessions/<uuid:uuid>/join/", views.join, name="join"),
    path("sessions/<uuid:uuid>/calendar.ics", views.calendar_file, name="calendar_file"),
    path("my/bookings/", views.my_bookings, name="my_bookings"),
    path("my/calendar/", views.my_calendar, name="my_calendar"),
    path("my/calendar/make/", views.calendar_make, name="calendar_make"),
    path("my/calendar/stop/", views.calendar_stop, name="calendar_stop"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
    path("desk/sessions/", desk.sessions, name="desk_sessions"),
    path("desk/sessions/new/", desk.schedule, name="desk_schedule"),
    path("desk/sessions/<uuid:uuid>/", desk.session, name="desk_session"),
    path("desk/sessions/<uuid:uuid>/edit/", desk.edit, name="desk_edit"),
    path("desk/sessions/<uuid:uuid>/publish/", desk.publish, name="desk_publish"),
    path("desk/sessions/<uuid:uuid>/cancel/", desk.cancel, name="desk_cancel"),
    path("desk/sessions/<uuid:uuid>/register/", desk.mark, name="desk_mark"),
    path("desk/sessions/<uuid:uuid>/register/print/", desk.printed, name="desk_print"),
]
