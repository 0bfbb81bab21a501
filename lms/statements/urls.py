"""Addresses of statements."""

from django.urls import path

from lms.statements import desk, views

app_name = "statements"
urlpatterns = [
    path("my/statements/", views.mine, name="mine"),
    path("my/statements/file/", views.download, name="download"),
    path("desk/statements/", desk.store, name="desk_store"),
    path("desk/statements/again/", desk.again, name="desk_again"),
    path("desk/statements/learner/<uuid:enrolment>/", desk.person, name="desk_person"),
    path("desk/statements/group/<uuid:cohort>/", desk.group, name="desk_group"),
]
