"""+K through the daily run: what it adds and to whom, when it goes, and who cannot gain by it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from connectors.models import Account
from dashboard.score_page import part_name
from people import erasure, opt_out
from people.models import Person
from scoring import daily, discounts, why
from scoring.core.integrity import DiscountKind
from scoring.core.parts import Parts, PlusKPart
from scoring.models import Discount, Explanation, ScoreRun
from scoring.topics.models import Credit
from tests.scoring import world

pytestmark = pytest.mark.django_db

DAYS = world.days(date(2026, 3, 1), 8)
# From its morning on, what was given on it counts.
GIVEN, BACK = DAYS[2], DAYS[5]
FANS, TAKEN_BACK, RING = 12, 4, 12


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 9, 12, tzinfo=UTC), tick=False):
        yield


def somebody(name: str, followers: int = 100) -> Account:
    """Return an ordinary person's account, on a server whose word is taken."""
    return world.account(world.person(name), synced=DAYS[0], followers=followers)


def credit_of(someone: Account, day: date) -> PlusKPart | None:
    row = Explanation.objects.get(person_id=someone.person_id, day=day)
    return Parts.from_json(row.body).plus_k


def scored_again() -> None:
    ScoreRun.objects.all().delete()
    daily.backfill(DAYS[0], DAYS[-1])


def test_it_adds_what_the_rule_says_moves_nobody_else_and_goes_when_it_is_taken_back() -> None:
    star, twin = somebody("Star"), somebody("Twin")
    fans = [somebody(f"Fan{n}") for n in range(FANS)]
    small = [somebody("No audience", 0)]
    world.react(star, world.reactors(6), DAYS[:5], on=world.post(star, DAYS[0]))
    daily.backfill(DAYS[0], DAYS[-1])
    without = world.everything()
    before = {day: world.value(star, day) for day in DAYS}

    early = [fan.person for fan in fans[:TAKEN_BACK]]
    world.credit(early, star.person, GIVEN, taken_back=BACK)
    world.credit([fan.person for fan in fans[TAKEN_BACK:]], star.person, GIVEN)
    # Again for something else they are the same people; whoever has no standing is nobody.
    world.credit([fans[-1].person], star.person, GIVEN, topic="own:tea")
    world.credit([account.person for account in small], star.person, GIVEN)
    world.credit([world.person("Without an account")], star.person, GIVEN)
    # Given and taken back on one day it never counted.
    world.credit([twin.person], star.person, DAYS[4], taken_back=DAYS[4])
    scored_again()

    found = world.everything()
    for table in ("scoring_score", "scoring_explanation"):
        old, new = (
            [row for row in rows[table] if row[1] != star.person_id] for rows in (without, found)
        )
        assert old == new
    assert found["scoring_pairday"] == without["scoring_pairday"]
    for day in DAYS:
        age = (day - GIVEN).days
        told, gain = credit_of(star, day), world.value(star, day) - before[day]
        if age < 0:
            assert (told, gain) == (None, 0)
            continue
        people = FANS - (TAKEN_BACK if day >= BACK else 0)
        x = people * (1 - age / 90)
        assert told is not None
        assert told.people == people
        assert told.x == pytest.approx(x)
        assert told.points == pytest.approx(2 * x / (x + 30))
        assert gain == pytest.approx(told.points)
    # Neither mass nor class moves: no trust comes of +K.
    masses = [{row[:3]: (row[6:]) for row in rows["scoring_score"]} for rows in (without, found)]
    assert masses[0] == masses[1]


def test_why_and_shares_tell_it_and_add_up() -> None:
    star = somebody("Star")
    fans = [somebody(f"Fan{n}") for n in range(FANS)]
    world.credit([fan.person for fan in fans[:TAKEN_BACK]], star.person, GIVEN, taken_back=BACK)
    world.credit([fan.person for fan in fans[TAKEN_BACK:]], star.person, GIVEN)
    daily.backfill(DAYS[0], DAYS[-1])
    rise = why.change_between(star.person_id, DAYS[0], GIVEN)
    (part,) = rise.parts
    assert (part.kind, part.network, part.people) == ("new", "klout", FANS)
    assert part.points == pytest.approx(rise.points) == pytest.approx(2 * 12 / 42)
    assert part_name(part) == "+K from 12 people"
    whole = why.change_between(star.person_id, DAYS[0], DAYS[-1])
    assert sum(part.points for part in whole.parts) == pytest.approx(whole.points, abs=1e-9)
    fall = why.change_between(star.person_id, GIVEN, BACK)
    assert [(part.kind, part.network) for part in fall.parts] == [("fading", "klout")]
    assert part_name(fall.parts[0]) == "+K that faded or was taken back"
    shares = why.network_shares(star.person_id, DAYS[-1])
    assert sum(share.share for share in shares) == pytest.approx(1)
    assert [share.network for share in shares] == ["mastodon", "klout"]
    (signal,) = shares[1].signals
    assert (signal.signal_id, signal.name) == ("klout.plus_k", "+K received")
    explained = why.explained(star.person_id, DAYS[0], DAYS[-1])
    assert all(sum(day.shares.values()) == pytest.approx(1) for day in explained.by_day)
    assert "klout" in explained.by_day[-1].shares
    assert "klout" not in explained.by_day[0].shares


