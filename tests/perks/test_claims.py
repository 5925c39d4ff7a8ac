"""Claims from the first click to the rating: what each answer is, and what is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from connectors.models import Account
from people import consent, erasure, opt_out
from people.models import ConsentEvent, Person
from perks import claims, keeping, waiting
from perks.models import Change, Claim, ClaimedAccount, Code, Perk
from tests.perks.claimants import YES, add_codes, crowd, firm, perk

ADDRESS = {"name": "Alice", "street": "Storgata 1", "postcode": "0155", "place": "Oslo"}
pytestmark = pytest.mark.django_db


def refused(person: Person, offer: Perk, answers: claims.Answers = YES) -> list[str]:
    with pytest.raises(claims.NotEligible) as why:
        claims.claim(person, offer.pk, answers)
    return [line.rule for line in why.value.verdict.missing]


def test_a_claim_gives_a_code_once_and_everything_about_it_is_kept(alice: Person) -> None:
    firm(alice)
    offer = perk(codes=2)
    mine = claims.claim(alice, offer.pk, YES)
    assert mine.state == "claimed"
    assert mine.letter == "claimed"
    assert consent.is_given(f"perk:{offer.pk}", person=alice)
    # A replayed form, and the second of two tabs.
    assert claims.claim(alice, offer.pk, YES).pk == mine.pk
    offer.refresh_from_db()
    assert (offer.taken, offer.stock) == (1, 2)
    code = claims.show(alice, mine.pk)
    assert code.startswith("COFFEE-")
    assert claims.show(alice, mine.pk) == code
    with pytest.raises(claims.TooLate):
        claims.cancel(alice, mine.pk)
    with pytest.raises(Claim.DoesNotExist):
        claims.rate(alice, mine.pk, 5, "too early")
    claims.mark_used(alice, mine.pk)
    claims.mark_used(alice, mine.pk)
    claims.rate(alice, mine.pk, 4, "Good coffee.")
    mine.refresh_from_db()
    assert (mine.state, mine.rating, mine.words) == ("used", 4, "Good coffee.")
    assert keeping.wrong_stock() == []
    # Whose, what, and neither the code nor the words.
    changes = Change.objects.filter(table="claim", row_id=mine.pk).order_by("pk")
    assert changes[0].columns["state"] == [None, "claimed"]
    assert {row.by_id for row in changes} == {alice.owner_id}
    assert changes.last().columns == {"rating": [], "words": [], "rated_at": []}  # type: ignore[union-attr]


def test_a_stranger_touches_no_claim_of_another(alice: Person, charlie: Person) -> None:
    firm(alice)
    mine = claims.claim(alice, perk(codes=1).pk, YES)
    for touch in (claims.cancel, claims.show, claims.mark_used):
        with pytest.raises(Claim.DoesNotExist):
            touch(charlie, mine.pk)
    with pytest.raises(Claim.DoesNotExist):
        claims.rate(charlie, mine.pk, 1, "")
    mine.refresh_from_db()
    assert (mine.state, mine.shown_at) == ("claimed", None)


def test_who_may_not_claim_is_told_which_rule_is_missing(alice: Person, bob: Person) -> None:
    assert refused(alice, perk(codes=1)) == ["firm", "linked"]
    account = firm(alice, 30.0, linked_days=10)
    offer = perk(codes=1, least_score=40)
    assert refused(alice, offer) == ["score", "linked"]
    Perk.objects.filter(pk=offer.pk).update(linked_days=7)
    assert refused(alice, offer) == ["score"]
    Perk.objects.filter(pk=offer.pk).update(least_score=None)
    alice.hidden_until = timezone.now() + timedelta(days=1)
    alice.save()
    assert refused(alice, offer) == ["hidden"]
    alice.hidden_until = None
    alice.save()
    # An account that opted out counts no more than none.
    opt_out.opt_out(account.network, [account.native_id], proven=True)
    assert refused(alice, offer) == ["firm", "linked"]
    firm(bob, 80.0, provisional=True)
    assert refused(bob, offer) == ["firm"]
    assert Claim.objects.count() == 0


@pytest.mark.parametrize("network", ["mastodon", "sample"])
def test_a_score_that_nobody_vouches_for_does_not_count(network: str, alice: Person) -> None:
    firm(alice, 90.0, network=network)
    assert refused(alice, perk(codes=1)) == ["firm", "linked"]


def test_sample_perks_are_for_sample_accounts_where_the_sample_network_is(
    alice: Person, bob: Person, settings: object
) -> None:
    firm(alice, 90.0, network="sample")
    firm(bob, 90.0)
    offer = perk(codes=1, is_sample=True)
    assert refused(bob, offer) == ["firm", "linked"]
    settings.SAMPLE_NETWORK = False  # type: ignore[attr-defined]
    assert refused(alice, offer) == ["firm", "linked"]
    settings.SAMPLE_NETWORK = True  # type: ignore[attr-defined]
    assert claims.claim(alice, offer.pk, YES).state == "claimed"


def test_country_and_age_are_asked_and_not_kept(alice: Person) -> None:
    firm(alice)
    offer = perk(codes=1, countries=["NO"], least_age=18)
    assert refused(alice, offer, replace(YES, country="SE", age=17)) == ["country", "age"]
    assert refused(alice, offer, replace(YES, country="NO", age=17)) == ["age"]
    with pytest.raises(claims.NotEligible):
        claims.claim(alice, offer.pk, YES)
    mine = claims.claim(alice, offer.pk, replace(YES, country="NO", age=18))
    held = erasure.plain(mine)
    assert "NO" not in str(held)
    assert "18" not in [str(value) for value in held.values()]


def test_without_agreement_or_address_nothing_is_claimed(alice: Person) -> None:
    firm(alice)
    offer = perk(kind="address", stock=3)
    for answers in (
        claims.Answers(agreed=False, address=ADDRESS, agreed_address=True),
        claims.Answers(agreed=True, address=ADDRESS),
        claims.Answers(agreed=True, agreed_address=True),
    ):
        with pytest.raises(claims.NotAgreed):
            claims.claim(alice, offer.pk, answers)
    assert Claim.objects.count() == ClaimedAccount.objects.count() == 0
    mine = claims.claim(
        alice, offer.pk, claims.Answers(agreed=True, address=ADDRESS, agreed_address=True)
    )
    assert b"Storgata" not in bytes(mine.address)
    assert erasure.export_everything(alice)["perks.Claim"][0]["address"] == ADDRESS
    claims.cancel(alice, mine.pk)
    claims.cancel(alice, mine.pk)
    mine.refresh_from_db()
    assert (bytes(mine.address), mine.state) == (b"", "cancelled")
    assert not consent.is_given(f"perk-address:{offer.pk}", person=alice)
    assert keeping.wrong_stock() == []


def test_what_is_over_paused_or_closed_is_not_claimed(alice: Person) -> None:
    firm(alice)
    past = timezone.now() - timedelta(minutes=1)
    offers = [perk(codes=1, state=state) for state in ("draft", "paused", "closed")]
    offers.append(perk(codes=1, claim_until=past))
    offers.append(perk(codes=1))
    offers[-1].sponsor.is_active = False
    offers[-1].sponsor.save()
    for offer in offers:
        with pytest.raises(claims.Over):
            claims.claim(alice, offer.pk, YES)
    with pytest.raises(claims.Over):
        claims.claim(alice, 10**9, YES)


def test_an_account_claims_once_whoever_has_it_linked(alice: Person, bob: Person) -> None:
    account = firm(alice)
    offer = perk(codes=3)
    claims.claim(alice, offer.pk, YES)
    # Alice unlinks it with its history, Bob links it.
    Account.objects.filter(pk=account.pk).delete()
    again = firm(bob)
    Account.objects.filter(pk=again.pk).update(native_id=account.native_id)
    with pytest.raises(claims.AccountUsed):
        claims.claim(bob, offer.pk, YES)
    assert Claim.objects.count() == 1
    assert keeping.wrong_stock() == []


def test_the_waiting_list_is_fair_and_offers_end() -> None:
    first, second, third, fourth = crowd(4)
    offer = perk(codes=1)
    held = claims.claim(first, offer.pk, YES)
    with pytest.raises(claims.SoldOut):
        claims.claim(second, offer.pk, YES)
    places = [waiting.wait(person, offer.pk) for person in (second, third, fourth)]
    assert waiting.wait(second, offer.pk).pk == places[0].pk
    assert [waiting.place_of(place) for place in places] == [1, 2, 3]
    claims.cancel(first, held.pk)
    # It is the second one's now, and nobody else's: not even of who cancelled.
    for person in (first, third):
        with pytest.raises(claims.SoldOut):
            claims.claim(person, offer.pk, YES)
    offered = Claim.objects.get(pk=places[0].pk)
    assert (offered.state, offered.letter) == ("offered", "offered")
    # The offer is not taken; the next one is offered, and takes it.
    late = timezone.now() + waiting.OFFERED_FOR + timedelta(minutes=1)
    Claim.objects.filter(pk=offered.pk).update(offered_until=timezone.now())
    assert waiting.advance(timezone.now()) == 1
    assert claims.claim(third, offer.pk, YES).pk == places[1].pk
    assert waiting.advance(late) == 0
    assert Claim.objects.get(pk=offered.pk).state == "lapsed"
    # More codes come: the last one in line, then everybody.
    add_codes(offer, 2)
    assert waiting.advance(timezone.now()) == 1
    assert Claim.objects.get(pk=places[2].pk).state == "offered"
    assert claims.claim(second, offer.pk, YES).state == "claimed"
    with pytest.raises(claims.SoldOut):
        claims.claim(first, offer.pk, YES)
    assert keeping.wrong_stock() == []


def test_erasing_gives_back_what_was_not_shown_and_keeps_the_count_of_what_was(
    alice: Person, bob: Person
) -> None:
    firm(alice)
    unseen, seen = perk(codes=1), perk(codes=1)
    claims.claim(alice, unseen.pk, YES)
    shown = claims.claim(alice, seen.pk, YES)
    claims.show(alice, shown.pk)
    erasure.erase(alice)
    firm(bob)
    assert claims.claim(bob, unseen.pk, YES).state == "claimed"
    with pytest.raises(claims.SoldOut):
        claims.claim(bob, seen.pk, YES)
    shown.refresh_from_db()
    assert (shown.person_id, shown.state) == (None, "claimed")
    assert keeping.wrong_stock() == []
    assert not ConsentEvent.objects.filter(what=f"perk:{seen.pk}").exists()


def test_the_database_itself_keeps_stock_at_codes_minus_claims(alice: Person) -> None:
    """Whoever writes past the functions is refused, or the numbers follow."""
    firm(alice)
    offer = perk(codes=2)
    mine = claims.claim(alice, offer.pk, YES)
    given = Code.objects.get(claim=mine)
    other = perk(codes=1)

    def refused_by_the_database(*changes: object) -> None:
        for change in changes:
            with pytest.raises(Exception, match=r"perk|code|claim"), transaction.atomic():
                change()  # type: ignore[operator]

    refused_by_the_database(
        lambda: Perk.objects.filter(pk=offer.pk).update(taken=3),
        lambda: Perk.objects.filter(pk=offer.pk).update(taken=-1),
        lambda: Claim.objects.filter(pk=mine.pk).update(perk=other),
        lambda: Code.objects.filter(pk=given.pk).update(perk=other),
        lambda: Code.objects.filter(perk=other).update(claim=mine),
        lambda: Claim.objects.filter(pk=mine.pk).delete(),
        lambda: Claim.objects.bulk_create(
            Claim(perk=offer, state="offered", offered_until=timezone.now()) for _ in range(2)
        ),
        lambda: Claim.objects.create(perk=offer, person=alice, state="waiting"),
        lambda: Change.objects.all().delete(),
        lambda: Change.objects.update(what="nothing"),
    )
    assert keeping.wrong_stock() == []
    # Numbers follow.
    Claim.objects.create(perk=offer, state="offered", offered_until=timezone.now())
    Code.objects.filter(perk=other).delete()
    offer.refresh_from_db()
    other.refresh_from_db()
    assert (offer.taken, other.stock) == (2, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Code.objects.filter(perk=offer, claim__isnull=True).delete()
    assert keeping.wrong_stock() == []
    # A number written by hand is what the nightly check is for.
    Perk.objects.filter(pk=offer.pk).update(taken=1)
    assert [(row.perk_id, row.check) for row in keeping.wrong_stock()] == [(offer.pk, "taken")]
