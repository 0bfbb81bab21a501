"""Addresses of consultations."""

from django.urls import path

from lms.consultations import desk, views

app_name = "consultations"
urlpatterns = [
    path("talk/", views.times, name="times"),
    path("talk/<uuid:uuid>/", views.time, name="time"),
    path("talk/<uuid:uuid>/keep/", views.keep, name="keep"),
    path("talk/<uuid:uuid>/book/", views.book, name="book"),
    path("talk/<uuid:uuid>/about/", views.about, name="about"),
    path("talk/<uuid:uuid>/give-up/", views.give_up, name="give_up"),
    path("talk/<uuid:uuid>/room/", views.room, name="room"),
    path("talk/queue/<uuid:uuid>/", views.queue, name="queue"),
    path("talk/queue/<uuid:uuid>/join/", views.queue_join, name="queue_join"),
    path("talk/queue/<uuid:uuid>/leave/", views.queue_leave, name="queue_leave"),
    path("talk/queue/<uuid:uuid>/room/", views.queue_room, name="queue_room"),
    path("desk/talks/", desk.surgeries, name="desk_surgeries"),
    path("desk/talks/new/", desk.offer, name="desk_offer"),
    path("desk/talks/<uuid:uuid>/", desk.surgery, name="desk_surgery"),
    path("desk/talks/<uuid:uuid>/cancel/", desk.cancel, name="desk_cancel"),
    path("desk/talks/<uuid:uuid>/late/", desk.late, name="desk_late"),
    path("desk/talks/<uuid:uuid>/queue/", desk.queue, name="desk_queue"),
    path("desk/talks/times/<uuid:uuid>/", desk.settle, name="desk_settle"),
]
