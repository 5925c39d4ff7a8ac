"""Addresses of comparisons."""

from django.urls import path

from dashboard.compare import views

urlpatterns = [
    path("compare/", views.compare, name="compare"),
    path("compare/scores.csv", views.scores_csv, name="compare_csv"),
]
