"""Addresses of the post."""

from django.urls import path

from lms.outbox import views

app_name = "outbox"
urlpatterns = [
    path("letters/stop/<str:token>/", views.stop, name="stop"),
    path("my/address-works/", views.works, name="works"),
]
