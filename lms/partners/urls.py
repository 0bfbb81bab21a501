"""Addresses of two people and their link."""

from django.urls import path

from lms.partners import views

app_name = "partners"
urlpatterns = [
    path("my/together/", views.together, name="together"),
    path("my/together/ask/", views.ask, name="ask"),
    path("my/together/code/", views.make_code, name="make_code"),
    path("my/together/code/use/", views.use_code, name="use_code"),
    path("my/together/asks/<uuid:ask>/", views.answer, name="answer"),
    path("my/together/take-back/", views.take_back, name="take_back"),
    path("my/together/end/", views.end, name="end"),
]
