"""Accounts that Wikidata states of a person or brand, and the items that state given accounts.

Reference: https://www.wikidata.org/wiki/Wikidata:List_of_properties (read 2026-11). Anybody may
edit it: what it states is offered to the person it concerns, and believed by nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.fields import field, objects
from connectors.http import Client
from connectors.types import ProfileLink
from connectors.wikipedia.asking import NETWORK_ID, ask
from connectors.wikipedia.items import is_about_somebody, values_of

# Property: the network, and the address of the account that its value means there.
PROPERTIES: dict[str, tuple[str, str]] = {
    "P2002": ("x", "https://x.com/{}"),
    "P2003": ("instagram", "https://www.instagram.com/{}/"),
    "P2013": ("facebook", "https://www.facebook.com/{}"),
    "P2037": ("github", "https://github.com/{}"),
    "P2397": ("youtube", "https://www.youtube.com/channel/{}"),
    "P3836": ("pinterest", "https://www.pinterest.com/{}/"),
    "P3943": ("tumblr", "https://{}.tumblr.com/"),
    "P4033": ("mastodon", "https://{}"),
    "P4265": ("reddit", "https://www.reddit.com/user/{}"),
    "P5797": ("twitch", "https://www.twitch.tv/{}"),
    "P6634": ("linkedin", "https://www.linkedin.com/in/{}/"),
    "P7085": ("tiktok", "https://www.tiktok.com/@{}"),
    "P11892": ("threads", "https://www.threads.com/@{}"),
    "P12361": ("bluesky", "https://bsky.app/profile/{}"),
}
_PROPERTY_OF = {network: name for name, (network, _address) in PROPERTIES.items()}
# When a statement was true no longer.
ENDED = "P582"
# Values of a property, items of a search and accounts asked for: more are nobody's.
MOST_VALUES, MOST_ITEMS, MOST_ASKED = 5, 3, 10
_VALUE = re.compile(r"[\w.@-]{1,100}")


@dataclass(frozen=True, slots=True)
class Stated:
    """An item that states some of the accounts that were asked for."""

    native_id: str
    # Those of the asked accounts that it states, as (network, name).
    known: tuple[tuple[str, str], ...]
    # The addresses of all accounts that it states.
    addresses: tuple[str, ...]


def can_state(network: str) -> bool:
    """Return whether Wikidata has a property for accounts of a network."""
    return network in _PROPERTY_OF


def addresses_of(claims: dict[str, Any]) -> tuple[str, ...]:
    """Return the addresses of the accounts that an item states and that did not end."""
    found = []
    for name, (network, address) in PROPERTIES.items():
        for value in _names(claims, name):
            if network == "mastodon":
                user, _, host = value.lstrip("@").rpartition("@")
                found += [address.format(f"{host}/@{user}")] if user and host else []
            else:
                found.append(address.format(value))
    return tuple(dict.fromkeys(found))


def links_of(data: object, native_id: str) -> tuple[ProfileLink, ...]:
    """Return the accounts that an item of an answer states, as links of a profile."""
    entities = data.get("entities") if isinstance(data, dict) else None
    item = entities.get(native_id) if isinstance(entities, dict) else None
    claims = item.get("claims") if isinstance(item, dict) else None
    if not isinstance(claims, dict):
        return ()
    return tuple(ProfileLink(address) for address in addresses_of(claims))


def find(client: Client, accounts: Sequence[tuple[str, str]]) -> list[Stated]:
    """Return the items of adults and brands that state one of the accounts, as (network, name).

    Two questions to Wikidata, one where no item does.
    """
    asked = [
        (network, name.lstrip("@"))
        for network, name in accounts
        if can_state(network) and _VALUE.fullmatch(name)
    ][:MOST_ASKED]
    ids = _search(client, asked) if asked else []
    if not ids:
        return []
    # Reference: https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities (read 2026-11)
    answer = ask(
        client,
        f"{client.urls['wikidata']}/w/api.php",
        action="wbgetentities",
        props="info|claims",
        ids="|".join(ids),
    )
    entities = field(answer.data, "entities", dict, path=answer.path, network=NETWORK_ID)
    found = []
    for native_id in ids:
        item = entities.get(native_id)
        claims = item.get("claims") if isinstance(item, dict) else None
        if not isinstance(claims, dict):
            continue
        if not is_about_somebody(claims, datetime.now(UTC).date()):
            continue
        known = tuple((network, name) for network, name in asked if _states(claims, network, name))
        if known:
            found.append(Stated(native_id, known, addresses_of(claims)))
    return found


def _search(client: Client, asked: Sequence[tuple[str, str]]) -> list[str]:
    # Reference: https://www.mediawiki.org/wiki/Help:Extension:WikibaseCirrusSearch (read 2026-11):
    # "|" is "or", and upper case does not matter.
    words = "|".join(f"{_PROPERTY_OF[network]}={name}" for network, name in asked)
    answer = ask(
        client,
        f"{client.urls['wikidata']}/w/api.php",
        action="query",
        list="search",
        srsearch=f"haswbstatement:{words}",
        srnamespace=0,
        srlimit=MOST_ITEMS,
        srprop="",
    )
    where: dict[str, Any] = {"path": answer.path, "network": NETWORK_ID}
    rows = objects(field(answer.data, "query", dict, **where), "search", **where)
    titles = [field(row, "title", str, **where) for row in rows]
    return [title for title in titles if re.fullmatch(r"Q[1-9][0-9]{0,11}", title)][:MOST_ITEMS]


def _states(claims: dict[str, Any], network: str, name: str) -> bool:
    values = _names(claims, _PROPERTY_OF[network])
    return name.lower() in {value.lstrip("@").lower() for value in values}


def _names(claims: dict[str, Any], name: str) -> list[str]:
    """Return the names that a property states now, as far as they can be names."""
    told = values_of(claims, name, without=ENDED)
    return [v for v in told if isinstance(v, str) and _VALUE.fullmatch(v)][:MOST_VALUES]
