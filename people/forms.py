"""Forms of sign-up, settings, reports and removal."""

import zoneinfo
from datetime import date
from functools import cache
from typing import Any

from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from people import consent, networks
from people.ages import age_on
from people.models import Person, Report, User
from people.networks import NamedAccount
from people.signup import create_person
from people.slugs import RESERVED


class AgeForm(forms.Form):
    """What everybody is asked at sign-up; allauth's own forms are built upon it."""

    name = forms.CharField(
        label=_("Your name, as others may see it"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("You decide in the settings who sees your profile. At first nobody does."),
    )
    born = forms.DateField(
        label=_("Date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        help_text=_("We check that you are 16 or older, and do not keep the date."),
    )
    terms = forms.BooleanField(label=lazy(lambda: str(consent.TEXTS["terms"].text), str)())

    field_order = ("name", "email", "password1", "born", "terms")

    def clean_born(self) -> date:
        """Return the date; who is too young gets a page that says so, and nothing is kept."""
        born: date = self.cleaned_data["born"]
        today = timezone.now().date()
        if born > today or age_on(today, born) > 130:
            raise forms.ValidationError(_("Please check the date."), code="impossible")
        if age_on(today, born) < settings.MINIMUM_AGE_YEARS:
            request: HttpRequest | None = context.request
            if request is None:
                raise forms.ValidationError(
                    _("You need to be 16 or older to sign up."), code="too_young"
                )
            # Whatever the session held of the visitor (a network's answer, say) goes with it.
            request.session.flush()
            raise ImmediateHttpResponse(render(request, "people/too_young.html", status=403))
        return born

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the user is stored: make the profile, record the consents."""
        create_person(user, self.cleaned_data["name"])


@cache
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the zones by part of the world, as a select groups them."""
    groups: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for name in sorted(zoneinfo.available_timezones()):
        part, _slash, place = name.partition("/")
        if place and part not in {"Etc", "SystemV", "posix", "right"}:
            groups.setdefault(part, []).append((name, place.replace("_", " ")))
    return list(groups.items())


class ZoneSelect(forms.Select):
    """A select of zones by part of the world, written at once.

    Django renders a template for each of the 430 options, which takes longer than the whole page.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the element; names of zones are the machine's own, and hold no markup."""
        chosen = str(value or "")
        groups = format_html_join(
            "",
            '<optgroup label="{}">{}</optgroup>',
            ((part.replace("_", " "), _options(part, chosen)) for part, _zones in time_zones()),
        )
        given = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        return format_html("<select{}>{}</select>", given, groups)


@cache
def _zones_of(part: str) -> str:
    zones = dict(time_zones())[part]
    return "".join(f'<option value="{name}">{place}</option>' for name, place in zones)


def _options(part: str, chosen: str) -> SafeString:
    whole = _zones_of(part)
    # The chosen one is in the form's list, or nothing is found.
    if f'"{escape(chosen)}"' in whole:
        marked = f'value="{escape(chosen)}"'
        whole = whole.replace(marked, f"{marked} selected", 1)
    return mark_safe(whole)  # noqa: S308


class SettingsForm(forms.Form):
    """A person's profile and preferences."""

    name = forms.CharField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Address of your profile"),
        min_length=2,
        max_length=80,
        help_text=_("Letters a to z, digits and hyphens. The old address stops working."),
    )
    kind = forms.ChoiceField(label=_("This profile is a"), choices=Person.Kind.choices)
    visibility = forms.ChoiceField(
        label=_("Who may see it"), choices=Person.Visibility.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, widget=ZoneSelect)
    theme = forms.ChoiceField(
        label=_("Colours"),
        required=False,
        choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("As the browser asks")), *settings.LANGUAGES]

    def clean_slug(self) -> str:
        """Return the address in lower case; refused where it is another's or reserved."""
        slug = str(self.cleaned_data["slug"]).lower()
        taken = Person.objects.filter(slug=slug).exclude(pk=self.person.pk).exists()
        if slug in RESERVED or slug.isdigit() or taken:
            raise forms.ValidationError(_("This address is not free."), code="taken")
        return slug


class BrandForm(forms.Form):
    """A new brand of a user's."""

    name = forms.CharField(label=_("Name of the brand"), max_length=200)
    consent = forms.BooleanField(label=lazy(lambda: str(consent.TEXTS["brand"].text), str)())


class LetterForm(forms.Form):
    """Which e-mails somebody wants."""

    rhythm = forms.ChoiceField(
        label=_("A digest of your score"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", _("None")),
            ("weekly", _("Each week, on Monday morning")),
            ("monthly", _("Each month, on the morning of the 1st")),
        ],
    )
    goals = forms.BooleanField(
        label=_("Remind me of a goal a week before its day, and tell me when I reach it"),
        required=False,
    )
    answers = forms.BooleanField(
        label=_("Tell me of answers to my questions, and of my answers that helped; once a day"),
        required=False,
    )


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]
    """Why a profile should not be shown."""

    class Meta:
        model = Report
        fields = ("reason", "words")
        widgets = {"reason": forms.RadioSelect, "words": forms.Textarea(attrs={"rows": 4})}  # noqa: RUF012
        labels = {  # noqa: RUF012
            "reason": _("What is wrong?"),
            "words": _("Anything we should know (you need not say who you are)"),
        }


class EraseForm(forms.Form):
    """A typed word against erasing by mistake."""

    word = forms.CharField(label=_("Type ERASE to confirm"), max_length=20)
    keep_away = forms.BooleanField(
        label=_("Never look my accounts up again (kept as a code that names nobody)"),
        required=False,
        initial=True,
    )

    def clean_word(self) -> str:
        """Return the word; only ERASE (in the page's language, whatever its case) will do."""
        word = str(self.cleaned_data["word"]).strip().upper()
        if word not in {"ERASE", "SLETT"}:
            raise forms.ValidationError(_("Please type the word ERASE."), code="word")
        return word


class RemoveForm(forms.Form):
    """An account that its owner does not want here."""

    account = forms.CharField(
        label=_("The account"),
        max_length=300,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "placeholder": "@name@server",
            }
        ),
        help_text=_("A handle, or the address of the profile page."),
    )
    # What the typed text may mean, network by network; filled by the check.
    understood: list[NamedAccount]

    def clean_account(self) -> str:
        """Return the text as typed, once it looks like an account of a network known here."""
        text: str = self.cleaned_data["account"]
        self.understood = networks.understand(text)
        if not self.understood:
            raise forms.ValidationError(
                _("This does not look like an account of a network we know."), code="unknown"
            )
        return text
