"""Wikipedia: how an article about a person or brand stands; nothing that anybody did.

An article is about somebody and belongs to nobody, so nobody links one by themselves and nobody is
looked up by one: an operator attaches it at a person's request (`manage.py attach_article`).
References: https://www.mediawiki.org/wiki/API:Main_page and
https://doc.wikimedia.org/generated-data-platform/aqs/analytics-api/ (read 2026-11).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from connectors.errors import BadPayload, Gone
from connectors.http import Client
from connectors.types import (
    AccountRef,
    AuthKind,
    Budget,
    Capabilities,
    LookupKind,
    Network,
    Policy,
    Profile,
    Provenance,
    Record,
    Snapshot,
)
from connectors.wikipedia.article import Article
from connectors.wikipedia.asking import NETWORK_ID, ask
from connectors.wikipedia.handles import parse_handle, split
from connectors.wikipedia.items import parse_item
from connectors.wikipedia.statements import links_of

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Wikipedia",
    auth=AuthKind.NONE,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE, audience_history=False, posts=False, named=frozenset()
    ),
    policy=Policy(
        retention_days=None,
        may_store_reactors=False,
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=True,
        lookup_days=None,
        attribution="Links, languages and views come from Wikipedia and Wikidata (CC0).",
    ),
    # Far below what is allowed to a client that names a contact, one question after the other
    # (https://www.mediawiki.org/wiki/Wikimedia_APIs/Access_policy, read 2026-11).
    budget=Budget(requests=600, per_seconds=600),
    snapshot_counts=frozenset(
        {"inlinks", "outlinks", "pagerank", "languages_of_article", "pageviews"}
    ),
    post_counts=frozenset(),
    handle_hint="https://en.wikipedia.org/wiki/…",
    docs_url="https://www.mediawiki.org/wiki/API:Main_page",
)


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return what an article is about, with one request to Wikidata.

    Gone where it is about neither a person nor a brand (a page of several meanings, a place, …).
    """
    # Reference: https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities (read 2026-11)
    which = {"ids": account.native_id}
    if not account.native_id:
        language, title = split(account.handle)
        which = {"sites": f"{language}wiki", "titles": title, "normalize": "1"}
    answer = ask(
        client,
        f"{client.urls['wikidata']}/w/api.php",
        action="wbgetentities",
        props="info|labels|descriptions|claims|sitelinks",
        **which,
    )
    profile = parse_item(answer.data, account.handle, answer.path, datetime.now(UTC).date())
    if profile is None:
        raise Gone("It is about no person or brand.", network=NETWORK_ID, path=answer.path)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "Wikidata answers with another item.", network=NETWORK_ID, path=answer.path
        )
    return replace(profile, links=links_of(answer.data, profile.native_id))


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, and how its article stands today: all that there is."""
    now = datetime.now(UTC)
    profile = fetch_profile(client, account)
    yield profile
    yield Snapshot(day=now.date(), counts=Article(client, *split(profile.handle)).counts(now))
