"""The shared vocabulary: what can be measured on any network, with its words, unit and recipe.

A network's module says which of these it tells and in which field; it brings words of its own
only where the network calls the thing differently.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from connectors.types import Kind
from scoring.signals.definition import Role, Signal, SignalFamily, Words
from scoring.signals.levels import COUNT, LEVELS, PEOPLE
from scoring.signals.people import RESPONSES, SENT
from scoring.signals.recipes import (
    Engagement,
    Gained,
    How,
    Level,
    ModelInput,
    OwnSite,
    PeopleOf,
    PostCount,
    PostRatio,
    Ratio,
    Recipe,
    Responses,
    Written,
)
from scoring.signals.things import OF_POSTS
from scoring.signals.writing import WRITING

_AUDIENCE, _STANDING = SignalFamily.AUDIENCE, SignalFamily.STANDING
_REACTION, _ACTIVITY = SignalFamily.REACTION, SignalFamily.ACTIVITY
_DECAYED = _("people, decayed")
PER_CENT = _("per cent")


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure before it is a network's."""

    name: Words
    sentence: Words
    family: SignalFamily
    unit: str
    recipe: Recipe
    received: bool = True
    named: bool = False
    weighted: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as a network tells it."""

    measure: str
    entry: Entry
    source: str
    owner_only: bool = False

    def on(self, network: str, *, retired: bool) -> Signal:
        """Return the signal of that network."""
        entry = self.entry
        role = Role.WEIGHTED if entry.weighted else Role.SHOWN
        return Signal(
            network=network,
            measure=self.measure,
            name=entry.name,
            family=entry.family,
            unit=entry.unit,
            received=entry.received,
            named=entry.named,
            role=Role.RETIRED if retired else role,
            source=self.source,
            sentence=entry.sentence,
            recipe=entry.recipe,
            owner_only=self.owner_only,
        )


def network(name: str, *rows: Row, retired: bool = False) -> tuple[Signal, ...]:
    """Return the signals of a network."""
    return tuple(row.on(name, retired=retired) for row in rows)


def of(
    measure: str, source: str, name: str = "", sentence: str = "", *, owner_only: bool = False
) -> Row:
    """Return what a network tells of a measure, in the field `source`; in own words where given.

    Raises KeyError for a measure that is not in the vocabulary.
    """
    entry = ENTRIES[measure]
    if name or sentence:
        entry = Entry(
            Words(name) if name else entry.name,
            Words(sentence) if sentence else entry.sentence,
            entry.family,
            entry.unit,
            entry.recipe,
            entry.received,
            entry.named,
            entry.weighted,
        )
    return Row(measure, entry, source, owner_only)


def each(source: str, *measures: str, owner_only: bool = False) -> tuple[Row, ...]:
    """Return measures that all come from one field."""
    return tuple(of(measure, source, owner_only=owner_only) for measure in measures)


def per_post(source: str, *counts: str, owner_only: bool = False) -> tuple[Row, ...]:
    """Return the two measures of each count that posts have: a typical post's and the best one's.

    `{}` in the source stands where the counts' own field names differ from each other; it is
    replaced by what follows a count after "=".
    """
    rows = []
    for text in counts:
        count, _equals, field = text.partition("=")
        said = source.format(field or count)
        rows += [
            of(f"{count}_{how}", said, owner_only=owner_only) for how in (How.TYPICAL, How.BEST)
        ]
    return tuple(rows)


def totals(source: str, *counts: str, owner_only: bool = False) -> tuple[Row, ...]:
    """Return counts of all posts together; `source` as in per_post."""
    rows = []
    for text in counts:
        count, _equals, field = text.partition("=")
        rows.append(Row(count, _total(count), source.format(field or count), owner_only=owner_only))
    return tuple(rows)


def _weighted(
    measure: str, name: str, sentence: str, family: SignalFamily, unit: str, *, named: bool
) -> Entry:
    return Entry(
        Words(name),
        Words(sentence),
        family,
        unit,
        ModelInput(measure),
        named=named,
        weighted=True,
    )


WEIGHTED: dict[str, Entry] = {
    "followers": _weighted(
        "followers",
        _("Followers"),
        _("How many people follow the account."),
        _AUDIENCE,
        PEOPLE,
        named=False,
    ),
    "lists": _weighted(
        "lists",
        _("Lists"),
        _("How many lists others put the account on."),
        _STANDING,
        _("lists"),
        named=False,
    ),
    "likes": _weighted(
        "likes",
        _("People who like"),
        _("Different people who liked a post, each halved every 4.5 days since."),
        _REACTION,
        _DECAYED,
        named=True,
    ),
    "reshares": _weighted(
        "reshares",
        _("People who reshare"),
        _("Different people who passed a post on, each halved every 4.5 days since."),
        _REACTION,
        _DECAYED,
        named=True,
    ),
    "comments": _weighted(
        "comments",
        _("People who comment"),
        _("Different people who answered a post, each halved every 4.5 days since."),
        _REACTION,
        _DECAYED,
        named=True,
    ),
    "quotes": _weighted(
        "quotes",
        _("People who quote"),
        _("Different people who quoted a post, each halved every 4.5 days since."),
        _REACTION,
        _DECAYED,
        named=True,
    ),
    "mentions": _weighted(
        "mentions",
        _("People who mention"),
        _(
            "Different people who named the account in posts of their own, each halved every "
            "4.5 days since."
        ),
        _REACTION,
        _DECAYED,
        named=True,
    ),
    "quality": _weighted(
        "quality",
        _("Standing of the people who react"),
        _("The same people once more, each weighed by their own standing in eight classes."),
        SignalFamily.QUALITY,
        _("ordinary people, decayed"),
        named=True,
    ),
    "top_posts": _weighted(
        "top_posts",
        _("Best ten posts"),
        _(
            "People a day on the ten posts that drew most, so that reactions on few posts "
            "count more than the same on many."
        ),
        SignalFamily.CONCENTRATION,
        _("people-days, decayed"),
        named=True,
    ),
    "plus_k": Entry(
        Words(_("+K received")),
        Words(
            _(
                "People who gave credit for a topic, each once, weighed by their own standing and "
                "fading over 90 days."
            )
        ),
        _STANDING,
        _("ordinary people, decayed"),
        OwnSite("plus_k"),
        named=True,
        weighted=True,
    ),
    "anonymous": _weighted(
        "anonymous",
        _("People behind counts without names"),
        _(
            "How many people stand behind counts whose authors the network keeps to itself, "
            "estimated and limited."
        ),
        _REACTION,
        _DECAYED,
        named=False,
    ),
}


def _total(count: str) -> Entry:
    return Entry(
        Words(OF_POSTS[count]),
        Words(_("All posts of the last 90 days together, a count without names.")),
        _REACTION,
        COUNT,
        PostCount(count, How.SUM),
    )


def _counts() -> Iterator[tuple[str, Entry]]:
    """Yield a typical and a best post for each count that posts have."""
    for count, thing in OF_POSTS.items():
        yield (
            f"{count}_typical",
            Entry(
                Words(_("%(thing)s, typical post"), thing),
                Words(_("Half of the posts of the last 90 days have at least so many.")),
                _REACTION,
                COUNT,
                PostCount(count, How.TYPICAL),
            ),
        )
        yield (
            f"{count}_best",
            Entry(
                Words(_("%(thing)s, best post"), thing),
                Words(_("The most that a single post of the last 90 days has.")),
                _REACTION,
                COUNT,
                PostCount(count, How.BEST),
            ),
        )


def _levels() -> Iterator[tuple[str, Entry]]:
    for count, told in LEVELS.items():
        yield (
            count,
            Entry(
                Words(told.name),
                Words(told.sentence),
                told.family,
                told.unit,
                Level(count),
                received=told.family is not _ACTIVITY,
            ),
        )


DERIVED: dict[str, Entry] = {
    "followers_gained": Entry(
        Words(_("Followers gained")),
        Words(_("By how many the followers grew within 28 days.")),
        _AUDIENCE,
        PEOPLE,
        Gained("followers"),
    ),
    "followers_ratio": Entry(
        Words(_("Followers by followed")),
        Words(_("How many follow the account for each one that it follows.")),
        _AUDIENCE,
        _("times"),
        Ratio("followers", "following"),
    ),
    "lists_ratio": Entry(
        Words(_("Lists by followers")),
        Words(_("How many lists hold the account for each follower.")),
        _STANDING,
        _("times"),
        Ratio("lists", "followers"),
    ),
    "inlink_ratio": Entry(
        Words(_("Links in by links out")),
        Words(_("How many articles link here for each that is linked to.")),
        _STANDING,
        _("times"),
        Ratio("inlinks", "outlinks"),
    ),
    "discussion": Entry(
        Words(_("Comments by likes")),
        Words(_("How many comments the posts of 90 days drew for each like.")),
        _REACTION,
        _("times"),
        PostRatio("comments", "likes"),
    ),
    "spread": Entry(
        Words(_("Reshares by likes")),
        Words(_("How many reshares the posts of 90 days drew for each like.")),
        _REACTION,
        _("times"),
        PostRatio("reshares", "likes"),
    ),
    "like_rate": Entry(
        Words(_("Likes by views")),
        Words(_("How many likes the posts of 90 days drew for each view.")),
        _REACTION,
        _("times"),
        PostRatio("likes", "views"),
    ),
    "reactions_typical": Entry(
        Words(_("All reactions, typical post")),
        Words(_("Half of the posts of the last 90 days have at least so many.")),
        _REACTION,
        COUNT,
        Engagement(per_follower=False),
    ),
    "engagement": Entry(
        Words(_("Reactions by followers")),
        Words(_("Reactions of a typical post for each 1,000 followers.")),
        _REACTION,
        COUNT,
        Engagement(per_follower=True),
    ),
    "new_follows": Entry(
        Words(_("People who began to follow")),
        Words(_("Different people of the last 28 days, by name.")),
        _AUDIENCE,
        PEOPLE,
        PeopleOf(Kind.FOLLOW),
        named=True,
    ),
    **{
        what.value: Entry(
            Words(said.name),
            Words(said.sentence),
            _ACTIVITY,
            said.unit,
            Written(what),
            received=False,
        )
        for what, said in WRITING.items()
    },
    **{
        f"responses_{what.value}": Entry(
            Words(said.name),
            Words(said.sentence),
            _REACTION,
            said.unit,
            Responses(what),
            named=True,
        )
        for what, said in RESPONSES.items()
    },
    **{
        f"sent_{kind.name.lower()}s": Entry(
            Words(said.name),
            Words(said.sentence),
            _ACTIVITY,
            said.unit,
            PeopleOf(kind, sent=True),
            received=False,
        )
        for kind, said in SENT.items()
    },
}
ENTRIES: dict[str, Entry] = {**dict(_levels()), **dict(_counts()), **DERIVED, **WEIGHTED}
