"""Admin pages of the score: the runs, to look at only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from scoring.models import ScoreRun


@admin.register(ScoreRun)
class ScoreRunAdmin(admin.ModelAdmin[ScoreRun]):
    """When each day was scored, for how many people, and how many fetches were missing."""

    list_display = (
        "day",
        "model_version",
        "status",
        "started_at",
        "finished_at",
        "people_count",
        "interactions_count",
        "missing_accounts_count",
    )
    list_filter = ("status", "model_version")
    date_hierarchy = "day"
    ordering = ("-day",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
