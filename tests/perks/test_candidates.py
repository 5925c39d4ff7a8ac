"""Who qualifies, counted over everybody; notices of it; and letters about claims."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from connectors import crypto
from connectors.models import Account
from people import consent
from people.models import Person
from perks import candidates, claims, keeping, letters, notices, waiting
from perks.eligibility import Rules, judge
from perks.facts import facts_of
from perks.models import Candidate, Claim, Followed, Invitation, Notice
from scoring import daily
from scoring.models import ScoreRun
from tests.dashboard.scored import account_of, at_noon
from tests.perks.claimants import YES, crowd, firm, firm_all, perk, sponsor

pytestmark = pytest.mark.django_db


def test_the_facts_are_those_of_a_score_that_the_scoring_computed(alice: Person) -> None:
    account = account_of(alice, network="bluesky")
    with at_noon():
        now = timezone.now()
        Account.objects.filter(pk=account.pk).update(linked_at=now - timedelta(days=20))
        daily.first_scores(alice.pk)
        facts = facts_of(alice)
        (step,) = facts.steps
        assert step.linked_days == 20
        assert step.networks == {"bluesky"}
        # One account alone explains the whole score, but for what the daily limit held back.
        assert facts.shown_score is not None
        assert 1 < step.score <= facts.shown_score
        assert judge(Rules(), facts).qualifies == (not facts.is_provisional)


def test_a_second_account_counts_from_the_day_on_which_it_is_linked_long_enough(
    alice: Person,
) -> None:
    old = firm(alice, 40.0, linked_days=30)
    from scoring.core.parts import NetworkParts, Parts
    from scoring.models import Explanation

    new = Account.objects.create(
        person=alice,
        network="x",
        native_id="77",
        handle="alice",
        status="linked",
        linked_at=timezone.now() - timedelta(days=2),
    )
    row = Explanation.objects.get(person_id=alice.pk)
    parts = Parts.from_json(row.body)
    networks = {**parts.networks, new.pk: NetworkParts("x", 1.0, 1e9, {}, {})}
    body = Parts(parts.version, 90.0, 0.0, networks).to_json()
    Explanation.objects.filter(person_id=alice.pk).update(body=body)
    first, both = facts_of(alice).steps
    assert (first.linked_days, both.linked_days) == (30, 2)
    assert first.score == pytest.approx(40.0, abs=0.01)
    # Never above what the person's own page shows.
    assert both.score == 40.0
    assert both.networks == {"bluesky", "x"}
    candidates.refresh(row.day)
    rows = list(Candidate.objects.order_by("since").values_list("since", "until", "networks"))
    today = timezone.now().date()
    assert [row[:2] for row in rows] == [
        (today - timedelta(days=30), today - timedelta(days=2)),
        (today - timedelta(days=2), candidates.FOREVER),
    ]
    assert rows[1][2] == candidates.bits(("bluesky", "x"))
    Account.objects.filter(pk=old.pk).update(status="unlinked")
    assert [step.networks for step in facts_of(alice).steps] == [{"x"}]


def test_the_estimate_counts_as_a_claim_would_and_tells_only_round_numbers() -> None:
    everybody = [crowd(30, score=float(score)) for score in (20, 40, 60)]
    crowd(25, score=80.0, linked_days=3)
    crowd(25, score=90.0, provisional=True)
    crowd(25, score=90.0, network="mastodon")
    sample = crowd(21, score=50.0, network="sample")
    ScoreRun.objects.update(finished_at=timezone.now())
    assert notices.follow(timezone.now()) == 0
    assert notices.follow(timezone.now()) is None
    for rules, expected in (
        (Rules(), 90),
        (Rules(least_score=40), 60),
        (Rules(least_score=41, most_score=60), 30),
        (Rules(linked_days=0), 120),
        (Rules(networks=("x",)), 0),
        (Rules(networks=("x", "bluesky"), least_score=60), 30),
        (Rules(topics=("coffee",)), 0),
    ):
        qualified = [
            person
            for people in everybody
            for person in people[:1]
            if judge(rules, facts_of(person)).qualifies
        ]
        assert len(qualified) == min(expected // 30, 3) or rules.linked_days == 0
        found = candidates.estimate(rules, sample=False)
        assert (found.count, found.is_fewer) == ((expected, False) if expected else (20, True))
    assert candidates.estimate(Rules(least_score=50), sample=True).count == 20
    assert len(sample) == 21


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (0, (20, True)),
        (19, (20, True)),
        (20, (20, False)),
        (24, (20, False)),
        (127, (130, False)),
        (1_249, (1_200, False)),
        (999_999, (1_000_000, False)),
    ],
)
def test_counts_are_told_coarsely(found: int, told: tuple[int, bool]) -> None:
    rounded = candidates.coarse(found)
    assert (rounded.count, rounded.is_fewer) == told


def test_who_asked_is_told_once_of_a_perk_that_they_newly_qualify_for(
    alice: Person, bob: Person, charlie: Person, client: Client
) -> None:
    firm_all([alice, bob, charlie], 50.0)
    offer, high = perk(codes=2, least_score=50), perk(codes=2, least_score=51)
    held = perk(codes=1)
    claims.claim(alice, held.pk, YES)
    notices.wish(alice, wanted=True)
    notices.wish(alice, wanted=True)
    notices.wish(charlie, wanted=True)
    notices.wish(charlie, wanted=False)
    assert consent.is_given("perk-notices", person=alice)
    assert notices.follow(timezone.now()) == 1
    now = timezone.now()
    assert notices.send_due(now) == 1
    assert notices.send_due(now) == 0
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"]
    assert offer.title in letter.body
    assert high.title not in letter.body
    # The next day somebody qualifies for more, but is told of nothing twice, and once a day.
    ScoreRun.objects.update(finished_at=now + timedelta(minutes=1))
    perk(codes=1, least_score=30)
    Followed.objects.all().delete()
    assert notices.follow(now) == 1
    assert notices.send_due(now + timedelta(hours=1)) == 0
    # One click ends it, without a sign-in; a stranger's link does nothing.
    away = letter.extra_headers["List-Unsubscribe"].strip("<>").replace("http://127.0.0.1:8000", "")
    assert away in letter.body
    assert client.get(away).status_code == 200
    assert notices.wishes(alice)
    assert Client(enforce_csrf_checks=True).post(away).status_code == 200
    assert not notices.wishes(alice)
    assert client.post(away.replace(":", ":x")).status_code == 404
    assert not Notice.objects.filter(person=alice, sent_at=None).exists()
    assert not Notice.objects.filter(person=bob).exists()


def test_letters_of_claims_offers_and_ends_are_sent_once_in_the_persons_language(
    alice: Person, bob: Person
) -> None:
    firm_all([alice, bob])
    assert alice.owner is not None
    alice.owner.language = "nb"
    alice.owner.save()
    soon = timezone.now() + timedelta(days=2)
    offer = perk(codes=1, claim_until=timezone.now() + timedelta(days=1), use_until=soon)
    mine = claims.claim(alice, offer.pk, YES)
    waiting.wait(bob, offer.pk)
    assert letters.send_due() == 1
    assert letters.recall(timezone.now()) == 1
    assert letters.recall(timezone.now()) == 0
    assert letters.send_due() == 1
    claims.cancel(alice, mine.pk)
    assert letters.send_due() == 1
    assert [
        (letter.to, offer.title in f"{letter.subject} {letter.body}") for letter in mail.outbox
    ] == [
        (["alice@example.org"], True),
        (["alice@example.org"], True),
        (["bob@example.org"], True),
    ]
    assert "COFFEE-" not in "".join(str(letter.body) for letter in mail.outbox)
    assert "Hei" in mail.outbox[0].body
    assert "Hello" in mail.outbox[2].body


def test_addresses_and_invitations_go_when_their_time_is_over(alice: Person, bob: Person) -> None:
    now = timezone.now()
    offer = perk(kind="address", stock=3)
    firm_all([alice, bob])
    given = claims.Answers(agreed=True, address={"name": "A"}, agreed_address=True)
    sent, unsent = (claims.claim(person, offer.pk, given) for person in (alice, bob))
    Claim.objects.filter(pk=sent.pk).update(delivered_at=now)
    Invitation.objects.create(sponsor=sponsor(), email="a@example.org", expires_at=now)
    assert keeping.expire(now) == {"addresses": 0, "invitations": 1}
    assert keeping.expire(now + timedelta(days=91)) == {"addresses": 1, "invitations": 0}
    unsent.refresh_from_db()
    assert crypto.decrypt_text(unsent.address)
    assert keeping.expire(now + timedelta(days=181)) == {"addresses": 1, "invitations": 0}
