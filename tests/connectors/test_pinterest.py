"""Pinterest on recorded answers: one account's own counts, boards and Pins."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import pinterest
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, NotAllowed, RateLimited, Relink
from connectors.oauth import App, LinkRefused
from connectors.oauth import pinterest as linking
from connectors.types import AccountRef, Post, Profile, ProfileLink, Record, Removed, Snapshot
from tests.connectors.players import Player, Reply, payload

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URLS = {
    "pinterest": "https://api.pinterest.example",
    "pinterest_authorize": "https://www.pinterest.example/oauth",
}
ASTRID = AccountRef("549755885175", "astrid_kart", token="a-token")
USER, MONTH = "/v5/user_account", "/v5/user_account/analytics"
BOARDS, PINS = "/v5/boards", "/v5/pins"
ROUTES: dict[str, Reply] = {
    USER: "user",
    MONTH: "analytics",
    BOARDS: "boards",
    f"{BOARDS}#2": "boards_last",
    PINS: "pins",
    f"{PINS}#2": "pins_last",
}
# The parameters that the description names for each address.
PARAMETERS: dict[str, set[str]] = {
    USER: {"ad_account_id"},
    MONTH: {"start_date", "end_date", "metric_types", "app_types", "content_type", "source"},
    BOARDS: {"bookmark", "page_size", "privacy", "ad_account_id"},
    PINS: {"bookmark", "page_size", "pin_filter", "include_protected_pins", "pin_metrics"},
}
BACK = "https://klout.example/networks/pinterest/done/"
APP = App("our-id", "our-secret")


def played(routes: dict[str, Reply] | None = None) -> Player:
    return Player("pinterest", {**ROUTES, **(routes or {})})


def fetched(
    player: Player, account: AccountRef = ASTRID, since: datetime | None = None
) -> list[Record]:
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(pinterest.fetch(client, account, since))
    for record in records:
        check_record(pinterest.NETWORK, record)
    return records


def test_the_owner_is_read_with_counts_boards_and_a_month() -> None:
    player = played()
    profile, snapshot, *_ = fetched(player)
    assert isinstance(profile, Profile)
    assert (profile.native_id, profile.handle) == ("549755885175", "astrid_kart")
    assert (profile.name, profile.bio) == ("Astrid ✿ Maps", "Maps & ferries")
    assert profile.links == (ProfileLink("https://astrid.example/"),)
    counts = {
        "followers": 2410,
        "following": 88,
        "posts": 820,
        "boards": 14,
        "month_views": 40211,
        "board_followers": 350,
        "saves_month": 120,
        "outbound_clicks": 31,
        "engaged_actions": 402,
    }
    assert snapshot == Snapshot(NOW.date(), counts)
    month = next(request for request in player.asked if request.url.path == MONTH)
    asked = dict(parse_qsl(month.url.query.decode()))
    days = date.fromisoformat(asked["end_date"]) - date.fromisoformat(asked["start_date"])
    assert days == timedelta(days=27)


def test_a_personal_account_has_no_analytics_and_is_not_asked_for_any() -> None:
    player = played({USER: "user_personal"})
    profile, snapshot, *_ = fetched(player)
    assert isinstance(profile, Profile)
    assert (profile.name, profile.links) == ("astrid_kart", ())
    assert isinstance(snapshot, Snapshot)
    assert snapshot.counts["month_views"] is None
    assert "saves_month" not in snapshot.counts
    assert MONTH not in player.paths()


@pytest.mark.parametrize("reply", [(403, "refused_scope"), "analytics_empty"])
def test_analytics_that_are_not_told_are_unknown(reply: Reply) -> None:
    _, snapshot, *_ = fetched(played({MONTH: reply}))
    assert isinstance(snapshot, Snapshot)
    assert snapshot.counts.get("saves_month") is None
    assert snapshot.counts["followers"] == 2410


def test_pins_come_with_counts_and_what_their_words_are_about() -> None:
    posts = {record.native_id: record for record in fetched(played()) if isinstance(record, Post)}
    assert list(posts) == ["7301", "7302", "7303", "7200"], "older ones are left out"
    fog = posts["7301"]
    assert fog.created_at == datetime(2026, 11, 20, 20, 10, 40, tzinfo=UTC)
    assert fog.counts == {
        "likes": 12,
        "comments": 3,
        "saves": 41,
        "views": 950,
        "link_clicks": 7,
        "detail_views": 22,
    }
    assert fog.url == "https://www.pinterest.com/pin/7301/"
    assert (fog.features.hashtags, fog.features.link_hosts) == (("ink",), ("kart.example",))
    # Without totals of its whole life, those of 90 days, in which clicks had another name.
    skerries = posts["7302"].counts
    assert (skerries["saves"], skerries["link_clicks"], skerries["likes"]) == (4, 2, None)
    assert posts["7302"].features.length == len("Skerries")
    # What was paid for says nothing of the account.
    assert set(posts["7303"].counts.values()) == {None}
    assert set(posts["7200"].counts.values()) == {None}
    assert posts["7200"].features.link_hosts == ()


def test_later_syncs_read_the_same_quarter_and_tell_what_has_gone() -> None:
    known = replace(ASTRID, recent_posts=("7301", "7299"))
    records = fetched(played(), known, NOW - timedelta(days=1))
    assert [r.native_id for r in records if isinstance(r, Post)] == ["7301", "7302", "7303", "7200"]
    assert [r for r in records if isinstance(r, Removed)] == [Removed("7299")]
    # A page of old Pins is the last one that is asked for.
    player = played({f"{PINS}#2": "pins_old"})
    records = fetched(player, known, NOW - timedelta(days=1))
    assert [r for r in records if isinstance(r, Removed)] == [Removed("7299")]
    assert player.paths().count(PINS) == 2


def test_lists_that_do_not_end_leave_things_unknown_and_remove_nothing() -> None:
    class Endless(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path not in {BOARDS, PINS}:
                return super().handle_request(request)
            self.asked.append(request)
            name = request.url.path.removeprefix("/v5/")
            told = {**payload("pinterest", name), "bookmark": f"mark-{len(self.asked)}"}
            return httpx.Response(200, json=told)

    player = Endless("pinterest", ROUTES)
    _, snapshot, *rest = fetched(player, replace(ASTRID, recent_posts=("7299",)))
    assert isinstance(snapshot, Snapshot)
    assert snapshot.counts["board_followers"] is None
    assert [type(record) for record in rest] == [Post] * 3, "each once"
    assert player.paths().count(PINS) == pinterest.PIN_PAGES
    assert player.paths().count(BOARDS) == pinterest.BOARD_PAGES


def test_an_account_without_pins_is_read_in_four_questions() -> None:
    player = Player(
        "pinterest", {USER: "user", MONTH: "analytics", BOARDS: "boards_empty", PINS: "pins_empty"}
    )
    _, snapshot = fetched(player)
    assert isinstance(snapshot, Snapshot)
    assert snapshot.counts["board_followers"] == 0
    assert len(player.asked) == 4


@pytest.mark.parametrize("where", [USER, MONTH, BOARDS, PINS])
@pytest.mark.parametrize(
    ("reply", "word"),
    [
        ((401, "refused"), Relink),
        ((429, "refused_often"), RateLimited),
        ((400, "refused_question"), BadPayload),
    ],
)
def test_each_error_of_the_api_has_its_word(
    where: str, reply: Reply, word: type[ConnectorError]
) -> None:
    with pytest.raises(word):
        fetched(played({where: reply}))


@pytest.mark.parametrize("told", ["yesterday", "", 7, "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_none_is_named(told: object) -> None:
    broken = payload("pinterest", "pins")
    broken["items"][0]["created_at"] = told
    with pytest.raises(BadPayload, match="created_at"):
        fetched(played({PINS: httpx.Response(200, json=broken)}))


def test_a_stated_minor_is_told_and_strangers_are_not_read() -> None:
    profile = fetched(played({USER: "user_minor"}))[0]
    assert isinstance(profile, Profile)
    assert profile.states_minor
    player = played()
    with pytest.raises(NotAllowed):
        fetched(player, replace(ASTRID, token=""))
    assert player.asked == []
    with pytest.raises(BadPayload):
        fetched(played(), replace(ASTRID, native_id="1"))


def test_only_documented_questions_are_asked_with_the_token_in_the_header() -> None:
    player = played()
    fetched(player)
    assert {request.url.path for request in player.asked} == set(PARAMETERS)
    for request in player.asked:
        asked = parse_qs(request.url.query.decode())
        assert asked.keys() <= PARAMETERS[request.url.path]
        assert request.headers["authorization"] == "Bearer a-token"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://www.pinterest.com/Astrid_Kart/", "astrid_kart"),
        ("no.pinterest.com/astrid_kart/maps", "astrid_kart"),
        ("https://www.pinterest.co.uk/astrid_kart", "astrid_kart"),
        ("https://www.pinterest.com/pin/7301/", None),
        ("astrid_kart", None),
        ("https://pinterest.com.evil.example/astrid", None),
        ("https://pinterest.example/astrid", None),
        ("ftp://pinterest.com/astrid", None),
        ("https://[pinterest.com/astrid", None),
    ],
)
def test_addresses_of_profiles_are_understood(text: str, name: str | None) -> None:
    found = pinterest.parse_handle(text)
    assert (found.handle if found else None) == name


# --- Linking --------------------------------------------------------------------------------------
TOKENS = {
    "access_token": "pina_1",
    "refresh_token": "pinr_1",
    "response_type": "authorization_code",
    "token_type": "bearer",
    "expires_in": 2592000,
    "refresh_token_expires_in": 5184000,
    "scope": ",".join(pinterest.NETWORK.scopes),
}
TOKEN = "/v5/oauth/token"


def test_an_account_is_linked_and_renewed() -> None:
    player = Player("pinterest", {USER: "user", TOKEN: httpx.Response(200, json=TOKENS)})
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        assert begun.redirect_url.startswith("https://www.pinterest.example/oauth/?")
        asked = dict(parse_qsl(urlsplit(begun.redirect_url).query))
        assert asked["scope"] == "user_accounts:read,pins:read,boards:read"
        told = {"state": begun.kept["state"], "code": "a-code"}
        proof = linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
        assert proof.profile.handle == "astrid_kart"
        assert proof.expires_at == NOW + timedelta(days=30)
        newer = {**TOKENS, "access_token": "pina_2", "refresh_token": "pinr_2"}
        player.routes[TOKEN] = httpx.Response(200, json=newer)
        again = linking.refresh(client, secret=proof.secret, server="", app=APP)
        assert again.secret == {"access": "pina_2", "refresh": "pinr_2"}
        # There is nobody to tell.
        before = len(player.asked)
        linking.revoke(client, secret=again.secret, server="", app=APP)
        assert len(player.asked) == before
    word = b64encode(b"our-id:our-secret").decode()
    posted = [request for request in player.asked if request.method == "POST"]
    assert [request.headers["authorization"] for request in posted] == [f"Basic {word}"] * 2
    forms = [dict(parse_qsl(request.content.decode())) for request in posted]
    assert [form["grant_type"] for form in forms] == ["authorization_code", "refresh_token"]


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (400, {"code": 1, "message": "The code was used."}, "expired"),
        (401, {"code": 2, "message": "Authentication failed."}, "app"),
        (200, {**TOKENS, "scope": "user_accounts:read"}, "denied"),
    ],
)
def test_a_refusal_links_nothing(status: int, answer: dict[str, object], reason: str) -> None:
    player = Player("pinterest", {TOKEN: httpx.Response(status, json=answer)})
    with player.client(URLS) as client:
        begun = linking.begin(client, redirect_uri=BACK, hint="", app=APP)
        told = {"state": begun.kept["state"], "code": "a-code"}
        with pytest.raises(LinkRefused) as refused:
            linking.complete(client, redirect_uri=BACK, kept=begun.kept, params=told, app=APP)
    assert refused.value.reason == reason


@pytest.mark.parametrize(("status", "word"), [(400, Relink), (401, NotAllowed)])
def test_a_refresh_that_is_refused_asks_the_person_or_the_operator(
    status: int, word: type[ConnectorError]
) -> None:
    answer = httpx.Response(status, json={"code": 1, "message": "No."})
    with Player("pinterest", {TOKEN: answer}).client(URLS) as client, pytest.raises(word):
        linking.refresh(client, secret={"refresh": "pinr_0"}, server="", app=APP)
