"""Addresses of what two people read together."""

from django.urls import path

from lms.together import views

app_name = "together"
urlpatterns = [
    path("learn/<uuid:course>/<uuid:item>/both-here/", views.both_here, name="both_here"),
    path("my/together/read/<uuid:mark>/", views.answer, name="answer"),
]
