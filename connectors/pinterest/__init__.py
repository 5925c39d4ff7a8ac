"""Pinterest: a linked account's Pins with their counts, boards, and a month of its analytics.

Who saved, reacted or commented is not told. Reference: https://developers.pinterest.com/docs/api/v5/
(read 2026-11).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connectors.errors import BadPayload, NotAllowed
from connectors.http import Answer, Client
from connectors.pinterest.payloads import (
    NETWORK_ID,
    followers_of,
    month_of,
    next_page,
    parse_account,
    parse_handle,
    parse_pin,
    rows_of,
)
from connectors.types import (
    AccountRef,
    AuthKind,
    Budget,
    Capabilities,
    Kind,
    LookupKind,
    Network,
    Policy,
    Post,
    Profile,
    Provenance,
    Record,
    Removed,
    Snapshot,
)

__all__ = ["NETWORK", "fetch", "fetch_profile", "parse_handle"]

NETWORK = Network(
    id=NETWORK_ID,
    name="Pinterest",
    auth=AuthKind.OAUTH,
    provenance=Provenance.VOUCHED,
    capabilities=Capabilities(
        lookup=LookupKind.NONE,
        audience_history=False,
        posts=True,
        named=frozenset(),
        anonymous=frozenset({Kind.LIKE, Kind.COMMENT, Kind.SAVE}),
    ),
    policy=Policy(
        # Its guidelines want what is shown asked for anew rather than kept
        # (https://policy.pinterest.com/en/developer-guidelines, read 2026-11).
        retention_days=30,
        may_store_reactors=False,
        may_store_text=False,
        text_days=0,
        may_combine=True,
        may_export=False,
        lookup_days=None,
        attribution="Pins and counts come from Pinterest.",
        ended_days=30,
    ),
    # 100 a second for each person, and 1,000 a day for an application on trial
    # (https://developers.pinterest.com/docs/reference/rate-limits/, read 2026-11): a fetch of 500
    # Pins asks six times.
    budget=Budget(requests=300, per_seconds=60, per="credential"),
    snapshot_counts=frozenset(
        {
            *("followers", "following", "posts", "boards", "month_views", "board_followers"),
            *("saves_month", "outbound_clicks", "engaged_actions"),
        }
    ),
    post_counts=frozenset({"likes", "comments", "saves", "views", "link_clicks", "detail_views"}),
    handle_hint="https://www.pinterest.com/name/",
    docs_url="https://developers.pinterest.com/docs/api/v5/",
    scopes=("user_accounts:read", "pins:read", "boards:read"),
    keys=("PINTEREST_CLIENT_ID", "PINTEREST_CLIENT_SECRET"),
    keys_url="https://developers.pinterest.com/apps/",
)

PER_PAGE = 250
# Pages of Pins and boards in one fetch.
PIN_PAGES, BOARD_PAGES = 8, 4
# Pins of a quarter of a year are read each time, a page holds 250 of them: what is older than the
# signals look back is not kept.
WINDOW = timedelta(days=91)
MONTH = timedelta(days=27)


def fetch_profile(client: Client, account: AccountRef) -> Profile:
    """Return the profile of the token's owner with one request."""
    return _owner(client, account)[0]


def fetch(client: Client, account: AccountRef, since: datetime | None) -> Iterator[Record]:
    """Yield the profile, a snapshot, then Pins with their counts, newest first, and what went."""
    now = datetime.now(UTC)
    profile, counts, is_business = _owner(client, account)
    yield profile
    month = _month(client, account, now) if is_business else {}
    boards = {"board_followers": _board_followers(client, account)}
    yield Snapshot(day=now.date(), counts={**counts, **boards, **month})
    yield from _pins(client, account, now - WINDOW)


def _owner(client: Client, account: AccountRef) -> tuple[Profile, dict[str, int | None], bool]:
    if not account.token:
        raise NotAllowed("Pinterest shows accounts to their owners only.", network=NETWORK_ID)
    # Reference: https://developers.pinterest.com/docs/api/v5/user_account-get (read 2026-11)
    answer = client.get(f"{client.urls['pinterest']}/v5/user_account", token=account.token)
    profile, counts, is_business = parse_account(answer)
    if account.native_id and profile.native_id != account.native_id:
        raise BadPayload(
            "pinterest answers with another account.", network=NETWORK_ID, path=answer.path
        )
    return profile, counts, is_business


def _month(client: Client, account: AccountRef, now: datetime) -> dict[str, int | None]:
    """Return the last 28 days of an account for business; {} where it has no analytics yet."""
    # Reference: https://developers.pinterest.com/docs/api/v5/user_account-analytics (read 2026-11)
    answer = client.get(
        f"{client.urls['pinterest']}/v5/user_account/analytics",
        params={
            "start_date": (now - MONTH).date().isoformat(),
            "end_date": now.date().isoformat(),
            "metric_types": "SAVE,OUTBOUND_CLICK,ENGAGEMENT",
        },
        token=account.token,
        accept=(403,),
    )
    return {} if answer.status == 403 else month_of(answer)


def _board_followers(client: Client, account: AccountRef) -> int | None:
    """Return how many follow the account's public boards; None where not all were read."""
    # Reference: https://developers.pinterest.com/docs/api/v5/boards-list (read 2026-11)
    total, whole = 0, False
    for answer in _pages(client, account, "boards", BOARD_PAGES, privacy="PUBLIC"):
        total += sum(followers_of(board, answer.path) for board in rows_of(answer))
        whole = next_page(answer) is None
    return total if whole else None


def _pins(client: Client, account: AccountRef, oldest: datetime) -> Iterator[Post | Removed]:
    # Reference: https://developers.pinterest.com/docs/api/v5/pins-list (read 2026-11)
    told: set[str] = set()
    whole = False
    for answer in _pages(client, account, "pins", PIN_PAGES, pin_metrics="true"):
        posts = [parse_pin(pin, answer.path) for pin in rows_of(answer)]
        young = [post for post in posts if post.created_at >= oldest]
        for post in young:
            if post.native_id not in told:
                told.add(post.native_id)
                yield post
        whole = next_page(answer) is None or not young
        if whole:
            break
    if whole:
        yield from (Removed(name) for name in account.recent_posts if name not in told)


def _pages(
    client: Client, account: AccountRef, what: str, most: int, **asked: str
) -> Iterator[Answer]:
    return client.pages(
        f"{client.urls['pinterest']}/v5/{what}",
        params={**asked, "page_size": PER_PAGE},
        token=account.token,
        next_page=next_page,
        max_pages=most,
    )
