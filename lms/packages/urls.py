"""Addresses of packages on this site. What is in them has a host of its own (``hosting``)."""

from django.urls import path

from lms.packages import desk, views

app_name = "packages"
urlpatterns = [
    path("learn/<uuid:course>/<uuid:item>/package/<uuid:package>/", views.launch, name="launch"),
    path("desk/packages/", desk.packages, name="desk_packages"),
    path("desk/packages/new/", desk.upload, name="desk_upload"),
    path("desk/packages/reported/<uuid:enrolment>/", desk.reported, name="desk_reported"),
    path("desk/packages/<uuid:uuid>/", desk.package, name="desk_package"),
    path("desk/packages/<uuid:uuid>/version/", desk.replace, name="desk_replace"),
]
