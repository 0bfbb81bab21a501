"""Addresses of sharing courses."""

from django.urls import path

from lms.sharing import desk

app_name = "sharing"
urlpatterns = [
    path("desk/sharing/", desk.courses, name="courses"),
    path("desk/sharing/bring/", desk.bring, name="bring"),
    path("desk/sharing/save/<uuid:course>/", desk.save, name="save"),
    path("desk/sharing/<uuid:uuid>/", desk.arrival, name="arrival"),
    path("desk/sharing/<uuid:uuid>/yes/", desk.confirm, name="confirm"),
    path("desk/sharing/<uuid:uuid>/no/", desk.drop, name="drop"),
]
