"""The client of Meta's Graph: what its errors mean, its pages, and how much is left."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx  # noqa: TID251
import pytest
import time_machine

from connectors.errors import (
    BadPayload,
    ConnectorError,
    Gone,
    NotAllowed,
    RateLimited,
    Relink,
    Retry,
)
from connectors.graph import Graph, NotTold
from connectors.graph.answers import features_of, following, insights_of, summed
from connectors.graph.usage import PAUSE, wait_until
from connectors.http import Client
from tests.connectors.players import Player, Reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URLS = {name: f"https://graph.{name}.example" for name in ("facebook", "instagram", "threads")}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def error(status: int, code: int = 0, subcode: int = 0, usage: str = "") -> httpx.Response:
    told = {"message": "secret-token is bad", "code": code, "error_subcode": subcode}
    headers = {"X-Business-Use-Case-Usage": usage} if usage else {}
    return httpx.Response(status, json={"error": told}, headers=headers)


def asked(reply: Reply, **params: Any) -> Any:
    player = Player("instagram", {"/v26.0/me": reply})
    with player.client(URLS) as client:
        return Graph(client, "secret-token").ask("me", **params)


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (error(400, 190, 463), Relink),
        (error(401, 190), Relink),
        (error(400, 102), Relink),
        (error(403, 10), NotAllowed),
        (error(400, 200), NotAllowed),
        (error(403, 299), NotAllowed),
        (error(400, 3), NotAllowed),
        (error(400, 104), NotAllowed),
        (error(400, 368), NotAllowed),
        (error(400, 4), RateLimited),
        (error(403, 17), RateLimited),
        (error(400, 32), RateLimited),
        (error(400, 613), RateLimited),
        (error(400, 80002), RateLimited),
        (error(400, 100, 33), Gone),
        (error(400, 803), Gone),
        (error(400, 100), NotTold),
        (error(400, 100, 2108006), NotTold),
        (error(400, 1), Retry),
        (error(400, 2), Retry),
        (error(500, 2), Retry),
        # An error may come with the status of success.
        (error(200, 190), Relink),
        # Codes that are not known: the status says.
        (error(401, 77_777), Relink),
        (error(403), Relink),
        (error(404), Gone),
        (error(410), Gone),
        (error(400, 77_777), BadPayload),
        (httpx.Response(400, json={"error": "nonsense"}), BadPayload),
        (httpx.Response(400, json={"error": {"code": "190"}}), BadPayload),
        (httpx.Response(400, content=b"<html>"), BadPayload),
        (httpx.Response(200, content=b"<html>"), BadPayload),
        (httpx.Response(200, json=[1]), BadPayload),
    ],
)
def test_each_refusal_has_its_word_and_tells_no_secret(
    reply: httpx.Response, word: type[ConnectorError]
) -> None:
    with pytest.raises(word) as raised:
        asked(reply)
    assert type(raised.value) is word
    assert "secret" not in str(raised.value)


def test_the_wait_is_as_long_as_meta_says_or_an_hour() -> None:
    told = json.dumps({"1": [{"type": "instagram", "estimated_time_to_regain_access": 19}]})
    reply = error(400, 80002, usage=told)
    for answer, minutes in ((reply, 19), (error(400, 4), 60)):
        with pytest.raises(RateLimited) as raised:
            asked(answer)
        assert raised.value.resume_at == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"x-app-usage": '{"call_count":94,"total_time":25,"total_cputime":1}'}, None),
        ({"x-app-usage": '{"call_count":3,"total_time":96,"total_cputime":1}'}, PAUSE),
        ({"x-page-usage": '{"call_count":100}'}, PAUSE),
        (
            {"x-business-use-case-usage": '{"7":[{"call_count":100}, {"call_count":1}]}'},
            PAUSE,
        ),
        (
            {"x-business-use-case-usage": '{"7":[{"estimated_time_to_regain_access":99999999}]}'},
            timedelta(days=1),
        ),
        # What cannot be read says nothing.
        ({"x-app-usage": "busy"}, None),
        ({"x-app-usage": '["busy"]'}, None),
        ({"x-app-usage": '{"call_count":"100","total_time":true}'}, None),
    ],
)
def test_headers_of_usage_say_when_it_is_enough(
    headers: dict[str, str], wait: timedelta | None
) -> None:
    assert wait_until(headers, NOW) == (None if wait is None else NOW + wait)


def test_an_answer_is_kept_and_nothing_more_asked_once_little_is_left() -> None:
    full = httpx.Response(200, json={"id": "7"}, headers={"X-App-Usage": '{"call_count":99}'})
    player = Player("instagram", {"/v26.0/me": full})
    with player.client(URLS) as client:
        graph = Graph(client, "t")
        assert graph.ask("me").data == {"id": "7"}
        with pytest.raises(RateLimited) as raised:
            graph.ask("me")
    assert raised.value.resume_at == NOW + PAUSE
    assert len(player.asked) == 1


@pytest.mark.parametrize(
    ("network", "path"),
    [("facebook", "/v26.0/me"), ("instagram", "/v26.0/me"), ("threads", "/v1.0/me")],
)
def test_each_network_has_its_host_and_version(network: str, path: str) -> None:
    player = Player(network, {path: httpx.Response(200, json={"id": "7"})})
    with player.client(URLS) as client:
        Graph(client, "t").ask("me", fields="id")
    assert str(player.asked[0].url) == f"https://graph.{network}.example{path}?fields=id"


def test_a_proof_of_use_goes_along_where_it_is_asked_for() -> None:
    player = Player("facebook", {"/v26.0/me": httpx.Response(200, json={"id": "7"})})
    with Client(
        *("facebook",),
        contact="ops@example.org",
        spend=lambda requests: None,
        transport=player,
        urls=URLS,
        prove=lambda token: f"proof-of-{len(token)}",
    ) as client:
        Graph(client, "four", proven=True).ask("me")
    assert player.asked[0].url.params["appsecret_proof"] == "proof-of-4"


def page(number: int, following: str | None) -> httpx.Response:
    paging = {"next": f"https://graph.instagram.com/v26.0/x?access_token=s&{following}"}
    return httpx.Response(200, json={"data": [number], "paging": paging if following else {}})


@pytest.mark.parametrize(
    ("turns", "read"),
    [
        (["after=b", "after=c", None], 3),
        # The same cursor again; a cursor from before; nothing that asks for another page.
        (["after=b", "after=b", None], 2),
        (["after=b", "after=c", "after=b", None], 3),
        (["limit=5", None], 1),
        ([f"after={n}" for n in range(9)], 5),
    ],
)
def test_pages_end_at_the_last_at_a_circle_or_at_the_most(
    turns: list[str | None], read: int
) -> None:
    class Pages(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            self.asked.append(request)
            return page(len(self.asked), turns[len(self.asked) - 1])

    player = Pages("instagram", {})
    with player.client(URLS) as client:
        assert len(list(Graph(client, "t").pages("me/media", most=5, limit=2))) == read
    assert all("access_token" not in str(request.url) for request in player.asked)


def test_only_what_turns_the_page_is_taken_from_metas_own_address() -> None:
    address = "https://evil.example/?access_token=s&after=b&fields=everything&until=7"
    assert following({"paging": {"next": address}}) == {"after": "b", "until": "7"}
    odd: list[Any] = [None, 7, {}, {"paging": []}, {"paging": {"next": 7}}]
    for data in (*odd, {"paging": {"next": "//["}}):
        assert following(data) == {}


def test_insights_are_totals_or_the_last_value_and_days_are_summed() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "views", "values": [{"value": 5}, {"value": 7}]},
        {"name": "reach", "total_value": {"value": 3}},
        {"name": "by_type", "values": [{"value": {"like": 2}}]},
        {"name": "few_people"},
        {"name": "odd", "values": ["x", {"value": True}]},
    ]
    told = insights_of(rows)
    assert told == {"views": 7, "reach": 3, "by_type": {"like": 2}, "odd": True}
    assert summed(rows) == {"views": 12}


def test_words_of_a_text_are_found_and_addresses_of_mail_are_no_mentions() -> None:
    features = features_of(
        "Ask a@b.example or @pilot.station. #Fog&#x27; #fog https://www.kart.example/x?y",
        links=("https://[odd",),
    )
    assert features.mentions == ("pilot.station",)
    assert features.hashtags == ("fog",)
    assert features.link_hosts == ("kart.example",)
