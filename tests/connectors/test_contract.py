"""What every connector of the registry keeps to: one contract, on recorded answers."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx  # noqa: TID251
import pytest
import time_machine
from django.core.management import call_command

import connectors
from connectors import registry
from connectors.checks import check_record
from connectors.errors import BadPayload, ConnectorError, Gone, RateLimited, Relink, Retry
from connectors.http import MAX_BYTES
from connectors.models import Interaction as Row
from connectors.store import store
from connectors.types import Connector, Interaction, LookupKind, Post, Profile, Record, Snapshot
from people.models import Person
from tests.connectors.cases import CASES, Case
from tests.connectors.players import PAYLOADS, Player, Reply
from tests.connectors.records import account_of, target_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
PACKAGE = Path(connectors.__file__).parent
EVERY = pytest.mark.parametrize("name", sorted(registry.CONNECTORS))


def fetched(
    name: str, routes: dict[str, Reply] | None = None, since: datetime | None = None
) -> list[Record]:
    case = CASES[name]
    player = Player(name, routes or case.routes)
    with time_machine.travel(case.recorded_at, tick=False), player.client(case.urls) as client:
        return list(registry.connector(name).fetch(client, case.account, since))


def _names_anybody(name: str) -> bool:
    """Return whether the network declares that it tells of somebody by name, either way."""
    abilities = registry.network(name).capabilities
    return bool(abilities.named | abilities.sent)


def test_every_network_has_its_recorded_answers() -> None:
    missing = [name for name in registry.CONNECTORS if not list((PAYLOADS / name).glob("*.json"))]
    assert missing == []
    assert sorted(CASES) == sorted(registry.CONNECTORS)


@EVERY
def test_four_cases_at_least_are_recorded(name: str) -> None:
    """Normal, empty, last page, refused."""
    names = {path.stem for path in (PAYLOADS / name).glob("*.json")}
    for word in ("empty", "last", "refused"):
        assert any(word in recorded for recorded in names), f"{name}: no case of {word}"
    assert len(names) > 4


@EVERY
def test_no_recorded_answer_holds_a_secret(name: str) -> None:
    for path in (PAYLOADS / name).glob("*.json"):
        text = path.read_text("utf-8").lower()
        assert "bearer " not in text
        # As a field or in an address; a vendor's word for its refusal is no token.
        assert not re.search(r"access_token[\"=]", text)


@EVERY
def test_every_network_has_its_heading_in_the_documents(name: str) -> None:
    page = (DOCS / "networks.md").read_text("utf-8")
    assert f"\n## {registry.network(name).name}\n" in page


def test_the_page_of_networks_is_what_the_code_declares() -> None:
    call_command("networks_doc", "--check")


@EVERY
def test_a_network_goes_by_its_key_everywhere(name: str) -> None:
    network = registry.network(name)
    assert network.id == name
    assert len(name) <= 32
    assert network.budget.requests > 0
    assert network.budget.per_seconds > 0
    assert network.budget.per in {"network", "host", "credential"}


@EVERY
def test_what_is_declared_fits_together(name: str) -> None:
    abilities = registry.network(name).capabilities
    assert abilities.dated <= abilities.named | abilities.sent
    assert not abilities.named & abilities.anonymous
    policy = registry.network(name).policy
    assert policy.text_days > 0 or not policy.may_store_text
    if abilities.lookup is LookupKind.OPEN and name != "sample":
        assert policy.lookup_days is not None, "unclaimed profiles of real people go by themselves"


@EVERY
def test_the_profile_comes_first_and_is_the_account_asked_for(name: str) -> None:
    first, *rest = fetched(name)
    assert isinstance(first, Profile)
    assert first.native_id == CASES[name].account.native_id
    assert not any(isinstance(record, Profile) for record in rest)


@EVERY
def test_only_declared_kinds_and_counts_that_can_be_true_are_told(name: str) -> None:
    records = fetched(name)
    for record in records:
        check_record(registry.network(name), record)
    posts = [Post] if registry.network(name).capabilities.posts else []
    for kind in (Snapshot, *posts, *([Interaction] if _names_anybody(name) else [])):
        assert any(isinstance(record, kind) for record in records), f"no {kind.__name__}"


@EVERY
def test_what_is_declared_as_named_is_shown_by_a_recorded_answer(name: str) -> None:
    """A capability that no recorded answer shows may be a wish."""
    told = {r.kind for r in fetched(name) if isinstance(r, Interaction)}
    declared = registry.network(name).capabilities.named
    # Told only in what the owner's token opens.
    with_token = {r.kind for r in _with_token(name) if isinstance(r, Interaction)}
    assert declared <= told | with_token


def _with_token(name: str) -> Iterator[Record]:
    case = CASES[name]
    account = replace(case.account, token="token")
    player = Player(name, case.routes)
    with time_machine.travel(case.recorded_at, tick=False), player.client(case.urls) as client:
        yield from registry.connector(name).fetch(client, account, None)


@EVERY
def test_times_lie_within_the_window(name: str) -> None:
    now = CASES[name].recorded_at
    for record in fetched(name):
        if isinstance(record, Post):
            assert record.created_at <= now + timedelta(minutes=5)
        elif isinstance(record, Interaction) and record.happened_at is not None:
            assert record.happened_at <= record.seen_at
        elif isinstance(record, Snapshot):
            assert record.day <= now.date()


@EVERY
def test_the_same_answers_give_the_same_records(name: str) -> None:
    assert fetched(name) == fetched(name)


@EVERY
def test_interactions_have_ids_of_their_own(name: str) -> None:
    ids = [
        (record.direction, record.kind, record.native_id)
        for record in fetched(name)
        if isinstance(record, Interaction)
    ]
    assert len(ids) == len(set(ids))
    assert bool(ids) is _names_anybody(name)


@EVERY
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(401, json={}), (Relink, Gone)),
        (httpx.Response(403, json={}), (Relink, Gone)),
        (httpx.Response(404, json={}), (Gone,)),
        (httpx.Response(410, json={}), (Gone,)),
        (httpx.Response(429, json={}), (RateLimited,)),
        (httpx.Response(500, json={}), (Retry,)),
        (httpx.Response(503, json={}), (Retry,)),
        (httpx.Response(200, content=b"<html>"), (BadPayload,)),
        (httpx.Response(200, content=b""), (BadPayload,)),
        (httpx.Response(200, json=[]), (BadPayload,)),
        (httpx.Response(200, json={}), (BadPayload,)),
        (httpx.Response(200, json={"id": None, "did": 7}), (BadPayload,)),
    ],
    ids=lambda value: str(value.status_code) if isinstance(value, httpx.Response) else "",
)
def test_each_refusal_has_its_word(
    name: str, answer: httpx.Response, words: tuple[type[ConnectorError], ...]
) -> None:
    case = CASES[name]

    class Always(Player):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(answer.status_code, content=answer.content)

    with Always(name, {}).client(case.urls) as client:
        for call in (_profile_of, _fetch_of):
            with pytest.raises(words) as raised:
                call(registry.connector(name), client, case)
            assert isinstance(raised.value, ConnectorError)


class _Half(httpx.SyncByteStream):
    """An answer whose connection ends in its middle."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"data": [{"id"'
        raise httpx.RemoteProtocolError("closed without a whole answer")


