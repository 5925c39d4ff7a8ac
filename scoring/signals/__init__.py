"""The catalogue: every kind of thing that is measured, on which network, and what it is for.

The model's inputs, docs/signals.md, the public page, the page of one's own values and the tests
read this one list. A row of a network without a connector is declared and nothing more: it is
neither weighed nor imputed until its connector is registered and gives what its recipe needs.
"""

from scoring.core.params import CURRENT, Family, Params
from scoring.signals.answers import HACKERNEWS, REDDIT, STACKEXCHANGE, WIKIPEDIA
from scoring.signals.boards import FOURSQUARE, PINTEREST, TUMBLR
from scoring.signals.definition import Role, Signal, SignalFamily, State, Words
from scoring.signals.gone import BING, GOOGLEPLUS, KLOUT
from scoring.signals.meta import FACEBOOK, INSTAGRAM, THREADS
from scoring.signals.names import network_name
from scoring.signals.open_networks import BLUESKY, MASTODON, SAMPLE
from scoring.signals.recipes import KIND_MEASURE, ModelInput
from scoring.signals.video import TIKTOK, TWITCH, YOUTUBE
from scoring.signals.work import GITHUB, LINKEDIN, YAMMER
from scoring.signals.x import X

__all__ = [
    "BY_ID",
    "CATALOGUE",
    "KIND_MEASURE",
    "Role",
    "Signal",
    "SignalFamily",
    "State",
    "Words",
    "by_id",
    "carries_weight",
    "counted",
    "network_name",
    "networks",
    "signals_for",
    "unknown_measures",
]

CATALOGUE: tuple[Signal, ...] = (
    *SAMPLE,
    *MASTODON,
    *BLUESKY,
    *X,
    *FACEBOOK,
    *INSTAGRAM,
    *THREADS,
    *LINKEDIN,
    *YOUTUBE,
    *TIKTOK,
    *TWITCH,
    *GITHUB,
    *REDDIT,
    *STACKEXCHANGE,
    *HACKERNEWS,
    *WIKIPEDIA,
    *PINTEREST,
    *TUMBLR,
    *FOURSQUARE,
    *YAMMER,
    *KLOUT,
    *GOOGLEPLUS,
    *BING,
)
BY_ID: dict[str, Signal] = {signal.id: signal for signal in CATALOGUE}
_BY_NETWORK: dict[str, tuple[Signal, ...]] = {
    network: tuple(signal for signal in CATALOGUE if signal.network == network)
    for network in dict.fromkeys(signal.network for signal in CATALOGUE)
}


def by_id(signal_id: str) -> Signal:
    """Return a signal of the catalogue; raises KeyError for an unknown id."""
    return BY_ID[signal_id]


def networks() -> tuple[str, ...]:
    """Return the ids of the networks in the catalogue, in its order."""
    return tuple(_BY_NETWORK)


def signals_for(network: str) -> tuple[Signal, ...]:
    """Return the signals of a network, in the order of the catalogue; none for an unknown one."""
    return _BY_NETWORK.get(network, ())


def counted() -> tuple[Signal, ...]:
    """Return the signals that are measured today."""
    return tuple(signal for signal in CATALOGUE if signal.state is State.COUNTED)


def carries_weight() -> tuple[Signal, ...]:
    """Return the signals that have a part in scores today."""
    return tuple(signal for signal in CATALOGUE if signal.carries_weight)


def unknown_measures(network: str, *, is_owner: bool, params: Params = CURRENT) -> frozenset[str]:
    """Return the model's inputs that a network cannot give for an account.

    They are unknown, which is not zero: the model imputes them. Reactions without names are never
    missing: where a network names everybody there are none. Of a network without a connector
    nothing is known and nothing is imputed.
    """
    given = {
        signal.measure
        for signal in signals_for(network)
        if isinstance(signal.recipe, ModelInput)
        and signal.carries_weight
        and (is_owner or not signal.owner_only)
    }
    if not given:
        return frozenset()
    return frozenset(
        measure.name
        for measure in params.measures
        if measure.name not in given and measure.family is not Family.ANONYMOUS
    )
