"""Reddit on recorded answers: one account's own links, who commented, what it wrote itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import reddit
from connectors.checks import check_record
from connectors.errors import BadPayload, NotAllowed, Relink
from connectors.oauth import App, LinkRefused
from connectors.oauth import reddit as linking
from connectors.types import (
    AccountRef,
    Direction,
    Interaction,
    Post,
    Profile,
    Record,
    Removed,
    Snapshot,
)
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URLS = {"reddit": "https://oauth.reddit.example", "reddit_authorize": "https://www.reddit.example"}
ASTRID = AccountRef("astrid_kart", "Astrid_Kart", token="a-token")
ME, OWN, WRITTEN = "/api/v1/me", "/user/Astrid_Kart/submitted", "/user/Astrid_Kart/comments"
ROUTES: dict[str, Reply] = {
    ME: "me",
    OWN: "submitted",
    f"{OWN}#2": "submitted_last",
    "/comments/aa1": "thread",
    "/comments/aa0": (403, "refused_private"),
    WRITTEN: "comments",
}
# The parameters that the documents name.
PARAMETERS = {"raw_json", "limit", "sort", "after", "depth", "id"}
BACK = "https://klout.example/networks/reddit/done/"
APP = App("our-id", "our-secret")


def played(routes: dict[str, Reply] | None = None) -> Player:
    return Player("reddit", {**ROUTES, **(routes or {})})


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(reddit.fetch(client, account, since))
    for record in records:
        check_record(reddit.NETWORK, record)
    return records


def acts(records: list[Record], direction: Direction) -> dict[str, Interaction]:
    return {
        record.native_id: record
        for record in records
        if isinstance(record, Interaction) and record.direction is direction
    }


def test_the_owner_is_read_with_karma_and_followers() -> None:
    profile, snapshot, *_ = fetched(played())
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle) == ("astrid_kart", "Astrid_Kart")
    assert profile.bio == "Maps & ferries"
    counts = {"followers": 31, "link_karma": 5120, "comment_karma": 803, "award_karma": None}
    assert snapshot == Snapshot(NOW.date(), counts)


def test_links_come_with_counts_and_without_their_authors_own_vote() -> None:
    posts = {record.native_id: record for record in fetched(played()) if isinstance(record, Post)}
    assert set(posts) == {"t3_aa1", "t3_aa0"}, "a link that was removed is not one"
    link = posts["t3_aa1"]
    assert link.counts == {"votes": 41, "comments": 4, "crossposts": 1}
    assert link.url == "https://www.reddit.com/r/maps/comments/aa1/fog/"
    assert link.features.link_hosts == ("kart.example",)
    text = posts["t3_aa0"]
    assert text.text == "Which ferry?\nIs there one at night?"
    assert text.features.link_hosts == ()


def test_who_commented_is_named_and_machines_are_nobody() -> None:
    records = fetched(played())
    received = acts(records, Direction.RECEIVED)
    assert {name: act.actor.native_id for name, act in received.items()} == {
        "comment:t1_c1": "jonas-b"
    }
    assert received["comment:t1_c1"].actor.handle == "Jonas-B"
    assert received["comment:t1_c1"].post_native_id == "t3_aa1"
    sent = acts(records, Direction.SENT)
    assert {name: act.actor.handle for name, act in sent.items()} == {"sent:t1_d1": "mira_ito"}


def test_only_links_whose_comments_moved_are_asked_about() -> None:
    known = replace(
        ASTRID,
        recent_counts={"t3_aa1": {"comments": 4}, "t3_aa0": {"comments": 2}},
    )
    player = played()
    fetched(player, known, NOW - timedelta(days=1))
    assert not [path for path in player.paths() if path.startswith("/comments/")]


def test_what_was_deleted_there_goes() -> None:
    known = replace(
        ASTRID,
        recent_posts=("t3_aa1", "t3_aa2", "t3_zz1"),
        older_posts=("t3_zz2", "t3_zz3"),
    )
    player = played({"/api/info": "info"})
    gone = [r.native_id for r in fetched(player, known) if isinstance(r, Removed)]
    # Removed by a moderator; not told any more; deleted by its author. One is still there.
    assert gone == ["t3_aa2", "t3_zz1", "t3_zz3"]
    asked = parse_qs(player.asked[-1].url.query.decode())
    assert asked["id"] == ["t3_zz1,t3_zz2,t3_zz3"]


def test_an_account_that_wrote_nothing_is_read_in_three_questions() -> None:
    player = Player("reddit", {ME: "me", OWN: "listing_empty", WRITTEN: "listing_empty"})
    assert len(fetched(player)) == 2
    assert len(player.asked) == 3


def test_a_thread_that_is_none_is_refused() -> None:
    with pytest.raises(BadPayload, match="not a link with its comments"):
        fetched(played({"/comments/aa1": "listing_empty"}))
    broken = payload("reddit", "thread")
    broken[1]["data"]["children"][0]["data"]["created_utc"] = 1e30
    with pytest.raises(BadPayload, match="created_utc"):
        fetched(played({"/comments/aa1": httpx.Response(200, json=broken)}))


def test_without_the_owners_token_nothing_is_asked() -> None:
    player = played()
    with pytest.raises(NotAllowed):
        fetched(player, replace(ASTRID, token=""))
    assert player.asked == []
    with pytest.raises(BadPayload):
        fetched(played(), replace(ASTRID, native_id="somebody"))
    with pytest.raises(Relink):
        fetched(played({ME: (401, "refused")}))


def test_only_documented_questions_are_asked_with_the_token_in_the_header() -> None:
    player = played({"/api/info": "info"})
    fetched(player, replace(ASTRID, recent_posts=("t3_zz1",)))
    for request in player.asked:
        assert parse_qs(request.url.query.decode()).keys() <= PARAMETERS
        assert request.headers["authorization"] == "Bearer a-token"
        assert "ops@example.org" in request.headers["user-agent"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("u/Astrid_Kart", "Astrid_Kart"),
        ("/user/Astrid_Kart", "Astrid_Kart"),
        ("https://www.reddit.com/user/Astrid_Kart/", "Astrid_Kart"),
        ("https://old.reddit.com/u/Astrid_Kart/submitted", "Astrid_Kart"),
        ("Astrid_Kart", None),
        ("@Astrid_Kart", None),
        ("u/a", None),
        ("https://www.reddit.com/r/maps", None),
        ("https://reddit.com.evil.example/u/Astrid_Kart", None),
        ("https://[reddit.com/u/Astrid", None),
    ],
)
def test_handles_and_addresses_are_understood(text: str, name: str | None) -> None:
    found = reddit.parse_handle(text)
    assert (found.handle if found else None) == name
    assert found is None or found.native_id == found.handle.lower()


# --- Linking --------------------------------------------------------------------------------------
TOKENS = {
    "access_token": "at-1",
    "refresh_token": "rt-1",
    "token_type": "bearer",
    "expires_in": 3600,
    "scope": "identity history read",
}


def test_an_account_is_linked_renewed_and_taken_back() -> None:
    routes: dict[str, Reply] = {
        ME: "me",
        "/api/v1/access_token": httpx.Response(200, json=TOKENS),
        "/api/v1/revoke_token": httpx.Response(204),
    }
    player = Player("reddit", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        asked = dict(parse_qsl(urlsplit(begun.redirect_url).query))
        assert (asked["duration"], asked["scope"]) == ("permanent", "identity history read")
        told = {"state": begun.kept["state"], "code": "a-code"}
        proof = linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
        assert proof.profile.handle == "Astrid_Kart"
        assert proof.expires_at == NOW + timedelta(hours=1)
        renewed = linking.refresh(client, secret=proof.secret, server="", app=APP)
        assert renewed.secret["access"] == "at-1"
        linking.revoke(client, secret=proof.secret, server="", app=APP)
    posted = [request for request in player.asked if request.method == "POST"]
    assert all(request.headers["authorization"].startswith("Basic ") for request in posted)
    forms = [dict(parse_qsl(request.content.decode())) for request in posted]
    assert [form.get("grant_type") for form in forms] == [
        *("authorization_code", "refresh_token", None, None),
    ]
    assert [form["token"] for form in forms[2:]] == ["rt-1", "at-1"]


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        # Reddit says so with the status 200.
        (200, {"error": "invalid_grant"}, "expired"),
        (401, {"message": "Unauthorized", "error": 401}, "app"),
        (200, {**TOKENS, "scope": "identity"}, "denied"),
    ],
)
def test_a_refusal_links_nothing(status: int, answer: dict[str, object], reason: str) -> None:
    routes: dict[str, Reply] = {
        "/api/v1/access_token": httpx.Response(status, json=answer),
        "/api/v1/revoke_token": httpx.Response(204),
    }
    with Player("reddit", routes).client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        told = {"state": begun.kept["state"], "code": "a-code"}
        with pytest.raises(LinkRefused) as refused:
            linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
    assert refused.value.reason == reason
