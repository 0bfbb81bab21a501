"""Addresses that are answered here before Wagtail's own routing."""

from django.urls import path

from cms import views
from cms.models import CardIndexPage, CardPage, HelpNowPage, HomePage, TopicIndexPage, TopicPage, WorkshopIndexPage

app_name = "words"
urlpatterns = [
    path("", views.words, {"model": HomePage}, name="home"),
    path("courses/", views.catalogue, name="catalogue"),
    path("workshops/", views.words, {"model": WorkshopIndexPage}, name="workshops"),
    path("topics/", views.words, {"model": TopicIndexPage}, name="topics"),
    path("topics/<slug:slug>/", views.words, {"model": TopicPage}, name="topic"),
    path("right-now/", views.words, {"model": CardIndexPage}, name="right_now"),
    path("right-now/<slug:slug>/", views.words, {"model": CardPage}, name="card"),
    path("help-now/", views.words, {"model": HelpNowPage}, name="help_now"),
    path("documents/<int:number>/<str:name>", views.document, name="document"),
    path("media/images/<str:name>", views.picture, name="picture"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
