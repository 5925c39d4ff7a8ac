"""Generated accounts of any network, stored through the connectors' own store.

What is generated follows the network's declaration alone: its counts, and the kinds of reaction
that it names, dates and tells as sent. A new connector gets its population without a line here.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from connectors.models import Account
from connectors.store import Target, store
from connectors.types import (
    Actor,
    Direction,
    Interaction,
    Kind,
    Network,
    Post,
    Record,
    Snapshot,
    TextFeatures,
)
from tests.scoring import world

# More is not needed to tell two orders apart: 0.999 lets no two of 24 be exchanged but neighbours.
ACCOUNTS = 24
_WITHOUT_POST = frozenset({Kind.FOLLOW, Kind.MENTION})


class Author:
    """One account with habits of its own, drawn from a seed."""

    def __init__(self, network: Network, number: int, now: datetime) -> None:
        self.network, self.now = network, now
        self.draw = np.random.default_rng([number, *network.id.encode()])
        self.name = f"{network.id}-{number}"
        self.people = [self._actor(n) for n in self.draw.integers(0, 400, 60)]
        # How likely each of them is to act: a few do most.
        weights = self.draw.pareto(1.0, len(self.people)) + 0.1
        self.weights = weights / weights.sum()

    def records(self) -> Iterator[Record]:
        """Yield the account's counts of two days, its posts and what was done, both ways."""
        yield from self._snapshots()
        posts = list(self._posts())
        yield from posts
        abilities = self.network.capabilities
        for kind in sorted(abilities.named):
            yield from self._acts(kind, Direction.RECEIVED, posts)
        for kind in sorted(abilities.sent):
            yield from self._acts(kind, Direction.SENT, posts)

    def _actor(self, number: int) -> Actor:
        who = np.random.default_rng([7, int(number)])
        name = f"p{number}@server{int(who.pareto(1.0) * 3) % 40}.example"
        return Actor(name, name, followers=int(who.lognormal(5, 2)), following=100)

    def _amount(self, middle: float) -> int:
        return int(self.draw.lognormal(np.log(middle), 1.2))

    def _snapshots(self) -> Iterator[Snapshot]:
        today = {name: self._amount(300) + 3 for name in sorted(self.network.snapshot_counts)}
        # A follower count that jumped is not believed at once.
        before = {name: int(value * self.draw.uniform(0.9, 1.0)) for name, value in today.items()}
        last = self.now.date()
        yield Snapshot(last, today)
        yield Snapshot(last - timedelta(days=28), before)

    def _posts(self) -> Iterator[Post]:
        draw = self.draw
        habits = draw.uniform(0.1, 0.9, 6)
        words = draw.lognormal(4, 0.6)
        middles = {name: draw.lognormal(1.5, 1.2) for name in sorted(self.network.post_counts)}
        hours = draw.integers(1, 24)
        for number in range(int(draw.integers(9, 60))):
            day = int(draw.integers(1, 85))
            at = datetime.combine(self.now.date() - timedelta(days=day), time(), UTC)
            counts = {name: int(draw.poisson(middle)) for name, middle in middles.items()}
            if draw.random() < habits[0] / 2:
                counts = dict.fromkeys(counts, 0)
            yield Post(
                f"{self.name}-post-{number}",
                at + timedelta(hours=int(draw.integers(0, hours)), minutes=1),
                features=TextFeatures(
                    hashtags=self._some("tag", habits[1]),
                    mentions=self._some("@friend", habits[2]),
                    link_hosts=self._some("site", habits[3] / 2),
                    language=f"l{int(draw.integers(0, 1 + 9 * habits[4]))}",
                    length=int(draw.poisson(words)),
                ),
                counts=counts,
                reply_to=self.people[0] if draw.random() < habits[5] else None,
            )

    def _some(self, word: str, rate: float) -> tuple[str, ...]:
        some = self.draw.integers(0, 1 + int(40 * rate), self.draw.poisson(2 * rate))
        return tuple(dict.fromkeys(f"{word}{n}.example" for n in some))

    def _acts(self, kind: Kind, direction: Direction, posts: list[Post]) -> Iterator[Interaction]:
        draw = self.draw
        slow = draw.uniform(2, 40)
        reach = draw.integers(3, len(self.people))
        weights = self.weights[:reach] / self.weights[:reach].sum()
        # Where a network tells of one kind alone, all that people do there is of that kind.
        only = len(self.network.capabilities.named) == 1 and direction is Direction.RECEIVED
        for number in range(int(draw.integers(4, 90)) * (3 if only else 1)):
            actor = self.people[int(draw.choice(reach, p=weights))]
            at = self.now - timedelta(days=draw.uniform(0.1, 55))
            post = None
            if kind not in _WITHOUT_POST and direction is Direction.RECEIVED:
                post = posts[int(draw.integers(0, len(posts)))]
                at = min(post.created_at + timedelta(hours=draw.exponential(slow)), self.now)
            dated = kind in self.network.capabilities.dated
            yield Interaction(
                kind,
                direction,
                actor,
                f"{self.name}-{kind.name}-{direction.name}-{number}",
                self.now,
                at if dated else None,
                post.native_id if post else None,
            )


def stored(network: Network, today: date) -> list[Account]:
    """Return linked accounts of the network, each a person's own, whose records are stored."""
    now = datetime.combine(today, time(0, 30), UTC)
    accounts = []
    for number in range(ACCOUNTS):
        author = Author(network, number, now - timedelta(hours=1))
        account = world.account(
            world.person(author.name), synced=today, followers=None, network=network.id
        )
        Account.objects.filter(pk=account.pk).update(status=Account.Status.LINKED)
        store(Target(account.pk, network, True, None, now), list(author.records()))
        accounts.append(account)
    return accounts
