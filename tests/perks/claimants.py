"""People with a firm score, and perks to claim, for the tests of perks."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import numpy as np
from django.utils import timezone

from connectors import crypto
from connectors.models import Account
from connectors.partitions import ensure_days
from people.models import Person, User
from perks.claims import Answers
from perks.codes import key_of
from perks.models import Code, Perk, Sponsor
from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.core.parts import NetworkParts, Parts
from scoring.models import Explanation, Score, ScoreRun

_numbers = count(1)
YES = Answers(agreed=True)


def firm(
    person: Person,
    score: float = 50.0,
    *,
    linked_days: int = 30,
    network: str = "bluesky",
    provisional: bool = False,
) -> Account:
    """Return a linked account of the person, whose newest score it explains alone."""
    return firm_all([person], score, linked_days, network, provisional=provisional)[0]


def firm_all(
    people: Sequence[Person],
    score: float = 50.0,
    linked_days: int = 30,
    network: str = "bluesky",
    *,
    provisional: bool = False,
) -> list[Account]:
    """Return an account of each person, as `firm` does, by a handful of queries."""
    now = timezone.now()
    day = now.date() - timedelta(days=1)
    ensure_days(["scoring_score", "scoring_explanation"], [day])
    mass = float(Model(CURRENT).mass_of_score(np.array([score]))[0])
    accounts = Account.objects.bulk_create(
        Account(
            person=person,
            network=network,
            native_id=f"did:plc:{next(_numbers)}",
            handle=f"{person.slug}.example.org",
            status="linked",
            state="ok",
            linked_at=now - timedelta(days=linked_days),
        )
        for person in people
    )
    key = {"day": day, "model_version": CURRENT.version}
    Score.objects.bulk_create(
        Score(
            **key,
            person_id=account.person_id,
            value=score,
            low=max(1.0, score - 4),
            high=min(100.0, score + 4),
            provisional=provisional,
            mass=mass,
            shown=True,
        )
        for account in accounts
    )
    Explanation.objects.bulk_create(
        Explanation(
            **key,
            person_id=account.person_id,
            body=Parts(
                CURRENT.version, score, 0.0, {account.pk: NetworkParts(network, 1.0, mass, {}, {})}
            ).to_json(),
        )
        for account in accounts
    )
    ScoreRun.objects.get_or_create(
        **key, defaults={"status": ScoreRun.Status.DONE, "finished_at": now}
    )
    return accounts


def sponsor(name: str = "Fjord Coffee") -> Sponsor:
    """Return the sponsor of that name."""
    return Sponsor.objects.get_or_create(name=name)[0]


def perk(*, codes: int = 0, **given: Any) -> Perk:
    """Return a published perk; with codes unless its kind says otherwise."""
    number = next(_numbers)
    now = timezone.now()
    values: dict[str, Any] = {
        "sponsor": given.pop("sponsor", None) or sponsor(),
        "slug": f"perk-{number}",
        "title": f"A bag of coffee {number}",
        "summary": "A bag of freshly roasted coffee",
        "kind": "code",
        "state": "published",
        "claim_until": now + timedelta(days=10),
        "published_at": now,
    }
    if given.get("kind") == "link":
        values["link"] = crypto.encrypt_text("https://coffee.example.org/free")
    made = Perk.objects.create(**values | given)
    add_codes(made, codes)
    made.refresh_from_db()
    return made


def add_codes(perk: Perk, number: int) -> None:
    """Add so many codes to a perk, each unlike any other."""
    texts = [f"COFFEE-{next(_numbers):05}" for _ in range(number)]
    Code.objects.bulk_create(
        Code(
            perk=perk,
            secret=crypto.encrypt_text(text),
            key_hash=key_of(perk.pk, text),
        )
        for text in texts
    )


def crowd(number: int, **facts: Any) -> list[Person]:
    """Return so many people of a firm score, each with a user."""
    numbers = [next(_numbers) for _ in range(number)]
    users = User.objects.bulk_create(User(email=f"c{n}@example.org") for n in numbers)
    people = Person.objects.bulk_create(
        Person(owner=user, slug=f"c{n}", name=f"Claimant {n}")
        for user, n in zip(users, numbers, strict=True)
    )
    firm_all(people, **facts)
    return people
