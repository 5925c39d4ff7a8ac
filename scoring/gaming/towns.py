"""The servers of an invented fediverse: honest towns, and a lone server that claims what it likes.

Pure: what each server says, with and without the attacks; scoring.gaming.fediverse serves it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any

# Names that a server lists of those who favourited a post, as the connector asks for at most.
NAMED_A_POST = 400


@dataclass(frozen=True, slots=True)
class Group:
    """People of a server who acted: "name12@server" for the numbers first … first + count − 1."""

    name: str
    # Place of their server among the servers of the world.
    server: int
    first: int
    count: int
    followers: int


@dataclass(frozen=True, slots=True)
class TownPost:
    """A public post, and who favourited and boosted it."""

    at: str
    liked_by: tuple[Group, ...] = ()
    boosted_by: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Citizen:
    """An account and what its server says of it."""

    name: str
    server: int
    followers: int
    posts: tuple[TownPost, ...] = ()

    @property
    def key(self) -> str:
        """Return what the account is known by in a measurement."""
        return f"{self.name}@{self.server}"


@dataclass(frozen=True, slots=True)
class Lone:
    """An attacked person of the fediverse: accounts that are linked to the first one's person."""

    attack: str
    level: str
    account: Citizen
    linked: tuple[Citizen, ...] = ()


@dataclass(frozen=True, slots=True)
class Fediverse:
    """All servers of a run: who is where, and who is whose."""

    people: tuple[Lone, ...] = ()
    others: tuple[Citizen, ...] = ()

    def citizens(self) -> list[Citizen]:
        """Return everybody who has an account."""
        accounts = [c for lone in self.people for c in (lone.account, *lone.linked)]
        return [*accounts, *self.others]

    def told(self) -> list[dict[str, Any]]:
        """Return what the servers are started with, as JSON."""
        return [asdict(citizen) for citizen in self.citizens()]


# Places of the servers: the town whose people are attacked and others as well known, then those
# that nobody knows.
TOWN, FIRST_FRIEND, FRIENDLY_SERVERS = 0, 1, 5
HONEST = range(FIRST_FRIEND + FRIENDLY_SERVERS)
# Each attacked person has lone servers of their own, since a server's accounts share its worth.
FIRST_LONE = 6
# Followers, and people of the friendly servers who favourite each post, for the levels of
# scoring.gaming.targets; a fediverse server tells no lists.
TOWN_LEVELS = (("newcomer", 30, 2), ("known", 4_000, 30), ("strong", 150_000, 300))
CLAIMED_FOLLOWERS = 10_000_000
# What anybody may be worth on a server that nobody knows: an ordinary account.
NEUTRAL_FOLLOWERS = 100
FAVOURITERS = 10_000
CLAIMED_OF_FAVOURITERS = 1_000_000
OWN_SERVERS = 5

LONE_SERVER = "lone_server"
LONE_ACCOUNT = "lone_account"
LONE_FANS = "lone_fans"
MANY_SERVERS = "many_servers"


def _days(first: datetime, days: int) -> list[str]:
    return [(first + timedelta(days=n, hours=9)).isoformat() for n in range(days)]


def _honest(name: str, followers: int, fans: int, at: Sequence[str]) -> Citizen:
    """Return somebody of the town, on whose posts ordinary people of other servers act."""
    posts = []
    for number, when in enumerate(at):
        share, left = divmod(fans, FRIENDLY_SERVERS)
        groups = tuple(
            Group(
                f"{name}fan",
                FIRST_FRIEND + place,
                # A third of them comes back with every post.
                number * count * 2 // 3,
                count,
                120,
            )
            for place in range(FRIENDLY_SERVERS)
            for count in (share + (place < left),)
            if count
        )
        posts.append(TownPost(when, groups))
    return Citizen(name, TOWN, followers, tuple(posts))


def _told(name: str, server: int, at: Sequence[str], followers: int) -> Citizen:
    """Return an account of a lone server with so many followers, and nobody who reacts."""
    return Citizen(name, server, followers, tuple(TownPost(when) for when in at))


def _claimed(name: str, server: int, at: Sequence[str], *, attacked: bool) -> Citizen:
    """Return the account that a lone server makes famous; without the attack an ordinary one."""
    if not attacked:
        return _told(name, server, at, NEUTRAL_FOLLOWERS)
    return Citizen(name, server, CLAIMED_FOLLOWERS, tuple(_favourited(server, at)))


