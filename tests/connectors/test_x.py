"""X on recorded answers: what is read, in which words, and what is asked for money."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import x
from connectors.errors import BadPayload, BudgetSpent, Gone, NotAllowed, RateLimited, Relink, Retry
from connectors.types import (
    AccountRef,
    Direction,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Removed,
    Snapshot,
)
from connectors.x.asking import counted, in_newer_words
from connectors.x.payloads import posted_at
from connectors.x.visit import is_due
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {"x": "https://api.x.example"}
OWN = "2244990001"
# Of yesterday, of three days ago (an answer to somebody), of October.
CHART, ANSWER, STORM = "2123340501611446273", "2122759171077046274", "2105919459947446275"
ASTRID = AccountRef(OWN, "astrid_fjord", token="a-token")
POSTS = f"/2/users/{OWN}/tweets"
MENTIONS = f"/2/users/{OWN}/mentions"
ROUTES: dict[str, Reply] = {
    "/2/users/me": "me",
    POSTS: "tweets",
    f"{POSTS}#2": "tweets_last",
    MENTIONS: "mentions",
    f"/2/tweets/{CHART}/quote_tweets": "quote_tweets",
    f"/2/tweets/{CHART}/retweeted_by": "retweeted_by",
    f"/2/tweets/{CHART}/liking_users": "liking_users",
    f"/2/tweets/{ANSWER}/liking_users": "liking_users_of_reply",
    "/2/tweets": "lookup",
}


class Ledger:
    """A purse of so many thousandths of a dollar, which remembers what was held and paid."""

    PRICES: Mapping[str, int] = {"post": 5, "user": 10}

    def __init__(self, left: int, spare: int | None = None) -> None:
        self.left = left
        self.spare = left if spare is None else spare
        self.paid: list[dict[str, int]] = []

    def _cost(self, rows: Mapping[str, int]) -> int:
        return sum(self.PRICES[resource] * count for resource, count in rows.items())

    def hold(self, rows: Mapping[str, int]) -> None:
        if self._cost(rows) > self.left:
            raise BudgetSpent("Spent.", resume_at=NOW)
        self.left -= self._cost(rows)

    def settle(self, held: Mapping[str, int], got: Mapping[str, int]) -> None:
        self.left += self._cost(held) - self._cost(got)
        self.paid.append(dict(got))

    def can_spare(self, rows: Mapping[str, int]) -> bool:
        return self._cost(rows) <= min(self.spare, self.left)


def fetched(
    routes: Mapping[str, Reply] = ROUTES,
    *,
    account: AccountRef = ASTRID,
    since: datetime | None = None,
    ledger: Ledger | None = None,
) -> tuple[list[Record], Player]:
    player = Player("x", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        if ledger is not None:
            client.meter = ledger
        return list(x.fetch(client, account, since)), player


def interactions(records: list[Record]) -> dict[str, Interaction]:
    return {record.native_id: record for record in records if isinstance(record, Interaction)}


def asked(player: Player, path: str) -> dict[str, str]:
    """Return the query of the first request to a path."""
    request = next(r for r in player.asked if r.url.path == path)
    return {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}


# --- Handles --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "@astrid_fjord",
        "https://x.com/astrid_fjord",
        "x.com/astrid_fjord/status/12",
        "https://www.twitter.com/astrid_fjord?lang=nb",
        "http://mobile.x.com/@astrid_fjord",
    ],
)
def test_a_name_or_an_address_means_an_account(text: str) -> None:
    assert x.parse_handle(text) == AccountRef("", "astrid_fjord")


@pytest.mark.parametrize(
    "text",
    [
        *("astrid_fjord", "@name-with-dash", "@sixteen_letters_", "https://x.com/"),
        *("x.com/explore", "https://x.com.evil.example/astrid", "ftp://x.com/astrid"),
        "https://[x.com/astrid",
    ],
)
def test_other_texts_are_no_account_of_x(text: str) -> None:
    assert x.parse_handle(text) is None


# --- What is read -------------------------------------------------------------------------------
def test_profile_and_counts_come_first() -> None:
    records, _ = fetched()
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert (profile.handle, profile.url) == ("astrid_fjord", "https://x.com/astrid_fjord")
    assert profile.created_at == datetime(2015, 3, 2, 8, tzinfo=UTC)
    counts = {"followers": 1840, "following": 312, "posts": 5210, "lists": 27}
    assert snapshot == Snapshot(date(2026, 11, 20), counts)


def test_posts_come_with_counts_and_features_but_without_text() -> None:
    records, _ = fetched()
    posts = {record.native_id: record for record in records if isinstance(record, Post)}
    assert list(posts) == [CHART, ANSWER, STORM]
    chart = posts[CHART]
    assert chart.text == ""
    assert chart.created_at == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert chart.url == f"https://x.com/astrid_fjord/status/{CHART}"
    assert chart.features.hashtags == ("maps",)
    assert chart.features.link_hosts == ("kart.example",)
    assert (chart.features.language, posts[STORM].features.language) == ("en", "")
    assert chart.counts == {
        "likes": 3,
        "reshares": 2,
        "comments": 1,
        "quotes": 1,
        "saves": 4,
        "views": 1200,
    }


def test_an_answer_to_somebody_is_something_sent() -> None:
    sent = interactions(fetched()[0])[f"sent:{ANSWER}"]
    assert (sent.kind, sent.direction) == (Kind.COMMENT, Direction.SENT)
    assert (sent.actor.native_id, sent.actor.handle) == ("2244990002", "bjorn_maps")
    assert sent.post_native_id == ANSWER


def test_who_acted_is_named_with_their_followers() -> None:
    found = interactions(fetched()[0])
    like = found[f"like:{CHART}:2244990004"]
    assert (like.actor.handle, like.actor.followers) == ("even_writes", 15200)
    assert like.happened_at is None
    assert found[f"reshare:{CHART}:2244990002"].post_native_id == CHART
    quote = next(record for record in found.values() if record.kind is Kind.QUOTE)
    assert quote.happened_at == datetime(2026, 11, 19, 13, tzinfo=UTC)
    assert quote.post_native_id == CHART


def test_a_reply_is_told_from_a_mention_and_copies_are_neither() -> None:
    found = [r for r in interactions(fetched()[0]).values() if r.direction is Direction.RECEIVED]
    comments = [record for record in found if record.kind is Kind.COMMENT]
    mentions = [record for record in found if record.kind is Kind.MENTION]
    assert [(c.actor.handle, c.post_native_id) for c in comments] == [("cath_sails", CHART)]
    assert [(m.actor.handle, m.post_native_id) for m in mentions] == [("even_writes", None)]


def test_the_token_stays_behind_the_package_and_is_sent_to_x_only() -> None:
    _, player = fetched()
    assert {request.url.host for request in player.asked} == {"api.x.example"}
    assert {request.headers["authorization"] for request in player.asked} == {"Bearer a-token"}


def test_an_account_without_posts_is_read_too() -> None:
    records, player = fetched({**ROUTES, POSTS: "tweets_empty", MENTIONS: "tweets_empty"})
    assert [type(record) for record in records] == [Profile, Snapshot]
    assert player.paths() == ["/2/users/me", POSTS, MENTIONS]


def test_another_account_than_the_linked_one_is_refused() -> None:
    with pytest.raises(BadPayload, match="another account"):
        fetched(account=replace(ASTRID, native_id="1"))


def test_without_the_owners_token_and_one_of_ours_nothing_is_asked() -> None:
    player = Player("x", ROUTES)
    with player.client(URLS) as client:
        client.key = ""
        with pytest.raises(NotAllowed):
            x.fetch_profile(client, AccountRef("", "astrid_fjord"))
    assert player.asked == []


# --- Later fetches --------------------------------------------------------------------------------
KNOWN = replace(
    ASTRID,
    recent_posts=(CHART, ANSWER),
    recent_counts={
        CHART: {"likes": 3, "reshares": 2, "comments": 1, "quotes": 1},
        ANSWER: {"likes": 1, "reshares": 0, "comments": 0, "quotes": 0},
    },
)
YESTERDAY = NOW - timedelta(days=1)


def test_a_later_fetch_asks_for_what_is_newer_and_for_counts_by_the_hundred() -> None:
    records, player = fetched({**ROUTES, POSTS: "tweets_empty"}, account=KNOWN, since=YESTERDAY)
    assert asked(player, POSTS)["since_id"] == CHART
    assert "start_time" not in asked(player, POSTS)
    assert asked(player, MENTIONS)["start_time"] == "2026-11-19T12:00:00Z"
    ids = asked(player, "/2/tweets")["ids"].split(",")
    assert ids == [name for name in (CHART, ANSWER) if is_due(name, NOW)]
    assert ids[0] == CHART
    # Of the other it is only asked whether it is still shown, at the end and if money is left.
    assert player.paths().count("/2/tweets") == 2
    assert player.asked[-1].url.params["ids"] == ANSWER
    assert any(isinstance(record, Post) and record.native_id == CHART for record in records)


def test_nobody_is_asked_who_acted_where_no_count_moved() -> None:
    lookup = payload("x", "lookup")
    lookup["data"][0]["public_metrics"]["retweet_count"] = 2
    same = {**ROUTES, POSTS: "tweets_empty", "/2/tweets": httpx.Response(200, json=lookup)}
    _, player = fetched(same, account=KNOWN, since=YESTERDAY)
    assert set(player.paths()) == {"/2/users/me", POSTS, MENTIONS, "/2/tweets"}


def test_only_as_many_are_asked_for_as_are_new() -> None:
    _, player = fetched({**ROUTES, POSTS: "tweets_empty"}, account=KNOWN, since=YESTERDAY)
    # Two reposts were known and three are told: one new, and a margin of five.
    assert asked(player, f"/2/tweets/{CHART}/retweeted_by")["max_results"] == "6"
    assert f"/2/tweets/{CHART}/liking_users" not in player.paths()


def test_likers_beyond_the_hundred_that_x_tells_are_not_asked_for() -> None:
    lookup = payload("x", "lookup")
    lookup["data"][0]["public_metrics"]["like_count"] = 140
    known = replace(KNOWN, recent_counts={CHART: {"likes": 100, "reshares": 3, "quotes": 1}})
    routes = {**ROUTES, POSTS: "tweets_empty", "/2/tweets": httpx.Response(200, json=lookup)}
    _, player = fetched(routes, account=known, since=YESTERDAY)
    assert f"/2/tweets/{CHART}/liking_users" not in player.paths()


def test_a_post_that_x_shows_no_longer_is_removed() -> None:
    older = replace(ASTRID, older_posts=(ANSWER,))
    routes = {**ROUTES, POSTS: "tweets_empty", "/2/tweets": "lookup_none_left"}
    records, player = fetched(routes, account=older, since=YESTERDAY)
    assert Removed(ANSWER) in records
    assert player.paths()[-1] == "/2/tweets"


def test_a_post_that_is_merely_missing_stays() -> None:
    older = replace(ASTRID, older_posts=(STORM,))
    routes = {**ROUTES, POSTS: "tweets_empty", "/2/tweets": "tweets_empty"}
    records, _ = fetched(routes, account=older, since=YESTERDAY)
    assert not any(isinstance(record, Removed) for record in records)


def old_posts(count: int) -> tuple[str, ...]:
    """Return ids of posts of last winter."""
    at = int(datetime(2026, 1, 2, tzinfo=UTC).timestamp() * 1000) - 1_288_834_974_657
    return tuple(str(at + number << 22) for number in range(count))


class Library(Player):
    """Answers for each id, but for those that were taken away."""

    gone: frozenset[str] = frozenset()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/2/tweets":
            return super().handle_request(request)
        self.asked.append(request)
        names = request.url.params["ids"].split(",")
        row = payload("x", "lookup")["data"][0]
        return httpx.Response(
            200,
            json={
                "data": [{**row, "id": name} for name in names if name not in self.gone],
                "errors": [
                    {
                        "resource_id": name,
                        "resource_type": "tweet",
                        "type": "https://api.x.com/2/problems/resource-not-found",
                        "title": "Not Found Error",
                    }
                    for name in names
                    if name in self.gone
                ],
            },
        )


def asked_again(left: int, spare: int) -> tuple[list[list[str]], list[Record]]:
    """Return which of 230 old posts are asked for in one fetch, batch by batch."""
    names = old_posts(230)
    player = Library("x", {**ROUTES, POSTS: "tweets_empty"})
    player.gone = frozenset({names[1], names[150]})
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        client.meter = Ledger(left, spare)
        account = replace(ASTRID, older_posts=names)
        records = list(x.fetch(client, account, YESTERDAY))
    batches = [r.url.params["ids"].split(",") for r in player.asked if r.url.path == "/2/tweets"]
    assert [name for batch in batches for name in batch] == list(names)[: sum(map(len, batches))]
    return batches, records


def test_every_stored_post_is_asked_for_again_each_day_by_the_hundred() -> None:
    batches, records = asked_again(10_000, 10_000)
    assert [len(batch) for batch in batches] == [100, 100, 30]
    gone = [record.native_id for record in records if isinstance(record, Removed)]
    assert gone == [old_posts(2)[1], old_posts(151)[150]]


def test_where_money_is_short_the_longest_unasked_are_asked_for_and_the_rest_next_time() -> None:
    # Five thousandths a post, of a quarter of what may be spared.
    batches, records = asked_again(10_000, 4 * 5 * 130)
    assert [len(batch) for batch in batches] == [100, 30]
    assert [r.native_id for r in records if isinstance(r, Removed)] == [old_posts(2)[1]]
    assert asked_again(10_000, 19)[0] == []


# --- Strangers ------------------------------------------------------------------------------------
STRANGER = AccountRef("", "astrid_fjord")
BY_NAME, BY_ID = "/2/users/by/username/astrid_fjord", f"/2/users/{OWN}"


def test_a_stranger_is_read_with_the_applications_token_a_page_of_each() -> None:
    routes = {**ROUTES, BY_NAME: "me", BY_ID: "me"}
    player = Player("x", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        profile = x.fetch_profile(client, STRANGER)
        account = AccountRef(profile.native_id, profile.handle)
        records = list(x.fetch(client, account, None))
    assert player.paths() == [BY_NAME, BY_ID, POSTS, MENTIONS]
    assert {request.headers["authorization"] for request in player.asked} == {"Bearer our-key"}
    assert asked(player, POSTS)["max_results"] == "50"
    assert asked(player, MENTIONS)["max_results"] == "20"
    kinds = {record.kind for record in records if isinstance(record, Interaction)}
    assert kinds == {Kind.COMMENT, Kind.MENTION}
    assert any(isinstance(record, Snapshot) for record in records)


def test_a_stranger_whom_x_does_not_show_is_gone() -> None:
    nobody = httpx.Response(200, json={"errors": [{"title": "Not Found Error"}]})
    player = Player("x", {BY_NAME: nobody})
    with player.client(URLS) as client, pytest.raises(Gone):
        x.fetch_profile(client, STRANGER)


@pytest.mark.parametrize(("age_days", "times"), [(0, 31), (4, 10), (12, 4)])
def test_counts_are_read_the_more_seldom_the_older_a_post_is(age_days: int, times: int) -> None:
    """Asked on each of 31 days about a post that always has this age."""
    seen = 0
    for day in range(31):
        now = NOW + timedelta(days=day)
        written = now - timedelta(days=age_days, hours=1)
        name = str((int(written.timestamp() * 1000) - 1_288_834_974_657) << 22)
        assert posted_at(name) == written
        seen += is_due(name, datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(days=day))
    assert abs(seen - times) <= (0 if age_days == 0 else 8)
    assert seen > 0


def test_each_post_of_a_month_is_read_at_least_once_a_week() -> None:
    # 20 days old on the first of these days.
    name = str((int((NOW - timedelta(days=20)).timestamp() * 1000) - 1_288_834_974_657) << 22)
    due = [is_due(name, NOW + timedelta(days=day)) for day in range(7)]
    assert sum(due) == 1


# --- Both dialects --------------------------------------------------------------------------------
def test_where_x_speaks_of_posts_the_fetch_goes_on_in_its_words() -> None:
    newer = {
        **ROUTES,
        "/2/users/me": "newer_me",
        POSTS: "newer_tweets",
        MENTIONS: "newer_mentions",
    }

    class Newer(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if "tweet.fields" in parse_qs(request.url.query.decode()):
                self.asked.append(request)
                return httpx.Response(400, json=payload("x", "refused_words"))
            return super().handle_request(request)

    player = Newer("x", newer)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(x.fetch(client, ASTRID, None))
    # Refused once, and remembered for the rest of the fetch.
    assert sum("tweet.fields" in str(request.url) for request in player.asked) == 1
    found = interactions(records)
    assert {record.kind for record in found.values()} == {
        Kind.LIKE,
        Kind.RESHARE,
        Kind.COMMENT,
        Kind.QUOTE,
        Kind.MENTION,
    }
    chart = next(r for r in records if isinstance(r, Post) and r.native_id == CHART)
    assert chart.counts["reshares"] == 2
    # Whom it answers is told by the name that it begins with.
    assert found[f"sent:{ANSWER}"].actor.handle == "bjorn_maps"
    snapshot = records[1]
    assert isinstance(snapshot, Snapshot)
    assert snapshot.counts["posts"] == 5210


def test_a_query_is_reworded_as_the_newer_specification_has_it() -> None:
    own = "tweet.fields=created_at,in_reply_to_user_id,lang&max_results=100"
    assert parse_qs(in_newer_words(own)) == {
        "post.fields": ["created_at,lang"],
        "max_results": ["100"],
    }
    others = "tweet.fields=author_id,created_at,referenced_tweets&expansions=author_id"
    assert parse_qs(in_newer_words(others)) == {
        "post.fields": ["created_at"],
        "expansions": ["author_id,referenced_posts,in_reply_to_user_id"],
    }
    assert in_newer_words("user.fields=protected") == "user.fields=protected"


# --- Refusals -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "name", "word"),
    [
        (401, "refused", Relink),
        (402, "refused", NotAllowed),
        (403, "refused", Relink),
        (403, "refused_application", NotAllowed),
        (400, "refused_question", BadPayload),
        (429, "refused", RateLimited),
        (500, "refused", Retry),
    ],
)
def test_a_refusal_of_the_profile_has_its_word(
    status: int, name: str, word: type[Exception]
) -> None:
    with pytest.raises(word):
        fetched({**ROUTES, "/2/users/me": (status, name)})


def test_a_post_that_goes_while_it_is_read_costs_the_others_nothing() -> None:
    for status, name in ((404, "refused"), (403, "not_for_you")):
        records, _ = fetched({**ROUTES, f"/2/tweets/{CHART}/liking_users": (status, name)})
        found = interactions(records)
        assert f"like:{ANSWER}:2244990002" in found
        assert f"reshare:{CHART}:2244990002" in found


def test_what_the_operators_plan_leaves_out_is_asked_once() -> None:
    refused = (403, "refused_application")
    likers = {f"/2/tweets/{post}/liking_users": refused for post in (CHART, ANSWER)}
    records, player = fetched({**ROUTES, **likers})
    assert sum(path.endswith("liking_users") for path in player.paths()) == 1
    assert not any(r.kind is Kind.LIKE for r in interactions(records).values())


def test_access_that_ends_on_the_way_ends_the_fetch() -> None:
    with pytest.raises(Relink):
        fetched({**ROUTES, f"/2/tweets/{CHART}/retweeted_by": (401, "refused")})


# --- Money ----------------------------------------------------------------------------------------
def test_distinct_rows_are_counted_also_those_that_an_answer_includes() -> None:
    assert counted(payload("x", "me")) == {"user": 1}
    assert counted(payload("x", "mentions")) == {"post": 3, "user": 3}
    assert counted(payload("x", "newer_mentions")) == {"post": 3, "user": 3}
    assert counted({"meta": {"result_count": 0}}) == {}
    assert counted([]) == {}


def test_what_came_is_paid_for_and_no_more() -> None:
    ledger = Ledger(10_000)
    fetched(ledger=ledger)
    rows = {name: sum(paid.get(name, 0) for paid in ledger.paid) for name in ("post", "user")}
    # me; 3 posts; 3 mentions by 3; a quote by one; 2 reposters; 3 likers and one.
    assert rows == {"post": 3 + 3 + 1, "user": 1 + 3 + 1 + 2 + 3 + 1}
    assert ledger.left == 10_000 - 5 * rows["post"] - 10 * rows["user"]


def test_without_money_to_spare_posts_are_read_and_nobody_is_asked_who_acted() -> None:
    records, player = fetched(ledger=Ledger(10_000, spare=0))
    assert player.paths() == ["/2/users/me", POSTS]
    assert {type(record) for record in records} == {Profile, Snapshot, Post, Interaction}


def test_a_fetch_stops_before_the_limit_and_sends_nothing_more() -> None:
    ledger = Ledger(300)
    player = Player("x", ROUTES)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        client.meter = ledger
        with pytest.raises(BudgetSpent):
            list(x.fetch(client, ASTRID, None))
    # A page of a hundred posts might cost more than is left.
    assert player.paths() == ["/2/users/me"]
    assert ledger.left == 290


def test_a_refused_question_costs_nothing_and_a_lost_answer_what_it_may_have() -> None:
    for status, left in ((401, 1_000), (500, 990)):
        ledger = Ledger(1_000)
        with pytest.raises((Relink, Retry)):
            fetched({**ROUTES, "/2/users/me": (status, "refused")}, ledger=ledger)
        assert ledger.left == left


def test_an_account_that_is_gone_is_gone() -> None:
    with pytest.raises(Gone):
        fetched({**ROUTES, "/2/users/me": (404, "refused")})
