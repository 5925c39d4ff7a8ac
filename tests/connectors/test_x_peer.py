"""X against a running server: linking, syncing, tokens that rotate, money, and what goes wrong.

Every question is checked against our description of X's API (tests/fake_x/description.py).
"""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import costs, credentials, crypto, linking, lookup, registry
from connectors.due import accounts_due
from connectors.errors import Relink
from connectors.expiry import expire_rows
from connectors.models import (
    Account,
    Credential,
    Interaction,
    Lookup,
    Post,
    Snapshot,
    Spending,
)
from connectors.types import Kind
from people.models import Person
from scoring.lookup import run_lookup
from scoring.models import Score
from scoring.tasks import sync_and_score
from tests.connectors.vendors import nothing_then_done, synced
from tests.fake_x.tokens import APP_TOKEN
from tests.fake_x.world import OWN
from tests.x_server import XServer

pytestmark = pytest.mark.django_db


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def answered(address: str, more: str = "") -> str:
    """Return where X sends the person after they have decided."""
    with pytest.raises(HTTPError) as redirect:
        build_opener(_Stay).open(address + more, timeout=30)
    with redirect.value:
        return str(redirect.value.headers["Location"])


def begin(client: Client) -> str:
    answer = client.post("/networks/x/link/")
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


def come_back(client: Client, location: str) -> str:
    parts = urlsplit(location)
    return client.get(f"{parts.path}?{parts.query}", follow=True).content.decode()


@pytest.fixture
def linked(alice: Person, alice_client: Client, x_server: XServer, settings: Settings) -> Account:
    """Alice's account, linked through the pages; its first sync is not done yet."""
    settings.SITE_URL = "http://testserver"
    settings.NETWORK_BUDGETS = {"x": (100, 20)}
    assert "X is linked" in come_back(alice_client, answered(begin(alice_client)))
    return Account.objects.get(person=alice)


# --- The whole loop -------------------------------------------------------------------------------
def test_an_account_is_linked_read_and_scored(
    linked: Account, x_server: XServer, alice: Person
) -> None:
    assert (linked.native_id, linked.handle) == (OWN, "astrid_fjord")
    sync_and_score(linked.pk)
    linked.refresh_from_db()
    assert linked.state == Account.State.OK
    told = x_server.control()
    # The post of last winter is read no more; the others all are.
    assert (
        list(Post.objects.values_list("native_id", flat=True).order_by("-created_at"))
        == (told["posts"][:-1])
    )
    assert not Post.objects.exclude(text=b"").exists()
    counts = Snapshot.objects.get(account=linked).counts
    assert counts == {"followers": 1840, "following": 312, "posts": 5210, "lists": 27}
    kinds = set(Interaction.objects.values_list("kind", flat=True))
    assert kinds == {Kind.LIKE, Kind.RESHARE, Kind.COMMENT, Kind.QUOTE, Kind.MENTION}
    scores = Score.objects.filter(person_id=alice.pk).values_list("value", flat=True)
    assert scores
    assert all(1 <= value <= 100 for value in scores)


def test_what_x_would_charge_is_what_is_counted(
    linked: Account, x_server: XServer, alice: Person
) -> None:
    assert synced(linked) == "done"
    rows = x_server.control()["rows"]
    cost = rows["post"] * 5_000 + rows["user"] * 10_000
    mine = Spending.objects.get(person=alice)
    site = Spending.objects.get(person=None)
    # Linking asked for one profile before it was known whose it is: that the site pays.
    assert mine.micro_usd == cost - 10_000
    assert (site.micro_usd, site.rows) == (cost, rows["post"] + rows["user"])


def test_a_second_sync_asks_for_little_and_names_only_who_is_new(
    linked: Account, x_server: XServer
) -> None:
    synced(linked)
    before = x_server.control()
    newest = before["posts"][0]
    known = Interaction.objects.count()
    x_server.control(like={"post": newest, "by": 33})
    assert synced(linked) == "done"
    told = x_server.control()
    asked = told["asked"][len(before["asked"]) :]
    who = [path for path in asked if path.startswith("/2/tweets/")]
    assert who == [f"/2/tweets/{newest}/liking_users"]
    assert Interaction.objects.count() == known + 1
    # One profile, some posts by id, mentions of the last minutes, and six of the likers.
    assert told["rows"]["user"] - before["rows"]["user"] <= 1 + 6 + 2
    assert told["rows"]["post"] - before["rows"]["post"] <= len(before["posts"])


