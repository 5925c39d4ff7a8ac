"""Viva Engage on recorded answers: one member's messages, who likes them, who replies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import yammer
from connectors.checks import check_record
from connectors.errors import BadPayload, NotAllowed, RateLimited, Relink
from connectors.oauth import App, LinkRefused
from connectors.oauth import yammer as linking
from connectors.types import AccountRef, Interaction, Kind, Post, Profile, Record, Removed, Snapshot
from connectors.yammer import visit
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URLS = {
    "yammer": "https://www.yammer.example",
    "yammer_oauth": "https://login.example/organizations/oauth2/v2.0",
}
ME = "36000000001"
ASTRID = AccountRef(ME, "astrid.kart", token="a-token")
API = "/api/v1"
USER, GROUPS = f"{API}/users/current.json", f"{API}/groups/for_user/{ME}.json"
SENT, RECEIVED = f"{API}/messages/sent.json", f"{API}/messages/received.json"
MAP, CHARTS, ANSWER = "2000000000008", "2000000000007", "2000000000006"
THREAD, LIKED = f"{API}/messages/in_thread/{MAP}.json", f"{API}/users/liked_message/{MAP}.json"
ROUTES: dict[str, Reply] = {
    USER: "user",
    GROUPS: "groups",
    SENT: "sent",
    RECEIVED: "received",
    THREAD: "thread",
    f"{LIKED}#2": "liked",
}
# The parameters that the documents name.
PARAMETERS = {"older_than", "page"}
BACK = "https://klout.example/networks/yammer/done/"
APP = App("our-id", "our-secret")


def played(routes: dict[str, Reply] | None = None) -> Player:
    return Player("yammer", {**ROUTES, **(routes or {})})


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(yammer.fetch(client, account, since))
    for record in records:
        check_record(yammer.NETWORK, record)
    return records


def posts_of(records: list[Record]) -> dict[str, Post]:
    return {record.native_id: record for record in records if isinstance(record, Post)}


def acts_of(records: list[Record], kind: Kind) -> list[tuple[str, str | None]]:
    return [
        (record.actor.handle, record.post_native_id)
        for record in records
        if isinstance(record, Interaction) and record.kind is kind
    ]


def test_the_owner_is_read_with_counts_and_nothing_of_the_company() -> None:
    profile, snapshot, *_ = fetched(played())
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle, profile.name) == (ME, "astrid.kart", "Astrid Kart")
    assert profile.url == ""
    assert "kart.example" not in repr(profile)
    counts = {"followers": 120, "following": 45, "posts": 310, "groups": 2}
    assert snapshot == Snapshot(NOW.date(), counts)


def test_counts_that_are_not_told_are_unknown() -> None:
    for groups in ((403, "refused"), (404, "refused")):
        snapshot = fetched(played({USER: "user_few_fields", GROUPS: groups}))[1]
        assert isinstance(snapshot, Snapshot)
        assert set(snapshot.counts.values()) == {None}


def test_only_what_all_colleagues_may_read_is_a_post() -> None:
    records = fetched(played())
    posts = posts_of(records)
    assert set(posts) == {MAP, CHARTS, ANSWER}
    assert posts[MAP].counts == {"likes": 4, "comments": 2}
    assert posts[MAP].features.hashtags == ("ferries",)
    answered = posts[ANSWER].reply_to
    assert answered is not None
    assert answered.handle == "mira.ito"
    assert posts[ANSWER].counts == {"likes": 0, "comments": None}
    for word in ("Pay talks", "Only for you", "Lunch"):
        assert word not in repr(records)


def test_who_likes_replies_and_mentions_is_named_with_their_audience() -> None:
    records = fetched(played())
    assert acts_of(records, Kind.LIKE) == [
        ("jonas.berg", MAP),
        ("mira.ito", MAP),
        ("noor.haddad", MAP),
        ("jonas.berg", CHARTS),
    ]
    assert acts_of(records, Kind.COMMENT) == [("jonas.berg", MAP)]
    # A reply to her message notifies her too: that is no mention.
    assert acts_of(records, Kind.MENTION) == [("mira.ito", None)]
    followers = {
        record.actor.handle: record.actor.followers
        for record in records
        if isinstance(record, Interaction)
    }
    assert followers == {"jonas.berg": 80, "mira.ito": 15, "noor.haddad": 4}


def test_nobody_is_asked_where_nothing_moved_and_where_all_are_named() -> None:
    known = replace(ASTRID, recent_counts={MAP: {"likes": 4, "comments": 2}, CHARTS: {"likes": 0}})
    player = played()
    records = fetched(player, known, NOW - timedelta(days=1))
    assert player.paths() == [USER, GROUPS, SENT, RECEIVED]
    assert acts_of(records, Kind.LIKE) == [("jonas.berg", CHARTS)]


def test_what_there_was_no_question_for_is_asked_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "MESSAGE_QUESTIONS", 2)
    monkeypatch.setattr(visit, "OTHER_QUESTIONS", 0)
    records = fetched(played())
    assert posts_of(records)[MAP].counts == {"likes": None, "comments": None}
    assert acts_of(records, Kind.COMMENT) == []
    known = replace(ASTRID, recent_counts={MAP: {"likes": 3, "comments": 1}})
    assert posts_of(fetched(played(), known))[MAP].counts == {"likes": 3, "comments": 1}
    monkeypatch.undo()
    assert ("noor.haddad", MAP) in acts_of(fetched(played(), known), Kind.LIKE)


class Busy(Player):
    """Somebody with no end of messages, each liked and answered by more than are named."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path in {USER, GROUPS, RECEIVED}:
            return super().handle_request(request)
        self.asked.append(request)
        if path != SENT:
            name = "thread" if "in_thread" in path else "liked"
            return httpx.Response(200, json=payload("yammer", name))
        told = payload("yammer", "sent")
        message = told["messages"][1]
        newest = int(request.url.params.get("older_than", MAP)) - 1
        ids = range(newest, newest - 20, -1)
        told["messages"] = [{**message, "id": one, "thread_id": one} for one in ids]
        told["references"] = [{"type": "thread", "id": one, "stats": {"updates": 3}} for one in ids]
        told["meta"]["older_available"] = True
        return httpx.Response(200, json=told)


