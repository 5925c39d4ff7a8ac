"""Addresses of perks."""

from django.urls import path, re_path

from perks import views

app_name = "perks"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("mine/", views.mine, name="mine"),
    path("wish/", views.wish, name="wish"),
    path("no-mail/<str:token>/", views.unsubscribe, name="unsubscribe"),
    re_path(
        r"^pictures/(?P<name>[0-9a-f]{32})-(?P<width>480|960)\.webp$",
        lambda request, name, width: views.picture(request, name, int(width)),
        name="picture",
    ),
    path("claims/<int:claim_id>/", views.my_claim, name="claim"),
    path("claims/<int:claim_id>/show/", views.show, name="show"),
    path("claims/<int:claim_id>/cancel/", views.cancel, name="cancel"),
    path("claims/<int:claim_id>/used/", views.used, name="used"),
    path("claims/<int:claim_id>/rate/", views.rate, name="rate"),
    path("<slug:slug>/", views.perk, name="perk"),
    path("<slug:slug>/claim/", views.claim, name="make_claim"),
    path("<slug:slug>/wait/", views.wait, name="wait"),
    path("<slug:slug>/report/", views.complain, name="complain"),
]
