"""GitHub on recorded answers: repositories, dated stars, forks, words, and few questions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import github
from connectors.errors import BadPayload, ConnectorError, Gone, RateLimited, Relink
from connectors.http import Client
from connectors.types import (
    AccountRef,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Snapshot,
    Validators,
)
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {"github": "https://api.github.example"}
ASTRID = AccountRef("501", "astridfjord", token="a-token")
TILES = "/repos/astridfjord/tiles"
REPOS = "/users/astridfjord/repos?type=owner&sort=pushed&per_page=100&page="
_NEXT = {"Link": '<https://api.github.example/user/501/repos?page=2>; rel="next"'}
ROUTES: dict[str, Reply] = {
    "/user": "user",
    "/user/501": "user",
    "/users/astridfjord": "user",
    f"{REPOS}1": httpx.Response(200, json=payload("github", "repos"), headers=_NEXT),
    f"{REPOS}2": "repos_last",
    f"{TILES}/stargazers?per_page=100&page=2": "stargazers",
    f"{TILES}/stargazers?per_page=100&page=1": "stargazers_earlier",
    f"{TILES}/forks": "forks",
    f"{TILES}/issues": "issues",
    f"{TILES}/issues/comments": "comments",
}


def fetched(
    routes: Mapping[str, Reply] = ROUTES,
    *,
    account: AccountRef = ASTRID,
    since: datetime | None = None,
    key: str = "our-key",
) -> tuple[list[Record], Player]:
    player = Player("github", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        client.key = key
        return list(github.fetch(client, account, since)), player


def acts(records: list[Record]) -> list[tuple[Kind, str, str]]:
    found = [record for record in records if isinstance(record, Interaction)]
    return [(act.kind, act.actor.handle, act.native_id) for act in found]


# --- Handles --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        *("gh:astrid-fjord", "github.com/astrid-fjord", "https://www.github.com/astrid-fjord"),
        "https://github.com/astrid-fjord/tiles/issues",
    ],
)
def test_a_sign_or_an_address_means_an_account(text: str) -> None:
    assert github.parse_handle(text) == AccountRef("", "astrid-fjord")


@pytest.mark.parametrize(
    "text",
    [
        *("astrid-fjord", "@astrid-fjord", "gh:-a", "gh:a--b", "gh:a-", f"gh:{'a' * 40}"),
        *("https://github.com/", "github.com/explore", "github.com.evil.example/astrid"),
        *("ftp://github.com/astrid", "https://[github.com/astrid"),
    ],
)
def test_other_texts_are_no_account_of_github(text: str) -> None:
    assert github.parse_handle(text) is None


# --- What is read ---------------------------------------------------------------------------------
def test_profile_and_counts_come_first_and_copies_do_not_count() -> None:
    records, _ = fetched()
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle, profile.is_brand) == ("501", "astridfjord", False)
    counts = {
        "followers": 310,
        "following": 25,
        "repositories": 3,
        "gists": 2,
        "stars": 103,
        "best_stars": 103,
        "forks": 2,
    }
    assert snapshot == Snapshot(date(2026, 11, 20), counts)


def test_repositories_are_posts_newest_first_without_text() -> None:
    posts = [record for record in fetched()[0] if isinstance(record, Post)]
    assert [post.native_id for post in posts] == ["9003", "9001"]
    assert posts[1].url == "https://github.com/astridfjord/tiles"
    assert posts[1].created_at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert (posts[1].text, posts[1].features.hashtags) == ("", ("maps", "tiles"))


def test_who_acted_is_named_and_dated_but_no_programs_and_not_the_owner() -> None:
    records, _ = fetched()
    assert acts(records) == [
        (Kind.LIKE, "cathsails", "like:9001:602"),
        (Kind.LIKE, "bjornmaps", "like:9001:601"),
        # The page before is read, too, as the last one did not reach back a quarter of a year.
        (Kind.LIKE, "dag", "like:9001:604"),
        (Kind.RESHARE, "bjornmaps", "reshare:9001:9101"),
        (Kind.COMMENT, "cathsails", "comment:9001:issue-8001"),
        (Kind.COMMENT, "bjornmaps", "comment:9001:comment-8101"),
    ]
    first = next(record for record in records if isinstance(record, Interaction))
    assert first.happened_at == datetime(2026, 11, 19, 10, tzinfo=UTC)
    assert first.post_native_id == "9001"


def test_questions_are_few_versioned_and_carry_the_owners_token() -> None:
    _, player = fetched()
    assert player.paths() == [
        *("/user", "/users/astridfjord/repos", "/users/astridfjord/repos"),
        *(f"{TILES}/stargazers", f"{TILES}/stargazers", f"{TILES}/forks"),
        *(f"{TILES}/issues", f"{TILES}/issues/comments"),
    ]
    for request in player.asked:
        assert request.headers["authorization"] == "Bearer a-token"
        assert request.headers["x-github-api-version"] == "2022-11-28"
    stars = player.asked[3]
    assert stars.headers["accept"] == "application/vnd.github.star+json"
    issues = parse_qs(player.asked[6].url.query.decode())
    assert (issues["sort"], issues["direction"]) == (["created"], ["desc"])
    assert "since" not in issues, "the same question each time"


def test_a_later_fetch_reads_what_is_newer_and_one_page_of_stars() -> None:
    records, player = fetched(since=NOW - timedelta(days=2))
    assert acts(records) == [(Kind.LIKE, "cathsails", "like:9001:602")]
    assert player.paths().count(f"{TILES}/stargazers") == 1


def test_an_account_is_looked_up_without_a_token_or_with_the_sites() -> None:
    for key, sent in (("", None), ("our-key", "Bearer our-key")):
        records, player = fetched(account=AccountRef("", "astridfjord"), key=key)
        assert player.paths()[0] == "/users/astridfjord"
        assert {request.headers.get("authorization") for request in player.asked} == {sent}
        assert isinstance(records[0], Profile)
    _, player = fetched(account=AccountRef("501", "renamed"))
    assert player.paths()[:2] == ["/user/501", "/users/astridfjord/repos"]


def test_an_account_with_nothing_and_an_organisation_are_read_too() -> None:
    told = {**payload("github", "user"), "type": "Organization", "name": None, "bio": None}
    user = httpx.Response(200, json=told)
    records, _ = fetched({**ROUTES, "/user": user, f"{REPOS}1": "repos_empty"})
    profile, snapshot = records
    assert isinstance(profile, Profile)
    assert isinstance(snapshot, Snapshot)
    assert (profile.is_brand, profile.name) == (True, "astridfjord")
    assert (snapshot.counts["stars"], snapshot.counts["best_stars"]) == (0, 0)


def test_only_the_most_starred_repositories_are_asked_about() -> None:
    tiles = payload("github", "repos")[0]
    many = [
        {**tiles, "id": n, "full_name": f"astridfjord/r{n}", "stargazers_count": 99}
        for n in range(30)
    ]
    routes: dict[str, Reply] = {
        "/user": "user",
        f"{REPOS}1": httpx.Response(200, json=many),
        **{
            f"/repos/astridfjord/r{n}/{what}": "repos_empty"
            for n in range(30)
            for what in ("stargazers?per_page=100&page=1", "forks", "issues", "issues/comments")
        },
    }
    _, player = fetched(routes)
    # What an address without a token may ask in an hour.
    assert len(player.asked) == 2 + 4 * 11 <= 60


# --- What has not changed -------------------------------------------------------------------------
class Compared(Player):
    """Tells an ETag with each answer, and 304 where it is asked with the same."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        etag = f'W/"{hash(answer.read())}"'
        if request.headers.get("if-none-match") == etag:
            return httpx.Response(304, headers={"ETag": etag})
        return httpx.Response(200, content=answer.read(), headers={**_links(answer), "ETag": etag})


