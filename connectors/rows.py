"""Networks that have a row and no connector: gone, or read from people's own files alone."""

from datetime import date

from connectors.types import AuthKind, Budget, Capabilities, LookupKind, Network, Policy, Provenance

# Nothing can be asked there.
_NOTHING = Budget(requests=0, per_seconds=1)
_UNSEEN = Capabilities(
    lookup=LookupKind.NONE, audience_history=False, posts=False, named=frozenset()
)
# Of a person's own file: theirs, until they erase it; no text, nobody else's name.
_OWN_FILES = Policy(
    retention_days=None,
    may_store_reactors=False,
    may_store_text=False,
    text_days=0,
    may_combine=False,
    may_export=True,
    lookup_days=0,
)

ROWS: dict[str, Network] = {
    # https://developers.google.com/+/api-shutdown: the consumer service and its API ended on
    # 2 April 2019. Read 2026-11.
    "googleplus": Network(
        id="googleplus",
        name="Google+",
        auth=AuthKind.NONE,
        provenance=Provenance.OWN_FILE,
        capabilities=_UNSEEN,
        policy=_OWN_FILES,
        budget=_NOTHING,
        snapshot_counts=frozenset(),
        post_counts=frozenset(),
        retired_because=(
            "Google closed it on 2 April 2019. A Takeout file of that time can still be imported."
        ),
        retired_on=date(2019, 4, 2),
    ),
    # https://learn.microsoft.com/lifecycle/announcements/bing-search-api-retirement. Read 2026-11.
    "bing": Network(
        id="bing",
        name="Bing",
        auth=AuthKind.NONE,
        provenance=Provenance.VOUCHED,
        capabilities=_UNSEEN,
        policy=_OWN_FILES,
        budget=_NOTHING,
        snapshot_counts=frozenset(),
        post_counts=frozenset(),
        docs_url="https://learn.microsoft.com/lifecycle/announcements/bing-search-api-retirement",
        retired_because=(
            "Microsoft ended its search API on 11 August 2025, and what followed it tells no "
            "number of results."
        ),
        retired_on=date(2025, 8, 11),
    ),
}
