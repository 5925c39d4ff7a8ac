"""The attacks on people of the sample network: who acts how often, from which day on.

Pure: an attack is given its targets, their posts and the days, and returns deeds that the sample
network is asked to let happen. Every number of an attack is its declared size, with its reason.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.samplenet.population import AUDIENCE_FROM
from scoring.gaming.targets import EMPTY, KNOWN, LEVELS, NEWCOMER, ORDINARY, STRONG, Level, Target

# After a post, when those who are paid for it have come.
SOON = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A post of a target, as its network shows it."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Crowd:
    """New accounts of one kind, known again by their name."""

    name: str
    count: int
    followers: int
    following: int = 0


@dataclass(frozen=True, slots=True)
class Acts:
    """Everybody of a crowd, or some accounts, act once each on a target's post."""

    account: int
    kind: str
    post: str
    at: datetime
    crowd: Crowd | None = None
    actors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Followers:
    """So many followers come on each of some days, with nothing else."""

    account: int
    first: datetime
    a_day: int
    days: int


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A network counts so many saves of a post more, and names nobody."""

    account: int
    post: str
    saves: int
    at: datetime


Deed = Acts | Followers | Unnamed


@dataclass(frozen=True, slots=True)
class Scene:
    """What an attack is played on."""

    targets: Sequence[Target]
    # Of each account the posts from the day of the attack on, oldest first.
    posts: Mapping[int, Sequence[SeenPost]]
    # Who of others reacted to an account, by the day on which they did.
    reacted: Mapping[int, Mapping[datetime, Sequence[int]]]
    first: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack, its size, and what the specification lets it gain.

    `limit` in points of the attacked account with the largest gain; None: no law speaks of it.
    `inclusive`: the limit itself is still allowed.
    """

    word: str
    title: str
    attackers: int
    levels: Sequence[Level]
    play: Callable[[Scene], Iterator[Deed]] | None = None
    limit: float | None = None
    inclusive: bool = False
    # Attacked people of each level, and further accounts that each of them has.
    people: int = 1
    others: int = 0
    # Attackers are the attacked themselves.
    own: bool = False
    note: str = field(default="")


def _on_every_post(crowd: Crowd, kinds: Sequence[str]) -> Callable[[Scene], Iterator[Deed]]:
    """Return a play: the whole crowd acts in each of the ways on every post."""

    def play(scene: Scene) -> Iterator[Deed]:
        for target in scene.targets:
            for post in scene.posts[target.account]:
                for kind in kinds:
                    yield Acts(target.account, kind, post.id, post.at + SOON, crowd)

    return play


def _burst(crowd: Crowd) -> Callable[[Scene], Iterator[Deed]]:
    """Return a play: one post of the first day is reshared by everybody within the hour."""

    def play(scene: Scene) -> Iterator[Deed]:
        for target in scene.targets:
            post = scene.posts[target.account][0]
            yield Acts(target.account, "reshare", post.id, post.at + SOON, crowd)

    return play


def _followers(a_day: int, days: int) -> Callable[[Scene], Iterator[Deed]]:
    def play(scene: Scene) -> Iterator[Deed]:
        for target in scene.targets:
            yield Followers(target.account, scene.first, a_day, min(days, scene.days))

    return play


def _pod(scene: Scene) -> Iterator[Deed]:
    """Let all members like, and half of them comment on, every post of every other member."""
    for level in {target.level.word for target in scene.targets}:
        members = [target.account for target in scene.targets if target.level.word == level]
        for place, member in enumerate(members):
            others = tuple(other for other in members if other != member)
            for number, post in enumerate(scene.posts[member]):
                at = post.at + SOON
                yield Acts(member, "like", post.id, at, actors=others)
                half = others[(place + number) % 2 :: 2]
                yield Acts(member, "comment", post.id, at, actors=half)


def _saving_pod(scene: Scene) -> Iterator[Deed]:
    """Let all members save every post too: the network counts it, and names nobody."""
    yield from _pod(scene)
    for target in scene.targets:
        for post in scene.posts[target.account]:
            yield Unnamed(target.account, post.id, len(scene.targets) - 1, post.at + SOON)


# On so many people the members of a pod act in both runs, every so many posts: without them the
# pod would be all that they do, and the trust of everybody would be measured by the silent.
FRIENDS, FRIENDLY_EVERY = 19, 5


def friendship(posts: Mapping[int, Sequence[SeenPost]], members: Sequence[int]) -> Iterator[Deed]:
    """Let members act on their friends, who answer nobody."""
    for account, seen in posts.items():
        for post in seen[::FRIENDLY_EVERY] if members else ():
            yield Acts(account, "like", post.id, post.at + SOON, actors=tuple(members))


REPLIES_A_DAY = 20


def _reply_bait(scene: Scene) -> Iterator[Deed]:
    """Let as many ordinary strangers as it can provoke answer each day, each of them once."""
    for place, target in enumerate(scene.targets):
        for number, post in enumerate(scene.posts[target.account]):
            first = AUDIENCE_FROM + (place * scene.days + number) * REPLIES_A_DAY
            yield Acts(
                target.account,
                "comment",
                post.id,
                post.at + SOON,
                actors=tuple(range(first, first + REPLIES_A_DAY)),
            )


