"""Forms of people: what a claim asks, a rating, a report."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import consent
from people.ages import age_on
from perks.claims import Answers
from perks.countries import COUNTRIES
from perks.models import WORDS_CHARACTERS, Complaint, Perk

ADDRESS = ("name", "street", "postcode", "place", "land")


class ClaimForm(forms.Form):
    """What is asked with a claim: no more than this perk needs."""

    def __init__(self, *args: Any, perk: Perk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.perk = perk
        places = [("", "–"), *COUNTRIES.items()]
        if perk.countries:
            self.fields["country"] = forms.ChoiceField(
                label=_("Country that you live in"),
                choices=places,
                help_text=_("The sponsor offers it in some countries only. We do not keep it."),
            )
        if perk.least_age is not None:
            self.fields["born"] = forms.DateField(
                label=_("Date of birth"),
                widget=forms.DateInput(
                    attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"
                ),
                help_text=_(
                    "The law asks for your age here. We check it and do not keep the date."
                ),
            )
        if perk.kind == Perk.Kind.ADDRESS:
            self._ask_address(places)
        self.fields["agree"] = forms.BooleanField(label=str(consent.TEXTS["perk"].text))

    def _ask_address(self, places: list[tuple[str, Any]]) -> None:
        for name, label, complete in (
            ("name", _("Name on the parcel"), "name"),
            ("street", _("Street and number"), "street-address"),
            ("postcode", _("Postcode"), "postal-code"),
            ("place", _("Place"), "address-level2"),
        ):
            self.fields[name] = forms.CharField(
                label=label,
                max_length=120,
                widget=forms.TextInput(attrs={"autocomplete": complete}),
            )
        allowed = [place for place in places if place[0] in self.perk.countries]
        self.fields["land"] = forms.ChoiceField(
            label=_("Country of the address"), choices=[places[0], *allowed] if allowed else places
        )
        text = str(consent.TEXTS["perk-address"].text)
        self.fields["agree_address"] = forms.BooleanField(label=text)

    def clean_born(self) -> date:
        """Return the date; whether it is old enough is a rule's question."""
        born: date = self.cleaned_data["born"]
        today = timezone.now().date()
        if born > today or age_on(today, born) > 130:
            raise forms.ValidationError(_("Please check the date."), code="impossible")
        return born

    def answers(self) -> Answers:
        """Return what was answered; the date of birth as an age."""
        given = self.cleaned_data
        born = given.get("born")
        address = {name: str(given[name]) for name in ADDRESS if name in given}
        return Answers(
            agreed=given["agree"],
            country=given.get("country"),
            age=age_on(timezone.now().date(), born) if born else None,
            address=address or None,
            agreed_address=given.get("agree_address", False),
        )


class RateForm(forms.Form):
    """How a used perk was."""

    rating = forms.TypedChoiceField(
        label=_("How was it?"),
        coerce=int,
        choices=[
            (5, _("5 – very good")),
            (4, _("4 – good")),
            (3, _("3 – as expected")),
            (2, _("2 – not so good")),
            (1, _("1 – bad")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words, if you like"),
        required=False,
        max_length=WORDS_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The sponsor reads this without your name."),
    )


class ComplaintForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is wrong with a perk."""

    class Meta:
        model = Complaint
        fields = ("reason", "words")
        widgets = {"reason": forms.RadioSelect, "words": forms.Textarea(attrs={"rows": 4})}  # noqa: RUF012
        labels = {"reason": _("What is wrong?"), "words": _("Anything that we should know")}  # noqa: RUF012
