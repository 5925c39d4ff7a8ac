"""Who exports and erases which rows of this package."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import redis
from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from connectors import crypto, importing, registry
from connectors.errors import Relink
from connectors.history import erase_anonymous_days, erase_interactions
from connectors.models import (
    Account,
    AnonymousDay,
    ClosedDay,
    Credential,
    DeletionRequest,
    FetchState,
    Interaction,
    Lookup,
    OwnAccount,
    OwnDay,
    OwnPost,
    Post,
    ProbableAccount,
    Reactor,
    ServerApp,
    Snapshot,
    Spending,
    Upload,
)
from connectors.store import TABLE
from connectors.types import Direction, Kind
from people.erasure import Rows, plain, register_impersonal, register_store
from people.erasure import register as register_model
from people.models import Person

# The list in which Celery keeps messages that no worker has taken yet.
QUEUE = "celery"


def register() -> None:
    """Register this package's models with people.erasure, parents before children."""
    _register_accounts()
    _register_reactions()
    register_model(
        Spending,
        export=lambda person: map(plain, _own(Spending)(person)),
        erase=lambda person: _own(Spending)(person).delete()[0],
        what=_("What networks that charge have charged for reading your accounts, by month"),
        source=_("counted here, from the rows that the network returned"),
        until=_("until you erase everything"),
    )
    _register_own_files()
    register_impersonal(ServerApp, "Our own registration at a server of a network.")
    register_impersonal(
        DeletionRequest, "When a network asked to erase, under a code; of whom is not kept."
    )
    register_impersonal(ClosedDay, "Days that have been scored.")
    register_store(
        "broker messages",
        export=_messages_about,
        erase=_forget_messages,
        what=_("Messages that a worker is to fetch an account: its number and a day"),
        source=_("from the schedule"),
        until=_("until a worker takes them, ten minutes at most"),
    )


def _register_own_files() -> None:
    until = _("until you erase it here, or erase everything")
    source = _("from the files that you dropped here")
    register_model(
        Upload,
        export=lambda person: map(plain, _own(Upload)(person)),
        erase=lambda person: _own(Upload)(person).delete()[0],
        what=_("Files of networks that you dropped here: what was understood of them"),
        source=source,
        until=_("a day without a decision, else a week; the file itself until it is imported"),
    )
    register_model(
        OwnAccount,
        export=lambda person: map(plain, _own(OwnAccount)(person)),
        erase=lambda person: _own(OwnAccount)(person).delete()[0],
        what=_("Accounts that your files say they are of; only you see them"),
        source=source,
        until=until,
    )
    for model, what in (
        (OwnPost, _("Posts in your files: when, address, hashtags; not their texts")),
        (OwnDay, _("What was done on which day, as your files tell; not by or to whom")),
    ):
        register_model(
            model,
            export=_rows_of(model),
            erase=_erase_of(model),
            what=what,
            source=source,
            until=until,
        )
    register_model(
        ProbableAccount,
        export=lambda person: map(plain, _own(ProbableAccount)(person)),
        erase=lambda person: _own(ProbableAccount)(person).delete()[0],
        what=_("Accounts that your own profiles point at, and those that you said are not yours"),
        source=_("from the public profiles of the accounts that you linked"),
        until=_("until the link is gone from the profile, or you erase everything"),
    )
    register_store(
        "dropped files",
        export=lambda person: [
            {"file": upload.file_name, "size_bytes": upload.size_bytes}
            for upload in Upload.objects.filter(person=person)
            if importing.path_of(upload.pk).exists()
        ],
        erase=importing.erase_files,
        what=_("Files of networks that you dropped here, as they were"),
        source=source,
        until=_("until they are imported or discarded, a day at most"),
    )


