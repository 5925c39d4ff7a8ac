"""Forms of sponsors: a perk, and a file of codes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image

from connectors import crypto, registry
from connectors.errors import Relink
from perks import pictures
from perks.countries import COUNTRIES
from perks.eligibility import Rules
from perks.models import MOST_STOCK, Perk
from scoring.topics import queries as topics

# What people agreed to when they claimed stays as it was published.
FIXED = (
    *("kind", "least_score", "most_score", "linked_days", "networks", "topics"),
    *("countries", "least_age"),
)
MOST_TOPICS = 10


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=required, help_text=help_text)


def _number(label: Any, low: int, high: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, required=False, help_text=help_text
    )


class PerkForm(forms.Form):
    """A perk as its sponsor describes it."""

    title = forms.CharField(label=_("Title"), max_length=100)
    summary = forms.CharField(label=_("What one gets, in a sentence"), max_length=200)
    description = forms.CharField(
        label=_("More about it"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG or WebP up to 5 MB, at least 320 by 180 pixels, best 16:9."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    picture_text = forms.CharField(
        label=_("What the picture shows"),
        required=False,
        max_length=200,
        help_text=_("For those who do not see it."),
    )
    kind = forms.ChoiceField(
        label=_("How it is given"), choices=Perk.Kind.choices, widget=forms.RadioSelect
    )
    link = forms.URLField(
        label=_("The link, if it is one"), required=False, max_length=500, assume_scheme="https"
    )
    stock = _number(
        _("How many there are"), 0, MOST_STOCK, _("Not for codes: they are counted by themselves.")
    )
    claim_until = _day(_("Last day for claims"))
    use_until = _day(_("Last day of use"), _("Empty: it has no end."), required=False)
    least_score = _number(_("Least score"), 1, 100)
    most_score = _number(_("Highest score"), 1, 100)
    linked_days = forms.IntegerField(
        label=_("Account linked for so many days"), min_value=0, max_value=365, initial=14
    )
    networks = forms.MultipleChoiceField(
        label=_("On one of these networks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.CharField(
        label=_("Influential about one of these topics"),
        required=False,
        max_length=500,
        help_text=_("Separated by commas."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Only in these countries"),
        required=False,
        choices=list(COUNTRIES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    least_age = _number(_("Least age"), 16, 99, _("Where the law asks for it."))

    # The decoded picture, after the check.
    drawn: Image.Image | None = None

    def __init__(self, data: Any, files: Any, *, perk: Perk) -> None:
        super().__init__(data, files, initial=_initial(perk))
        self.perk = perk
        networks = self.fields["networks"]
        assert isinstance(networks, forms.MultipleChoiceField)
        known = [n for n in registry.enabled() if (n.id == "sample") == perk.is_sample]
        networks.choices = [(network.id, network.name) for network in known]
        if perk.state != Perk.State.DRAFT:
            for name in FIXED:
                self.fields[name].disabled = True

    def clean_picture(self) -> object:
        """Return the upload once it is really a picture."""
        upload = self.cleaned_data.get("picture")
        if upload:
            try:
                self.drawn = pictures.checked(upload, upload.size)
            except pictures.NoPicture as why:
                raise forms.ValidationError(str(why), code="picture") from None
        return upload

    def clean_link(self) -> str:
        """Return the link; only a secure one."""
        link: str = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError(_("The link must begin with https://."), code="link")
        return link

    def clean_topics(self) -> list[str]:
        """Return the ids of the topics that the names mean."""
        words = [word.strip() for word in self.cleaned_data["topics"].split(",") if word.strip()]
        if len(words) > MOST_TOPICS:
            raise forms.ValidationError(_("At most ten topics."), code="topics")
        found = []
        for word in words:
            matching = topics.topics_matching(word, 1)
            if not matching:
                raise forms.ValidationError(
                    _("We know no topic called “%(word)s”."), code="topic", params={"word": word}
                )
            found.append(matching[0].topic_id)
        return list(dict.fromkeys(found))

    def clean(self) -> dict[str, Any]:
        """Check what fields say of one another, and give days their ends."""
        given = super().clean() or {}
        least, most = given.get("least_score"), given.get("most_score")
        if least and most and least > most:
            self.add_error("most_score", _("The highest score is below the least one."))
        kind = given.get("kind", self.perk.kind)
        if kind == Perk.Kind.LINK and not given.get("link") and "link" not in self.errors:
            self.add_error("link", _("The link is missing."))
        last, used = given.get("claim_until"), given.get("use_until")
        if last and used and used < last:
            self.add_error("use_until", _("It ends before the last day for claims."))
        return given

    def values(self) -> dict[str, Any]:
        """Return what is to be stored, by the names of columns."""
        given = {name: self.cleaned_data[name] for name in Perk.EDITED}
        given["claim_until"] = _end_of(given["claim_until"])
        given["use_until"] = _end_of(given["use_until"]) if given["use_until"] else None
        given["link"] = self.cleaned_data["link"] if given["kind"] == Perk.Kind.LINK else ""
        if given["kind"] == Perk.Kind.CODE:
            del given["stock"]
        else:
            given["stock"] = given["stock"] or 0
        return given

    def rules(self) -> Rules:
        """Return the rules as filled in, for an estimate."""
        given = self.cleaned_data
        return Rules(
            least_score=given["least_score"],
            most_score=given["most_score"],
            linked_days=given["linked_days"],
            networks=tuple(given["networks"]),
            topics=tuple(given["topics"]),
        )


def _end_of(day: date) -> datetime:
    """Return when a UTC day has ended."""
    return datetime.combine(day + timedelta(days=1), time(0, tzinfo=UTC)) - timedelta(seconds=1)


def _initial(perk: Perk) -> dict[str, Any]:
    if perk.pk is None:
        return {"claim_until": timezone.now().date() + timedelta(days=30), "kind": perk.kind}
    values = {name: getattr(perk, name) for name in Perk.EDITED}
    try:
        values["link"] = crypto.decrypt_text(perk.link)
    except Relink:
        values["link"] = ""
    for name in ("claim_until", "use_until"):
        values[name] = values[name].astimezone(UTC).date() if values[name] else None
    named = topics.topics_named(perk.topics) if perk.topics else {}
    values["topics"] = ", ".join(link.name for link in named.values())
    return values


class CodesForm(forms.Form):
    """A file of codes."""

    file = forms.FileField(
        label=_("A CSV file with a code in each line"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text=_("In UTF-8, up to 50,000 codes and 2 MB. A heading “code” may stand above."),
    )
