"""Each fake tells what it says that a first sync comes to, and of each account its own."""

from typing import Any

import pytest

from connectors.models import Interaction, Post
from connectors.registry import CONNECTORS
from klout.bench import syncing
from klout.bench.fakes import world
from klout.bench.fakes.every import FAKES, WITHOUT


def test_every_network_that_is_synced_has_a_fake_but_those_where_nobody_posts() -> None:
    assert CONNECTORS.keys() - FAKES.keys() == WITHOUT
    assert not any(CONNECTORS[name].NETWORK.capabilities.posts for name in WITHOUT)


@pytest.mark.django_db
@pytest.mark.parametrize("network", FAKES)
def test_first_syncs_of_two_accounts_come_to_exactly_what_the_fake_declares(
    network: str, settings: Any
) -> None:
    settings.SAMPLE_NETWORK = True
    # Whatever is set after this is taken back with it.
    settings.NETWORK_BUDGETS = {"x": (10**9, 10**9)}
    with syncing.fake(network) as running:
        for number in (7, 8):
            pk = syncing.new_account(network, number, running)
            syncing.synced(pk, network)
            own = Post.objects.filter(account=pk, native_id__contains=world.digits(number))
            assert own.count() == FAKES[network].posts
            assert Interaction.objects.filter(account_id=pk).count() == FAKES[network].interactions


@pytest.mark.django_db
def test_a_sync_that_brings_less_than_all_is_no_time_of_one(settings: Any) -> None:
    settings.NETWORK_BUDGETS = {}
    with syncing.fake("github") as running:
        pk = syncing.new_account("github", 7, running)
        syncing.synced(pk, "github")
        with pytest.raises(RuntimeError, match=r"github came to \('done', 0, 0, 0\)"):
            # The day is done.
            syncing.synced(pk, "github")