def test_it_is_all_the_same_in_the_words_of_the_newer_specification(
    linked: Account, x_server: XServer
) -> None:
    x_server.control(dialect="2.167")
    assert synced(linked) == "done"
    kinds = set(Interaction.objects.values_list("kind", flat=True))
    assert kinds == {Kind.LIKE, Kind.RESHARE, Kind.COMMENT, Kind.QUOTE, Kind.MENTION}
    assert Snapshot.objects.get(account=linked).counts["posts"] == 5210


def test_a_deleted_post_goes_also_when_it_is_old(linked: Account, x_server: XServer) -> None:
    synced(linked)
    name = x_server.control()["posts"][0]
    long_ago = timezone.now() - timedelta(days=60)
    # As if it had been read two months ago.
    Post.objects.filter(native_id=name).update(created_at=long_ago, counted_at=long_ago)
    x_server.control(delete_post=name)
    assert synced(linked) == "done"
    assert not Post.objects.filter(native_id=name).exists()


# --- Linking --------------------------------------------------------------------------------------
# --- Paid look-ups --------------------------------------------------------------------------------
@pytest.fixture
def paid(x_server: XServer, settings: Settings) -> XServer:
    """The running X, where the operator pays for look-ups."""
    settings.NETWORK_BUDGETS = {"x": (10, 5)}
    settings.PAID_LOOKUPS, settings.NETWORK_KEYS = {"x": True}, {"x": APP_TOKEN}
    return x_server


def looked_up(handle: str) -> Lookup:
    (ref,) = [ref for network, ref in lookup.understand(f"https://x.com/{handle}")]
    row = lookup.begin_lookup("x", ref, None)
    run_lookup(row.pk)
    row.refresh_from_db()
    return row


def test_a_stranger_is_looked_up_for_money_once_and_gone_after_a_day(paid: XServer) -> None:
    row = looked_up("astrid_fjord")
    assert row.state == "done"
    account = Account.objects.select_related("person").get()
    assert (account.status, account.native_id) == ("open", OWN)
    assert Score.objects.filter(person_id=account.person_id).exists()
    told = paid.control()
    assert not [path for path in told["asked"] if path.endswith(("_users", "_by", "tweets_by"))]
    cost = told["rows"]["post"] * 5_000 + told["rows"]["user"] * 10_000
    assert Spending.objects.get(person=None).micro_usd == cost < 1_000_000
    # Asked for again, nobody is asked and nothing is paid.
    assert looked_up("astrid_fjord").state == "done"
    now = timezone.now()
    assert accounts_due(now + timedelta(hours=12)) == []
    assert Spending.objects.get(person=None).micro_usd == cost
    assert expire_rows(now + timedelta(days=1, minutes=1)).profiles == 1
    assert not Account.objects.exists()


def test_whoever_x_does_not_show_ends_like_everybody_who_may_not_be_shown(paid: XServer) -> None:
    row = looked_up("nobody_there")
    assert row.state == "unavailable"
    assert not Account.objects.exists()


def test_look_ups_leave_half_of_the_month_to_those_who_linked(
    paid: XServer, settings: Settings, client: Client
) -> None:
    assert "This site pays for it" in client.get("/lookup/").content.decode()
    month = costs.month_of(timezone.now())
    Spending.objects.create(network="x", month=month, micro_usd=5_000_000, rows=1)
    row = looked_up("astrid_fjord")
    assert (row.state, row.handle) == ("unavailable", ""), "nothing was learned of anybody"
    assert paid.control()["asked"] == []
    assert "is used up" in client.get("/lookup/").content.decode()


def test_by_default_nobody_is_looked_up_for_money(
    x_server: XServer, settings: Settings, client: Client
) -> None:
    settings.NETWORK_KEYS = {"x": APP_TOKEN}
    assert lookup.understand("https://x.com/astrid_fjord") == []
    assert "does not pay for that" in client.get("/lookup/").content.decode()
    answer = client.post("/lookup/", {"handle": "https://x.com/astrid_fjord"})
    assert answer.headers["Location"].startswith("/lookup/search/")
    assert x_server.control()["asked"] == []


def test_saying_no_links_nothing(
    alice_client: Client, x_server: XServer, settings: Settings
) -> None:
    settings.SITE_URL = "http://testserver"
    page = come_back(alice_client, answered(begin(alice_client), "&decision=deny"))
    assert "You said no" in page
    assert not Account.objects.exists()