_TOO_MUCH = b" " * (MAX_BYTES + 1)
# What goes wrong on the way, and its word.
FAULTS: dict[str, type[ConnectorError]] = {
    "silent": Retry,
    "half": Retry,
    "too much": BadPayload,
    "broken": BadPayload,
    "500": Retry,
}


class _Failing(Player):
    """Plays recorded answers, but for one path, and for what is asked in its place."""

    fine: frozenset[str] = frozenset()
    fault = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path in self.fine:
            return super().handle_request(request)
        if self.fault == "silent":
            raise httpx.ReadTimeout("nothing came")
        if self.fault == "half":
            return httpx.Response(200, stream=_Half())
        if self.fault == "500":
            return httpx.Response(500, json={})
        return httpx.Response(200, content=_TOO_MUCH if self.fault == "too much" else b'{"data": [')


@EVERY
def test_whichever_question_fails_the_fetch_ends_with_its_word(name: str) -> None:
    """And not as if it had brought everything: what is missing would pass for gone, or for none."""
    case = CASES[name]
    whole = Player(name, case.routes)
    with time_machine.travel(case.recorded_at, tick=False), whole.client(case.urls) as client:
        list(registry.connector(name).fetch(client, case.account, None))
    for path in dict.fromkeys(whole.paths()):
        for fault, word in FAULTS.items():
            player = _Failing(name, case.routes)
            player.fine, player.fault = frozenset(whole.paths()) - {path}, fault
            with (
                time_machine.travel(case.recorded_at, tick=False),
                player.client(case.urls) as client,
                pytest.raises(ConnectorError) as raised,
            ):
                list(registry.connector(name).fetch(client, case.account, None))
            assert type(raised.value) is word, (path, fault)


def _profile_of(connector: Connector, client: Any, case: Case) -> None:
    connector.fetch_profile(client, case.account)


def _fetch_of(connector: Connector, client: Any, case: Case) -> None:
    list(connector.fetch(client, case.account, None))


@EVERY
def test_a_profile_takes_one_request(name: str) -> None:
    case = CASES[name]
    player = Player(name, case.routes)
    with player.client(case.urls) as client:
        registry.connector(name).fetch_profile(client, case.account)
    assert player.paths() == [case.first]


@EVERY
def test_what_a_connector_tells_can_be_stored_twice(name: str, alice: Person) -> None:
    case = CASES[name]
    account = account_of(alice, network=name, native_id=case.account.native_id)
    target = target_of(account, network=registry.network(name), now=case.recorded_at)
    records = fetched(name)
    first = store(target, records)
    assert first.interactions == Row._default_manager.count()
    assert (first.interactions > 0) is _names_anybody(name)
    told = sum(isinstance(record, Interaction) for record in records)
    assert first.interactions == Row._default_manager.count() == told
    assert store(target, records).interactions == 0


@EVERY
def test_a_connector_knows_no_django_and_no_other_connector(name: str) -> None:
    root = PACKAGE / name
    files = sorted(root.rglob("*.py")) if root.is_dir() else [PACKAGE / f"{name}.py"]
    files += [path for path in [PACKAGE / "oauth" / f"{name}.py"] if path.exists()]
    others = {f"connectors.{other}" for other in registry.CONNECTORS if other != name}
    for path in files:
        imported = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
        roots = {module.partition(".")[0] for module in imported}
        assert not roots & {"django", "httpx", "requests", "celery", "psycopg2"}, path
        assert not others & {".".join(module.split(".")[:2]) for module in imported}, path


@EVERY
def test_nonsense_is_no_handle(name: str) -> None:
    for text in ("", " ", "@", "a b", "https://", "javascript:alert(1)", "x" * 1000, "\0", "@@@"):
        assert registry.parse_handle(name, text) is None, text