def test_a_ring_is_told_and_can_be_lifted_and_its_members_gain_next_to_nothing() -> None:
    ring = [somebody(f"Ring{n}") for n in range(RING)]
    free = somebody("Free")
    for place, giver in enumerate(ring):
        for other, receiver in enumerate(ring):
            if place != other:
                # Five a day.
                world.credit([giver.person], receiver.person, DAYS[(other - place) % RING // 5])
    world.credit([member.person for member in ring], free.person, GIVEN)
    daily.backfill(DAYS[0], DAYS[-1])
    gains = [world.value(member, DAYS[-1]) - world.value(member, DAYS[0]) for member in ring]
    assert 0 < max(gains) < 0.1
    assert world.value(free, DAYS[-1]) - world.value(free, DAYS[0]) > 0.25
    assert set(Discount.objects.values_list("kind", flat=True)) == {DiscountKind.PLUS_K.value}
    row = Discount.objects.get(person_id=ring[0].person_id)
    assert 0.05 < row.points < 0.3
    assert row.reason["all"] > 3 * row.reason["counted"]
    (line,) = discounts.discounts_for(ring[0].person_id)
    assert line.may_appeal
    before = world.everything()
    scored_again()
    assert world.everything() == before
    # Lifted, the whole counts.
    Discount.objects.filter(person_id=row.person_id).update(lifted_on=DAYS[-1])
    daily.score_day(DAYS[-1])
    whole, limited = world.value(ring[0], DAYS[-1]), world.value(ring[1], DAYS[-1])
    assert whole - limited == pytest.approx(row.points, abs=0.01)


def test_first_scores_know_it_and_come_to_what_the_daily_run_does() -> None:
    star, friend = somebody("Star"), somebody("Friend")
    fans = [somebody(f"Fan{n}") for n in range(FANS)]
    daily.backfill(DAYS[0], DAYS[-1])
    world.credit([fan.person for fan in fans], star.person, GIVEN)
    # Shared among ten people; and one that is returned.
    for number in range(9):
        world.credit([fans[0].person], somebody(f"Other{number}").person, DAYS[3 + number // 5])
    world.credit([star.person], friend.person, DAYS[3])
    world.credit([friend.person], star.person, DAYS[3])
    scored_again()
    expected = {day: credit_of(star, day) for day in DAYS}
    daily.first_scores(star.person_id)
    assert expected[DAYS[-1]] is not None
    for day in DAYS:
        told, known = credit_of(star, day), expected[day]
        assert (told is None) == (known is None)
        if told is not None and known is not None:
            assert told.people == known.people
            assert told.x == pytest.approx(known.x)


def test_who_erases_everything_takes_it_along_and_who_opted_out_is_an_ordinary_person() -> None:
    star, plain = somebody("Star"), somebody("Plain")
    famous = [somebody(f"Famous{n}", 20_000) for n in range(2)]
    nobody = somebody("Nobody", 0)
    world.credit([account.person for account in (*famous, nobody)], star.person, DAYS[1])
    world.credit([plain.person], star.person, DAYS[1])
    daily.backfill(DAYS[0], DAYS[1])
    told = credit_of(star, DAYS[1])
    assert told is not None
    assert told.people == 3
    assert told.x == 9.0
    # Opted out: whoever is private or hidden since, and whose account is known by its hash.
    for account in (famous[0], nobody):
        opt_out.opt_out("mastodon", [account.native_id], proven=True)
        Person.objects.filter(pk=account.person_id).update(visibility="private")
    Person.objects.filter(pk=plain.person_id).update(visibility="private")
    daily.score_day(DAYS[2])
    told = credit_of(star, DAYS[2])
    assert told is not None
    assert told.people == 3
    assert told.x == pytest.approx((1 + 4 + 1) * 89 / 90)
    erasure.erase(famous[1].person)
    assert Credit.objects.count() == 3
    daily.score_day(DAYS[3])
    told = credit_of(star, DAYS[3])
    assert told is not None
    assert told.people == 2
    assert told.x == pytest.approx(2 * 88 / 90)
