"""Parcels: single ones, a chosen set or all are marked as sent, with the carrier's reference."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone

from people import erasure
from people.models import Person
from perks import claims, exports, keeping, letters, parcels
from perks.models import Change, Claim, Member, Perk
from tests.conftest import make_person, signed_in
from tests.perks.claimants import crowd, perk, sponsor

ADDRESS = {"name": "Bo", "street": "Storgata 1", "postcode": "0155", "place": "Oslo", "land": "NO"}


def member_of(offer: Perk) -> Person:
    """Return somebody who acts for the perk's sponsor."""
    somebody = make_person(f"Sponsor{offer.pk}")
    assert somebody.owner is not None
    Member.objects.create(sponsor=offer.sponsor, user=somebody.owner)
    return somebody


def claimed(count: int) -> tuple[Perk, list[Claim]]:
    """Return a perk and so many claims of it whose addresses were taken along."""
    offer = perk(kind="address", stock=count)
    given = claims.Answers(agreed=True, address=ADDRESS, agreed_address=True)
    made = [claims.claim(person, offer.pk, given) for person in crowd(count)]
    Claim.objects.filter(perk=offer).update(address_taken_at=timezone.now(), letter="")
    return offer, made


def test_references_are_plain_and_no_number_is_nobody_s_parcel() -> None:
    typed = {"tracking-1": " 3707  0001 ", "tracking-2": "", "tracking-4": "x" * 99, "note": "3"}
    found = parcels.chosen(["2", "²", "-1", "9" * 40, "2"], typed)
    assert {pk: words[:5] for pk, words in found.tracking.items()} == {
        2: "",
        1: "3707 ",
        4: "xxxxx",
    }
    assert found.tracking[1] == "3707 0001"
    assert set(found.wrong) == {4}
    for bad in (
        "=1+1",
        "+47 1",
        "@SUM",
        "-1",
        "a",
        "a b;",
        "<b>",
        "a\tb=",
        "ab\n\u202ecd",
        "–12345",
    ):
        assert parcels.chosen([], {"tracking-7": bad}).wrong, bad
    for good in ("370700012345678901", "RR 123 456 785 NO", "1Z-999/AA1.0"):
        assert not parcels.chosen([], {"tracking-7": good}).wrong, good
    many = {f"tracking-{number}": "12345" for number in range(500)}
    assert len(parcels.chosen([], many).tracking) == parcels.PER_PAGE


@pytest.mark.django_db
def test_a_sponsor_marks_some_parcels_their_people_hear_of_it_and_all_of_it_is_forgotten(
    django_assert_max_num_queries: Any,
) -> None:
    offer, (first, second, third, fourth) = claimed(4)
    client = signed_in(member_of(offer))
    path = f"/sponsor/perks/{offer.pk}/"
    client.get("/perks/")
    with django_assert_max_num_queries(8):
        page = client.get(f"{path}parcels/").content.decode()
    assert "4 parcels were taken along and are not sent yet." in page
    assert "Storgata" not in page
    # Nothing chosen, or one wrong among right ones: nothing is marked, and what was typed stays.
    assert client.post(f"{path}sent/").status_code == 400
    wrong = {f"tracking-{first.pk}": "=HYPERLINK()", f"tracking-{second.pk}": "RR 12345"}
    answer = client.post(f"{path}sent/", {"claim": [third.pk], **wrong})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count('aria-invalid="true"') == 1
    assert 'value="RR 12345"' in page
    assert not Claim.objects.filter(delivered_at__isnull=False).exists()
    # One with a reference, one ticked without; another perk's claim is not theirs.
    other, (foreign,) = claimed(1)
    chosen = {"claim": [third.pk, foreign.pk], f"tracking-{second.pk}": "RR 12345"}
    page = client.post(f"{path}sent/", chosen, follow=True).content.decode()
    assert "2 parcels are marked as sent." in page
    assert "2 parcels were taken along" in page
    # A second click finds none of them.
    assert "0 parcels" in client.post(f"{path}sent/", chosen, follow=True).content.decode()
    marked = Claim.objects.filter(delivered_at__isnull=False).order_by("pk")
    assert [(row.pk, row.tracking) for row in marked] == [(second.pk, "RR 12345"), (third.pk, "")]
    # Their people hear of it once; nobody else does.
    assert [letters.send_due(), letters.send_due()] == [2, 0]
    assert {tuple(letter.to) for letter in mail.outbox} == {
        (row.person.owner.email,) for row in (second, third) if row.person and row.person.owner
    }
    assert "The carrier's reference: RR 12345" in mail.outbox[0].body
    assert "reference:" not in mail.outbox[1].body
    assert second.person is not None
    mine = signed_in(second.person).get(f"/perks/claims/{second.pk}/").content.decode()
    assert "RR 12345" in mine
    # Strangers, and members of another sponsor, find nothing.
    for who in (make_person("Charlie"), member_of(perk(sponsor=sponsor("Tea House")))):
        assert signed_in(who).get(f"{path}parcels/").status_code == 404
        assert signed_in(who).post(f"{path}sent/", {"all": "yes"}).status_code == 404
    assert Client().get(f"{path}parcels/").status_code == 302
    # The audit names the day and who, and that there is a reference, not which.
    change = Change.objects.filter(table="claim", row_id=second.pk).latest("pk")
    assert change.by is not None
    assert change.columns["delivered_at"][1]
    assert "RR 12345" not in str(list(Change.objects.values_list("columns", flat=True)))
    # In the table no cell is a formula, whatever stood in a row.
    rows = list(csv.reader(io.StringIO(exports.claims_table(offer).decode("utf-8-sig"))))
    assert rows[0][-2:] == ["Sent", "Reference"]
    assert [row[-1] for row in rows[1:]] == ["", "RR 12345", "", ""]
    # Ninety days after it was sent the reference goes with the address.
    keeping.expire(timezone.now() + timedelta(days=89))
    second.refresh_from_db()
    assert (second.tracking, bool(second.address)) == ("RR 12345", True)
    keeping.expire(timezone.now() + timedelta(days=91))
    second.refresh_from_db()
    assert (second.tracking, bytes(second.address)) == ("", b"")
    # And at once where its person erases everything.
    assert parcels.mark_sent(offer, change.by, {fourth.pk: "RR 99999"}) == 1
    assert fourth.person is not None
    erasure.erase(fourth.person)
    fourth.refresh_from_db()
    assert (fourth.tracking, fourth.person_id) == ("", None)
    # The database takes no other reference either.
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=first.pk).update(tracking="=1+1")
    assert other.pk != offer.pk


@pytest.mark.django_db(transaction=True)
def test_of_two_members_at_once_each_parcel_is_marked_by_one() -> None:
    offer, made = claimed(6)
    by = member_of(offer).owner
    assert by is not None
    together = Barrier(4)

    def press(number: int) -> int:
        together.wait(30)
        try:
            given = {row.pk: f"REF-{number}" for row in made}
            return parcels.mark_sent(offer, by, given if number % 2 else None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == len(made)
    assert len(set(Claim.objects.values_list("tracking", "delivered_at__date"))) == 1
