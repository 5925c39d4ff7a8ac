"""Addresses of sponsors' pages."""

from django.urls import path

from perks import sponsor_views as views

app_name = "sponsor"
urlpatterns = [
    path("", views.home, name="home"),
    path("join/<str:token>/", views.join, name="join"),
    path("<int:sponsor_id>/new/", views.create, name="create"),
    path("perks/<int:perk_id>/", views.perk, name="perk"),
    path("perks/<int:perk_id>/edit/", views.edit, name="edit"),
    path("perks/<int:perk_id>/preview/", views.preview, name="preview"),
    path("perks/<int:perk_id>/state/", views.change_state, name="state"),
    path("perks/<int:perk_id>/codes/", views.upload, name="codes"),
    path("perks/<int:perk_id>/claims.csv", views.export, name="export"),
    path("perks/<int:perk_id>/addresses.csv", views.addresses, name="addresses"),
    path("perks/<int:perk_id>/parcels/", views.parcels, name="parcels"),
    path("perks/<int:perk_id>/sent/", views.sent, name="sent"),
]
