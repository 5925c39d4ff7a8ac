"""Foursquare on recorded answers: one account's check-ins, who liked them and who commented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import foursquare
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, NotAllowed, RateLimited, Relink
from connectors.oauth import App, LinkRefused
from connectors.oauth import foursquare as linking
from connectors.types import AccountRef, Interaction, Kind, Post, Profile, Record, Removed, Snapshot
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URLS = {
    "foursquare": "https://api.foursquare.example",
    "foursquare_oauth": "https://foursquare.example/oauth2",
}
ASTRID = AccountRef("410021", "astridkart", token="a-token")
USER, CHECKINS, TIPS = "/v2/users/self", "/v2/users/self/checkins", "/v2/users/self/tips"
FOG, HIDDEN, QUIET, OLD = (f"67aa0000000000000000c00{number}" for number in (1, 2, 3, 4))
ROUTES: dict[str, Reply] = {
    USER: "user",
    TIPS: "tips",
    CHECKINS: "checkins",
    f"/v2/checkins/{FOG}": "checkin",
    f"/v2/checkins/{QUIET}": "checkin_liked",
}
# The parameters that the documents name.
PARAMETERS = {"oauth_token", "v", "limit", "offset", "sort", "afterTimestamp"}
BACK = "https://klout.example/networks/foursquare/done/"
APP = App("our-id", "our-secret")


class Pages(Player):
    """Its pages are asked for by an offset."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.params.get("offset", "0") != "0":
            self.asked.append(request)
            return httpx.Response(200, json=payload("foursquare", "checkins_last"))
        return super().handle_request(request)


def played(routes: dict[str, Reply] | None = None) -> Pages:
    return Pages("foursquare", {**ROUTES, **(routes or {})})


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(foursquare.fetch(client, account, since))
    for record in records:
        check_record(foursquare.NETWORK, record)
    return records


def snapshot_of(player: Player) -> dict[str, int | None]:
    return dict(next(r for r in fetched(player) if isinstance(r, Snapshot)).counts)


def test_the_owner_is_read_with_counts_and_without_address_or_mail() -> None:
    profile = fetched(played())[0]
    assert isinstance(profile, Profile)
    assert profile.native_id == "410021"
    assert (profile.handle, profile.name) == ("astridkart", "Astrid Kart")
    assert [link.url for link in profile.links] == ["https://x.com/astrid_kart"]
    assert not profile.states_minor
    assert "kart.example" not in repr(profile)
    told = {"friends": 64, "checkins": 812, "tips": 3, "mayorships": 5, "photos": 41}
    assert snapshot_of(played()) == told | {"lists_made": 3, "tips_liked": 11, "tips_saved": 3}


@pytest.mark.parametrize(
    ("tips", "told"),
    [
        ("tips_empty", (0, 0)),
        ((404, "refused"), (None, None)),
        ((403, "refused"), (None, None)),
        (
            httpx.Response(200, json={"response": {"tips": {"count": 501, "items": [{}]}}}),
            (None, None),
        ),
        (httpx.Response(200, json={"response": {"tips": {"items": [{}]}}}), (None, None)),
    ],
)
def test_tips_that_are_not_told_in_full_are_unknown(
    tips: Reply, told: tuple[int | None, int | None]
) -> None:
    counts = snapshot_of(played({TIPS: tips}))
    assert (counts["tips_liked"], counts["tips_saved"]) == told


def test_counts_that_are_not_told_are_unknown() -> None:
    counts = snapshot_of(played({USER: "user_few_fields", TIPS: (410, "refused")}))
    assert set(counts.values()) == {None}


def test_check_ins_come_without_places_and_without_what_only_their_author_sees() -> None:
    records = fetched(played())
    posts = {record.native_id: record for record in records if isinstance(record, Post)}
    assert set(posts) == {FOG, QUIET}
    assert posts[FOG].counts == {"likes": 3, "comments": 2}
    assert posts[FOG].features.hashtags == ("bergen",)
    for word in ("Bryggen", "60.39", "Coffee"):
        assert word not in repr(records)


def test_who_liked_and_commented_is_named_once_and_never_the_author() -> None:
    acts = [record for record in fetched(played()) if isinstance(record, Interaction)]
    told = [(act.kind, act.actor.handle, act.post_native_id) for act in acts]
    assert told == [
        (Kind.LIKE, "jonasb", FOG),
        (Kind.LIKE, "410023", FOG),
        (Kind.COMMENT, "jonasb", FOG),
        (Kind.LIKE, "410023", QUIET),
    ]
    assert [act.happened_at is not None for act in acts] == [False, False, True, False]


def test_only_check_ins_whose_counts_moved_are_asked_about() -> None:
    known = replace(
        ASTRID,
        recent_counts={FOG: {"likes": 3, "comments": 2}, QUIET: {"likes": 0, "comments": 0}},
    )
    player = played()
    fetched(player, known, NOW - timedelta(days=1))
    assert [path for path in player.paths() if path.startswith("/v2/checkins/")] == [
        f"/v2/checkins/{QUIET}"
    ]


