"""The catalogue of signals as the public page shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from connectors import registry
from scoring.core.params import CURRENT
from scoring.signals import Role, Signal, networks, signals_for


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal with the name of its place on the page and its weight."""

    signal: Signal
    anchor: str
    notes: str
    # Points per doubling of the amount; None where it has no part in the score.
    weight: float | None


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """The signals of a network."""

    network_id: str
    name: str
    signals: list[SignalRow]


def anchor(signal_id: str) -> str:
    """Return the name of a signal's place on the page."""
    return f"signal-{signal_id.replace('.', '-')}"


def network_name(network_id: str) -> str:
    """Return a network's own name; its id where it is no longer known."""
    try:
        return registry.network(network_id).name
    except KeyError:
        return network_id


def signal_name(network_id: str, measure: str) -> str:
    """Return what a measure of a network is called; the measure itself where it is not listed."""
    for signal in signals_for(network_id):
        if signal.measure == measure:
            return signal.shown_name
    return measure


def _notes(signal: Signal) -> str:
    notes = []
    if signal.role is Role.WEIGHTED:
        notes.append(_("named") if signal.named else _("a count without names"))
    if signal.owner_only:
        notes.append(_("only for linked accounts"))
    return ", ".join(notes)


def signal_groups() -> list[SignalGroup]:
    """Return every signal with its weight in the model in use, network by network."""
    weights = {measure.name: measure.weight for measure in CURRENT.measures}
    return [
        SignalGroup(
            network_id,
            network_name(network_id),
            [
                SignalRow(
                    signal,
                    anchor(signal.id),
                    _notes(signal),
                    weights.get(signal.measure) if signal.role is Role.WEIGHTED else None,
                )
                for signal in signals_for(network_id)
            ],
        )
        for network_id in networks()
    ]
