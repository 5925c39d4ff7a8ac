"""Operator's pages of perks. Every action goes through the functions that people use, so that each
change is in the audit; codes and addresses are never shown."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.models import User
from perks import keeping, sponsoring, waiting
from perks.audit import acting_as
from perks.models import Change, Claim, Code, Complaint, Invitation, Member, Perk, Sponsor


def _operator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class _Noted:
    """Writes of the admin's own forms, noted as the operator's."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with acting_as(_operator(request)):
            super().save_model(request, obj, form, change)  # type: ignore[misc]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with acting_as(_operator(request)):
            super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with acting_as(_operator(request)):
            super().delete_queryset(request, queryset)  # type: ignore[misc]


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Sponsor)
class SponsorAdmin(_Noted, admin.ModelAdmin[Sponsor]):
    """Sponsors; one that is not active shows and changes nothing."""

    formfield_overrides: ClassVar[dict[Any, Any]] = {URLField: {"assume_scheme": "https"}}
    list_display = ("name", "is_active", "is_sample", "created_at")
    list_filter = ("is_active", "is_sample")
    search_fields = ("name", "website")
    fields = ("name", "website", "about", "is_active")
    actions = ("activate", "deactivate")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Let them offer perks"), permissions=["change"])
    def activate(self, request: HttpRequest, chosen: QuerySet[Sponsor]) -> None:
        """Let the chosen sponsors act again."""
        with acting_as(_operator(request)):
            chosen.update(is_active=True)

    @admin.action(description=_("Stop: hide their perks"), permissions=["change"])
    def deactivate(self, request: HttpRequest, chosen: QuerySet[Sponsor]) -> None:
        """Hide everything of the chosen sponsors; claims stay."""
        with acting_as(_operator(request)):
            chosen.update(is_active=False)


