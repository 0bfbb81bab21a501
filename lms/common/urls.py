"""Addresses of the ground floor."""

from django.urls import path

from lms.common import views

app_name = "common"
urlpatterns = [
    path("brand.css", views.brand_css, name="brand_css"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("dev/gallery/", views.gallery, name="gallery"),
    path("dev/mailbox/", views.mail_list, name="mailbox"),
    path("dev/mailbox/<slug:name>/<int:number>/", views.mail, name="mail"),
    path("dev/mailbox/<slug:name>/<int:number>/html/", views.mail_html, name="mail_html"),
    path("dev/mailbox/<slug:name>/<int:number>/invite.ics", views.mail_calendar, name="mail_calendar"),
]