def _links(answer: httpx.Response) -> dict[str, str]:
    return {"Link": answer.headers["link"]} if "link" in answer.headers else {}


def compared(
    known: Mapping[str, str], routes: Mapping[str, Reply] = ROUTES, *, linked: bool = True
) -> tuple[list[Record], Compared, int]:
    """Return a later fetch, and how many of its questions were counted."""
    player = Compared("github", routes)
    counted: list[int] = []
    client = Client(
        "github", contact="ops@example.org", spend=counted.append, transport=player, urls=URLS
    )
    account = replace(ASTRID, token=ASTRID.token if linked else "", validators=known)
    with time_machine.travel(NOW, tick=False), client:
        records = list(github.fetch(client, account, NOW - timedelta(days=2)))
    return records, player, len(counted)


def test_what_has_not_changed_is_asked_for_nothing_and_told_again_next_time() -> None:
    records, _, counted = compared({})
    first = records[-1]
    assert isinstance(first, Validators)
    assert counted == 7
    assert [key.partition("?")[0] for key in first.etags] == [
        *(f"{TILES}/stargazers", f"{TILES}/forks", f"{TILES}/issues", f"{TILES}/issues/comments"),
    ]
    records, player, counted = compared(first.etags)
    # Profile and repositories are needed for their counts; the rest is free.
    assert (len(player.asked), counted) == (7, 3)
    assert acts(records) == []
    assert any(isinstance(record, Snapshot) for record in records)
    assert records[-1] == first


