"""Addresses of lists."""

from django.urls import path

from dashboard.lists import views

urlpatterns = [
    path("lists/", views.index, name="lists"),
    path("lists/<int:list_id>/", views.one, name="list"),
    path("lists/<int:list_id>/add/", views.add, name="list_add"),
    path("lists/<int:list_id>/rename/", views.rename, name="list_rename"),
    path("lists/<int:list_id>/delete/", views.delete, name="list_delete"),
    path("lists/<int:list_id>/remove/", views.remove, name="list_remove"),
    path("lists/<int:list_id>/look-up/", views.look_up, name="list_look_up"),
    path("lists/<int:list_id>/list.csv", views.export, name="list_csv"),
]
