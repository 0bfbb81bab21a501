"""Addresses that are answered here before Wagtail's own routing."""

from django.urls import URLPattern

app_name = "words"
urlpatterns: list[URLPattern] = []
