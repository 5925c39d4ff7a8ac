"""A network is a module, a line in the registry, payloads and a heading: none is forgotten."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from connectors import registry
from connectors.queries import can_link
from connectors.types import AuthKind, Kind
from people import consent
from tests.connectors.players import PAYLOADS

DOCS = Path(__file__).resolve().parents[2] / "docs"
# Described in a page of its own, and played by its own server.
RUNNING = {"sample"}


@pytest.mark.parametrize("name", registry.CONNECTORS)
def test_a_network_is_complete(name: str) -> None:
    network = registry.network(name)
    assert network.id == name
    assert consent.text_of(f"link:{name}")
    if network.auth is AuthKind.OAUTH:
        assert find_spec(f"connectors.oauth.{name}") is not None
    if network.auth is AuthKind.PROOF_CODE:
        assert network.proof_place
        assert network.proof_url.startswith("https://")
    if name in RUNNING:
        assert (DOCS / f"{name}-network.md").exists()
    else:
        assert f"\n## {network.name}\n" in (DOCS / "networks.md").read_text("utf-8")
        assert any((PAYLOADS / name).glob("*.json"))


@pytest.mark.parametrize("name", registry.CONNECTORS)
def test_what_a_network_claims_fits_together(name: str) -> None:
    can = registry.network(name).capabilities
    assert not can.named & can.anonymous
    assert can.dated <= can.named | can.anonymous | can.sent
    assert can.named | can.anonymous | can.sent <= set(Kind)


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("@astrid@fjord.example", ["mastodon"]),
        ("https://fjord.example/@astrid", ["mastodon"]),
        ("@astrid.bsky.social", ["bluesky"]),
        ("https://bsky.app/profile/astrid.bsky.social", ["bluesky"]),
        ("did:web:fjord.example", ["bluesky"]),
    ],
)
def test_a_handle_is_understood_by_one_network(text: str, networks: list[str]) -> None:
    # The sample network takes any name; it is never offered beside real accounts.
    real = registry.CONNECTORS.keys() - RUNNING
    assert [name for name in sorted(real) if registry.parse_handle(name, text)] == networks


def test_the_sample_networks_address_is_no_mastodon_server(settings: Settings) -> None:
    settings.SAMPLE_NETWORK_URL = "http://127.0.0.1:8010"
    settings.LOCAL_ORIGINS = ["http://127.0.0.1:8010", "http://127.0.0.1:3000"]
    assert registry.parse_handle("mastodon", "http://127.0.0.1:8010/@astrid") is None
    assert registry.parse_handle("mastodon", "http://127.0.0.1:3000/@astrid") is not None


@pytest.mark.parametrize("name", registry.ROWS)
def test_a_network_without_a_connector_says_why_and_is_asked_for_nothing(name: str) -> None:
    row = registry.network(name)
    assert row.id == name
    assert name not in registry.CONNECTORS
    assert row.retired_because
    assert row.retired_on is not None
    assert row.auth is AuthKind.NONE
    assert row.budget.requests == 0
    assert not can_link(row)
    assert name not in {network.id for network in registry.enabled()}
    page = (DOCS / "networks.md").read_text("utf-8")
    assert f"\n## {row.name}\n\nRetired ({row.retired_on})" in page
