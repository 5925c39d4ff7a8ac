"""The commands of this package, their exit codes and their help; and the operators' pages."""

from io import StringIO
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from connectors import costs, registry
from connectors.models import Account, FetchState, Post, Spending
from connectors.sync import account_lock
from people.models import Person, User
from tests.connectors.linked import HANDLE, keep_secret, sample_account
from tests.connectors.records import account_of
from tests.sample_server import SampleServer
from tests.x_server import XServer


@pytest.fixture
def account(alice: Person, sample_server: SampleServer) -> Account:
    return sample_account(alice, sample_server)


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command("sync_account", *arguments, stdout=out)
    return out.getvalue()


def failing(*arguments: Any) -> CommandError:
    with pytest.raises(CommandError) as failed:
        run(*arguments)
    return failed.value


def test_an_account_is_synced_by_number_or_handle(account: Account) -> None:
    assert "new interactions" in run(account.pk)
    assert " 0 new interactions" in run(f"@{HANDLE.upper()}")
    assert Post.objects.exists()


def test_a_dry_run_counts_and_stores_nothing(account: Account) -> None:
    said = run(account.pk, "--dry-run")
    assert "Nothing was stored." in said
    assert " 0 posts" not in said
    assert not Post.objects.exists()
    assert not FetchState.objects.exists()


def test_a_day_may_be_given(account: Account) -> None:
    run(account.pk, "--day", "2026-01-31")
    assert FetchState.objects.get().day.isoformat() == "2026-01-31"


def test_who_is_not_there_is_told_with_code_1(db: None) -> None:
    assert failing("@nobody").returncode == 1
    assert failing("12").returncode == 1


def test_a_handle_on_several_networks_needs_the_network(account: Account, bob: Person) -> None:
    other = account_of(bob, network="mastodon")
    Account.objects.filter(pk=other.pk).update(handle=HANDLE)
    assert "mastodon, sample" in str(failing(HANDLE))
    run(HANDLE, "--network", "sample")


def test_a_failing_network_is_code_2_with_its_sentence(
    account: Account, sample_server: SampleServer
) -> None:
    for arguments in ([account.pk], [account.pk, "--dry-run"]):
        sample_server.fault("/api/v1/accounts", status=404)
        failed = failing(*arguments)
        assert failed.returncode == 2
        assert "404" in str(failed)


@pytest.mark.django_db(transaction=True)
def test_a_busy_account_is_code_3(alice: Person, sample_server: SampleServer) -> None:
    account = sample_account(alice, sample_server)
    held, go_on = Event(), Event()

    def other_worker() -> None:
        with account_lock(account.pk):
            held.set()
            go_on.wait(30)
        connection.close()

    thread = Thread(target=other_worker)
    thread.start()
    assert held.wait(30)
    assert failing(account.pk).returncode == 3
    go_on.set()
    thread.join(30)


@pytest.mark.parametrize(
    "command", ["sync_account", "rotate_token_keys", "networks_doc", "networks"]
)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command(command, "--help")
    assert ended.value.code == 0
    assert "usage:" in capsys.readouterr().out


def test_operators_see_accounts_without_secrets_and_change_nothing(
    account: Account, client: Client
) -> None:
    keep_secret(account, access="token-that-must-stay-secret")
    client.force_login(
        User.objects.create_superuser("root@example.org", "correct horse"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    for page in ("account", "fetchstate"):
        assert client.get(f"/admin/connectors/{page}/").status_code == 200
        assert client.get(f"/admin/connectors/{page}/add/").status_code == 403
    shown = client.get(f"/admin/connectors/account/{account.pk}/change/")
    assert shown.status_code == 200
    assert b"must-stay-secret" not in shown.content
    assert b'name="_save"' not in shown.content
    assert client.get("/admin/connectors/credential/").status_code == 404


# --- networks -------------------------------------------------------------------------------------
def line_of(text: str, network: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"{network} "))


def networks() -> str:
    out = StringIO()
    call_command("networks", "--no-ask", stdout=out)
    return out.getvalue()


def test_every_network_has_a_line_with_what_is_missing(alice: Person, settings: Settings) -> None:
    settings.SAMPLE_NETWORK = False
    settings.NETWORK_BUDGETS = {"x": (100, 5)}
    text = networks()
    assert [line.split()[0] for line in text.splitlines()[1:]] == [
        *registry.CONNECTORS,
        *registry.ROWS,
    ]
    assert "retired 2019-04-02" in line_of(text, "googleplus")
    assert "keys missing: X_CLIENT_ID, X_CLIENT_SECRET" in line_of(text, "x")
    assert "$0.00 of $100" in line_of(text, "x")
    assert "$0.005 a post, $0.010 a user" in line_of(text, "x")
    assert "ready" in line_of(text, "bluesky")
    assert "free" in line_of(text, "bluesky")
    assert "not offered" in line_of(text, "sample")


def test_linked_accounts_are_counted_and_those_that_wait_for_somebody(
    alice: Person, bob: Person, settings: Settings
) -> None:
    settings.NETWORK_APPS = {"x": ("id", "secret")}
    account_of(alice, network="x", native_id="1")
    second = account_of(bob, network="x", native_id="2")
    Account.objects.filter(pk=second.pk).update(state=Account.State.RELINK)
    assert line_of(networks(), "x").split()[1:6] == ["ready", "paid,", "off", "(X_LOOKUPS)", "2"]
    assert line_of(networks(), "x").split()[6] == "1"


def test_it_is_told_whether_others_can_be_looked_up(db: None, settings: Settings) -> None:
    settings.NETWORK_APPS = {"x": ("id", "secret")}
    settings.NETWORK_BUDGETS = {"x": (100, 5)}
    settings.NETWORK_KEYS, settings.PAID_LOOKUPS = {}, {"x": True}
    text = networks()
    for network, words in (("bluesky", "open"), ("reddit", "no"), ("youtube", "key missing")):
        assert f"  {words}  " in line_of(text, network)
    assert "paid, key missing" in line_of(text, "x")
    settings.NETWORK_KEYS = {"x": "a-key"}
    assert "paid, on" in line_of(networks(), "x")
    month = costs.month_of(timezone.now())
    Spending.objects.create(network="x", month=month, micro_usd=50 * costs.MICRO, rows=1)
    assert "paid, share spent" in line_of(networks(), "x")


def test_what_answers_is_asked(
    db: None, x_server: XServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.http.PAUSES_SECONDS", (0.0, 0.0))
    settings.BLUESKY_APPVIEW_URL = "http://127.0.0.1:9"
    settings.BLUESKY_PLC_URL = settings.BLUESKY_PDS_URL = settings.BLUESKY_APPVIEW_URL
    settings.MASTODON_DEFAULT_SERVER = "127.0.0.1:9"
    settings.LOCAL_ORIGINS = [*settings.LOCAL_ORIGINS, "http://127.0.0.1:9"]
    out = StringIO()
    call_command("networks", stdout=out)
    text = out.getvalue()
    assert line_of(text, "x").endswith("answers")
    assert line_of(text, "bluesky").endswith("Retry: bluesky is unreachable.")
    assert "BadPayload" in line_of(text, "mastodon")
