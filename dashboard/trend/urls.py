"""Addresses below /score/ of the trend, its files, goals, notes, advice and moments."""

from django.urls import path, re_path

from dashboard.moments import views as moments
from dashboard.trend import advice, files, goals, notes

urlpatterns = [
    re_path(r"^score\.(?P<kind>csv|json)$", files.score_file, name="score_file"),
    path("parts.csv", files.parts_file, name="parts_file"),
    path("advice/", advice.advice, name="advice"),
    path("goal/", goals.save, name="goal"),
    path("goal/<int:goal_id>/delete/", goals.delete, name="goal_delete"),
    path("notes/", notes.add, name="notes"),
    path("notes/<int:note_id>/", notes.change, name="note"),
    path("notes/<int:note_id>/delete/", notes.delete, name="note_delete"),
    path("moments/", moments.moments, name="moments"),
    path("moments/people/", moments.people, name="moments_people"),
    path("moments/moments.csv", moments.moments_file, name="moments_file"),
    path("moments/<int:post_id>/", moments.moment, name="moment"),
]
