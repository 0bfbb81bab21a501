"""Addresses of certificates and pathways."""

from django.urls import path

from lms.certificates import candidate, checking, copies, views
from lms.certificates.desk import awards as desk_awards
from lms.certificates.desk import pathways as desk_pathways

app_name = "certificates"
urlpatterns = [
    path("verify/", checking.check_form, name="check_form"),
    path("verify/file/", checking.check_file, name="check_file"),
    path("verify/<str:typed>/", checking.check, name="check"),
    path("my/certificates/", views.awards, name="awards"),
    path("my/certificates/<uuid:uuid>/", views.award, name="award"),
    path("my/certificates/<uuid:uuid>/claim/", views.claim, name="claim"),
    path("my/certificates/<uuid:uuid>/change/", views.change, name="change"),
    path("my/certificates/<uuid:uuid>/certificate.pdf", views.download, name="download"),
    path("my/certificates/<uuid:uuid>/certificate.txt", views.text, name="text"),
    path("my/certificates/<uuid:uuid>/name/", views.show_name, name="show_name"),
    path("my/certificates/<uuid:uuid>/print-shop/", copies.print_copy, name="print_copy"),
    path("my/certificates/<uuid:uuid>/print-shop.pdf", copies.print_copy_file, name="print_copy_file"),
    path("my/pathway/<slug:slug>/", candidate.pathway, name="pathway"),
    path("desk/pathways/", desk_pathways.pathways, name="desk_pathways"),
    path("desk/pathways/<uuid:uuid>/", desk_pathways.pathway, name="desk_pathway"),
    path("desk/pathways/<uuid:uuid>/steps/<int:requirement>/", desk_pathways.sign, name="desk_sign"),
    path("desk/certificates/", desk_awards.awards, name="desk_awards"),
    path("desk/certificates/<uuid:uuid>/", desk_awards.award, name="desk_award"),
    path("desk/certificates/<uuid:uuid>/name/", desk_awards.correct, name="desk_correct"),
    path("desk/certificates/<uuid:uuid>/print-shop/", copies.desk_print_copy, name="desk_print_copy"),
    path("desk/certificates/<uuid:uuid>/print-shop.pdf", copies.desk_print_copy_file, name="desk_print_copy_file"),
]
