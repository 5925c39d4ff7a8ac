"""An account on a running Mastodon server, from its handle to its score."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors import lookup
from connectors.models import Lookup
from scoring import lookup as scored_lookup
from scoring.models import Score
from tests.mastodon_peer import NAMES, Peer

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.now(UTC).replace(microsecond=0)


def looked_up(peer: Peer, name: str) -> Lookup:
    """Look an account up by its handle, as the page and its worker do."""
    ((network, ref),) = lookup.understand(peer.handle(name))
    row = lookup.begin_lookup(network, ref, None)
    scored_lookup.run_lookup(row.pk)
    row.refresh_from_db()
    return row


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
    scores = {
        row.person_id: row.value for row in Score.objects.order_by("day")
    }
    assert 1 <= scores[hal.person_id] < scores[ada.person_id] <= 100
