"""Admin pages of the score: runs and discounts to look at, appeals to decide."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.models import User
from scoring import appeals
from scoring.models import Appeal, Discount, ModelVersion, ScoreRun


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


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(_ReadOnly, admin.ModelAdmin[ModelVersion]):
    """Versions of the model: previewed and published by commands, never edited."""

    list_display = ("version", "published_from", "computed_until", "previewed_at", "digest")
    ordering = ("-published_from", "version")


@admin.register(Discount)
class DiscountAdmin(_ReadOnly, admin.ModelAdmin[Discount]):
    """What is not counted in full: held counts are flagged here too."""

    list_display = ("id", "account_id", "kind", "since", "until", "points", "lifted_on")
    list_filter = ("kind", ("lifted_on", admin.EmptyFieldListFilter))
    search_fields = ("=account_id", "=person__id")
    date_hierarchy = "until"
    ordering = ("-until", "-points")


@admin.register(Appeal)
class AppealAdmin(admin.ModelAdmin[Appeal]):
    """Appeals, the open ones first; each decision is in the admin's own log."""

    list_display = ("id", "discount_kind", "points", "at", "decided_at", "decision", "by")
    list_filter = (("decided_at", admin.EmptyFieldListFilter), "decision")
    list_select_related = ("discount", "by")
    ordering = ("-decided_at", "at")
    fields = (
        *("person", "discount", "discount_kind", "points", "reason", "words"),
        *("at", "decided_at", "decision", "by"),
    )
    readonly_fields = fields
    actions = ("uphold", "lift")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("kind"))
    def discount_kind(self, appeal: Appeal) -> str:
        """Return what was not counted in full."""
        return appeal.discount.get_kind_display()

    @admin.display(description=_("points"))
    def points(self, appeal: Appeal) -> str:
        """Return what it cost on its last day."""
        return f"{appeal.discount.points:.2f}"

    @admin.display(description=_("reason"))
    def reason(self, appeal: Appeal) -> str:
        """Return the numbers behind it."""
        return ", ".join(f"{name} {value}" for name, value in appeal.discount.reason.items())

    @admin.action(description=_("Uphold: the discount stays"), permissions=["change"])
    def uphold(self, request: HttpRequest, chosen: QuerySet[Appeal]) -> None:
        """Decide the chosen open appeals: the discount stays."""
        self._decide(request, chosen, Appeal.Decision.UPHELD)

    @admin.action(
        description=_("Lift: the discount ends with the next daily run"), permissions=["change"]
    )
    def lift(self, request: HttpRequest, chosen: QuerySet[Appeal]) -> None:
        """Decide the chosen open appeals: the discount is not made for a year."""
        self._decide(request, chosen, Appeal.Decision.LIFTED)

    def _decide(
        self, request: HttpRequest, chosen: QuerySet[Appeal], decision: Appeal.Decision
    ) -> None:
        assert isinstance(request.user, User)
        for appeal in chosen:
            if appeals.decide(appeal.pk, decision, request.user):
                # The log names rows, not people or their words.
                self.log_change(request, appeal, f"decision: {decision.value}")
