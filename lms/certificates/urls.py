"""Addresses of certificates and pathways."""

from django.urls import path

from lms.certificates import badging, candidate, checking, copies, issuer, leading, views
from lms.certificates.desk import awards as desk_awards
from lms.certificates.desk import giving as desk_giving
from lms.certificates.desk import leaders as desk_leaders
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
    path("my/certificates/<uuid:uuid>/check/", views.answer_checks, name="answer_checks"),
    path("my/certificates/<uuid:uuid>/renew/", views.renew, name="renew"),
    path("my/certificates/<uuid:uuid>/badge/", badging.badge, name="badge"),
    path("my/certificates/<uuid:uuid>/badge.<str:form>", badging.badge_file, name="badge_file"),
    path("badges/did.json", issuer.did, name="badge_issuer"),
    path("badges/keys.json", issuer.key_set, name="badge_keys"),
    path("badges/issuer.json", issuer.profile, name="badge_profile"),
    path("badges/status/<str:purpose>/", issuer.status, name="badge_status"),
    path("pathways/<slug:slug>/", candidate.about, name="about_pathway"),
    path("pathways/<slug:slug>/begin/", candidate.begin, name="begin_pathway"),
    path("my/certificates/<uuid:uuid>/keep/", candidate.keep, name="keep_award"),
    path("my/pathway/notes/<uuid:uuid>/", candidate.entry, name="pathway_entry"),
    path("my/pathway/notes/<uuid:uuid>/delete/", candidate.delete_entry, name="pathway_entry_delete"),
    path("my/pathway/notes/<uuid:uuid>/share/", candidate.share_entry, name="pathway_entry_share"),
    path("my/pathway/<slug:slug>/", candidate.pathway, name="pathway"),
    path("my/pathway/<slug:slug>/go/", candidate.go, name="pathway_go"),
    path("my/pathway/<slug:slug>/move/", candidate.move, name="pathway_move"),
    path("my/pathway/<slug:slug>/notes/", candidate.log, name="pathway_log"),
    path("my/pathway/<slug:slug>/statement/", candidate.statement, name="pathway_statement"),
    path("my/pathway/<slug:slug>/close-to-me/", candidate.ties, name="pathway_ties"),
    path("my/pathway/<slug:slug>/steps/<int:requirement>/ready/", candidate.ready, name="pathway_ready"),
    path("my/leading/", leading.leading, name="leading"),
    path("my/leading/propose/", leading.propose, name="leading_propose"),
    path("my/leading/<uuid:uuid>/", leading.register, name="leading_register"),
    path("desk/pathways/", desk_pathways.pathways, name="desk_pathways"),
    path("desk/pathways/waiting/", desk_pathways.waiting, name="desk_waiting"),
    path("desk/pathways/file/", desk_leaders.progress_file, name="desk_progress_file"),
    path("desk/leaders/", desk_leaders.leaders, name="desk_leaders"),
    path("desk/pathways/<uuid:uuid>/", desk_pathways.pathway, name="desk_pathway"),
    path("desk/pathways/<uuid:uuid>/steps/<int:requirement>/", desk_pathways.sign, name="desk_sign"),
    path("desk/pathways/<uuid:uuid>/people/", desk_pathways.appoint, name="desk_appoint"),
    path("desk/pathways/<uuid:uuid>/transfer/", desk_pathways.transfer, name="desk_transfer"),
    path("desk/pathways/<uuid:uuid>/go/", desk_pathways.go, name="desk_go"),
    path("desk/pathways/<uuid:uuid>/supervision/", desk_pathways.supervise, name="desk_supervise"),
    path("desk/certificates/", desk_awards.awards, name="desk_awards"),
    path("desk/certificates/looks/", desk_giving.approvals, name="desk_approvals"),
    path("desk/certificates/looks/<uuid:uuid>/", desk_giving.look, name="desk_approval"),
    path("desk/certificates/by-hand/", desk_giving.by_hand, name="desk_by_hand"),
    path("desk/certificates/settings/", desk_giving.terms, name="desk_terms"),
    path("desk/sessions/<uuid:uuid>/certificates/", desk_giving.register, name="desk_register_awards"),
    path("desk/certificates/<uuid:uuid>/", desk_awards.award, name="desk_award"),
    path("desk/certificates/<uuid:uuid>/name/", desk_awards.correct, name="desk_correct"),
    path("desk/certificates/<uuid:uuid>/print-shop/", copies.desk_print_copy, name="desk_print_copy"),
    path("desk/certificates/<uuid:uuid>/print-shop.pdf", copies.desk_print_copy_file, name="desk_print_copy_file"),
]
