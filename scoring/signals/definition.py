"""What a signal is: one kind of measured thing on one network."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext

from connectors import registry
from scoring.signals.recipes import OwnSite, Recipe


class Role(StrEnum):
    """What a signal is declared for; it carries weight only where it is counted as well."""

    WEIGHTED = "weighted"
    # Seen by the person, without any part in the score.
    SHOWN = "shown"
    # The network, or what it told, is gone.
    RETIRED = "retired"


class State(StrEnum):
    """Whether a declared signal is measured today: derived, never written down."""

    COUNTED = "counted"
    # Declared, waiting for its connector, or for the connector to read it.
    WAITING = "waiting"
    RETIRED = "retired"


class SignalFamily(StrEnum):
    """What a signal says of an account."""

    AUDIENCE = "audience"
    STANDING = "standing"
    REACTION = "reaction"
    QUALITY = "quality"
    CONCENTRATION = "concentration"
    # What the person does: never a part of the score.
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class Words:
    """A marked English text, with the name of a thing put into it where it has a %(thing)s."""

    text: str
    thing: str = ""

    def __str__(self) -> str:
        return self.text % {"thing": self.thing} if self.thing else self.text

    @property
    def shown(self) -> str:
        """Return the text in the language of the page."""
        if not self.thing:
            return gettext(self.text)
        return gettext(self.text) % {"thing": gettext(self.thing)}


@dataclass(frozen=True, slots=True)
class Signal:
    """One kind of measured thing on one network.

    Attributes
    ----------
    network, measure : str
        The network's id, and the model's input that the signal feeds (or its own word, where it is
        only shown).
    name, sentence : Words
        What it is called, and one plain sentence for the public page.
    family : SignalFamily
    unit : str
        What one of it is.
    received : bool
        True for what others do or give, False for what the person does.
    named : bool
        True where the network tells who.
    role : Role
    source : str
        The field or endpoint of the network that it is read from.
    recipe : Recipe
        How it is measured; what of it the connector must give.
    owner_only : bool
        True where the network tells it to the account's owner only: unknown at a look-up.
    """

    network: str
    measure: str
    name: Words
    family: SignalFamily
    unit: str
    received: bool
    named: bool
    role: Role
    source: str
    sentence: Words
    recipe: Recipe
    owner_only: bool = False

    @property
    def id(self) -> str:
        """Return `network.measure`, unique in the catalogue."""
        return f"{self.network}.{self.measure}"

    @property
    def state(self) -> State:
        """Return whether it is measured: its network's connector exists and gives what it needs.

        What people do on this site itself needs none.
        """
        if self.role is Role.RETIRED:
            return State.RETIRED
        if isinstance(self.recipe, OwnSite):
            return State.COUNTED
        connector = registry.CONNECTORS.get(self.network)
        given = connector is not None and self.recipe.given(connector.NETWORK)
        return State.COUNTED if given else State.WAITING

    @property
    def carries_weight(self) -> bool:
        """Return whether it has a part in scores today."""
        return self.role is Role.WEIGHTED and self.state is State.COUNTED

    @property
    def shown_name(self) -> str:
        """Return the name in the language of the page."""
        return self.name.shown

    @property
    def shown_unit(self) -> str:
        """Return the unit in the language of the page."""
        return gettext(self.unit)

    @property
    def shown_sentence(self) -> str:
        """Return the sentence in the language of the page."""
        return self.sentence.shown
