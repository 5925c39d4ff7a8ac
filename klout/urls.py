"""Addresses of the whole site; each app declares its own pages."""

from django.contrib import admin
from django.urls import include, path

from klout import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("people/", include("people.urls")),
    path("perks/", include("perks.urls")),
    path("sponsor/", include("perks.sponsor_urls")),
    path("", include("dashboard.urls")),
]
