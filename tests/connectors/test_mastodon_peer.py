"""From a running Mastodon server to rows: look-up, sync, what is new, what goes wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from connectors import lookup, sync
from connectors.due import due_day
from connectors.models import Account, FetchState, Interaction, Lookup, Post, Reactor, Snapshot
from connectors.types import Direction, Kind
from tests.mastodon_peer import Peer

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.now(UTC).replace(microsecond=0)


def looked_up(peer: Peer, name: str) -> Account | None:
    """Look an account up by its handle, as the page does."""
    ((network, ref),) = lookup.understand(peer.handle(name))
    return lookup.open_account(lookup.begin_lookup(network, ref, None).pk)


def synced(account: Account) -> sync.SyncResult:
    now = timezone.now()
    return sync.sync_account(account.pk, due_day(now), now=now, force=True)


def reactions(account: Account, kind: Kind) -> dict[str, datetime | None]:
    """Return who reacted, and when as far as it was told."""
    rows = Interaction.objects.filter(
        account_id=account.pk, kind=kind, direction=Direction.RECEIVED
    )
    names = dict(Reactor.objects.values_list("key", "handle"))
    return {names[row.reactor_key].partition("@")[0]: row.happened_at for row in rows}


@pytest.fixture
def ada(peer: Peer) -> Account:
    """Ada's account with a month of posts and reactions, looked up but not yet synced."""
    for name in ("bo", "cyd", "dan"):
        peer.api(name).account_follow(peer.api("ada").me().id)
    first = peer.post("ada", "Notes on engines #computing", at=NOW - timedelta(days=20))
    second = peer.post("ada", "More notes", at=NOW - timedelta(days=3))
    peer.post("ada", "Only for friends", visibility="private")
    for name in ("bo", "cyd", "eve"):
        peer.api(name).status_favourite(first)
    peer.api("bo").status_reblog(first)
    peer.api("bo").status_favourite(second)
    peer.post("cyd", "@ada splendid", in_reply_to_id=second)
    theirs = peer.post("dan", "A question", at=NOW - timedelta(days=2))
    peer.api("ada").status_reblog(theirs)
    peer.post("ada", "@dan an answer", in_reply_to_id=theirs)
    account = looked_up(peer, "ada")
    assert account is not None
    return account


def test_posts_and_who_reacted_become_rows(peer: Peer, ada: Account) -> None:
    assert synced(ada).status == "done"
    ada.refresh_from_db()
    assert ada.state == Account.State.OK
    assert ada.handle == f"ada@{peer.host}"
    assert Post.objects.filter(account=ada).count() == 3
    counts = Snapshot.objects.get(account=ada).counts
    assert counts["followers"] == 3
    assert set(reactions(ada, Kind.LIKE)) == {"bo", "cyd", "eve"}
    assert set(reactions(ada, Kind.RESHARE)) == {"bo"}
    assert set(reactions(ada, Kind.COMMENT)) == {"cyd"}
    # Public lists tell no dates; each like counts on a day between its post and now all the same.
    likes = Interaction.objects.filter(account_id=ada.pk, kind=Kind.LIKE)
    assert {row.happened_at for row in likes} == {None}
    assert all(NOW.date() - timedelta(days=20) <= row.day <= NOW.date() for row in likes)
    sent = Interaction.objects.get(account_id=ada.pk, direction=Direction.SENT)
    assert Reactor.objects.get(key=sent.reactor_key).handle == f"dan@{peer.host}"


def test_a_second_sync_adds_what_is_new_and_nothing_twice(peer: Peer, ada: Account) -> None:
    synced(ada)
    before = Interaction.objects.count()
    synced(ada)
    assert Interaction.objects.count() == before
    second = Post.objects.filter(account=ada).order_by("-created_at")[1]
    peer.api("fay").status_favourite(second.native_id)
    synced(ada)
    assert Interaction.objects.count() == before + 1
    assert "fay" in reactions(ada, Kind.LIKE)


def test_a_deleted_post_goes_and_who_reacted_counts_on(peer: Peer, ada: Account) -> None:
    synced(ada)
    before = Interaction.objects.count()
    first = Post.objects.filter(account=ada).earliest("created_at")
    peer.api("ada").status_delete(first.native_id)
    synced(ada)
    assert not Post.objects.filter(pk=first.pk).exists()
    assert Interaction.objects.count() == before


def test_more_posts_than_a_page_are_all_read(peer: Peer) -> None:
    for number in range(45):
        peer.post("gil", f"Post {number}", at=NOW - timedelta(hours=number))
    account = looked_up(peer, "gil")
    assert account is not None
    synced(account)
    assert Post.objects.filter(account=account).count() == 45


def test_who_does_not_want_to_be_found_is_not_opened(peer: Peer) -> None:
    peer.sql("UPDATE accounts SET indexable = 0 WHERE username = 'hal'")
    assert looked_up(peer, "hal") is None
    assert Lookup.objects.get().state == Lookup.State.UNAVAILABLE
    assert not Account.objects.exists()


def test_who_is_not_there_is_not_opened(peer: Peer) -> None:
    assert looked_up(peer, "nobody") is None


def test_who_stops_to_be_found_is_removed_at_the_next_sync(peer: Peer, ada: Account) -> None:
    peer.sql("UPDATE accounts SET indexable = 0 WHERE username = 'ada'")
    assert synced(ada).status == "gone"
    assert not Account.objects.filter(pk=ada.pk).exists()


@pytest.mark.parametrize(
    ("effect", "state"),
    [
        ({"type": "ratelimit"}, Account.State.LIMITED),
        ({"type": "status", "status": 502}, Account.State.RETRY),
        ({"type": "status", "status": 404}, Account.State.GONE),
        ({"type": "malformed"}, Account.State.BROKEN),
    ],
)
def test_what_goes_wrong_is_told_in_its_word_and_stores_nothing_twice(
    peer: Peer, ada: Account, effect: dict[str, object], state: Account.State
) -> None:
    synced(ada)
    before = Interaction.objects.count()
    peer.fault("/api/v1/accounts/*/statuses", **effect)
    assert synced(ada).status in {"failed", "given_up"}
    ada.refresh_from_db()
    assert ada.state == state
    assert "mastodon" in ada.state_detail.lower()
    if state == Account.State.LIMITED:
        assert ada.resume_at is not None
        assert timedelta(minutes=4) < ada.resume_at - timezone.now() < timedelta(minutes=6)
    assert Interaction.objects.count() == before
    assert FetchState.objects.get(account=ada).error