def _mirrors(scene: Scene) -> Iterator[Deed]:
    """Let everybody who reacts to the first account react to all, and these to one another."""
    for target in scene.targets:
        for account in target.accounts:
            others = tuple(other for other in target.accounts if other != account)
            for post in scene.posts[account]:
                at = post.at + SOON
                yield Acts(account, "like", post.id, at, actors=others)
                day = post.at.replace(hour=0, minute=0, second=0, microsecond=0)
                fans = tuple(scene.reacted.get(target.account, {}).get(day, ()))
                if account != target.account and fans:
                    yield Acts(account, "like", post.id, at, actors=fans)


UNNAMED_SAVES = 10_000


def _unnamed(scene: Scene) -> Iterator[Deed]:
    for target in scene.targets:
        for post in scene.posts[target.account]:
            yield Unnamed(target.account, post.id, UNNAMED_SAVES, post.at + SOON)


# Law 12 speaks of a thousand accounts without an audience.
_NOBODIES = Crowd("nobody", 1_000, 0, 1_500)
# Fifty accounts of one person that all follow one another.
_PUPPETS = Crowd("puppet", 49, 48, 49)
# What sellers of reshares offer: new accounts, and dearer ones that were kept for a while.
_CHEAP = Crowd("cheap", 500, 10, 900)
_DEAR = Crowd("dear", 500, 100, 900)
POD = 20
MIRRORS = 9
# Everybody has given to all others in two days (five a day), and again each week.
TRADERS = 11

EMPTY_ACCOUNTS = Attack(
    "empty_accounts",
    "empty accounts like and reshare every post",
    _NOBODIES.count,
    LEVELS,
    _on_every_post(_NOBODIES, ("like", "reshare")),
    limit=1.0,
)
BOUGHT_FOLLOWERS = Attack(
    "bought_followers", "8,000 followers bought on a day", 8_000, LEVELS, _followers(8_000, 1)
)
POD_OF_TWENTY = Attack(
    "pod",
    "a pod: all like and comment on all",
    POD,
    (NEWCOMER, ORDINARY, KNOWN),
    _pod,
    # Law 12, which speaks of reactions with names.
    limit=2.0,
    people=POD,
    own=True,
)
SAVING_POD = Attack(
    "saving_pod",
    "a pod that saves every post as well, without names",
    POD,
    (ORDINARY,),
    _saving_pod,
    people=POD,
    own=True,
)
PLUS_K_RING = Attack(
    "plus_k_ring",
    "a ring that trades +K: each gives it to all others, again and again",
    TRADERS,
    (NEWCOMER, KNOWN),
    # +K adds less than that to anybody.
    limit=2.0,
    people=TRADERS,
    own=True,
)
FOLLOW_BACK = Attack(
    "follow_back",
    "a follow-back bot: 100 follow back a day, and no more",
    1,
    (EMPTY, NEWCOMER, KNOWN),
    _followers(100, 28),
    own=True,
)
REPLY_BAIT = Attack(
    "reply_bait",
    f"a reply-bait bot: {REPLIES_A_DAY} ordinary strangers answer a day, once each",
    1,
    (EMPTY, NEWCOMER, KNOWN),
    _reply_bait,
    own=True,
)
PUPPETS = Attack(
    "puppets",
    "one person's 49 other accounts, which follow one another, like and comment",
    1,
    LEVELS,
    _on_every_post(_PUPPETS, ("like", "comment")),
)
MANY_ACCOUNTS = Attack(
    "many_accounts",
    f"one person links {MIRRORS} more accounts; the same people react to all",
    1,
    (NEWCOMER, KNOWN, STRONG),
    _mirrors,
    others=MIRRORS,
    own=True,
)
BURST_CHEAP = Attack(
    "burst_cheap", "500 reshares bought, by accounts of 10 followers", 500, LEVELS, _burst(_CHEAP)
)
BURST_DEAR = Attack(
    "burst_dear", "500 reshares bought, by accounts of 100 followers", 500, LEVELS, _burst(_DEAR)
)
WITHOUT_NAMES = Attack(
    "without_names",
    f"{UNNAMED_SAVES:,} reactions without a name bought for every post",
    1,
    LEVELS,
    _unnamed,
    limit=5.0,
    inclusive=True,
)
ARCHIVE = Attack(
    "archive",
    "a forged archive: 10,000 famous people reacted",
    1,
    LEVELS,
    limit=0.0,
    inclusive=True,
    own=True,
)

ATTACKS = (
    EMPTY_ACCOUNTS,
    BOUGHT_FOLLOWERS,
    POD_OF_TWENTY,
    SAVING_POD,
    PLUS_K_RING,
    FOLLOW_BACK,
    REPLY_BAIT,
    PUPPETS,
    MANY_ACCOUNTS,
    BURST_CHEAP,
    BURST_DEAR,
    WITHOUT_NAMES,
    ARCHIVE,
)


def placed(attacks: Sequence[Attack], last_account: int, *, quick: bool) -> list[Target]:
    """Return the targets: accounts of their own for each attack, down from the last account.

    Quick: of each attack the lowest and the highest level only, of groups the highest, and two
    further accounts.
    """
    targets = []
    free = last_account
    for attack in attacks:
        levels = attack.levels
        if quick:
            levels = levels[-1:] if attack.people > 1 else (levels[0], levels[-1])
        others = min(attack.others, 2) if quick else attack.others
        for level in levels:
            for _ in range(attack.people):
                extra = tuple(range(free - others, free))
                targets.append(Target(attack.word, level, free, extra))
                free -= 1 + others
    return targets