@admin.register(Member)
class MemberAdmin(_Noted, admin.ModelAdmin[Member]):
    """Who acts for which sponsor: by invitation only, ended here."""

    list_display = ("id", "sponsor", "user", "since")
    list_filter = ("sponsor",)
    list_select_related = ("sponsor", "user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(_Noted, admin.ModelAdmin[Invitation]):
    """Invitations; adding one sends its link by e-mail."""

    list_display = ("id", "sponsor", "email", "by", "expires_at")
    list_filter = ("sponsor",)
    list_select_related = ("sponsor", "by")
    fields = ("sponsor", "email")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Send the invitation; the row of the form becomes the sent one."""
        made = sponsoring.invite(obj.sponsor, obj.email, _operator(request))
        obj.pk, obj.expires_at = made.pk, made.expires_at


@admin.register(Perk)
class PerkAdmin(_ReadOnly, admin.ModelAdmin[Perk]):
    """Perks, to look at and to stop; sponsors write them."""

    list_display = ("id", "title", "sponsor", "kind", "state", "taken", "stock", "claim_until")
    list_filter = ("state", "kind", "is_sample", "sponsor")
    list_select_related = ("sponsor",)
    search_fields = ("title", "summary", "slug")
    date_hierarchy = "created_at"
    exclude = ("link",)
    actions = ("publish", "pause", "close")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return _operator(request).has_perm("perks.change_perk")

    @admin.action(description=_("Publish"), permissions=["act"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Perk]) -> None:
        """Publish the chosen perks, or let them go on."""
        self._change(request, chosen, "published")

    @admin.action(description=_("Pause: no claims for now"), permissions=["act"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Perk]) -> None:
        """Pause the chosen perks."""
        self._change(request, chosen, "paused")

    @admin.action(description=_("Close for good"), permissions=["act"])
    def close(self, request: HttpRequest, chosen: QuerySet[Perk]) -> None:
        """Close the chosen perks and their waiting lists."""
        self._change(request, chosen, "closed")

    def _change(self, request: HttpRequest, chosen: QuerySet[Perk], state: str) -> None:
        for perk in chosen:
            try:
                sponsoring.change_state(perk.pk, state, _operator(request))
            except sponsoring.CannotPublish as why:
                self.message_user(request, f"{perk.title}: {why}", messages.ERROR)


class ParcelFilter(admin.SimpleListFilter):
    """Parcels that people wait for."""

    title = _("parcel")
    parameter_name = "parcel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("not sent for long"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return keeping.late_parcels(rows) if self.value() == "late" else rows


@admin.register(Claim)
class ClaimAdmin(_ReadOnly, admin.ModelAdmin[Claim]):
    """Claims without what was claimed: no code, no address, no words."""

    list_display = ("id", "perk", "person", "state", "at", "shown_at", "delivered_at", "rating")
    list_filter = ("state", ParcelFilter, "rating", "perk__sponsor")
    list_select_related = ("perk", "person")
    search_fields = ("perk__title", "=person__slug", "=id")
    date_hierarchy = "at"
    exclude = ("address", "tracking", "words", "letter")
    actions = ("take_back",)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return _operator(request).has_perm("perks.change_claim")

    @admin.action(description=_("Take back what was not shown or sent"), permissions=["act"])
    def take_back(self, request: HttpRequest, chosen: QuerySet[Claim]) -> None:
        """Cancel the chosen claims as their people could; the next in line is offered them."""
        for claim in chosen:
            if not take_back(claim.pk, _operator(request)):
                text = _now("Claim %(number)d was shown, sent or over already.")
                self.message_user(request, text % {"number": claim.pk}, messages.WARNING)


def take_back(claim_id: int, by: User) -> bool:
    """Cancel a claim that was neither shown nor sent; return False for any other."""
    perk_id = Claim.objects.values_list("perk_id", flat=True).get(pk=claim_id)
    with acting_as(by):
        perk = waiting.locked(perk_id)
        claim = Claim.objects.get(pk=claim_id)
        is_live = claim.state in (Claim.State.WAITING, Claim.State.OFFERED, Claim.State.CLAIMED)
        if not is_live or claim.shown_at or claim.address_taken_at:
            return False
        Code.objects.filter(claim=claim).update(claim=None)
        claim.accounts.all().delete()
        claim.state, claim.letter, claim.address = Claim.State.CANCELLED, "", b""
        claim.save(update_fields=["state", "letter", "address"])
        waiting.hand_on(perk, timezone.now())
    return True


@admin.register(Complaint)
class ComplaintAdmin(_ReadOnly, admin.ModelAdmin[Complaint]):
    """Reports about perks, the open ones first."""

    list_display = ("id", "perk", "reason", "at", "decided_at")
    list_filter = ("reason", ("decided_at", admin.EmptyFieldListFilter), "perk__sponsor")
    list_select_related = ("perk",)
    search_fields = ("perk__title", "words")
    ordering = ("-decided_at", "at")
    # Who wrote is nobody's business.
    exclude = ("person",)
    actions = ("decide", "pause_perk")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return _operator(request).has_perm("perks.change_complaint")

    @admin.action(description=_("Looked at: nothing to do"), permissions=["act"])
    def decide(self, request: HttpRequest, chosen: QuerySet[Complaint]) -> None:
        """Close the chosen open reports."""
        with acting_as(_operator(request)):
            chosen.filter(decided_at=None).update(decided_at=timezone.now())

    @admin.action(description=_("Right: pause the perk"), permissions=["act"])
    def pause_perk(self, request: HttpRequest, chosen: QuerySet[Complaint]) -> None:
        """Pause the perks of the chosen reports, and close these."""
        for perk_id in set(chosen.values_list("perk_id", flat=True)):
            try:
                sponsoring.change_state(perk_id, "paused", _operator(request))
            except sponsoring.CannotPublish as why:
                self.message_user(request, str(why), messages.ERROR)
        self.decide(request, chosen)


@admin.register(Change)
class ChangeAdmin(_ReadOnly, admin.ModelAdmin[Change]):
    """The audit of perks: written by the database, only added to."""

    list_display = ("at", "by", "what", "table", "row_id", "perk_id", "columns")
    list_filter = ("table", "what")
    list_select_related = ("by",)
    search_fields = ("=perk_id", "=row_id", "=by__email")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
