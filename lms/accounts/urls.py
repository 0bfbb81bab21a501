"""Addresses of accounts."""

from django.urls import path, re_path

from lms.accounts import views

app_name = "accounts"
urlpatterns = [
    path("my/preferences/", views.preferences, name="preferences"),
    path("my/letters/", views.letters, name="letters"),
    path("my/privacy/", views.privacy, name="privacy"),
    re_path(r"^my/privacy/my-data\.(?P<form>json|html)$", views.download, name="download"),
    path("my/privacy/delete/", views.delete, name="delete"),
]
