"""The page on which one tries what the score would be."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.catalogue import network_name, signal_name
from dashboard.describe import MINUS, NO_BREAK
from dashboard.rounding import tenths
from scoring.core import explain
from scoring.core.explain import ChangeKind
from scoring.core.model import Model
from scoring.core.parts import Parts
from scoring.core.whatif import Change, Outcome, what_if
from scoring.insights.newest import Newest

MOST_DAYS = 60
LEAST_PERCENT, MOST_PERCENT, STEP_PERCENT = -50, 200, 10
# Fields of the form in per cent: measures of people, and the audience.
_PEOPLE: dict[str, Promise] = {
    "likes": gettext_lazy("People who like"),
    "reshares": gettext_lazy("People who reshare"),
    "comments": gettext_lazy("People who comment"),
    "quotes": gettext_lazy("People who quote"),
    "mentions": gettext_lazy("People who mention"),
}
_AUDIENCE: Promise = gettext_lazy("Followers and lists")
# Parts of the difference below this many points are told as one.
_SMALL_PART = 0.05


class WhatIfForm(forms.Form):
    """Sliders in per cent and days; whatever is missing or out of range stays as it is."""

    def __init__(self, data: QueryDict, parts: Parts) -> None:
        super().__init__(data)
        for name, label in {**_PEOPLE, "audience": _AUDIENCE}.items():
            self.fields[name] = _slider(label, LEAST_PERCENT, MOST_PERCENT, STEP_PERCENT)
        self.fields["offline"] = _slider(gettext_lazy("Days offline"), 0, MOST_DAYS, 1)
        self.fields["added"] = forms.ChoiceField(
            label=_("One more network"),
            required=False,
            choices=[
                ("", _("none")),
                *(
                    (str(pk), _("as strong as %(network)s") % {"network": network_name(a.network)})
                    for pk, a in parts.networks.items()
                ),
            ],
        )

    def change(self) -> Change:
        """Return the change that the valid fields ask for."""
        self.full_clean()
        given = self.cleaned_data
        added = given.get("added")
        return Change(
            people={name: _factor(given.get(name)) for name in _PEOPLE},
            audience=_factor(given.get("audience")),
            offline_days=float(given.get("offline") or 0),
            added_like=int(added) if added else None,
        )


def _slider(label: Promise, low: int, high: int, step: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=str(label),
        required=False,
        min_value=low,
        max_value=high,
        widget=forms.NumberInput(attrs={"type": "range", "step": step}),
    )


def _factor(percent: int | None) -> float:
    return 1.0 + (percent or 0) / 100.0


@dataclass(frozen=True, slots=True)
class SliderLine:
    """A slider as the page shows it."""

    name: str
    label: str
    low: int
    high: int
    step: int
    value: int
    # The value in words, and what the script writes behind a moved one.
    words: str
    unit: str


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """A choice of the network that is added."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of the difference, in points of one decimal that sum to it."""

    name: str
    points: float


def what_if_context(newest: Newest | None, query: QueryDict) -> dict[str, Any]:
    """Return what the page reads; `newest` is None before the first score."""
    if newest is None:
        return {"outcome": None}
    form = WhatIfForm(query, newest.parts)
    change = form.change()
    outcome = what_if(newest.parts, change, newest.model)
    return {
        "outcome": outcome,
        "changed": change != Change(people=dict.fromkeys(_PEOPLE, 1.0)),
        "day": newest.day,
        "parts": part_lines(outcome, newest.model),
        "sliders": [_line(form, name) for name in (*_PEOPLE, "audience", "offline")],
        "choices": _choices(form),
    }


def part_lines(outcome: Outcome, model: Model) -> list[PartLine]:
    """Return the parts of the difference, the largest first; they add up to it."""
    sums: dict[str, float] = {}
    for part in explain.change(outcome.before, outcome.after, model):
        if part.kind is ChangeKind.LINKED:
            network = network_name(part.network)
            name = _("One more network, as strong as %(network)s") % {"network": network}
        else:
            name = f"{network_name(part.network)}: {signal_name(part.network, part.measure)}"
        sums[name] = sums.get(name, 0.0) + part.points
    large = [(name, points) for name, points in sums.items() if abs(points) >= _SMALL_PART]
    rows = sorted(large, key=lambda row: -abs(row[1]))
    small = [points for points in sums.values() if abs(points) < _SMALL_PART]
    if any(small):
        rows.append((_("Small parts together"), sum(small)))
    told = tenths([points for _name, points in rows])
    return [PartLine(name, points) for (name, _exact), points in zip(rows, told, strict=True)]


def _line(form: WhatIfForm, name: str) -> SliderLine:
    field = form.fields[name]
    assert isinstance(field, forms.IntegerField)
    value = form.cleaned_data.get(name) or 0
    is_days = name == "offline"
    assert isinstance(field.min_value, int)
    assert isinstance(field.max_value, int)
    return SliderLine(
        name=name,
        label=str(field.label),
        low=field.min_value,
        high=field.max_value,
        step=field.widget.attrs["step"],
        value=value,
        words=str(value) if is_days else _signed_percent(value),
        unit="" if is_days else "%",
    )


def _signed_percent(value: int) -> str:
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{abs(value)}{NO_BREAK}%"


def _choices(form: WhatIfForm) -> list[ChoiceLine]:
    field = form.fields["added"]
    assert isinstance(field, forms.ChoiceField)
    given = form.cleaned_data.get("added") or ""
    choices: list[tuple[str, str]] = list(field.choices)  # type: ignore[arg-type]
    return [ChoiceLine(value, str(label), value == given) for value, label in choices]
