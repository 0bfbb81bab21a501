"""Addresses of rooms at providers."""

from django.urls import path

from lms.meetings import desk, views

app_name = "meetings"
urlpatterns = [
    path("hooks/meetings/<uuid:uuid>/", views.hook, name="hook"),
    path("desk/rooms/", desk.rooms, name="desk_rooms"),
    path("desk/rooms/save/", desk.save, name="desk_save"),
    path("desk/rooms/choose/", desk.choose, name="desk_choose"),
    path("desk/rooms/try/", desk.try_out, name="desk_try"),
]
