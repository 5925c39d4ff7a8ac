"""Addresses of imports."""

from django.urls import path

from dashboard.importing import views

urlpatterns = [
    path("networks/import/", views.overview, name="import"),
    path("networks/import/send/", views.receive, name="import_receive"),
    path("networks/import/<uuid:upload_id>/", views.upload, name="upload"),
    path("networks/import/<uuid:upload_id>/decide/", views.decide, name="upload_decide"),
    path("networks/import/account/<int:account_id>/", views.account, name="own_account"),
    path("networks/import/account/<int:account_id>/erase/", views.erase, name="own_erase"),
]
