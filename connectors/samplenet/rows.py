"""Pages of the API as JSON text, a thousand interactions in a few milliseconds."""

import json
from dataclasses import dataclass

import numpy as np

from connectors.samplenet import history, names, noise, stories, texts
from connectors.samplenet.history import DAY_SECONDS, KINDS, Acts
from connectors.samplenet.network import SampleNetwork, Visible, is_by_hand
from connectors.samplenet.noise import Ints
from connectors.samplenet.population import BOTS_FROM, Population

POSTS_A_PAGE = 200
ACTS_A_PAGE = 1_000
PEOPLE_A_PAGE = 200
# Of a hundred people who react, so many save the post as well; only the number is shown.
_SAVED_SHARE = 0.08
_SAVED = 300
COUNTED = (("likes", 0), ("reshares", 1), ("comments", 2), ("quotes", 3))


class BadCursor(Exception):
    """The cursor or date of a request is not one that this server handed out."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of a page, a half-open range of what is oldest first, and the next cursor."""

    first: int
    after: int
    cursor: str


def newest_first(at: Ints, ids: Ints, *, since: int, cursor: str, size: int) -> Slice:
    """Return the page of the rows before the cursor ("seconds.id") and not before `since`."""
    after = len(at)
    if cursor:
        seconds, _, last = cursor.partition(".")
        if not (seconds.isdecimal() and last.isdecimal() and len(cursor) < 40):
            raise BadCursor("cursor")
        low, high = (
            int(np.searchsorted(at, int(seconds), side=side)) for side in ("left", "right")
        )
        after = low + int(np.searchsorted(ids[low:high], int(last)))
    oldest = int(np.searchsorted(at, since, side="left"))
    first = max(after - size, oldest)
    following = f"{at[first]}.{ids[first]}" if oldest < first < after else ""
    return Slice(first, max(after, first), following)


def times(seconds: Ints) -> list[str]:
    """Return moments as ISO 8601 in UTC."""
    written = np.datetime_as_string(seconds.astype("datetime64[s]"), timezone="UTC")
    return [str(moment) for moment in written]


def actors(net: SampleNetwork, numbers: Ints, days: Ints, base_url: str) -> list[str]:
    """Return each actor as JSON, with the audience it had on that day."""
    followers = net.followers_on(numbers, days).tolist()
    following = net.following(numbers).tolist()
    known: dict[int, str] = {}
    written = []
    for number, audience, others in zip(numbers.tolist(), followers, following, strict=True):
        if number not in known:
            handle, name = net.handle_and_name(number)
            url = json.dumps(f"{base_url}/@{handle}", ensure_ascii=False)
            known[number] = (
                f'{{"id":"{number}","handle":{json.dumps(handle, ensure_ascii=False)},'
                f'"name":{json.dumps(name, ensure_ascii=False)},"url":{url},"followers":'
            )
        written.append(f'{known[number]}{audience},"following":{others}}}')
    return written


def acts_page(
    net: SampleNetwork, acts: Acts, others: Ints, *, since: int, cursor: str, base_url: str
) -> str:
    """Return a page of interactions, newest first; `others` holds who is named in each."""
    part = newest_first(acts.at, acts.id, since=since, cursor=cursor, size=ACTS_A_PAGE)
    rows = slice(part.first, part.after)
    at = acts.at[rows]
    days = (at - history.start_seconds(net.people)) // DAY_SECONDS
    people = actors(net, others[rows], days, base_url)
    lines = [
        f'{{"id":"{number}","kind":"{KINDS[kind]}","actor":{actor},'
        f'"post_id":{f"{chr(34)}{post}{chr(34)}" if post else "null"},"created_at":"{moment}"}}'
        for number, kind, actor, post, moment in zip(
            acts.id[rows].tolist(),
            acts.kind[rows].tolist(),
            people,
            acts.post[rows].tolist(),
            times(at),
            strict=True,
        )
    ]
    return _page("interactions", lines[::-1], part.cursor)


def posts_page(net: SampleNetwork, number: int, *, since: int, cursor: str, base_url: str) -> str:
    """Return a page of the account's posts, newest first, with their counts so far."""
    seen = net.visible(number)
    posts = seen.posts
    part = newest_first(posts.at, posts.id, since=since, cursor=cursor, size=POSTS_A_PAGE)
    rows = range(part.first, part.after)
    moments = times(posts.at[part.first : part.after])
    counts, saves = post_counts(seen), post_saves(net, number, seen)
    handle = net.handle_and_name(number)[0]
    lines = []
    for row, moment in zip(rows, moments, strict=True):
        written_text = post_text(net, number, int(posts.choice[row]))
        written = {
            "id": str(posts.id[row]),
            "url": f"{base_url}/@{handle}/{posts.id[row]}",
            "text": written_text.text,
            "hashtags": names.hashtags_in(written_text.text),
            "language": written_text.language,
            "created_at": moment,
            "counts": {word: int(counts[kind, row]) for word, kind in COUNTED}
            | {"saves": int(saves[row])},
        }
        lines.append(json.dumps(written, ensure_ascii=False))
    return _page("posts", lines[::-1], part.cursor)


