"""Instagram on recorded answers: what is read, how often, and what is left alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors import instagram
from connectors.errors import BadPayload, NotAllowed
from connectors.types import (
    AccountRef,
    Interaction,
    Kind,
    Post,
    Profile,
    Record,
    Removed,
    Snapshot,
)
from tests.connectors.players import Player, Reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {"instagram": "https://graph.instagram.example"}
ASTRID = AccountRef("17841400000001001", "astrid.kart", token="a-token")
FOG, OLD = "17900000000000003", "17900000000000002"
ROUTES: dict[str, Reply] = {
    "/v26.0/me": "me",
    "/v26.0/me/insights": "me_insights",
    "/v26.0/me/media": "media",
    "/v26.0/me/media#2": "media_last",
    f"/v26.0/{OLD}/comments": "comments",
    "/v26.0/me/tags": "tags",
}


def fetched(
    routes: Mapping[str, Reply] = ROUTES,
    *,
    account: AccountRef = ASTRID,
    since: datetime | None = None,
) -> tuple[list[Record], Player]:
    player = Player("instagram", routes)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        return list(instagram.fetch(client, account, since)), player


def of(records: list[Record], kind: Kind) -> dict[str, Interaction]:
    return {r.native_id: r for r in records if isinstance(r, Interaction) and r.kind is kind}


def asked(player: Player, path: str) -> dict[str, str]:
    """Return the query of the first request to a path."""
    request = next(r for r in player.asked if r.url.path == path)
    return {name: values[0] for name, values in parse_qs(request.url.query.decode()).items()}


@pytest.mark.parametrize(
    "text",
    ["https://www.instagram.com/astrid.kart/", "instagram.com/Astrid.Kart?igsh=1"],
)
def test_an_address_means_an_account(text: str) -> None:
    assert instagram.parse_handle(text) == AccountRef("", "astrid.kart")


@pytest.mark.parametrize(
    "text",
    [
        *("@astrid.kart", "astrid.kart", "https://www.instagram.com/p/Fog3/", "instagram.com"),
        *("https://instagram.com.evil.example/astrid", "ftp://instagram.com/astrid"),
        *("https://[instagram.com/astrid", "instagram.com/astrid."),
    ],
)
def test_other_texts_are_no_account_of_instagram(text: str) -> None:
    assert instagram.parse_handle(text) is None


def test_profile_and_counts_come_first_and_what_is_not_told_is_unknown() -> None:
    records, player = fetched()
    profile, snapshot = records[:2]
    assert isinstance(profile, Profile)
    assert (profile.handle, profile.url) == (
        "astrid.kart",
        "https://www.instagram.com/astrid.kart/",
    )
    counts = {
        "followers": 2410,
        "following": 330,
        "posts": 187,
        "month_reach": 5100,
        "month_views": 12400,
        "accounts_engaged": 640,
        "engaged_actions": 910,
        "profile_taps": None,
    }
    assert snapshot == Snapshot(date(2026, 11, 20), counts)
    span = asked(player, "/v26.0/me/insights")
    assert int(span["until"]) - int(span["since"]) == 28 * 86_400


def test_posts_come_with_counts_texts_and_their_features() -> None:
    records, player = fetched()
    fog, old = (record for record in records if isinstance(record, Post))
    assert fog.created_at == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert fog.text.startswith("Fog over")
    assert fog.features.hashtags == ("fog",)
    assert fog.features.mentions == ("pilot.station",)
    assert fog.features.link_hosts == ("kart.example",)
    assert fog.counts == {
        "likes": 41,
        "comments": 4,
        "views": 950,
        "saves": 6,
        "shares": 2,
        "reach": 720,
    }
    # The owner hides the likes; insights go back no further.
    assert old.counts == {**dict.fromkeys(fog.counts), "comments": 120}
    assert old.text == ""
    # Half a year, and comments in the same answer.
    query = asked(player, "/v26.0/me/media")
    assert int(query["since"]) == int(datetime(2026, 5, 24, 12, tzinfo=UTC).timestamp())
    assert "comments.limit(50){id,username,timestamp,from,replies.limit(20)" in query["fields"]


def test_comments_and_answers_to_them_name_who_wrote_and_when() -> None:
    records, player = fetched()
    comments = of(records, Kind.COMMENT)
    # One's own answer, and a comment whose author is not told, are nobody's reaction.
    assert {name: comment.actor.native_id for name, comment in comments.items()} == {
        "comment:18100000000000002": "sigrid.maal",
        "comment:18100000000000003": "olav_brygge",
        "comment:18100000000000010": "sigrid.maal",
        "comment:18100000000000011": "liv.odden",
    }
    first = comments["comment:18100000000000002"]
    assert first.happened_at == datetime(2026, 11, 19, 11, 20, tzinfo=UTC)
    assert first.post_native_id == FOG
    assert comments["comment:18100000000000003"].actor.handle == "Olav_Brygge"
    # Beyond those that came along, the list is asked for where more are new.
    assert f"/v26.0/{OLD}/comments" in player.paths()


def test_a_post_that_tags_the_account_is_a_mention_and_old_ones_are_left() -> None:
    records, player = fetched()
    (mention,) = of(records, Kind.MENTION).values()
    assert (mention.actor.handle, mention.post_native_id) == ("pilot.station", None)
    assert player.paths().count("/v26.0/me/tags") == 1


def test_a_later_sync_reads_a_month_and_removes_what_is_no_longer_listed() -> None:
    known = replace(
        ASTRID, recent_posts=(FOG, "gone"), recent_counts={FOG: {"comments": 4}, "gone": {}}
    )
    records, player = fetched(account=known, since=datetime(2026, 11, 19, tzinfo=UTC))
    assert [r.native_id for r in records if isinstance(r, Post)] == [FOG]
    assert [r.native_id for r in records if isinstance(r, Removed)] == ["gone"]
    assert f"/v26.0/{OLD}/comments" not in player.paths()
    assert "#" not in "".join(player.paths())


def test_nothing_is_removed_where_the_list_was_not_read_to_its_end() -> None:
    routes = {**ROUTES, "/v26.0/me/media#2": "media_empty"}
    known = replace(ASTRID, recent_posts=("gone",))
    ended, _ = fetched(routes, account=known, since=datetime(2026, 11, 19, tzinfo=UTC))
    assert [r.native_id for r in ended if isinstance(r, Removed)] == ["gone"]
    # The same page again and again, as a list that turns in a circle.
    circle = {**ROUTES, "/v26.0/me/media#2": "media"}
    records, player = fetched(circle, account=known, since=datetime(2026, 11, 19, tzinfo=UTC))
    assert not any(isinstance(record, Removed) for record in records)
    assert player.paths().count("/v26.0/me/media") == 2


def test_what_this_access_does_not_open_is_left_out() -> None:
    routes: dict[str, Reply] = {
        **ROUTES,
        "/v26.0/me/insights": (403, "refused_permission"),
        "/v26.0/me/tags": (400, "refused_insights"),
    }
    records, _ = fetched(routes)
    snapshot = next(record for record in records if isinstance(record, Snapshot))
    assert set(snapshot.counts) == {"followers", "following", "posts"}
    assert of(records, Kind.COMMENT)
    assert not of(records, Kind.MENTION)


def test_one_post_without_insights_costs_the_insights_and_not_the_posts() -> None:
    class Choosy(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            with_insights = "insights.metric" in str(request.url)
            self.routes["/v26.0/me/media"] = (400, "refused_insights") if with_insights else "media"
            return super().handle_request(request)

    player = Choosy("instagram", ROUTES)
    with time_machine.travel(NOW, tick=False), player.client(URLS) as client:
        records = list(instagram.fetch(client, ASTRID, None))
    assert [r.native_id for r in records if isinstance(r, Post)] == [FOG, OLD]
    assert player.paths().count("/v26.0/me/media") == 3


def test_without_a_token_nothing_is_asked() -> None:
    player = Player("instagram", ROUTES)
    stranger = AccountRef("", "astrid.kart")
    with player.client(URLS) as client:
        with pytest.raises(NotAllowed):
            instagram.fetch_profile(client, stranger)
        with pytest.raises(NotAllowed):
            list(instagram.fetch(client, stranger, None))
    assert player.asked == []


def test_another_account_than_the_one_linked_is_refused() -> None:
    with pytest.raises(BadPayload, match="another account"):
        fetched(account=replace(ASTRID, native_id="1"))


def test_the_token_goes_into_the_header_and_into_no_address() -> None:
    _, player = fetched()
    for request in player.asked:
        assert request.headers["authorization"] == "Bearer a-token"
        assert "token" not in str(request.url)
