"""Accounts for operators: to look at, not to change, and without secrets."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from connectors import costs
from connectors.models import Account, FetchState, Spending


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Account)
class AccountAdmin(_ReadOnly, admin.ModelAdmin[Account]):
    """Which accounts there are and how their syncs go."""

    list_display = ("id", "network", "server", "status", "state", "last_synced_at", "resume_at")
    list_filter = ("network", "status", "state")
    search_fields = ("=id", "handle")
    fields = (
        *("network", "server", "native_id", "handle", "status", "state", "state_detail"),
        *("resume_at", "added_at", "linked_at", "first_synced_at", "last_synced_at"),
    )


@admin.register(FetchState)
class FetchStateAdmin(_ReadOnly, admin.ModelAdmin[FetchState]):
    """What was tried for which account and day, and how it ended."""

    list_display = ("id", "account_id", "day", "status", "attempts", "next_attempt_at", "error")
    list_filter = ("status", "error")
    search_fields = ("=account__id",)
    fields = (
        *("account", "day", "status", "attempts", "next_attempt_at", "started_at"),
        *("finished_at", "stored", "error", "error_detail"),
    )


@admin.register(Spending)
class SpendingAdmin(_ReadOnly, admin.ModelAdmin[Spending]):
    """What networks that charge have cost, month by month: the site's rows have no person."""

    list_display = ("network", "month", "person_id", "dollars", "rows")
    list_filter = ("network", "month")
    search_fields = ("=person__id",)
    fields = ("network", "month", "person", "dollars", "rows")
    readonly_fields = ("dollars",)

    @admin.display(description="US dollars", ordering="micro_usd")
    def dollars(self, row: Spending) -> str:
        """Return the amount with cents."""
        return f"{row.micro_usd / costs.MICRO:.2f}"
