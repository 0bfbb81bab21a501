"""Addresses of certificates and pathways."""

from django.urls import path

from lms.certificates import checking, desk, views

app_name = "certificates"
urlpatterns = [
    path("verify/", checking.check_form, name="check_form"),
    path("verify/<str:typed>/", checking.check, name="check"),
    path("my/certificates/", views.awards, name="awards"),
    path("my/certificates/<uuid:uuid>/", views.award, name="award"),
    path("my/certificates/<uuid:uuid>/claim/", views.claim, name="claim"),
    path("my/certificates/<uuid:uuid>/change/", views.change, name="change"),
    path("my/certificates/<uuid:uuid>/certificate.pdf", views.download, name="download"),
    path("my/certificates/<uuid:uuid>/certificate.txt", views.text, name="text"),
    path("my/certificates/<uuid:uuid>/name/", views.show_name, name="show_name"),
    path("my/pathway/<slug:slug>/", views.pathway, name="pathway"),
    path("desk/pathways/", desk.pathways, name="desk_pathways"),
    path("desk/pathways/<uuid:uuid>/", desk.pathway, name="desk_pathway"),
    path("desk/pathways/<uuid:uuid>/steps/<int:requirement>/", desk.sign, name="desk_sign"),
    path("desk/certificates/", desk.awards, name="desk_awards"),
    path("desk/certificates/<uuid:uuid>/", desk.award, name="desk_award"),
    path("desk/certificates/<uuid:uuid>/name/", desk.correct, name="desk_correct"),
]
