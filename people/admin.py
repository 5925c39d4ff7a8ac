"""Operator's pages: people, users, reports, consent (read only), opt-outs."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import erasure
from people.models import ConsentEvent, OptOut, Person, Report, User

# The admin's own form would pass by the second factor and the limit on attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = _("Klout for operators")
admin.site.site_title = _("Klout for operators")
admin.site.index_title = _("Records")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Users; passwords and rights are not set here by typing."""

    list_display = ("id", "email", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email",)
    fields = ("email", "is_active", "is_staff", "groups", "language", "time_zone", "theme")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        # Erasing takes all that hangs on a person with it: see the action of PersonAdmin.
        return False


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People; erasing goes through the registry, never by the rows alone."""

    list_display = ("id", "slug", "kind", "visibility", "origin", "hidden_until", "expires_at")
    list_filter = ("kind", "visibility", "origin")
    search_fields = ("slug", "name")
    fields = ("slug", "name", "kind", "visibility", "origin", "hidden_until", "expires_at")
    readonly_fields = ("origin",)
    actions = ("erase_with_everything",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.action(description=_("Erase with everything held about them, and keep them away"))
    def erase_with_everything(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        """Erase the chosen people as they could themselves."""
        for person in people:
            erasure.erase(person, keep_opt_out=True)


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Reports, the open ones first."""

    list_display = ("id", "person", "reason", "at", "decided_at")
    list_filter = ("reason", ("decided_at", admin.EmptyFieldListFilter))
    # PostgreSQL puts rows without a decision first.
    ordering = ("-decided_at", "at")
    readonly_fields = ("person", "reason", "words", "at", "decided_at")
    actions = ("show_again", "keep_hidden")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Nothing wrong: show the profile again"))
    def show_again(self, request: HttpRequest, reports: QuerySet[Report]) -> None:
        """Close the reports and show the profiles."""
        Person.objects.filter(reports__in=reports).update(hidden_until=None)
        reports.update(decided_at=timezone.now())

    @admin.action(description=_("Right: make the profile private"))
    def keep_hidden(self, request: HttpRequest, reports: QuerySet[Report]) -> None:
        """Close the reports; the profiles are seen by nobody but their owners."""
        Person.objects.filter(reports__in=reports).update(visibility=Person.Visibility.PRIVATE)
        reports.update(decided_at=timezone.now())


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that nobody edits."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(ConsentEvent)
class ConsentEventAdmin(ReadOnlyAdmin):
    """The record of consent: evidence, so read only."""

    list_display = ("id", "user", "person", "what", "given", "text_version", "at")
    list_filter = ("what", "given")


@admin.register(OptOut)
class OptOutAdmin(ReadOnlyAdmin):
    """Opt-outs: only that there are some; the hashes name nobody."""

    list_display = ("id", "network", "created_at", "expires_at")
    list_filter = ("network", ("expires_at", admin.EmptyFieldListFilter))
