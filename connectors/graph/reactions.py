"""Who acted, as Meta's networks tell it: each once in a fetch, and nobody on their own account."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from connectors.types import Actor, Direction, Interaction, Kind


@dataclass(slots=True)
class Reactions:
    """The reactions of one fetch."""

    # The native ids under which the account itself would be told as who acted.
    own: frozenset[str]
    now: datetime
    told: set[str] = field(default_factory=set)

    def received(
        self, kind: Kind, actor: Actor | None, native_id: str, at: datetime, post_id: str | None
    ) -> Iterator[Interaction]:
        """Yield the reaction, if it is told for the first time and by somebody who is named."""
        name = f"{kind.name.lower()}:{native_id}"
        if actor is None or actor.native_id in self.own or name in self.told:
            return
        self.told.add(name)
        yield Interaction(
            kind=kind,
            direction=Direction.RECEIVED,
            actor=actor,
            native_id=name,
            seen_at=self.now,
            happened_at=min(at, self.now),
            post_native_id=post_id,
        )
