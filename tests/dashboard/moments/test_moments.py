"""The pages of moments and of people worth an answer."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from connectors import crypto
from connectors.models import Account, Post
from connectors.partitions import ensure_partitions
from connectors.types import Direction, Kind
from dashboard.moments.page import wanted_of
from people.models import Person
from scoring.core.params import CURRENT
from scoring.models import Moment, PostDay
from tests.conftest import TODAY
from tests.dashboard.scored import NOON, at_noon, come_back
from tests.dashboard.trend.test_my_score import body, month, page, with_scores
from tests.scoring import world

MOST_QUERIES, HEAVIEST_BYTES = 8, 60_000
LONG = "ﷺ" * 200


def account_of(person: Person, network: str = "mastodon") -> Account:
    account = world.account(person, synced=TODAY, network=network)
    Account.objects.filter(pk=account.pk).update(status="linked")
    return account


def moment(account: Account, points: dict[int, float], text: str, *, people: int = 3) -> Post:
    """Give an account a post that brought points so many days ago."""
    post = world.post(account, TODAY - timedelta(days=max(points)))
    Post.objects.filter(pk=post.pk).update(
        text=crypto.encrypt_text(text), text_until=NOON + timedelta(days=30)
    )
    Moment.objects.create(
        person_id=account.person_id,
        account_id=account.pk,
        post_id=post.pk,
        model_version=CURRENT.version,
        day=TODAY,
        points=sum(points.values()),
        people_count=people,
        days={(TODAY - timedelta(days=n)).isoformat(): value for n, value in points.items()},
    )
    return post


def order(text: str) -> list[int]:
    """Return the posts of a page in their order."""
    return [int(number) for number in re.findall(r'id="moment-(\d+)"', text)]


def test_an_address_of_words_that_make_no_sense_asks_for_everything() -> None:
    wanted = wanted_of(
        {"sort": "--", "range": "x", "kind": "DROP", "page": "-3", "from": "later"}, TODAY
    )
    assert (wanted.sort, wanted.range_code, wanted.page) == ("points", "all", 1)
    assert wanted.filter.first is None
    assert wanted.unreadable
    assert wanted_of({"page": "9" * 500}, TODAY).page == 1
    turned = wanted_of({"from": "2026-02-01", "to": "2026-01-01"}, TODAY)
    assert (turned.filter.first, turned.filter.last) == (
        TODAY.replace(month=1),
        TODAY.replace(month=2),
    )
    assert turned.query(page="2") == "from=2026-01-01&to=2026-02-01&page=2"


@pytest.mark.django_db
def test_moments_are_sorted_filtered_and_told_day_by_day(
    alice: Person, alice_client: Client
) -> None:
    mastodon, bluesky = account_of(alice), account_of(alice, "bluesky")
    old = moment(mastodon, {200: 5.0, 3: 0.5}, "Old and <b>good</b>")
    new = moment(mastodon, {2: 1.0}, "New")
    other = moment(bluesky, {50: 2.0}, f"Elsewhere {LONG}")
    moment(mastodon, {10: 0.01}, "Too little to tell")
    assert order(page(alice_client, "/score/moments/")) == [old.pk, other.pk, new.pk]
    assert order(page(alice_client, "/score/moments/?sort=date")) == [new.pk, other.pk, old.pk]
    assert order(page(alice_client, "/score/moments/?sort=network")) == [other.pk, old.pk, new.pk]
    assert order(page(alice_client, "/score/moments/?network=bluesky")) == [other.pk]
    assert order(page(alice_client, "/score/moments/?q=GOOD")) == [old.pk]
    # Within the days, by what it brought in them.
    week = page(alice_client, "/score/moments/?range=7")
    assert order(week) == [new.pk, old.pk]
    assert "+0.5<small>" in week
    assert order(page(alice_client, "/score/moments/?from=0001-01-01&to=2025-12-31")) == [old.pk]
    ensure_partitions("scoring_postday", TODAY, TODAY)
    PostDay.objects.bulk_create(
        [
            PostDay(
                day=TODAY,
                account_id=mastodon.pk,
                post_id=new.pk,
                kind=int(Kind.QUOTE),
                trust_class=1,
                people=1,
            )
        ]
    )
    assert order(page(alice_client, "/score/moments/?kind=quote")) == [new.pk]
    single = page(alice_client, f"/score/moments/{old.pk}/")
    assert "Old and &lt;b&gt;good&lt;/b&gt;" in single
    assert re.findall(r'<td class="number">(\+[\d.]+)</td>', single) == ["+5.0", "+0.5", "+5.5"]
    for strange in ("q=%00", f"q={'x' * 5000}", "network=%00%FF", "sort=%27", "to=9999-99-99"):
        page(alice_client, f"/score/moments/?{strange}")


@pytest.mark.django_db
def test_the_file_of_moments_keeps_to_the_terms_of_each_network(
    alice: Person, alice_client: Client
) -> None:
    allowed = moment(account_of(alice), {2: 2.0}, "=1+1")
    refused = moment(account_of(alice, "x"), {2: 1.0}, "Words of X")
    text = body(alice_client, "/score/moments/moments.csv")
    assert "Words of X" not in text
    rows = {row["network"]: row for row in csv.DictReader(io.StringIO(text[1:]))}
    assert rows["mastodon"]["text"] == "'=1+1"
    assert (rows["x"]["text"], float(rows["x"]["points"])) == ("", 1.0)
    assert allowed.pk != refused.pk
    assert len(body(alice_client, "/score/moments/moments.csv?network=x").splitlines()) == 2


@pytest.mark.django_db
def test_pages_of_moments_are_turned_and_stay_light(
    alice: Person, alice_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    account = account_of(alice)
    posts = [moment(account, {n % 20: 1 + n / 100}, f"{n} {LONG}") for n in range(45)]
    for number, someone in enumerate(world.reactors(9)):
        someone.name = LONG if number % 2 else "<script>alert(1)</script>"
        someone.save()
        world.react(account, [someone], [TODAY - timedelta(days=1)], on=posts[-1])
    come_back(alice_client)
    with at_noon(), django_assert_max_num_queries(MOST_QUERIES):
        answer = alice_client.get("/score/moments/")
    assert len(answer.content) <= HEAVIEST_BYTES
    text = answer.content.decode()
    assert "<script>alert" not in text
    assert len(order(text)) == 20
    assert 'rel="next" href="?page=2"' in text
    assert "9 people reacted" in text
    last = page(alice_client, "/score/moments/?page=3")
    assert order(last) == [post.pk for post in posts[4::-1]]
    with at_noon():
        beyond = alice_client.get("/score/moments/?page=900&sort=date")
    assert (beyond.status_code, beyond.headers["Location"]) == (302, "/score/moments/?sort=date")


def person_here(name: str, score: float, visibility: str) -> Account:
    """Return the account of somebody who has a score here."""
    person = world.person(name, visibility=visibility)
    with_scores(person, {TODAY: score})
    return world.account(person, synced=TODAY)


@pytest.mark.django_db
def test_whoever_wrote_and_was_not_answered_is_named_as_far_as_everybody_may_see(
    alice: Person, alice_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    account = account_of(alice)
    with_scores(alice, month(40.0))
    post = world.post(account, TODAY - timedelta(days=9))
    yesterday, before = TODAY - timedelta(days=1), TODAY - timedelta(days=4)
    public = world.reactor_of(person_here("Pia", 61.0, "public"))
    private = world.reactor_of(person_here("Secret", 99.0, "private"))
    stranger, answered, liked = world.reactors(3, followers=900)
    for who, kind in (
        (public, Kind.COMMENT),
        (private, Kind.COMMENT),
        (stranger, Kind.MENTION),
        (answered, Kind.COMMENT),
        (liked, Kind.LIKE),
    ):
        world.react(account, [who], [before], on=post, kind=kind)
    world.react(account, [answered], [yesterday], kind=Kind.COMMENT, direction=Direction.SENT)
    world.react(
        account, [public], [TODAY - timedelta(days=8)], kind=Kind.LIKE, direction=Direction.SENT
    )
    come_back(alice_client)
    with at_noon(), django_assert_max_num_queries(MOST_QUERIES):
        answer = alice_client.get("/score/moments/people/")
    worth, reached = answer.content.decode().split('id="reached"')
    assert worth.index("Pia") < worth.index(stranger.name)
    assert "Secret" not in worth
    assert "99" not in worth.split('id="unanswered"')[1]
    assert "and 1 more" in worth
    assert "4 people wrote to you in the last 30 days; you answered 1." in worth
    assert answered.name not in worth
    assert liked.name not in worth
    assert answered.name in reached
    assert "Pia" not in reached

    with at_noon(), django_assert_max_num_queries(MOST_QUERIES):
        advice = alice_client.get("/score/advice/").content.decode()
    # Somebody without an explained score gets no advice, and no error.
    assert "Advice is given from your own numbers" in advice


@pytest.mark.django_db
def test_charlie_sees_no_moment_of_alice(
    alice: Person, client: Client, charlie_client: Client
) -> None:
    post = moment(account_of(alice), {2: 1.0}, "A word of Alice")
    for path in ("", "people/", "moments.csv", "?q=Alice"):
        with at_noon():
            answer = charlie_client.get(f"/score/moments/{path}")
        content = b"".join(answer) if answer.streaming else answer.content
        assert b"A word of Alice" not in content, path
        assert client.get(f"/score/moments/{path}").status_code == 302, path
    with at_noon():
        assert charlie_client.get(f"/score/moments/{post.pk}/").status_code == 404
        assert charlie_client.get(f"/score/moments/{'9' * 23}/").status_code == 404