def test_what_has_changed_is_read_and_counted() -> None:
    known = compared({})[0][-1]
    assert isinstance(known, Validators)
    rows = payload("github", "forks")
    new = {**rows[0], "id": 9999, "created_at": "2026-11-20T09:00:00Z"}
    routes = {**ROUTES, f"{TILES}/forks": httpx.Response(200, json=[new, *rows])}
    records, _, counted = compared(known.etags, routes)
    assert [native_id for *_, native_id in acts(records)] == ["reshare:9001:9999"]
    assert counted == 4
    last = records[-1]
    assert isinstance(last, Validators)
    assert last.etags != known.etags


def test_without_a_token_nothing_is_compared_since_it_would_be_counted() -> None:
    known = compared({})[0][-1]
    assert isinstance(known, Validators)
    records, player, counted = compared(known.etags, linked=False)
    assert counted == len(player.asked)
    assert not any("if-none-match" in request.headers for request in player.asked)
    assert not isinstance(records[-1], Validators)


# --- Refusals -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "headers", "word"),
    [
        (401, {}, Relink),
        (403, {}, Relink),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795183200"}, RateLimited),
        (403, {"retry-after": "60"}, RateLimited),
        (429, {}, RateLimited),
        (404, {}, Gone),
        (451, {}, Gone),
    ],
    ids=str,
)
def test_a_refusal_has_its_word(
    status: int, headers: dict[str, str], word: type[ConnectorError]
) -> None:
    reply = httpx.Response(status, json=payload("github", "refused_limit"), headers=headers)
    with pytest.raises(word):
        fetched({**ROUTES, "/user": reply})


def test_a_spent_limit_says_when_it_goes_on() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795178400"}
    reply = httpx.Response(403, json=payload("github", "refused_limit"), headers=headers)
    with pytest.raises(RateLimited) as limited:
        fetched({**ROUTES, f"{TILES}/forks": reply})
    assert limited.value.resume_at == datetime.fromtimestamp(1795178400, UTC)


def test_a_repository_that_goes_on_the_way_costs_the_others_nothing() -> None:
    records, _ = fetched({**ROUTES, f"{TILES}/issues": (404, "not_found")})
    assert (Kind.RESHARE, "bjornmaps", "reshare:9001:9101") in acts(records)
    assert len([record for record in records if isinstance(record, Post)]) == 2


def test_another_account_than_the_linked_one_is_refused() -> None:
    with pytest.raises(BadPayload, match="another account"):
        fetched(account=replace(ASTRID, native_id="7"))
