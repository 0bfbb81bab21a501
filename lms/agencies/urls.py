"""Addresses of agencies."""

from django.urls import path

from lms.agencies import desk, views

app_name = "agencies"
urlpatterns = [
    path("my/verification/", views.verification, name="verification"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
    path("desk/people/", desk.people, name="people"),
    path("desk/people/<int:pk>/verify/", desk.decide, {"decision": "verify"}, name="verify"),
    path("desk/people/<int:pk>/decline/", desk.decide, {"decision": "decline"}, name="decline"),
    path("desk/people/<int:pk>/revoke/", desk.decide, {"decision": "revoke"}, name="revoke"),
    path("desk/people/roles/<int:pk>/take/", desk.take_role, name="take_role"),
    path("desk/people/invite/", desk.invite, name="invite"),
]
