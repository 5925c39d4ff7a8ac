"""Admin pages of topics and +K; each action is in the admin's own log."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scoring.topics import ontology
from scoring.topics.models import Credit, Topic, TopicRun


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    """The topics: switched off where one does harm, never deleted (people may have them)."""

    list_display = ("slug", "id", "kind", "is_active", "published_id")
    list_filter = ("is_active", "kind")
    search_fields = ("slug", "names__folded", "=id", "=published_id")
    ordering = ("slug",)
    readonly_fields = ("id", "slug", "kind", "context", "hosts", "is_active", "published_id")
    actions = ("switch_off", "switch_on")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(
        description=_("Switch off: shown nowhere and found no longer"), permissions=["change"]
    )
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Topic]) -> None:
        """Show the chosen topics nowhere, and find them in nothing new."""
        self._switch(request, chosen, active=False)

    @admin.action(description=_("Switch on again"), permissions=["change"])
    def switch_on(self, request: HttpRequest, chosen: QuerySet[Topic]) -> None:
        """Show the chosen topics again."""
        self._switch(request, chosen, active=True)

    def _switch(self, request: HttpRequest, chosen: QuerySet[Topic], *, active: bool) -> None:
        for topic in chosen.exclude(is_active=active):
            Topic.objects.filter(pk=topic.pk).update(is_active=active)
            self.log_change(request, topic, "switched on" if active else "switched off")
        ontology.changed()


@admin.register(Credit)
class CreditAdmin(admin.ModelAdmin[Credit]):
    """+K as given; operators may remove one, and the removal is logged."""

    list_display = ("id", "day", "giver_id", "receiver_id", "topic", "expires_at", "taken_back_at")
    list_filter = (("taken_back_at", admin.EmptyFieldListFilter), "day")
    search_fields = ("=giver__id", "=receiver__id", "topic__slug")
    list_select_related = ("topic",)
    date_hierarchy = "day"
    ordering = ("-at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(TopicRun)
class TopicRunAdmin(admin.ModelAdmin[TopicRun]):
    """When everybody's topics were found."""

    list_display = ("day", "started_at", "finished_at", "people_count", "done_until_person")
    ordering = ("-day",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
