"""Sessions that networks' own packages are handed: reading only, from named hosts, by our door."""

from collections.abc import Iterator

import httpx  # noqa: TID251
import pytest
import requests  # noqa: TID251

from connectors.errors import BadPayload, Relink
from connectors.http import Answer, Client
from connectors.sessions import session_for
from tests.connectors.players import Player

BUILT_IN = "https://api.built-in.example"
ROUTES = {"/v2/me": httpx.Response(200, json={"id": "7"}, headers={"X-Left": "3"})}


@pytest.fixture
def player() -> Player:
    return Player("x", ROUTES)


@pytest.fixture
def client(player: Player) -> Iterator[Client]:
    with player.client() as client:
        yield client


def session(client: Client, heard: list[Answer] | None = None) -> requests.Session:
    return session_for(
        client,
        token="secret-token",
        moved={BUILT_IN: "https://api.moved.example/v2"},
        accept=(400,),
        heard=(heard if heard is not None else []).append,
    )


def test_what_a_package_asks_goes_to_the_host_that_is_really_meant(
    client: Client, player: Player
) -> None:
    heard: list[Answer] = []
    answer = session(client, heard).get(f"{BUILT_IN}/me", params={"fields": "id,name"})
    assert (answer.status_code, answer.json(), answer.headers["x-left"]) == (200, {"id": "7"}, "3")
    (asked,) = player.asked
    assert str(asked.url) == "https://api.moved.example/v2/me?fields=id%2Cname"
    assert asked.headers["authorization"] == "Bearer secret-token"
    assert heard[0].data == {"id": "7"}


def test_a_token_of_the_packages_own_is_not_sent(client: Client, player: Player) -> None:
    session(client).get(f"{BUILT_IN}/me", headers={"Authorization": "Bearer other"})
    assert player.asked[0].headers["authorization"] == "Bearer secret-token"


@pytest.mark.parametrize("address", ["https://elsewhere.example/me", "http://api.built-in.example"])
def test_other_hosts_are_not_asked(client: Client, player: Player, address: str) -> None:
    with pytest.raises(BadPayload, match="another host"):
        session(client).get(address)
    assert player.asked == []


def test_a_package_may_only_read(client: Client, player: Player) -> None:
    with pytest.raises(BadPayload, match="only read"):
        session(client).post(f"{BUILT_IN}/me", json={})
    assert player.asked == []


def test_refusals_are_our_words_and_accepted_statuses_are_the_packages() -> None:
    for status in (400, 401):
        player = Player("x", {"/v2/me": httpx.Response(status, json={})})
        with player.client() as client:
            if status == 400:
                assert session(client).get(f"{BUILT_IN}/me").status_code == 400
            else:
                with pytest.raises(Relink):
                    session(client).get(f"{BUILT_IN}/me")
