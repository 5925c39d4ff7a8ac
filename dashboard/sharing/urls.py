"""Addresses of badge, picture and frame."""

from django.urls import path

from dashboard.sharing import views

urlpatterns = [
    path("share/badge/<str:token>.svg", views.badge_svg, name="badge"),
    path("share/badge/<str:token>.json", views.badge_json, name="badge_json"),
    path("share/badge/<str:token>/shields.json", views.badge_shields, name="badge_shields"),
    path("share/picture/<str:token>.png", views.image, name="share_image"),
    path("embed/<str:token>/", views.embed, name="embed"),
]
