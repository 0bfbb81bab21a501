"""Where learners and staff come in."""

from django.urls import path

from lms.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("my/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("desk/letters/", views.letters, name="letters"),
]
