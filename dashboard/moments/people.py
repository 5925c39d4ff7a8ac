"""People worth an answer, and people reached out to, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from connectors.types import Kind
from dashboard.catalogue import network_name
from scoring.insights.answers import Talk
from scoring.reactors import ReactorRow

_DID: dict[Kind, Promise] = {
    Kind.COMMENT: gettext_lazy("commented"),
    Kind.QUOTE: gettext_lazy("quoted you"),
    Kind.MENTION: gettext_lazy("mentioned you"),
}


@dataclass(frozen=True, slots=True)
class TalkLine:
    """Somebody of the lists."""

    who: ReactorRow
    network_name: str
    # "commented"; "" where it says nothing.
    did: str
    day: date
    acts: int
    post_url: str
    answered: bool


def talk_lines(talks: Sequence[Talk]) -> list[TalkLine]:
    """Return the people in words, in their order."""
    return [
        TalkLine(
            who=talk.who,
            network_name=network_name(talk.who.network),
            did=str(_DID[Kind(talk.kind)]) if talk.kind else "",
            day=talk.day,
            acts=talk.acts,
            post_url=talk.post_url,
            answered=talk.answered,
        )
        for talk in talks
    ]
