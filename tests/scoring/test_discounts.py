"""What is not counted in full is written with its day, can be appealed, and lifted."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client

from connectors.models import Account, Snapshot
from people.models import Person, User
from scoring import appeals, daily, discounts
from scoring.core.integrity import DiscountKind
from scoring.models import Appeal, Discount
from tests.conftest import TODAY
from tests.scoring import world

pytestmark = pytest.mark.django_db

DAYS = 40
START = TODAY - timedelta(days=DAYS)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def bought() -> Account:
    """An account to which 60 very small accounts react from the tenth day on."""
    account = world.account(world.person("Rex"), synced=TODAY, followers=190)
    world.react(account, world.reactors(4), world.days(START, DAYS))
    fleet = world.reactors(60, followers=8)
    world.react(account, fleet, world.days(START + timedelta(days=10), DAYS - 10))
    return account


def only(kind: DiscountKind) -> Discount:
    return Discount.objects.get(kind=kind.value)


def test_a_fleet_is_told_with_its_days_its_points_and_its_numbers(bought: Account) -> None:
    daily.backfill(START, YESTERDAY)
    found = only(DiscountKind.SMALL_ACCOUNTS)
    assert (found.person_id, found.account_id) == (bought.person_id, bought.pk)
    assert (found.since, found.until) == (START + timedelta(days=10), YESTERDAY)
    assert 0.5 < found.points < 10
    assert found.reason == {"small": 60.0, "others": 4.0}
    (row,) = discounts.discounts_for(bought.person_id)
    assert row.active
    assert row.may_appeal
    assert row.appeal == ""


def test_days_scored_again_come_to_the_same_discounts(bought: Account) -> None:
    daily.backfill(START, YESTERDAY)
    before = world.rows("scoring_discount")
    assert before
    daily.score_day(YESTERDAY)
    assert world.rows("scoring_discount") == before
    daily.recompute(START, YESTERDAY)
    assert world.rows("scoring_discount") == before
    daily.recompute(START + timedelta(days=20), START + timedelta(days=25))
    assert world.rows("scoring_discount") == before


def test_a_discount_goes_when_its_reason_is_found_to_be_none(bought: Account) -> None:
    daily.backfill(START, YESTERDAY)
    Account.objects.filter(pk=bought.pk).update(status="unlinked")
    daily.recompute(START + timedelta(days=20), YESTERDAY)
    found = only(DiscountKind.SMALL_ACCOUNTS)
    assert found.until == START + timedelta(days=19)
    assert not discounts.discounts_for(bought.person_id)[0].active


def test_twenty_who_react_to_one_another_are_a_ring_and_five_are_none() -> None:
    pod = [world.account(world.person(f"Pod{n}"), synced=TODAY) for n in range(20)]
    family = [world.account(world.person(f"Kin{n}"), synced=TODAY) for n in range(5)]
    for group in (pod, family):
        for member in group:
            others = [world.reactor_of(other) for other in group if other != member]
            world.react(member, others, world.days(YESTERDAY - timedelta(days=9), 10))
    daily.backfill(YESTERDAY - timedelta(days=5), YESTERDAY)
    found = Discount.objects.filter(kind=DiscountKind.RECIPROCITY.value)
    assert {row.account_id for row in found} == {member.pk for member in pod}
    assert found[0].reason == {"inside": 19.0, "outside": 0.0}


def test_bought_followers_are_told_with_what_counts() -> None:
    account = world.account(world.person("Bela"), synced=TODAY, followers=None)
    world.react(account, world.reactors(3), world.days(START, DAYS))
    for number, day in enumerate(world.days(START, DAYS)):
        followers = 400 if number < 20 else 8400
        Snapshot.objects.create(account=account, day=day, counts={"followers": followers})
    daily.backfill(START, YESTERDAY)
    found = only(DiscountKind.FOLLOWER_STEP)
    assert found.since == START + timedelta(days=20)
    assert found.reason["read"] == 8400
    assert 400 <= found.reason["counted"] < 1000
    assert world.value(account, YESTERDAY) < 40
    grown = world.value(account, YESTERDAY) - world.value(account, START + timedelta(days=19))
    assert 0 <= grown < 2


def test_a_misread_count_is_held_for_its_day_and_flagged() -> None:
    account = world.account(world.person("Ada"), synced=TODAY, followers=None)
    for day in world.days(START, DAYS):
        Snapshot.objects.create(account=account, day=day, counts={"followers": 5000})
    wrong = START + timedelta(days=20)
    Snapshot.objects.filter(day=wrong).update(counts={"followers": 0})
    daily.backfill(START, YESTERDAY)
    assert world.value(account, wrong) == world.value(account, YESTERDAY)
    found = only(DiscountKind.HELD_COUNT)
    assert (found.since, found.until) == (wrong, wrong)
    assert found.reason == {"measure": "followers", "read": 0.0, "counted": 5000.0}
    (row,) = discounts.discounts_for(account.person_id)
    assert not row.may_appeal


def test_a_lifted_discount_ends_with_the_next_daily_run(bought: Account, bob: Person) -> None:
    assert bob.owner is not None
    day_before = YESTERDAY - timedelta(days=1)
    daily.backfill(START, day_before)
    lowered = world.value(bought, day_before)
    found = only(DiscountKind.SMALL_ACCOUNTS)
    made = appeals.appeal(bought.person_id, found.pk, "They are all my pupils.")
    with pytest.raises(appeals.NoAppeal):
        appeals.appeal(bought.person_id, found.pk, "Once more.")
    assert appeals.decide(made.pk, Appeal.Decision.LIFTED, bob.owner)
    assert not appeals.decide(made.pk, Appeal.Decision.UPHELD, bob.owner)
    Discount.objects.update(lifted_on=YESTERDAY)
    daily.score_day(YESTERDAY)
    assert world.value(bought, YESTERDAY) > lowered + 0.5
    (row,) = discounts.discounts_for(bought.person_id)
    assert (row.appeal, row.active, row.may_appeal) == ("lifted", False, False)
    # Earlier days stay as they were, also when they are scored again.
    daily.recompute(day_before, YESTERDAY)
    assert world.value(bought, day_before) == lowered
    assert Appeal.objects.count() == 1


def test_an_appeal_keeps_its_discount_when_the_days_are_scored_again(bought: Account) -> None:
    daily.backfill(START, YESTERDAY)
    found = only(DiscountKind.SMALL_ACCOUNTS)
    appeals.appeal(bought.person_id, found.pk, "They are all my pupils.")
    Account.objects.filter(pk=bought.pk).update(status="unlinked")
    daily.recompute(START, YESTERDAY)
    assert Discount.objects.get() == found


def test_the_database_refuses_what_is_no_discount_and_no_appeal(bought: Account) -> None:
    good = {
        "person_id": bought.person_id,
        "account_id": bought.pk,
        "kind": "reciprocity",
        "since": START,
        "until": START,
        "points": 1.0,
    }
    for wrong in (
        {"points": -1.0},
        {"points": float("nan")},
        {"kind": "envy"},
        {"until": START - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Discount.objects.create(**(good | wrong))
    row = Discount.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(person_id=bought.person_id, discount=row, words="x" * 2001)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            person_id=bought.person_id, discount=row, words="x", decision="lifted"
        )


def test_an_operator_decides_in_the_admin_and_the_log_says_who(
    bought: Account, admin_client: Client, admin_user: User
) -> None:
    daily.score_day(YESTERDAY)
    found = only(DiscountKind.SMALL_ACCOUNTS)
    made = appeals.appeal(bought.person_id, found.pk, "They are all my pupils.")
    page = admin_client.get("/admin/scoring/appeal/")
    assert page.status_code == 200
    detail = admin_client.get(f"/admin/scoring/appeal/{made.pk}/change/").content.decode()
    assert "They are all my pupils." in detail
    answer = admin_client.post(
        "/admin/scoring/appeal/", {"action": "lift", "_selected_action": [made.pk]}
    )
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.decision, made.by) == ("lifted", admin_user)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (admin_user, f"appeal {made.pk}")
    assert "pupils" not in entry.change_message