def post_counts(seen: Visible) -> Ints:
    """Return reactions so far, by kind (rows, as in COUNTED) and post (columns)."""
    posts, acts = seen.posts, seen.acts
    acts = acts.only(acts.post > 0)
    if not len(posts):
        return np.zeros((4, 0), dtype=np.int64)
    order = np.argsort(posts.id)
    place = order[np.searchsorted(posts.id, acts.post, sorter=order)]
    flat = np.bincount(acts.kind.astype(np.int64) * len(posts) + place, minlength=4 * len(posts))
    return flat[: 4 * len(posts)].reshape(4, len(posts))


def post_saves(net: SampleNetwork, number: int, seen: Visible) -> Ints:
    """Return how often each post was saved so far: by some of those who react, and by hand."""
    posts, acts = seen.posts, seen.acts
    acts = acts.only((acts.post > 0) & (acts.actor < BOTS_FROM) & ~is_by_hand(acts.id))
    saved = acts.only(noise.uniform(net.state.seed, _SAVED, acts.id) < _SAVED_SHARE).post
    by_hand, counts = net.saves_by_hand(number)
    order = np.argsort(posts.id)
    place = order[np.searchsorted(posts.id, np.append(saved, by_hand), sorter=order)]
    weights = np.append(np.ones(len(saved)), counts)
    total = np.bincount(place, weights=weights, minlength=len(posts)).astype(np.int64)
    return np.maximum(total, 0)


def post_text(net: SampleNetwork, number: int, choice: int) -> texts.Text:
    """Return one of the account's posts; what it is about must not leave the server."""
    return text_of(net.people, number, choice)


def text_of(people: Population, number: int, choice: int) -> texts.Text:
    """Return what an account writes, chosen by a number of its post."""
    if number == stories.number_of("good_morning"):
        return texts.GOOD_MORNING
    traits, row = people.traits, number - 1
    return texts.text_of(int(traits.topic[row]), int(traits.zone[row]), number, choice)


def audience_page(net: SampleNetwork, number: int, *, since: int) -> str:
    """Return the account's daily counts, newest first."""
    counts = net.counts(number)
    first = max(0, (since - history.start_seconds(net.people)) // DAY_SECONDS)
    if net.has_history(number):
        first = max(first, int(net.people.traits.active_from[number - 1]))
    lines = [
        f'{{"day":"{net.day_of(day)}","followers":{counts.followers[day]},'
        f'"following":{counts.following[day]},"posts":{counts.posts[day]},'
        f'"lists":{counts.lists[day]}}}'
        for day in range(len(counts.followers) - 1, first - 1, -1)
    ]
    return _page("days", lines, "")


def profile(net: SampleNetwork, number: int, base_url: str) -> dict[str, object]:
    """Return the account as its page and the API show it."""
    handle, name = net.handle_and_name(number)
    traits, row = net.people.traits, number - 1
    has_history = net.has_history(number)
    counts = net.counts(number)
    story = net.people.story(number)
    bio = story.bio if story else ""
    if has_history and not bio:
        topic = names.TOPICS[int(traits.topic[row])]
        bio = f"Mostly {topic.name}, sometimes {topic.things[number % 2]}."
    return {
        "id": str(number),
        "handle": handle,
        "name": name,
        "url": f"{base_url}/@{handle}",
        "bio": bio,
        "kind": "brand" if has_history and traits.brand[row] else "person",
        "indexable": not has_history or bool(traits.indexable[row]),
        "age": int(traits.age[row]) or None if has_history else None,
        "time_zone": names.ZONES[int(traits.zone[row])] if has_history else "UTC",
        "created_at": f"{net.opened_on(number)}T00:00:00Z",
        "followers": int(counts.followers[-1]),
        "following": int(counts.following[-1]),
        "posts": int(counts.posts[-1]),
        "lists": int(counts.lists[-1]),
        "sample": True,
    }


def directory_page(net: SampleNetwork, *, cursor: str, base_url: str) -> str:
    """Return a page of everybody in the directory, by account number."""
    if cursor and not (cursor.isdecimal() and len(cursor) < 10):
        raise BadCursor("cursor")
    first = int(cursor or 1)
    after = min(first + PEOPLE_A_PAGE, net.people.people + 1)
    lines = [
        json.dumps(profile(net, number, base_url), ensure_ascii=False)
        for number in range(max(first, 1), after)
    ]
    return _page("accounts", lines, str(after) if after <= net.people.people else "")


def _page(word: str, lines: list[str], cursor: str) -> str:
    return f'{{"{word}":[{",".join(lines)}],"next_cursor":{json.dumps(cursor or None)}}}'
