"""Addresses of the pages."""

from django.urls import path

from dashboard import lookups, networks, preferences, scores, views

app_name = "dashboard"

urlpatterns = [
    path("", views.home, name="home"),
    path("score/", scores.my_score, name="score"),
    path("networks/", networks.networks, name="networks"),
    path("lookup/", lookups.start, name="lookup"),
    path("method/", views.method, name="method"),
    path("signals/", views.signals, name="signals"),
    path("components/", views.components, name="components"),
    path("robots.txt", views.robots, name="robots"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("preferences/language/", preferences.language, name="language"),
    path("preferences/theme/", preferences.theme, name="theme"),
]
