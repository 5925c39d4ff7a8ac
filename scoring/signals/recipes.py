"""How each signal is measured from stored rows, and what a connector must give for it.

A recipe is a value: two rows of the catalogue with equal recipes on one network would measure the
same thing, and a test refuses that. scoring.measuring computes recipes.
"""

from dataclasses import dataclass
from enum import StrEnum

from connectors.types import Kind, Network


class How(StrEnum):
    """What is made of a count that every post has."""

    # All posts of the window together.
    SUM = "sum"
    # The middle post (median).
    TYPICAL = "typical"
    # The post that has most.
    BEST = "best"


class Writing(StrEnum):
    """What is read from the posts themselves, over the posts of the window."""

    POSTS_PER_WEEK = "posts_per_week"
    ACTIVE_DAYS = "active_days"
    LONGEST_PAUSE = "longest_pause"
    HOURS = "hours"
    WEEKEND_SHARE = "weekend_share"
    LENGTH = "length"
    REPLY_SHARE = "reply_share"
    LINK_SHARE = "link_share"
    LINK_SITES = "link_sites"
    HASHTAGS_PER_POST = "hashtags_per_post"
    HASHTAGS = "hashtags"
    MENTIONS_PER_POST = "mentions_per_post"
    LANGUAGES = "languages"
    # Of posts that have counts of reactions.
    UNANSWERED_SHARE = "unanswered_share"


class Response(StrEnum):
    """What is read from reactions whose author the network names, over their window."""

    PEOPLE = "people"
    REACTIONS = "reactions"
    RETURNING = "returning"
    NEW = "new"
    SEVERAL_WAYS = "several_ways"
    DAYS = "days"
    BUSIEST_DAY = "busiest_day"
    TOP_TEN_SHARE = "top_ten_share"
    # Needs dates of the network.
    FIRST_DAY_SHARE = "first_day_share"
    # Needs the reactors' audiences.
    AUDIENCE_TYPICAL = "audience_typical"
    AUDIENCE_LARGE = "audience_large"
    # Federated networks.
    SERVERS = "servers"
    # Needs what the account itself did.
    MUTUAL = "mutual"


# The counts of a post that are reactions; views, plays and clicks are not.
REACTIONS = ("likes", "reshares", "comments", "quotes")


# Which measure the people of a kind of interaction count in; follows are counted as audience.
KIND_MEASURE: dict[Kind, str] = {
    Kind.LIKE: "likes",
    Kind.RESHARE: "reshares",
    Kind.COMMENT: "comments",
    Kind.QUOTE: "quotes",
    Kind.MENTION: "mentions",
    Kind.SAVE: "likes",
}


@dataclass(frozen=True, slots=True)
class ModelInput:
    """An input of the model, as the explanation of a score tells it."""

    measure: str

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        if self.measure in ("followers", "lists"):
            return self.measure in network.snapshot_counts
        if self.measure == "anonymous":
            return bool(network.capabilities.anonymous)
        named = network.capabilities.named if network.policy.may_store_reactors else frozenset()
        kinds = {kind for kind, measure in KIND_MEASURE.items() if measure == self.measure}
        # The standing of people, and the best posts, need people of any kind.
        return bool(named & kinds) if kinds else bool(named)


@dataclass(frozen=True, slots=True)
class Level:
    """A count of the account as the network told it last."""

    count: str

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        return self.count in network.snapshot_counts


@dataclass(frozen=True, slots=True)
class Gained:
    """By how much a count of the account grew over the window; below 0 where it shrank."""

    count: str

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        return self.count in network.snapshot_counts


@dataclass(frozen=True, slots=True)
class Ratio:
    """One count of the account by another."""

    above: str
    below: str

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        return {self.above, self.below} <= network.snapshot_counts


@dataclass(frozen=True, slots=True)
class PostCount:
    """A count that posts have, over the posts of the window."""

    count: str
    how: How

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        return self.count in network.post_counts


@dataclass(frozen=True, slots=True)
class PostRatio:
    """One count that posts have by another, both summed over the posts of the window."""

    above: str
    below: str

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        return {self.above, self.below} <= network.post_counts


@dataclass(frozen=True, slots=True)
class Engagement:
    """All reactions of the middle post, or for each 1,000 followers."""

    per_follower: bool

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        told = not network.post_counts.isdisjoint(REACTIONS)
        return told and (not self.per_follower or "followers" in network.snapshot_counts)


@dataclass(frozen=True, slots=True)
class Written:
    """Something about the posts themselves."""

    what: Writing

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        if self.what is Writing.UNANSWERED_SHARE and network.post_counts.isdisjoint(REACTIONS):
            return False
        return network.capabilities.posts


@dataclass(frozen=True, slots=True)
class Responses:
    """Something about the people who reacted."""

    what: Response

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        abilities = network.capabilities
        if not abilities.named or not network.policy.may_store_reactors:
            return False
        if self.what is Response.FIRST_DAY_SHARE:
            return bool(abilities.dated & abilities.named - {Kind.FOLLOW, Kind.MENTION})
        if self.what is Response.MUTUAL:
            return bool(abilities.sent)
        return self.what is not Response.SERVERS or network.federated


@dataclass(frozen=True, slots=True)
class PeopleOf:
    """Different people of one kind, over the window: received, or acted on by the account."""

    kind: Kind
    sent: bool = False

    def given(self, network: Network) -> bool:
        """Return whether the network's connector gives what is needed."""
        if not network.policy.may_store_reactors:
            return False
        abilities = network.capabilities
        return self.kind in (abilities.sent if self.sent else abilities.named)


@dataclass(frozen=True, slots=True)
class OwnSite:
    """What people do on this site itself, as the explanation of a score tells it."""

    what: str

    def given(self, network: Network) -> bool:
        """Return False: it is of no network."""
        return False


Recipe = (
    ModelInput
    | OwnSite
    | Level
    | Gained
    | Ratio
    | PostCount
    | PostRatio
    | Engagement
    | Written
    | Responses
    | PeopleOf
)
