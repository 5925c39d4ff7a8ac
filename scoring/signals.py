"""The catalogue: every kind of thing that is measured, on which network, and what it is for.

The model's inputs, docs/signals.md, the public page and the tests read this one list.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from connectors.types import Kind
from scoring.core.params import CURRENT, Family, Params


class Role(StrEnum):
    """What a signal does in the product."""

    WEIGHTED = "weighted"
    # Seen by the person, without any part in the score.
    SHOWN = "shown"
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
class Signal:
    """One kind of measured thing on one network.

    Attributes
    ----------
    network, measure : str
        The network's id, and the model's input that the signal feeds (or its own word, where it is
        only shown).
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
    sentence : str
        One plain sentence for the public page.
    owner_only : bool
        True where the network tells it to the account's owner only: unknown at a look-up.
    """

    network: str
    measure: str
    name: str
    family: SignalFamily
    unit: str
    received: bool
    named: bool
    role: Role
    source: str
    sentence: str
    owner_only: bool = False

    @property
    def id(self) -> str:
        """Return `network.measure`, unique in the catalogue."""
        return f"{self.network}.{self.measure}"

    @property
    def shown_name(self) -> str:
        """Return the name in the language of the page."""
        return gettext(self.name)

    @property
    def shown_unit(self) -> str:
        """Return the unit in the language of the page."""
        return gettext(self.unit)

    @property
    def shown_sentence(self) -> str:
        """Return the sentence in the language of the page."""
        return gettext(self.sentence)


# Which measure the people of a kind of interaction count in; follows are counted as audience.
KIND_MEASURE: dict[Kind, str] = {
    Kind.LIKE: "likes",
    Kind.RESHARE: "reshares",
    Kind.COMMENT: "comments",
    Kind.QUOTE: "quotes",
    Kind.MENTION: "mentions",
    Kind.SAVE: "likes",
}

_FAMILIES = {
    Family.AUDIENCE: SignalFamily.AUDIENCE,
    Family.STANDING: SignalFamily.STANDING,
    Family.REACTION: SignalFamily.REACTION,
    Family.QUALITY: SignalFamily.QUALITY,
    Family.CONCENTRATION: SignalFamily.CONCENTRATION,
    # Counts without names stand for reactions.
    Family.ANONYMOUS: SignalFamily.REACTION,
}

_UNITS = {
    SignalFamily.AUDIENCE: _("people"),
    SignalFamily.STANDING: _("lists"),
    SignalFamily.REACTION: _("people, decayed"),
    SignalFamily.QUALITY: _("ordinary people, decayed"),
    SignalFamily.CONCENTRATION: _("people-days, decayed"),
    SignalFamily.ACTIVITY: _("a count"),
}


def _weighted(
    network: str, measure: str, name: str, source: str, sentence: str, *, owner_only: bool = False
) -> Signal:
    family = _FAMILIES[next(m.family for m in CURRENT.measures if m.name == measure)]
    named = family in (
        SignalFamily.REACTION,
        SignalFamily.QUALITY,
        SignalFamily.CONCENTRATION,
    )
    return Signal(
        network=network,
        measure=measure,
        name=name,
        family=family,
        unit=_UNITS[family],
        received=True,
        named=named,
        role=Role.WEIGHTED,
        source=source,
        sentence=sentence,
        owner_only=owner_only,
    )


def _shown(network: str, measure: str, name: str, source: str, sentence: str) -> Signal:
    family = SignalFamily.ACTIVITY
    return Signal(
        network, measure, name, family, _UNITS[family], False, False, Role.SHOWN, source, sentence
    )


def _derived(network: str) -> tuple[Signal, ...]:
    """Return the signals that are computed from the named reactions of any network."""
    return (
        _weighted(
            network,
            "quality",
            _("Standing of the people who react"),
            "all reactions with an author",
            _("The same people once more, each weighed by their own standing in eight classes."),
        ),
        _weighted(
            network,
            "top_posts",
            _("Best ten posts"),
            "all reactions to posts with an author",
            _(
                "People a day on the ten posts that drew most, so that reactions on few posts "
                "count more than the same on many."
            ),
        ),
    )


SAMPLE = (
    _weighted(
        "sample",
        "followers",
        _("Followers"),
        "counts.followers",
        _("How many people follow the account."),
    ),
    _weighted(
        "sample",
        "lists",
        _("Lists"),
        "counts.lists",
        _("How many lists others put the account on."),
    ),
    _weighted(
        "sample",
        "likes",
        _("People who like"),
        "reactions of kind like",
        _("Different people who liked a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "sample",
        "reshares",
        _("People who reshare"),
        "reactions of kind reshare",
        _("Different people who passed a post on, each halved every 4.5 days since."),
    ),
    _weighted(
        "sample",
        "comments",
        _("People who comment"),
        "reactions of kind comment",
        _("Different people who answered a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "sample",
        "quotes",
        _("People who quote"),
        "reactions of kind quote",
        _("Different people who quoted a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "sample",
        "mentions",
        _("People who mention"),
        "reactions of kind mention",
        _(
            "Different people who named the account in posts of their own, each halved every "
            "4.5 days since."
        ),
    ),
    *_derived("sample"),
    _shown(
        "sample",
        "following",
        _("Following"),
        "counts.following",
        _("How many the account follows."),
    ),
    _shown("sample", "posts", _("Posts"), "counts.posts", _("How many posts the account wrote.")),
)

MASTODON = (
    _weighted(
        "mastodon",
        "followers",
        _("Followers"),
        "Account.followers_count",
        _("How many people follow the account."),
    ),
    _weighted(
        "mastodon",
        "likes",
        _("People who favourite"),
        "GET /api/v1/statuses/:id/favourited_by; notifications of type favourite",
        _("Different people who favourited a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "mastodon",
        "reshares",
        _("People who boost"),
        "GET /api/v1/statuses/:id/reblogged_by; notifications of type reblog",
        _("Different people who boosted a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "mastodon",
        "comments",
        _("People who reply"),
        "GET /api/v1/statuses/:id/context, descendants",
        _("Different people who replied to a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "mastodon",
        "quotes",
        _("People who quote"),
        "notifications of type quote",
        _("Different people who quoted a post, each halved every 4.5 days since."),
        owner_only=True,
    ),
    _weighted(
        "mastodon",
        "mentions",
        _("People who mention"),
        "notifications of type mention",
        _(
            "Different people who named the account in posts of their own, each halved every "
            "4.5 days since."
        ),
        owner_only=True,
    ),
    *_derived("mastodon"),
    _shown(
        "mastodon",
        "following",
        _("Following"),
        "Account.following_count",
        _("How many the account follows."),
    ),
    _shown(
        "mastodon",
        "posts",
        _("Posts"),
        "Account.statuses_count",
        _("How many posts the account wrote."),
    ),
)

BLUESKY = (
    _weighted(
        "bluesky",
        "followers",
        _("Followers"),
        "app.bsky.actor.getProfile, followersCount",
        _("How many people follow the account."),
    ),
    _weighted(
        "bluesky",
        "likes",
        _("People who like"),
        "app.bsky.feed.getLikes, likes[].actor",
        _("Different people who liked a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "bluesky",
        "reshares",
        _("People who repost"),
        "app.bsky.feed.getRepostedBy, repostedBy[]",
        _("Different people who reposted a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "bluesky",
        "comments",
        _("People who reply"),
        "app.bsky.feed.getPostThread, replies[].post.author",
        _("Different people who replied to a post, each halved every 4.5 days since."),
    ),
    _weighted(
        "bluesky",
        "quotes",
        _("People who quote"),
        "app.bsky.feed.getQuotes, posts[].author",
        _("Different people who quoted a post, each halved every 4.5 days since."),
    ),
    *_derived("bluesky"),
    Signal(
        network="bluesky",
        measure="saves",
        name=_("Bookmarks"),
        family=SignalFamily.REACTION,
        unit=_("a count"),
        received=True,
        named=False,
        role=Role.SHOWN,
        source="app.bsky.feed.defs#postView, bookmarkCount",
        sentence=_("How often posts were bookmarked, without names: it counts nothing yet."),
    ),
    _shown(
        "bluesky",
        "following",
        _("Following"),
        "app.bsky.actor.getProfile, followsCount",
        _("How many the account follows."),
    ),
    _shown(
        "bluesky",
        "posts",
        _("Posts"),
        "app.bsky.actor.getProfile, postsCount",
        _("How many posts the account wrote."),
    ),
)

CATALOGUE: tuple[Signal, ...] = SAMPLE + MASTODON + BLUESKY
BY_ID: dict[str, Signal] = {signal.id: signal for signal in CATALOGUE}


def by_id(signal_id: str) -> Signal:
    """Return a signal of the catalogue; raises KeyError for an unknown id."""
    return BY_ID[signal_id]


def networks() -> tuple[str, ...]:
    """Return the ids of the networks in the catalogue, in its order."""
    return tuple(dict.fromkeys(signal.network for signal in CATALOGUE))


def signals_for(network: str) -> tuple[Signal, ...]:
    """Return the signals of a network, in the order of the catalogue; none for an unknown one."""
    return tuple(signal for signal in CATALOGUE if signal.network == network)


def unknown_measures(network: str, *, is_owner: bool, params: Params = CURRENT) -> frozenset[str]:
    """Return the model's inputs that a network cannot give for an account.

    They are unknown, which is not zero: the model imputes them. Reactions without names are never
    missing: where a network names everybody there are none.
    """
    given = {
        signal.measure
        for signal in signals_for(network)
        if signal.role is Role.WEIGHTED and (is_owner or not signal.owner_only)
    }
    return frozenset(
        measure.name
        for measure in params.measures
        if measure.name not in given and measure.family is not Family.ANONYMOUS
    )