def test_access_that_leaves_posts_out_is_no_link_and_is_given_back(
    alice_client: Client, x_server: XServer, settings: Settings
) -> None:
    settings.SITE_URL = "http://testserver"
    page = come_back(alice_client, answered(begin(alice_client), "&granted=users.read"))
    assert "so nothing was linked" in page
    assert not Account.objects.exists()
    assert x_server.control()["valid"] == []


def test_a_newcomer_may_sign_in_with_x_and_comes_back_the_same_way(
    db: None, x_server: XServer, settings: Settings
) -> None:
    settings.SITE_URL = "http://testserver"

    def visit() -> tuple[Client, str]:
        client = Client()
        page = client.post("/sign-in/x/").content.decode()
        found = re.search(r'content="0;url=([^"]+)"', page)
        assert found is not None
        return client, come_back(client, answered(found[1].replace("&amp;", "&")))

    client, page = visit()
    assert "Almost there" in page
    form = {"name": "Astrid", "born": "1990-05-01", "terms": "on"}
    client.post("/sign-in/finish/", form)
    account = Account.objects.get(network="x")
    assert account.person.name == "Astrid"
    client, _ = visit()
    assert client.session["_auth_user_id"] == str(account.person.owner_id)
    assert Person.objects.count() == 1


def test_charlie_cannot_use_the_answer_of_alices_flow(
    alice_client: Client, charlie_client: Client, x_server: XServer, settings: Settings
) -> None:
    settings.SITE_URL = "http://testserver"
    page = come_back(charlie_client, answered(begin(alice_client)))
    assert "belongs to no link begun here" in page
    assert not Account.objects.exists()


def test_a_wrong_secret_of_ours_is_not_the_persons_fault(
    alice_client: Client, x_server: XServer, settings: Settings
) -> None:
    settings.SITE_URL = "http://testserver"
    settings.NETWORK_APPS = {"x": ("fake-x-client", "wrong")}
    page = come_back(alice_client, answered(begin(alice_client)))
    assert "It is not your fault" in page


def test_unlinking_deletes_the_credential_and_ends_the_access_at_x(
    linked: Account, x_server: XServer
) -> None:
    secret = crypto.decrypt_secret(Credential.objects.get(account=linked).secret)
    linking.unlink(linked, erase_history=False)
    assert not Credential.objects.exists()
    told = x_server.control()
    assert told["revoked"] == [secret["refresh"], secret["access"]]
    assert told["valid"] == []


