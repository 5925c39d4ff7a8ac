"""The catalogue of signals as the public page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connectors import registry
from scoring.core.params import Params
from scoring.signals import (
    CATALOGUE,
    Role,
    Signal,
    SignalFamily,
    State,
    carries_weight,
    counted,
    network_name,
    networks,
    signals_for,
)

__all__ = [
    "Catalogue",
    "apart_because",
    "catalogue",
    "family_name",
    "network_name",
    "place",
    "signal_name",
]

# What a reader may filter by, beside network and family: what a signal does today.
ROLES: dict[str, Promise] = {
    "weighted": gettext_lazy("With weight"),
    "shown": gettext_lazy("Without weight"),
    "waiting": gettext_lazy("Not read yet"),
    "retired": gettext_lazy("Retired"),
}
_FAMILIES: dict[SignalFamily, Promise] = {
    SignalFamily.AUDIENCE: gettext_lazy("Audience"),
    SignalFamily.STANDING: gettext_lazy("Standing"),
    SignalFamily.REACTION: gettext_lazy("Reactions of others"),
    SignalFamily.QUALITY: gettext_lazy("Quality"),
    SignalFamily.CONCENTRATION: gettext_lazy("Concentration"),
    SignalFamily.ACTIVITY: gettext_lazy("What the person does"),
}


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal with the name of its place on the page and its weight."""

    signal: Signal
    anchor: str
    notes: str
    # Points per doubling of the amount; None where it has no part in the score.
    weight: float | None
    # Of a signal with a rule of its own: the points that it adds at most.
    most: float | None = None


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """The signals of a network that were asked for."""

    network_id: str
    name: str
    signals: list[SignalRow]


@dataclass(frozen=True, slots=True)
class NetworkLine:
    """A network with its numbers of signals, in the overview."""

    network_id: str
    name: str
    counted: int
    weighted: int
    declared: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the form; the first choice is everything."""

    field: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the page of signals shows: numbers, the form, and an overview or the rows found."""

    counted: int
    weighted: int
    declared: int
    # Networks with a signal that is measured, and all of the catalogue.
    counted_networks: int
    declared_networks: int
    filters: list[Filter]
    filtered: bool
    lines: list[NetworkLine]
    groups: list[SignalGroup]
    found: int
    version: str


def anchor(signal_id: str) -> str:
    """Return the name of a signal's place on the page."""
    return f"signal-{signal_id.replace('.', '-')}"


def place(signal_id: str) -> str:
    """Return where a signal stands, after the address of the page."""
    return f"?network={signal_id.partition('.')[0]}#{anchor(signal_id)}"


def apart_because(network_id: str) -> str:
    """Return why a network is kept apart, as the end of a sentence, in the reader's language."""
    policy = registry.network(network_id).policy if network_id in registry.CONNECTORS else None
    if policy and policy.may_combine:
        return _("the version of the model in use does not combine it yet")
    because = policy.apart_because if policy else ""
    return _(because) if because else _("its terms forbid combining it with other networks")


def signal_name(network_id: str, measure: str) -> str:
    """Return what a measure of a network is called; the measure itself where it is not listed."""
    for signal in signals_for(network_id):
        if signal.measure == measure:
            return signal.shown_name
    return measure


def family_name(family: SignalFamily) -> str:
    """Return what a family of signals is called."""
    return str(_FAMILIES[family])


def role_of(signal: Signal) -> str:
    """Return what a signal does today, a word of ROLES."""
    if signal.state is not State.COUNTED:
        return signal.state.value
    return "weighted" if signal.role is Role.WEIGHTED else "shown"


def _notes(signal: Signal) -> str:
    notes = []
    if signal.role is Role.WEIGHTED:
        notes.append(_("named") if signal.named else _("a count without names"))
    if signal.owner_only:
        notes.append(_("only for linked accounts"))
    if signal.state is State.WAITING:
        notes.append(_("not read yet"))
    if signal.state is State.RETIRED:
        notes.append(_("retired"))
    return ", ".join(notes)


def _row(signal: Signal, params: Params) -> SignalRow:
    weights = {measure.name: measure.weight for measure in params.measures}
    weight = weights.get(signal.measure) if signal.carries_weight else None
    most = None
    if signal.carries_weight and weight is None and params.plus_k is not None:
        most = params.plus_k.most_points
    return SignalRow(signal, anchor(signal.id), _notes(signal), weight, most)


def _filters(asked: Mapping[str, str]) -> list[Filter]:
    everything = {
        "network": (_("Network"), _("All networks"), [(n, network_name(n)) for n in networks()]),
        "family": (
            _("Family"),
            _("All families"),
            [(family.value, family_name(family)) for family in SignalFamily],
        ),
        "role": (_("Role"), _("All roles"), [(role, str(name)) for role, name in ROLES.items()]),
    }
    return [
        Filter(
            field,
            label,
            [Choice(value, name, asked[field] == value) for value, name in [("", every), *choices]],
        )
        for field, (label, every, choices) in everything.items()
    ]


def _line(network: str) -> NetworkLine:
    rows = signals_for(network)
    return NetworkLine(
        network,
        network_name(network),
        counted=sum(signal.state is State.COUNTED for signal in rows),
        weighted=sum(signal.carries_weight for signal in rows),
        declared=len(rows),
    )


def _groups(asked: Mapping[str, str], params: Params) -> list[SignalGroup]:
    groups = []
    for network in networks():
        if asked["network"] not in ("", network):
            continue
        rows = [
            _row(signal, params)
            for signal in signals_for(network)
            if asked["family"] in ("", signal.family) and asked["role"] in ("", role_of(signal))
        ]
        if rows:
            groups.append(SignalGroup(network, network_name(network), rows))
    return groups


def asked_for(query: QueryDict) -> dict[str, str]:
    """Return the filter of an address by field; what is not a choice is left out."""
    known: dict[str, Sequence[str]] = {
        "network": networks(),
        "family": [family.value for family in SignalFamily],
        "role": list(ROLES),
    }
    return {
        field: value if (value := query.get(field, "")) in choices else ""
        for field, choices in known.items()
    }


def catalogue(asked: Mapping[str, str], params: Params) -> Catalogue:
    """Return the page of signals: the networks with their numbers, or the rows of a filter.

    `asked` is the filter (asked_for); the weights are those of the version `params`.
    """
    filtered = any(asked.values())
    measured = counted()
    groups = _groups(asked, params) if filtered else []
    return Catalogue(
        counted=len(measured),
        weighted=len(carries_weight()),
        declared=len(CATALOGUE),
        counted_networks=len({signal.network for signal in measured} & registry.CONNECTORS.keys()),
        declared_networks=len(networks()),
        filters=_filters(asked),
        filtered=filtered,
        lines=[] if filtered else [_line(network) for network in networks()],
        groups=groups,
        found=sum(len(group.signals) for group in groups),
        version=params.version,
    )