def _favourited(server: int, at: Sequence[str]) -> list[TownPost]:
    """Return posts that 10,000 different accounts favourited in all, by their server's word."""
    posts = []
    for number, when in enumerate(at):
        first = number * NAMED_A_POST % FAVOURITERS
        fans = Group("star", server, first, NAMED_A_POST, CLAIMED_OF_FAVOURITERS)
        posts.append(TownPost(when, (fans,)))
    return posts


def fediverse(
    first: datetime,
    days: int,
    attack_from: int,
    *,
    attacked: bool,
    levels: Sequence[tuple[str, int, int]] = TOWN_LEVELS,
) -> Fediverse:
    """Return the servers of a run of so many days, in which the attack begins on a day."""
    every = _days(first, days)
    before, after = every[:attack_from], every[attack_from:]
    lone = count(FIRST_LONE)
    people = _of_lone_server(every, after, lone, levels, attacked=attacked)
    for word, followers, fans in levels:
        victim = _honest(f"fan{word}", followers, fans, every)
        if attacked:
            added = _favourited(next(lone), after)
            posts = (
                *victim.posts[: len(before)],
                *(
                    TownPost(own.at, (*own.liked_by, *more.liked_by))
                    for own, more in zip(victim.posts[len(before) :], added, strict=True)
                ),
            )
            victim = Citizen(victim.name, victim.server, victim.followers, posts)
        people.append(Lone(LONE_FANS, word, victim))
    people += _of_many_servers(every, count(FIRST_LONE + 20), levels, attacked=attacked)
    bystanders = tuple(_honest(f"by{n}", 60 * (n + 1), 3 * n, every) for n in range(6))
    return Fediverse(tuple(people), bystanders)


def _of_lone_server(
    every: Sequence[str],
    after: Sequence[str],
    lone: Iterator[int],
    levels: Sequence[tuple[str, int, int]],
    *,
    attacked: bool,
) -> list[Lone]:
    """Return people with an account of a lone server: alone, or linked by somebody of the town.

    For each level one whose account its server makes famous, and one whose account is an ordinary
    one instead of an empty one: what such a server is allowed to be worth.
    """
    found = []
    for attack in (LONE_SERVER, LONE_ACCOUNT):

        def added(name: str, attack: str = attack) -> Citizen:
            server = next(lone)
            if attack == LONE_SERVER:
                return _claimed(f"emperor{name}", server, after, attacked=attacked)
            return _told(f"plain{name}", server, after, NEUTRAL_FOLLOWERS if attacked else 0)

        found.append(Lone(attack, "empty", added("")))
        for word, followers, fans in levels:
            person = _honest(f"{attack}{word}", followers, fans, every)
            found.append(Lone(attack, word, person, (added(word),)))
    return found


def _of_many_servers(
    every: Sequence[str],
    servers: Iterator[int],
    levels: Sequence[tuple[str, int, int]],
    *,
    attacked: bool,
) -> list[Lone]:
    """Return people who open an account on five servers of their own, each as large as theirs."""
    found = []
    for word, followers, fans in levels:
        linked = []
        for server in islice(servers, OWN_SERVERS):
            own = Group("own", server, 0, min(fans, NAMED_A_POST), 120)
            posts = tuple(TownPost(when, (own,) if attacked else ()) for when in every)
            linked.append(Citizen(f"many{word}", server, followers if attacked else 0, posts))
        main = _honest(f"many{word}", followers, fans, every)
        found.append(Lone(MANY_SERVERS, word, main, tuple(linked)))
    return found


# What each is called in the table, how many act, and what the specification lets it gain.
TITLES: dict[str, tuple[str, int, float | None]] = {
    LONE_SERVER: (
        f"a lone server claims 10 million followers (not {NEUTRAL_FOLLOWERS}), 10,000 fans",
        1,
        1.0,
    ),
    LONE_ACCOUNT: (
        f"an account of {NEUTRAL_FOLLOWERS} followers on a lone server, instead of an empty one",
        1,
        None,
    ),
    LONE_FANS: ("a lone server's 10,000 favouriters act on somebody elsewhere", 1, 1.0),
    MANY_SERVERS: (f"one person opens an account on {OWN_SERVERS} servers of their own", 1, None),
}
