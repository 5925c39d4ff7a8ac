"""Forms of questions and answers. What a text must keep to is decided where it is stored."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoring.questions.models import (
    ANSWER_LEAST,
    ANSWER_MOST,
    DETAILS_MOST,
    TITLE_LEAST,
    TITLE_MOST,
    WORDS_MOST,
    Reason,
)
from scoring.questions.wording import MOST_LINES, TooManyLinks, TooShort, Unfit


class _Words(forms.Form):
    def refuse(self, why: Unfit) -> None:
        """Say beside the field what is wrong with its text."""
        self.add_error(why.field, reason(why))


class AskForm(_Words):
    """A question: one sentence, and what else one should know."""

    title = forms.CharField(
        label=gettext_lazy("Your question, in one sentence"),
        required=False,
        strip=False,
        widget=forms.TextInput(
            attrs={"minlength": TITLE_LEAST, "maxlength": TITLE_MOST, "required": True}
        ),
    )
    details = forms.CharField(
        label=gettext_lazy("Details, if there are any"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": DETAILS_MOST}),
        help_text=gettext_lazy("What have you tried, and what do you want to know? Plain text."),
    )


class AnswerForm(_Words):
    """An answer."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "minlength": ANSWER_LEAST,
                "maxlength": ANSWER_MOST,
                "required": True,
            }
        ),
        help_text=gettext_lazy("Plain text, with three links at most."),
    )


class ReportForm(_Words):
    """What is wrong with a question or an answer."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"), choices=Reason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("Anything that we should know"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": WORDS_MOST}),
    )


class ObjectionForm(_Words):
    """Why it was wrong to hide a text."""

    words = forms.CharField(
        label=gettext_lazy("Why it should be shown"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": WORDS_MOST, "required": True}),
    )


def reason(why: Unfit) -> str:
    """Return what is wrong with a text, in words."""
    if isinstance(why, TooShort):
        text = ngettext(
            "Please write a little more: %(count)d sign at least.",
            "Please write a little more: %(count)d signs at least.",
            why.limit,
        )
        return text % {"count": why.limit}
    if isinstance(why, TooManyLinks):
        if not why.limit:
            return (
                _("No links can stand here.")
                if why.field == "title"
                else _("Whoever signed up today can write no links yet.")
            )
        text = ngettext("%(count)d link at most.", "%(count)d links at most.", why.limit)
        return text % {"count": why.limit}
    return _("That is too long: %(count)d signs and %(lines)d lines at most.") % {
        "count": why.limit,
        "lines": MOST_LINES,
    }