def test_pages_are_read_to_the_oldest_day_and_what_is_missing_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(foursquare, "PER_PAGE", 3)
    known = replace(ASTRID, recent_posts=(FOG, HIDDEN, "67aa0000000000000000c0ff"))
    first = [r.native_id for r in fetched(played(), known) if isinstance(r, Post)]
    assert first == [FOG, QUIET, OLD]
    later = fetched(played(), known, NOW - timedelta(days=1))
    assert [r.native_id for r in later if isinstance(r, Post)] == [FOG, QUIET]
    gone = [r.native_id for r in later if isinstance(r, Removed)]
    assert gone == [HIDDEN, "67aa0000000000000000c0ff"]
    monkeypatch.setattr(foursquare, "MAX_PAGES", 1)
    assert not [r for r in fetched(played(), known) if isinstance(r, Removed)]


def test_a_check_in_that_went_meanwhile_fails_nothing() -> None:
    for reply in ((400, "refused_checkin"), (403, "refused"), (404, "refused_checkin")):
        records = fetched(played({f"/v2/checkins/{FOG}": reply}))
        acts = [record for record in records if isinstance(record, Interaction)]
        assert [act.post_native_id for act in acts] == [QUIET]


def test_an_account_without_check_ins_is_read_in_three_questions() -> None:
    player = played({CHECKINS: "checkins_empty"})
    assert len(fetched(player)) == 2
    assert len(player.asked) == 3


@pytest.mark.parametrize("where", [USER, TIPS, CHECKINS, f"/v2/checkins/{FOG}"])
def test_too_many_questions_are_a_refusal_that_says_until_when(where: str) -> None:
    reset = int((NOW + timedelta(minutes=20)).timestamp())
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    for refusal in (
        httpx.Response(403, headers=headers),
        httpx.Response(403, headers=headers, json=payload("foursquare", "refused_often")),
    ):
        with pytest.raises(RateLimited) as raised:
            fetched(played({where: refusal}))
        assert raised.value.resume_at == NOW + timedelta(minutes=20)


@pytest.mark.parametrize("where", [USER, CHECKINS])
@pytest.mark.parametrize(
    ("reply", "word"),
    [
        ((401, "refused"), Relink),
        ((403, "refused"), Relink),
        ((403, "refused_often"), RateLimited),
        ((400, "refused_checkin"), BadPayload),
    ],
)
def test_each_error_of_the_api_has_its_word(
    where: str, reply: Reply, word: type[ConnectorError]
) -> None:
    with pytest.raises(word):
        fetched(played({where: reply}))


def test_a_minor_is_told_by_their_birthday_and_strangers_are_not_read() -> None:
    profile = fetched(played({USER: "user_minor"}))[0]
    assert isinstance(profile, Profile)
    assert profile.states_minor
    player = played()
    with pytest.raises(NotAllowed):
        fetched(player, replace(ASTRID, token=""))
    assert player.asked == []
    with pytest.raises(BadPayload):
        fetched(played(), replace(ASTRID, native_id="99"))


def test_only_documented_questions_are_asked_and_no_token_is_told() -> None:
    player = played()
    records = fetched(player)
    for request in player.asked:
        asked = parse_qs(request.url.query.decode())
        assert asked.keys() <= PARAMETERS
        assert asked["oauth_token"] == ["a-token"]
        assert "authorization" not in request.headers
    assert "a-token" not in repr(records)
    with pytest.raises(Relink) as raised:
        fetched(played({USER: (401, "refused")}))
    assert "a-token" not in str(raised.value) + raised.value.path


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://foursquare.com/user/410021", "410021"),
        ("app.foursquare.com/user/410021/lists", "410021"),
        ("https://www.swarmapp.com/user/410021", "410021"),
        ("https://foursquare.com/v/bryggen-coffee/4bd0", None),
        ("https://foursquare.com/user/astrid", None),
        ("https://foursquare.com.evil.example/user/410021", None),
        ("ftp://foursquare.com/user/410021", None),
        ("https://[foursquare.com/user/410021", None),
        ("@astridkart", None),
    ],
)
def test_addresses_of_users_are_understood(text: str, name: str | None) -> None:
    found = foursquare.parse_handle(text)
    assert (found.native_id if found else None) == name


# --- Linking --------------------------------------------------------------------------------------
def link(answer: Callable[[], httpx.Response]) -> tuple[Player, object]:
    player = Player("foursquare", {USER: "user", "/oauth2/access_token": answer()})
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        asked = dict(parse_qsl(urlsplit(begun.redirect_url).query))
        assert "scope" not in asked
        told = {"state": begun.kept["state"], "code": "a-code"}
        proof = linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
        before = len(player.asked)
        linking.revoke(client, secret=proof.secret, server="", app=APP)
        assert len(player.asked) == before, "there is nothing to ask: the token is deleted here"
    return player, proof


def test_an_account_is_linked_for_good_and_forgotten_here() -> None:
    player, proof = link(lambda: httpx.Response(200, json={"access_token": "at-1"}))
    assert (proof.secret, proof.expires_at) == ({"access": "at-1"}, None)  # type: ignore[attr-defined]
    form = dict(parse_qsl(player.asked[0].content.decode()))
    assert form["grant_type"] == "authorization_code"
    assert form["redirect_uri"] == BACK


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [(400, "invalid_grant", "expired"), (400, "invalid_client", "app")],
)
def test_a_refusal_links_nothing(status: int, error: str, reason: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        link(lambda: httpx.Response(status, json={"error": error}))
    assert refused.value.reason == reason