def _register_accounts() -> None:
    until = _("until you unlink the account with its history, or erase everything")
    register_model(
        Account,
        export=lambda person: map(plain, _own(Account)(person)),
        erase=lambda person: Account.objects.filter(person_id=person.pk).delete()[0],
        what=_("Your accounts on networks: id, name and address there, state of the fetches"),
        source=_("from the networks that you linked, or from open data"),
        until=until,
    )
    register_model(
        Credential,
        # A secret is of no use elsewhere and must not lie in a download.
        export=lambda person: map(plain, _own(Credential, "account__person")(person)),
        erase=lambda person: _own(Credential, "account__person")(person).delete()[0],
        what=_("Access to your accounts, encrypted (the secret itself is left out here)"),
        source=_("from the network, when you linked the account"),
        until=_("until you unlink the account"),
    )
    for model, what in (
        (Snapshot, _("Counts of your accounts by day, such as followers")),
        (Post, _("Your posts: address, counts, hashtags, language; the text for a while")),
        (FetchState, _("When each account was fetched, and what went wrong")),
    ):
        register_model(
            model,
            export=_posts if model is Post else _rows_of(model),
            erase=_erase_of(model),
            what=what,
            source=_("from the networks that you linked, or from open data"),
            until=until,
        )
    register_model(
        Lookup,
        export=lambda person: map(plain, _lookups(person)),
        erase=lambda person: _lookups(person).delete()[0],
        what=_("Whom you looked up, and look-ups of you"),
        source=_("from you and other visitors"),
        until=_("a day"),
    )


def _register_reactions() -> None:
    register_model(
        Reactor,
        export=lambda person: map(plain, _as_reactor(person)),
        erase=lambda person: _as_reactor(person).delete()[0],
        what=_("Your name, address and audience, where you acted on somebody's posts"),
        source=_("from the network, with the reaction"),
        until=_("until you erase it; the reaction itself then names nobody"),
    )
    register_model(
        Interaction,
        export=_interactions,
        erase=lambda person: erase_interactions(_account_ids(person)),
        what=_("Reactions to your posts and accounts, and yours to others: who, what, when"),
        source=_("from the networks that you linked, or from open data"),
        until=_("until you unlink the account with its history, or erase everything"),
    )
    register_model(
        AnonymousDay,
        export=_anonymous_days,
        erase=lambda person: erase_anonymous_days(_account_ids(person)),
        what=_("How many reactions without names each of your posts had on which day"),
        source=_("counted from the numbers that the network shows beside your posts"),
        until=_("until you unlink the account with its history, or erase everything"),
    )


def _own(
    model: type[models.Model], path: str = "person"
) -> Callable[[Person], models.QuerySet[Any]]:
    return lambda person: model._default_manager.filter(**{f"{path}_id": person.pk}).order_by("pk")


def _rows_of(model: type[models.Model]) -> Callable[[Person], Rows]:
    return lambda person: map(plain, _own(model, "account__person")(person))


def _erase_of(model: type[models.Model]) -> Callable[[Person], int]:
    return lambda person: int(_own(model, "account__person")(person).delete()[0])


def _account_ids(person: Person) -> list[int]:
    return list(Account.objects.filter(person_id=person.pk).values_list("pk", flat=True))


def _posts(person: Person) -> Iterator[Mapping[str, Any]]:
    for post in Post.objects.filter(account__person_id=person.pk).order_by("pk").iterator():
        row = plain(post)
        try:
            row["text"] = crypto.decrypt_text(post.text)
        except Relink:
            row["text"] = None
        yield row


def _as_reactor(person: Person) -> models.QuerySet[Reactor]:
    """Return the rows that name the person's accounts as somebody who acted."""
    condition = models.Q(pk__in=[])
    for network, native_id, handle in Account.objects.filter(person_id=person.pk).values_list(
        "network", "native_id", "handle"
    ):
        names = [native_id]
        if network in registry.CONNECTORS and registry.network(network).reactors_by_name:
            names.append(handle.lower())
        condition |= models.Q(network=network, native_id__in=names)
    return Reactor.objects.filter(condition).order_by("pk")


