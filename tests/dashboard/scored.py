"""People with a score for the tests of pages: rows written by the real scoring."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.test import Client

from connectors import crypto
from connectors.models import Account, Post
from people.models import Person
from scoring import daily
from tests.conftest import TODAY
from tests.scoring import world

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
TEXT = "Concrete has patience. <b>So</b> do I."


def account_of(person: Person, *, text: str = TEXT, network: str = "mastodon") -> Account:
    """Return a linked account with twenty days of reactions to one post."""
    account = world.account(
        person, synced=TODAY, network=network, native_id=f"{person.slug}@mastodon.social"
    )
    account.status = Account.Status.LINKED if person.owner_id else Account.Status.OPEN
    account.save(update_fields=["status"])
    post = world.post(account, TODAY - timedelta(days=20))
    Post.objects.filter(pk=post.pk).update(
        text=crypto.encrypt_text(text), text_until=NOON + timedelta(days=30)
    )
    days = world.days(TODAY - timedelta(days=20), 20)
    for n, reactor in enumerate(world.reactors(12)):
        world.react(account, [reactor], days[n : n + 3], on=post)
    return account


def scored(person: Person, *, text: str = TEXT) -> Account:
    """Return the account of a person who has a score on each of the last days."""
    account = account_of(person, text=text)
    with at_noon():
        daily.first_scores(person.pk)
    return account


def come_back(client: Client) -> None:
    """Have somebody open a page: the first one of a day notes the day in the session."""
    with at_noon():
        client.get("/method/")


def at_noon() -> time_machine.travel:
    """Return the context in which it is noon of the tests' day."""
    return time_machine.travel(NOON, tick=False)
