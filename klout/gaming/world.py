"""One run, in a process of its own: what the servers tell, synced, rolled up, scored and read."""

import json
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import redis
from django.conf import settings

from connectors import linking, lookup, registry, sample
from connectors.clients import client_for
from connectors.due import due_day
from connectors.models import Account
from connectors.oauth import Proof
from connectors.store import Target, store
from connectors.sync import sync_account
from connectors.types import (
    Actor,
    Direction,
    Interaction,
    Kind,
    Network,
    Post,
    Provenance,
    Record,
    Snapshot,
)
from klout.seeding import sign_in_and_allow
from people.models import Person, User
from scoring import daily
from scoring.gaming.observed import observed
from scoring.topics.models import AGAIN_DAYS, CREDITS_A_DAY, HOLDS_DAYS, Credit
from scoring.topics.ontology import store_own_topics

FORGED_REACTORS = 10_000
FORGED_FOLLOWERS = 1_000_000
FORGED_AUDIENCE = 10_000_000
FORGED_COUNT = 1_000_000
# What +K is traded for; any topic does.
TRADED = "own:chess"


class RunFailed(RuntimeError):
    """An account could not be read as it should; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run is told."""

    now: str
    first: str
    last: str
    attack_from: str
    # Accounts of the sample network that are linked to the person of the first of each list.
    linked: list[list[str]]
    # Accounts whose owners bring a forged archive.
    archives: list[str]
    # Accounts whose people give +K to one another, group by group.
    trading: list[list[str]]
    # Handles of the fediverse by the name of their person, the first account first.
    fediverse: dict[str, list[str]]
    # Accounts of the sample network that belong to another's person in the attacked run.
    left_out: list[str]

    def to_json(self) -> str:
        """Return the job as text."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Job":
        """Return the job of a text."""
        return Job(**json.loads(text))


def play(job: Job, into: Path) -> None:
    """Read everybody, score every day, and write what came of it to a file."""
    now = datetime.fromisoformat(job.now)
    first, last = date.fromisoformat(job.first), date.fromisoformat(job.last)
    handles = _register_everybody()
    for accounts in job.linked:
        _link(accounts, handles)
    people = {name: _open(found) for name, found in job.fediverse.items()}
    _sync_everybody(now)
    for native_id in job.archives:
        _bring_archive(_sample_account(native_id), date.fromisoformat(job.attack_from), now)
    for group in job.trading:
        _trade(group, date.fromisoformat(job.attack_from), last)
    daily.backfill(first, last)
    people |= {
        f"sample:{native_id}": person_id
        for native_id, person_id in Account.objects.filter(network="sample").values_list(
            "native_id", "person_id"
        )
        if native_id not in set(job.left_out)
    }
    observed(people, first, last).save(into)


def _register_everybody() -> dict[str, str]:
    """Make an open account of everybody in the directory; return their handles by id."""
    with client_for(registry.network("sample")) as client:
        profiles = list(sample.directory(client))
    lookup.register_open_accounts("sample", profiles)
    return {profile.native_id: profile.handle for profile in profiles}


def _sample_account(native_id: str) -> Account:
    return Account.objects.select_related("person").get(network="sample", native_id=native_id)


def _link(native_ids: Sequence[str], handles: dict[str, str]) -> None:
    """Link the accounts to the person of the first one, by signing in at the network."""
    person = _sample_account(native_ids[0]).person
    back = f"{settings.SITE_URL}/networks/sample/done/"
    for native_id in native_ids:
        begun = linking.begin("sample", hint=handles[native_id], redirect_uri=back)
        answer = sign_in_and_allow(begun.redirect_url, handles[native_id])
        params = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query))
        proof = linking.complete("sample", redirect_uri=back, kept=begun.kept, params=params)
        linking.attach(person, "sample", proof)


def _open(handles: Sequence[str]) -> int:
    """Look the first handle up, link the others to its person, and return who that is."""
    network, ref = lookup.understand(handles[0])[0]
    account = lookup.open_account(lookup.begin_lookup(network, ref, None).pk)
    if account is None:
        raise RunFailed(f"{handles[0]} could not be looked up.")
    person: Person = account.person
    for handle in handles[1:]:
        network, ref = lookup.understand(handle)[0]
        with client_for(registry.network(network), server=ref.server) as client:
            profile = registry.connector(network).fetch_profile(client, ref)
        # Whose server it is proves what they like: the proof itself needs no trying out.
        linking.attach(person, network, Proof(profile=profile, server=ref.server))
    return person.pk


def _sync_everybody(now: datetime) -> None:
    purse = redis.from_url(settings.REDIS_URL)
    for account_id in Account.objects.order_by("pk").values_list("pk", flat=True):
        # As if the network's time had passed: the broker is this run's own.
        purse.flushdb()
        result = sync_account(account_id, due_day(now), now=now, force=True)
        if result.status != "done":
            raise RunFailed(f"Account {account_id}: {result.status} {result.detail}")


def _bring_archive(account: Account, first: date, now: datetime) -> None:
    """Store what the owner's forged file says, as a file of their own is stored."""
    network = registry.network(account.network)
    as_file = replace(network, provenance=Provenance.OWN_FILE)
    target = Target(account.pk, as_file, True, None, now)
    store(target, list(_forged(account, as_file, first, now)))


def _forged(account: Account, network: Network, first: date, now: datetime) -> Iterable[Record]:
    """Yield what no network ever said: an audience, counts, and famous people who reshared."""
    posts = list(
        account.posts.filter(created_at__date__gte=first).values_list("native_id", "created_at")
    )
    for name, at in posts:
        yield Snapshot(at.date(), {"followers": FORGED_AUDIENCE})
        yield Post(name, at, counts=dict.fromkeys(network.post_counts, FORGED_COUNT))
    for number in range(FORGED_REACTORS):
        post, at = posts[number % len(posts)]
        name = f"famous{number}"
        yield Interaction(
            kind=Kind.RESHARE,
            direction=Direction.RECEIVED,
            actor=Actor(name, name, followers=FORGED_FOLLOWERS),
            native_id=f"forged-{number}",
            seen_at=now,
            happened_at=at + timedelta(minutes=20),
            post_native_id=post,
        )


def _trade(native_ids: Sequence[str], first: date, last: date) -> None:
    """Store +K of everybody to all others: as much as the database lets through."""
    store_own_topics()
    people = [_sample_account(native_id).person for native_id in native_ids]
    for person in people:
        person.owner = User.objects.create_user(f"{person.slug}@example.org")
        person.save()
    rows = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        at = datetime.combine(day, time(12), UTC)
        for slot in range(1, CREDITS_A_DAY + 1):
            step = number % AGAIN_DAYS * CREDITS_A_DAY + slot
            for place, giver in enumerate(people if step < len(people) else []):
                rows.append(
                    Credit(
                        giver=giver,
                        giver_user=giver.owner,
                        receiver=people[(place + step) % len(people)],
                        topic_id=TRADED,
                        day=day,
                        slot=slot,
                        at=at,
                        expires_at=at + timedelta(days=HOLDS_DAYS),
                    )
                )
    Credit.objects.bulk_create(rows)