def test_a_fetch_asks_no_more_than_is_answered_in_half_a_minute() -> None:
    player = Busy("yammer", ROUTES)
    posts = posts_of(fetched(player))
    messages = [path for path in player.paths() if path.startswith(f"{API}/messages/")]
    assert len(messages) == visit.MESSAGE_QUESTIONS
    assert len(player.asked) == yammer.NETWORK.budget.requests
    assert len(posts) == 100
    asked = [post for post in posts.values() if post.counts["likes"] is not None]
    assert len(asked) == visit.OTHER_QUESTIONS


def test_pages_of_messages_likes_and_replies_are_read_to_their_end() -> None:
    sent, thread = payload("yammer", "sent"), payload("yammer", "thread")
    sent["meta"]["older_available"] = thread["meta"]["older_available"] = True
    routes: dict[str, Reply] = {
        SENT: httpx.Response(200, json=sent),
        f"{SENT}?older_than=2000000000005": "sent_last",
        THREAD: httpx.Response(200, json=thread),
        f"{THREAD}?older_than={MAP}": "thread_older",
        f"{LIKED}?page=1": "liked_more",
        f"{LIKED}?page=2": "liked_last",
    }
    records = fetched(played(routes))
    assert set(posts_of(records)) == {MAP, CHARTS, ANSWER, "1999999990001"}
    assert acts_of(records, Kind.COMMENT) == [("jonas.berg", MAP), ("mira.ito", MAP)]
    assert len(acts_of(records, Kind.LIKE)) == 4


def test_what_was_taken_away_is_gone_as_far_as_the_list_reached() -> None:
    known = replace(ASTRID, recent_posts=(MAP, "2000000000004", "1999999999999"))
    gone = [r.native_id for r in fetched(played(), known) if isinstance(r, Removed)]
    assert gone == ["2000000000004", "1999999999999"]
    sent = payload("yammer", "sent")
    sent["meta"]["older_available"] = True
    routes: dict[str, Reply] = {SENT: httpx.Response(200, json=sent)}
    known = replace(known, recent_posts=("2000000000009", "2000000000004"))
    gone = [r.native_id for r in fetched(played(routes), known) if isinstance(r, Removed)]
    assert gone == ["2000000000009"], "made private; the other one was not reached"


def test_somebody_without_messages_is_read_in_four_questions() -> None:
    player = played({SENT: "sent_empty", RECEIVED: "sent_empty", GROUPS: "groups_empty"})
    assert len(fetched(player)) == 2
    assert len(player.asked) == 4


