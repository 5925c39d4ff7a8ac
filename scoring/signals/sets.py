"""Rows that networks tell together: of the posts themselves, and of people by name."""

from connectors.types import Kind
from scoring.signals.recipes import Response, Writing
from scoring.signals.vocabulary import Row, of

_DATED = (
    Writing.POSTS_PER_WEEK,
    Writing.ACTIVE_DAYS,
    Writing.LONGEST_PAUSE,
    Writing.HOURS,
    Writing.WEEKEND_SHARE,
)
# What follows from who reacted on which day.
_PEOPLE = (
    Response.PEOPLE,
    Response.REACTIONS,
    Response.RETURNING,
    Response.NEW,
    Response.DAYS,
    Response.BUSIEST_DAY,
    Response.TOP_TEN_SHARE,
)


def writing(
    dates: str,
    *,
    text: str = "",
    replies: str = "",
    links: str = "",
    hashtags: str = "",
    mentions: str = "",
    language: str = "",
    counts: str = "",
) -> tuple[Row, ...]:
    """Return what is told of the posts themselves; each argument names the network's field.

    `counts` are the fields by which a post is known to have no reaction.
    """
    sources = {
        **dict.fromkeys(_DATED, dates),
        Writing.LENGTH: text,
        Writing.REPLY_SHARE: replies,
        Writing.LINK_SHARE: links,
        Writing.LINK_SITES: links,
        Writing.HASHTAGS_PER_POST: hashtags,
        Writing.HASHTAGS: hashtags,
        Writing.MENTIONS_PER_POST: mentions,
        Writing.LANGUAGES: language,
        Writing.UNANSWERED_SHARE: counts,
    }
    return tuple(of(what, source) for what, source in sources.items() if source)


def derived(source: str, *, owner_only: bool = False) -> tuple[Row, ...]:
    """Return the two inputs of the model that follow from reactions with an author."""
    return (
        of("quality", source, owner_only=owner_only),
        of("top_posts", source, owner_only=owner_only),
    )


def responses(
    source: str,
    *,
    kinds: int = 2,
    dates: str = "",
    audience: str = "",
    servers: str = "",
    mutual: str = "",
    owner_only: bool = False,
) -> tuple[Row, ...]:
    """Return what follows from reactions with an author, in the field `source`.

    `kinds` is the number of kinds that are named; the other arguments name the fields of the dates,
    of the reactors' audience and of what the account itself did.
    """
    sources = dict.fromkeys(_PEOPLE, source)
    if kinds > 1:
        sources[Response.SEVERAL_WAYS] = source
    sources |= {
        what: field
        for what, field in (
            (Response.FIRST_DAY_SHARE, dates),
            (Response.AUDIENCE_TYPICAL, audience),
            (Response.AUDIENCE_LARGE, audience),
            (Response.SERVERS, servers),
            (Response.MUTUAL, mutual),
        )
        if field
    }
    return tuple(
        of(f"responses_{what}", field, owner_only=owner_only) for what, field in sources.items()
    )


def sent(**sources: str) -> tuple[Row, ...]:
    """Return whom the account acted on, by the name of the kind: `comment="Status.in_reply_to…"`.

    Raises KeyError for a kind that there is not.
    """
    return tuple(of(f"sent_{Kind[name.upper()].name.lower()}s", at) for name, at in sources.items())
