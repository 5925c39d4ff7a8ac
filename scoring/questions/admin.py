"""Moderators' pages of questions. Every action goes through scoring.questions.moderation, so that
each change is in the audit, which the database writes; nothing is edited or deleted by hand."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.models import User
from scoring.questions import moderation
from scoring.questions.models import (
    Answer,
    Change,
    Question,
    Report,
    Written,
    open_objection,
)
from scoring.questions.posting import NotThere
from scoring.questions.things import Thing, reported, thing


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _decide(
    page: Any, request: HttpRequest, things: Iterable[Thing], act: Callable[[Thing, User], bool]
) -> None:
    assert isinstance(request.user, User)
    count = 0
    for about in dict.fromkeys(things):
        try:
            count += act(about, request.user)
        except NotThere:
            continue
    page.message_user(
        request, _now("Decided: %(count)d.") % {"count": count},
        messages.SUCCESS if count else messages.WARNING,
    )  # fmt: skip


class WaitsFilter(admin.SimpleListFilter):
    """What waits for a decision."""

    title = _("what waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("reports", _("Open reports")), ("objection", _("Open objection"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "reports":
            about = rows.model._meta.model_name
            reported = Report.objects.filter(decided_at=None, **{f"{about}__isnull": False})
            return rows.filter(pk__in=reported.values(f"{about}_id"))
        if self.value() == "objection":
            return rows.filter(open_objection())
        return rows


class _WrittenAdmin(_ReadOnly, admin.ModelAdmin[Any]):
    list_filter = (WaitsFilter, "state", "is_away", "hidden_why")
    date_hierarchy = "at"
    actions = ("hide", "let_stand")
    # Who wrote is looked up by number where it has to be.
    exclude = ("author_user", "slot")

    def has_act_permission(self, request: HttpRequest) -> bool:
        assert isinstance(request.user, User)
        return request.user.has_perm("questions.change_question")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        # Asked of the rows of the page alone, not of all that there are.
        about = rows.model._meta.model_name
        reported = Report.objects.filter(decided_at=None, **{about: OuterRef("pk")}).order_by()
        counted = reported.values(about).annotate(count=Count("pk")).values("count")
        there: QuerySet[Any] = rows.exclude(state=Written.State.WITHDRAWN).annotate(
            open_reports=Coalesce(Subquery(counted), 0)
        )
        return there

    @admin.display(description=_("open reports"), ordering="open_reports")
    def open_reports(self, row: Any) -> int:
        """Return how many reports nobody has looked at."""
        return int(row.open_reports)

    @admin.action(description=_("Hide; open reports were right"), permissions=["act"])
    def hide(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """Hide the chosen texts, or leave them hidden for good."""
        _decide(self, request, map(thing, chosen), moderation.hide)

    @admin.action(description=_("Nothing wrong: show it, reports were wrong"), permissions=["act"])
    def let_stand(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        """Show the chosen texts, and close their reports."""
        _decide(self, request, map(thing, chosen), moderation.let_stand)


@admin.register(Question)
class QuestionAdmin(_WrittenAdmin):
    """Questions, with what waits for a decision."""

    list_display = ("id", "title", "topic", "state", "hidden_why", "open_reports", "day")
    list_select_related = ("topic",)
    search_fields = ("title", "details", "topic__slug", "=author__slug", "=id")


@admin.register(Answer)
class AnswerAdmin(_WrittenAdmin):
    """Answers, with what waits for a decision."""

    list_display = ("id", "beginning", "question_id", "state", "hidden_why", "open_reports", "day")
    search_fields = ("text", "question__title", "=author__slug", "=id")

    @admin.display(description=_("text"))
    def beginning(self, row: Answer) -> str:
        """Return the first words."""
        return Truncator(row.text).chars(80)


@admin.register(Report)
class ReportAdmin(_ReadOnly, admin.ModelAdmin[Report]):
    """The queue of reports, the open ones first, oldest first. Who reported is not shown."""

    list_display = ("id", "about", "reason", "words", "counts", "day", "outcome")
    list_filter = (("decided_at", admin.EmptyFieldListFilter), "outcome", "reason", "counts")
    list_select_related = ("question", "answer")
    search_fields = ("words", "question__title", "answer__text", "=question__id", "=answer__id")
    ordering = ("-decided_at", "at")
    exclude = ("user", "slot")
    actions = ("hide", "dismiss")

    def has_act_permission(self, request: HttpRequest) -> bool:
        assert isinstance(request.user, User)
        return request.user.has_perm("questions.change_question")

    @admin.display(description=_("about"))
    def about(self, report: Report) -> str:
        """Return the first words of what was reported."""
        if report.answer is not None:
            return f"{report.answer}: {Truncator(report.answer.text).chars(80)}"
        assert report.question is not None
        return f"{report.question}: {Truncator(report.question.title).chars(80)}"

    @admin.action(description=_("Right: hide what was reported"), permissions=["act"])
    def hide(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        """Hide what the chosen reports are about, and close all reports about it."""
        _decide(self, request, map(reported, chosen), moderation.hide)

    @admin.action(description=_("Nothing wrong: show it"), permissions=["act"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        """Let what the chosen reports are about stand, and close all reports about it."""
        _decide(self, request, map(reported, chosen), moderation.let_stand)


@admin.register(Change)
class ChangeAdmin(_ReadOnly, admin.ModelAdmin[Change]):
    """The audit of questions: written by the database, only added to."""

    list_display = ("at", "by", "what", "table", "row_id", "columns")
    list_filter = ("table", "what")
    list_select_related = ("by",)
    search_fields = ("=row_id", "=by__email")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
