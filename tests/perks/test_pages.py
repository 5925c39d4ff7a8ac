"""Pages of perks for people: who sees what, what each button answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from people.models import Person
from perks import claims, waiting
from perks.models import Claim, Complaint, Perk
from scoring.topics.models import PersonTopic, Topic, TopicChoice
from tests.conftest import signed_in
from tests.perks.claimants import YES, crowd, firm, perk

pytestmark = pytest.mark.django_db


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_everybody_sees_the_catalogue_and_what_is_asked_for(
    client: Client, alice: Person, alice_client: Client, settings: Any
) -> None:
    firm(alice, 45.0)
    fits, above = perk(codes=1, title="Coffee"), perk(codes=1, least_score=50, title="Concert")
    hidden = [perk(codes=1, state=state) for state in ("draft", "closed", "paused")]
    hidden.append(perk(codes=1, claim_until=timezone.now() - timedelta(hours=1)))
    sample = perk(codes=1, is_sample=True)
    page = text(client, "/perks/")
    for offer in (fits, above, sample):
        assert offer.title in page
    assert all(offer.title not in page for offer in hidden)
    assert 'good">you qualify' not in page
    page = text(alice_client, "/perks/")
    assert page.count('good">you qualify') == 1
    assert page.count("not yet for you") == 2
    mine = text(alice_client, "/perks/?show=mine")
    assert "Coffee" in mine
    assert "Concert" not in mine
    for odd in ("?show=x&page=99", "?page=-1", "?page=%C2%B2", "?page=" + "9" * 40):
        assert "Coffee" in text(alice_client, f"/perks/{odd}")
    settings.SAMPLE_NETWORK = False
    assert sample.title not in text(client, "/perks/")
    text(client, f"/perks/{sample.slug}/", 404)
    # A perk's own page.
    assert "A score of 50 or more" in text(client, f"/perks/{above.slug}/")
    page = text(alice_client, f"/perks/{above.slug}/")
    assert "Why you do not qualify yet" in page
    assert "Yours is 45: 5 more would do." in page
    text(client, f"/perks/{hidden[0].slug}/", 404)
    text(client, "/perks/no-such-perk/", 404)


def test_a_person_claims_by_the_form_and_a_replayed_one_changes_nothing(
    alice: Person, alice_client: Client, charlie: Person
) -> None:
    firm(alice)
    offer = perk(codes=2)
    path = f"/perks/{offer.slug}/claim/"
    assert "free of charge from its sponsor" in text(alice_client, path)
    assert alice_client.post(path, {}).status_code == 400
    assert Client(enforce_csrf_checks=True).post(path, {"agree": "on"}).status_code == 403
    first = alice_client.post(path, {"agree": "on"})
    mine = Claim.objects.get()
    page = f"/perks/claims/{mine.pk}/"
    assert first["Location"] == page
    # The same form again, from another tab or from the history.
    assert alice_client.post(path, {"agree": "on"})["Location"] == page
    assert Claim.objects.count() == 1
    shown = text(alice_client, page)
    assert "COFFEE-" not in shown
    assert "Show the code" in shown
    alice_client.post(f"{page}show/")
    assert "COFFEE-" in text(alice_client, page)
    assert "too late" in alice_client.post(f"{page}cancel/", follow=True).content.decode()
    alice_client.post(f"{page}used/")
    assert alice_client.post(f"{page}rate/", {"rating": "6"}).status_code == 400
    alice_client.post(f"{page}rate/", {"rating": "5", "words": "<b>Good</b>"})
    assert "You gave it 5 of 5" in text(alice_client, page)
    assert offer.title in text(alice_client, "/perks/mine/")
    # Charlie, signed in or not, is told that there is no such claim.
    stranger = signed_in(charlie)
    text(stranger, page, 404)
    for button in ("show", "cancel", "used", "rate"):
        assert stranger.post(f"{page}{button}/", {"rating": "1"}).status_code == 404
        assert Client().post(f"{page}{button}/")["Location"].startswith("/accounts/login/")
    assert offer.title not in text(stranger, "/perks/mine/")


def test_strangers_under_age_and_late_ones_get_a_clear_answer(
    alice: Person, bob: Person, charlie_client: Client
) -> None:
    firm(alice)
    firm(bob)
    offer = perk(codes=1, least_age=18, countries=["NO"])
    path = f"/perks/{offer.slug}/claim/"
    # Somebody without a score is sent to what is missing.
    assert charlie_client.post(path, {"agree": "on"})["Location"] == f"/perks/{offer.slug}/"
    assert Client().get(path)["Location"].startswith("/accounts/login/")
    young = timezone.now().date() - timedelta(days=17 * 365)
    given = {"agree": "on", "born": young.isoformat(), "country": "NO"}
    client = signed_in(alice)
    answer = client.post(path, given)
    assert (answer.status_code, "has to wait" in answer.content.decode()) == (403, True)
    # Another date is not a way around, and nothing of it was stored.
    assert client.post(path, {**given, "born": "1990-01-01"}).status_code == 403
    assert Claim.objects.count() == 0
    client = signed_in(bob)
    old = {**given, "born": "1990-01-01"}
    abroad = client.post(path, {**old, "country": "SE"}, follow=True).content.decode()
    assert "not offered in the country" in abroad
    assert client.post(path, {**old, "born": "2190-01-01"}).status_code == 400
    assert client.post(path, old).status_code == 302
    assert Claim.objects.get().person == bob
    # Over, while the form was open.
    Perk.objects.filter(pk=offer.pk).update(claim_until=timezone.now())
    assert signed_in(crowd(1)[0]).post(path, old)["Location"] == f"/perks/{offer.slug}/"


def test_who_comes_too_late_may_wait_and_is_offered_the_next(
    alice: Person, bob: Person, alice_client: Client, bob_client: Client, charlie_client: Client
) -> None:
    firm(alice)
    firm(bob)
    offer = perk(codes=1)
    claims.claim(alice, offer.pk, YES)
    path = f"/perks/{offer.slug}/"
    taken = bob_client.post(f"{path}claim/", {"agree": "on"}, follow=True).content.decode()
    assert "The last one was just taken" in taken
    assert "Join the waiting list" in taken
    for _ in range(2):
        assert (
            "on the waiting list" in bob_client.post(f"{path}wait/", follow=True).content.decode()
        )
    refused = charlie_client.post(f"{path}wait/", follow=True).content.decode()
    assert "cannot join" in refused
    place = Claim.objects.get(person=bob)
    assert "number 1 on the waiting list" in text(bob_client, f"/perks/claims/{place.pk}/")
    alice_client.post(f"/perks/claims/{Claim.objects.get(person=alice).pk}/cancel/")
    assert "It is your turn" in text(bob_client, path)
    assert bob_client.post(f"{path}claim/", {"agree": "on"}).status_code == 302
    place.refresh_from_db()
    assert place.state == "claimed"
    assert waiting.advance(timezone.now()) == 0


def test_a_parcel_asks_for_an_address_in_an_offered_country(
    alice: Person, alice_client: Client
) -> None:
    firm(alice)
    offer = perk(kind="address", stock=1, countries=["NO"])
    path = f"/perks/{offer.slug}/claim/"
    given = {
        "agree": "on",
        "agree_address": "on",
        "country": "NO",
        "name": "Alice",
        "street": "Storgata 1",
        "postcode": "0155",
        "place": "Oslo",
        "land": "NO",
    }
    for missing in ("street", "agree_address", "land"):
        wrong = {key: value for key, value in given.items() if key != missing}
        assert alice_client.post(path, wrong).status_code == 400
    assert alice_client.post(path, {**given, "land": "SE"}).status_code == 400
    assert alice_client.post(path, given).status_code == 302
    path = f"/perks/claims/{Claim.objects.get().pk}/"
    # There is nothing to show of a parcel.
    assert alice_client.post(f"{path}show/").status_code == 404
    page = text(alice_client, path)
    assert "Storgata" not in page
    assert "sends it to your address" in page


def test_topics_count_as_posts_show_them_not_as_one_says(
    alice: Person, alice_client: Client
) -> None:
    firm(alice)
    coffee = Topic.objects.create(id="test:coffee", slug="test-coffee")
    offer = perk(codes=1, topics=[coffee.id])
    TopicChoice.objects.create(person=alice, topic=coffee, choice="added")
    assert "None of these is among your topics" in text(alice_client, f"/perks/{offer.slug}/")
    PersonTopic.objects.create(
        person=alice,
        topic=coffee,
        weight=0.4,
        people_count=3,
        posts_count=2,
        day=timezone.now().date(),
    )
    assert "You are, about: test-coffee" in text(alice_client, f"/perks/{offer.slug}/")
    assert claims.claim(alice, offer.pk, YES).state == "claimed"


def test_a_report_reaches_the_operator_once(alice: Person, alice_client: Client) -> None:
    offer = perk(codes=1)
    path = f"/perks/{offer.slug}/report/"
    assert "What is wrong" in text(alice_client, path)
    assert alice_client.post(path, {"reason": "nothing"}).status_code == 400
    for _ in range(2):
        alice_client.post(path, {"reason": "not_as_said", "words": "It is tea."})
    assert Complaint.objects.get().person == alice
    assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_pages_ask_little_of_the_database(
    alice: Person, alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    firm(alice)
    offers = [perk(codes=1) for _ in range(15)]
    mine = claims.claim(alice, offers[0].pk, YES)
    paths = ("/perks/", f"/perks/{offers[1].slug}/", "/perks/mine/", f"/perks/claims/{mine.pk}/")
    # The first page of a day notes in the session that it was used.
    text(alice_client, "/perks/")
    for path in paths:
        with django_assert_max_num_queries(8):
            body = text(alice_client, path)
        assert len(body) < 60_000
    with django_assert_max_num_queries(4):
        text(Client(), "/perks/")
