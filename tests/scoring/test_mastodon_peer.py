"""An account on a running Mastodon server, from its handle to its score."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import lookup
from connectors.models import Lookup
from scoring import lookup as scored_lookup
from scoring.models import Score
from tests.mastodon_peer import NAMES, Peer
from tests.workers import process_environment

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.now(UTC).replace(microsecond=0)


def looked_up(peer: Peer, name: str) -> Lookup:
    """Look an account up by its handle, as the page and its worker do."""
    ((network, ref),) = lookup.understand(peer.handle(name))
    row = lookup.begin_lookup(network, ref, None)
    scored_lookup.run_lookup(row.pk)
    row.refresh_from_db()
    return row


def score_of(row: Lookup) -> float:
    """Return the newest score of the person found."""
    assert row.person is not None
    return Score.objects.filter(person_id=row.person.pk).latest("day").value


@pytest.fixture
def town(peer: Peer) -> Peer:
    """Ada is read, boosted and answered by everybody; Hal posts as much and nobody reacts."""
    for name in NAMES[1:]:
        peer.api(name).account_follow(peer.api("ada").me().id)
    for days in (2, 5, 9, 20):
        hers = peer.post("ada", f"Note of {days} days ago", at=NOW - timedelta(days=days))
        peer.post("hal", "Good morning", at=NOW - timedelta(days=days))
        for name in NAMES[1:]:
            peer.api(name).status_favourite(hers)
        peer.api("bo").status_reblog(hers)
        peer.post("cyd", "@ada so true", in_reply_to_id=hers)
    return peer


def test_an_account_that_moves_others_scores_above_one_that_does_not(town: Peer) -> None:
    ada, hal = looked_up(town, "ada"), looked_up(town, "hal")
    assert ada.state == hal.state == Lookup.State.DONE
    hers, his = (score_of(row) for row in (ada, hal))
    assert 1 <= his < hers <= 100


def lookup_command(town: Peer, handle: str) -> "subprocess.CompletedProcess[str]":
    """Run `manage.py lookup HANDLE` as a person at the keyboard does."""
    return subprocess.run(
        [sys.executable, "manage.py", "lookup", handle],
        cwd=Path(__file__).resolve().parents[2],
        env=process_environment(LOCAL_ORIGINS=town.url, DEBUG="1"),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_prints_the_score_and_its_explanation(town: Peer) -> None:
    found = lookup_command(town, town.handle("ada"))
    assert found.returncode == 0, found.stderr
    assert "Ada: " in found.stdout
    assert "of 100" in found.stdout
    assert "mastodon: 100% of the score" in found.stdout
    assert "Posts that moved it:" in found.stdout
    assert f"{town.url}/@ada/" in found.stdout
    value = Score.objects.order_by("-day").first()
    assert value is not None
    assert f"{value.value:.1f}" in found.stdout


def test_what_the_network_does_not_tell_is_printed_as_an_estimate_and_each_signal_once(
    town: Peer,
) -> None:
    printed = lookup_command(town, town.handle("ada")).stdout
    shares, _, change = printed.partition("Change since")
    estimated = [line for line in shares.splitlines() if "estimated" in line]
    # Mastodon shows mentions and quotes to the account's owner only, and lists to nobody.
    assert len(estimated) == 3
    assert any("Lists" in line for line in estimated)
    assert ": 0.0 lists" not in shares
    names = [line[8:].strip() for line in change.partition("Posts")[0].splitlines()[1:]]
    assert len(names) == len(set(names)) > 2


def test_an_account_whose_records_are_all_of_today_is_provisional(peer: Peer) -> None:
    hers = peer.post("ada", "Good morning", at=NOW)
    for name in NAMES[1:]:
        peer.api(name).status_favourite(hers)
        peer.api(name).account_follow(peer.api("ada").me().id)
    assert ", provisional" in lookup_command(peer, peer.handle("ada")).stdout


def test_dated_records_of_many_days_make_a_first_score_firm(town: Peer) -> None:
    assert "provisional" not in lookup_command(town, town.handle("ada")).stdout


def test_the_command_says_the_same_of_everybody_who_cannot_be_shown(town: Peer) -> None:
    town.sql("UPDATE accounts SET indexable = 0 WHERE username = 'ada'")
    hidden, absent = (lookup_command(town, town.handle(name)) for name in ("ada", "nobody"))
    assert hidden.returncode == absent.returncode == 1
    assert hidden.stderr.splitlines()[-1] == absent.stderr.splitlines()[-1]
    assert "can't show this account" in hidden.stderr