def test_tokens_are_in_no_log(
    alice_client: Client, x_server: XServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SITE_URL = "http://testserver"
    with caplog.at_level(logging.DEBUG):
        come_back(alice_client, answered(begin(alice_client)))
        account = Account.objects.get()
        synced(account)
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    assert caplog.text
    for word in (*secret.values(), settings.NETWORK_APPS["x"][1]):
        assert word not in caplog.text


# --- Tokens that end ------------------------------------------------------------------------------
def expire(account: Account) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    Credential.objects.filter(account=account).update(expires_at=soon)


def test_a_token_is_renewed_before_it_ends_and_the_newer_refresh_token_kept(
    linked: Account, x_server: XServer
) -> None:
    before = crypto.decrypt_secret(Credential.objects.get().secret)
    for _ in range(2):
        expire(linked)
        assert synced(linked) == "done"
    credential = Credential.objects.get()
    after = crypto.decrypt_secret(credential.secret)
    assert after["refresh"] != before["refresh"]
    assert credential.expires_at is not None
    assert credential.expires_at > timezone.now() + timedelta(hours=1)
    told = x_server.control()
    assert (told["refreshed"], told["replayed"]) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_renew_once_and_neither_loses_the_token(
    linked: Account, x_server: XServer
) -> None:
    expire(linked)

    def token(_: int) -> str:
        try:
            return credentials.token_of(Account.objects.get(pk=linked.pk), timezone.now())[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        found = set(workers.map(token, range(4)))
    told = x_server.control()
    assert (told["refreshed"], told["replayed"]) == (1, 0)
    assert found == {crypto.decrypt_secret(Credential.objects.get().secret)["access"]}
    assert found <= set(told["valid"])


def test_a_refresh_that_x_refuses_asks_the_person_to_link_again(
    linked: Account, x_server: XServer, alice_client: Client
) -> None:
    secret = crypto.decrypt_secret(Credential.objects.get().secret)
    spoilt = crypto.encrypt_secret({**secret, "refresh": "rt-of-yesterday"})
    Credential.objects.update(secret=spoilt)
    expire(linked)
    with pytest.raises(Relink):
        credentials.token_of(linked, timezone.now())
    assert synced(linked) == "given_up"
    linked.refresh_from_db()
    assert linked.state == Account.State.RELINK
    page = alice_client.get("/networks/").content.decode()
    assert "Link again" in page
    # Linking anew mends it.
    assert "X is linked" in come_back(alice_client, answered(begin(alice_client)))
    assert synced(linked) == "done"


def test_a_passing_fault_while_renewing_keeps_the_token(linked: Account, x_server: XServer) -> None:
    expire(linked)
    before = bytes(Credential.objects.get().secret)
    x_server.fault("/2/oauth2/token", status=503)
    assert synced(linked) == "failed"
    assert bytes(Credential.objects.get().secret) == before
    assert synced(linked) == "done"


# --- Money ----------------------------------------------------------------------------------------
def test_a_spent_budget_stops_before_the_limit_and_waits_for_the_next_month(
    linked: Account, x_server: XServer, alice: Person, settings: Settings
) -> None:
    settings.NETWORK_BUDGETS = {"x": (100, 1)}
    costs.meter_for(registry.network("x"), alice.pk).hold({"user": 98})
    asked = len(x_server.control()["asked"])
    assert synced(linked) in {"failed", "given_up"}
    linked.refresh_from_db()
    assert linked.state == Account.State.BUDGET
    assert linked.resume_at == costs.next_month(timezone.now())
    # The profile was still within the limit; a page of posts might not have been.
    assert x_server.control()["asked"][asked:] == ["/2/users/me"]
    assert Spending.objects.get(person=alice).micro_usd <= 1_000_000


def test_little_money_is_spent_on_posts_and_not_on_who_acted(
    linked: Account, x_server: XServer, alice: Person, settings: Settings
) -> None:
    settings.NETWORK_BUDGETS = {"x": (100, 1)}
    asked = len(x_server.control()["asked"])
    assert synced(linked) == "done"
    paths = x_server.control()["asked"][asked:]
    assert paths[:2] == ["/2/users/me", f"/2/users/{OWN}/tweets"]
    spent = Spending.objects.get(person=alice).micro_usd
    # The first fetch takes half at most.
    assert 0 < spent <= 500_000
    assert Post.objects.count() == len(x_server.control()["posts"]) - 1


# --- What goes wrong ------------------------------------------------------------------------------
FORBIDDEN = "https://api.x.com/2/problems/client-forbidden"


@pytest.mark.parametrize(
    ("path", "fault", "state"),
    [
        ("/2/users/me", {"status": 401}, "relink"),
        ("/2/users/me", {"status": 402}, "operator"),
        ("/2/users/me", {"status": 403}, "relink"),
        ("/2/users/me", {"status": 403, "type": FORBIDDEN}, "operator"),
        ("/2/users/me", {"status": 404}, "gone"),
        ("/2/users/me", {"status": 410}, "gone"),
        ("/2/users/me", {"status": 429}, "limited"),
        ("/2/users/me", {"status": 500, "times": 3}, "retry"),
        ("/2/users/me", {"mode": "broken"}, "broken"),
        ("/2/users/me", {"mode": "huge"}, "broken"),
        ("/2/users/me", {"mode": "half", "times": 3}, "retry"),
        # In the middle of a fetch nothing half is stored, either.
        (f"/2/users/{OWN}/tweets", {"status": 429}, "limited"),
        (f"/2/users/{OWN}/tweets", {"mode": "half", "times": 3}, "retry"),
    ],
    ids=str,
)
def test_what_goes_wrong_has_its_state_and_mends_by_itself(
    linked: Account,
    x_server: XServer,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    fault: dict[str, Any],
    state: str,
) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    x_server.fault(path, **fault)
    nothing_then_done(linked, state, Post.objects.all())
    linked.refresh_from_db()
    assert linked.state == Account.State.OK
    assert Post.objects.exists()


def test_an_answer_that_does_not_come_is_tried_again(
    linked: Account, settings: Settings, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    # A port of this machine on which nobody listens.
    settings.X_API_URL = "http://127.0.0.1:9"
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, "http://127.0.0.1:9"]
    assert synced(linked) == "failed"
    linked.refresh_from_db()
    assert linked.state == Account.State.RETRY
