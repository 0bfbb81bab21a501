"""Addresses of the ground floor."""

from django.urls import path

from lms.common import views

app_name = "common"
urlpatterns = [
    path("brand.css", views.brand_css, name="brand_css"),
]
