"""Addresses of settings, privacy, reports and removal, below /people/."""

from django.urls import path

from people import brand_views, views

app_name = "people"

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/sign-out-others/", views.sign_out_others, name="sign_out_others"),
    path("settings/sign-out-session/", views.sign_out_session, name="sign_out_session"),
    path("settings/letters/", views.choose_letters, name="letters"),
    path("settings/share/<slug:kind>/", views.share, name="share"),
    path("settings/show-again/", views.show_again, name="show_again"),
    path("brands/", brand_views.brands, name="brands"),
    path("brands/act-as/", brand_views.act_as, name="act_as"),
    path("brands/<int:person_id>/erase/", brand_views.erase, name="brand_erase"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/export/", views.export, name="export"),
    path("privacy/erase/", views.erase, name="erase"),
    path("report/<slug:slug>/", views.report, name="report"),
    path("remove/", views.remove, name="opt_out"),
]