def _lookups(person: Person) -> models.QuerySet[Lookup]:
    condition = models.Q(person_id=person.pk)
    if person.owner_id is not None:
        condition |= models.Q(asked_by_id=person.owner_id)
    for network, handle in Account.objects.filter(person_id=person.pk).values_list(
        "network", "handle"
    ):
        condition |= models.Q(network=network, handle__iexact=handle)
    return Lookup.objects.filter(condition)


_EXPORT = f"""
SELECT a.network, i.direction, i.kind, i.day, i.happened_at, i.seen_at, p.url, r.handle, r.url
FROM {TABLE} i
JOIN connectors_account a ON a.id = i.account_id
LEFT JOIN connectors_post p ON p.id = i.post_id
LEFT JOIN connectors_reactor r ON r.key = i.reactor_key
WHERE i.account_id = ANY(%s) ORDER BY i.day, i.dedupe_key
"""  # noqa: S608 - a table of ours
# What the person did to others: whom is theirs to tell, not ours.
_EXPORT_ACTED = f"""
SELECT r.network, i.kind, i.day, i.happened_at, i.seen_at
FROM {TABLE} i JOIN connectors_reactor r ON r.key = i.reactor_key
WHERE i.reactor_key = ANY(%s) AND i.direction = 1 ORDER BY i.day, i.dedupe_key
"""  # noqa: S608 - a table of ours


def _interactions(person: Person) -> Iterator[Mapping[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_EXPORT, [_account_ids(person)])
        for network, direction, kind, day, happened_at, seen_at, post, who, who_url in cursor:
            named = network in registry.CONNECTORS and registry.network(network).policy.may_export
            yield {
                "network": network,
                "direction": _word(Direction, direction),
                "kind": _word(Kind, kind),
                "day": day.isoformat(),
                "happened_at": happened_at.isoformat() if happened_at else None,
                "seen_at": seen_at.isoformat(),
                "post": post,
                "who": who if named else None,
                "who_url": who_url if named else None,
            }
        cursor.execute(_EXPORT_ACTED, [list(_as_reactor(person).values_list("pk", flat=True))])
        for network, kind, day, happened_at, seen_at in cursor:
            yield {
                "network": network,
                "direction": "acted on somebody",
                "kind": _word(Kind, kind),
                "day": day.isoformat(),
                "happened_at": happened_at.isoformat() if happened_at else None,
                "seen_at": seen_at.isoformat(),
            }


def _anonymous_days(person: Person) -> Iterator[Mapping[str, Any]]:
    rows = AnonymousDay.objects.filter(account_id__in=_account_ids(person))
    for row in rows.order_by("day", "account_id", "post_id", "kind").values().iterator():
        yield {**row, "day": row["day"].isoformat(), "kind": _word(Kind, row["kind"])}


def _word(words: type[Kind] | type[Direction], number: int) -> str:
    try:
        return words(number).name.lower()
    except ValueError:
        return str(number)


def _waiting(broker: Any, person: Person) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield the waiting messages whose first argument is one of the person's accounts."""
    ids = set(_account_ids(person))
    for message in broker.lrange(QUEUE, 0, -1):
        try:
            body = json.loads(message)
            task = str(body["headers"]["task"])
            arguments = json.loads(base64.b64decode(body["body"]))[0]
        except (ValueError, KeyError, IndexError, TypeError):
            continue
        if task.startswith("connectors.") and arguments and arguments[0] in ids:
            yield message, {"task": task, "arguments": arguments}


def _messages_about(person: Person) -> Rows:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return [row for _message, row in _waiting(broker, person)]


def _forget_messages(person: Person) -> int:
    # Typed loosely: the client's stubs know only text, and messages are bytes.
    broker: Any
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return sum(broker.lrem(QUEUE, 0, message) for message, _row in _waiting(broker, person))