def test_a_message_that_went_meanwhile_and_broken_times() -> None:
    likes = acts_of(fetched(played({f"{LIKED}#2": (404, "refused")})), Kind.LIKE)
    assert likes == [("jonas.berg", MAP), ("mira.ito", MAP), ("jonas.berg", CHARTS)]
    for broken in ("yesterday", "2026/13/40 00:00:00 +0000"):
        sent = payload("yammer", "sent")
        sent["messages"][1]["created_at"] = broken
        with pytest.raises(BadPayload, match="created_at"):
            fetched(played({SENT: httpx.Response(200, json=sent)}))


def test_refusals_have_their_words_and_strangers_are_not_read() -> None:
    player = played()
    with pytest.raises(NotAllowed):
        fetched(player, replace(ASTRID, token=""))
    assert player.asked == []
    with pytest.raises(BadPayload):
        fetched(played(), replace(ASTRID, native_id="1"))
    for where in (USER, SENT, RECEIVED, THREAD):
        with pytest.raises(Relink):
            fetched(played({where: (401, "refused")}))
        with pytest.raises(RateLimited):
            fetched(played({where: (429, "refused")}))


def test_only_documented_questions_are_asked_with_the_token_in_the_header() -> None:
    player = played()
    fetched(player)
    for request in player.asked:
        assert parse_qs(request.url.query.decode()).keys() <= PARAMETERS
        assert request.headers["authorization"] == "Bearer a-token"


@pytest.mark.parametrize(
    ("text", "native_id", "handle"),
    [
        ("https://www.yammer.com/kart.example/users/astrid.kart", "", "astrid.kart"),
        ("yammer.com/kart.example/users/36000000001", "36000000001", "36000000001"),
        ("https://www.yammer.com/kart.example/groups/ferries", None, None),
        ("https://www.yammer.com/users/astrid", None, None),
        ("https://www.yammer.com.evil.example/kart.example/users/astrid", None, None),
        ("ftp://www.yammer.com/kart.example/users/astrid", None, None),
        ("https://[yammer.com/kart.example/users/astrid", None, None),
        ("@astrid.kart", None, None),
    ],
)
def test_addresses_of_users_are_understood(
    text: str, native_id: str | None, handle: str | None
) -> None:
    found = yammer.parse_handle(text)
    assert (found and found.native_id, found and found.handle) == (native_id, handle)


# --- Linking --------------------------------------------------------------------------------------
TOKENS = {
    "token_type": "Bearer",
    "scope": "https://www.yammer.com/access_as_user",
    "expires_in": 4000,
    "access_token": "at-1",
    "refresh_token": "rt-1",
}
TOKEN = "/organizations/oauth2/v2.0/token"


def test_an_account_is_linked_renewed_and_forgotten_here() -> None:
    player = Player("yammer", {USER: "user", TOKEN: httpx.Response(200, json=TOKENS)})
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        asked = dict(parse_qsl(urlsplit(begun.redirect_url).query))
        assert asked["scope"] == "https://www.yammer.com/access_as_user offline_access"
        assert asked["code_challenge_method"] == "S256"
        told = {"state": begun.kept["state"], "code": "a-code"}
        proof = linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
        assert proof.profile.handle == "astrid.kart"
        assert proof.expires_at == NOW + timedelta(seconds=4000)
        renewed = linking.refresh(client, secret=proof.secret, server="", app=APP)
        assert renewed.secret == {"access": "at-1", "refresh": "rt-1"}
        before = len(player.asked)
        linking.revoke(client, secret=proof.secret, server="", app=APP)
        assert len(player.asked) == before, "there is nothing to ask: the tokens are deleted here"
    forms = [dict(parse_qsl(r.content.decode())) for r in player.asked if r.method == "POST"]
    assert [form["grant_type"] for form in forms] == ["authorization_code", "refresh_token"]
    assert forms[0]["code_verifier"] == begun.kept["verifier"]


def test_an_access_that_has_ended_asks_for_a_new_link() -> None:
    for word in ("invalid_grant", "interaction_required"):
        player = Player("yammer", {TOKEN: httpx.Response(400, json={"error": word})})
        with player.client(URLS) as client, pytest.raises(Relink):
            linking.refresh(client, secret={"refresh": "rt-1"}, server="", app=APP)


@pytest.mark.parametrize(
    ("error", "reason"), [("invalid_grant", "expired"), ("invalid_client", "app")]
)
def test_a_refusal_links_nothing(error: str, reason: str) -> None:
    player = Player("yammer", {TOKEN: httpx.Response(400, json={"error": error})})
    with player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        told = {"state": begun.kept["state"], "code": "a-code"}
        with pytest.raises(LinkRefused) as refused:
            linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
    assert refused.value.reason == reason
