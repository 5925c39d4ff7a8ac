"""Everything held about a person, and its erasure: one registry for the rows and files of all apps.

Each app registers every model it has, parents before children; erasing runs backwards through
the apps, so that a row is gone before what it points to. A test walks all models and fails for
one that is not here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models, transaction

from people import networks, opt_out
from people.models import Person, User

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Held:
    """What is held in one table or store, and how it is given out and removed."""

    name: str
    export: Callable[[Person], Rows]
    erase: Callable[[Person], int]
    # For the privacy page: what it is, where it comes from, until when it stays.
    what: Any = ""
    source: Any = ""
    until: Any = ""


_models: dict[type[models.Model], Held] = {}
_stores: dict[str, Held] = {}
_impersonal: dict[type[models.Model], str] = {}


def register(
    model: type[models.Model],
    *,
    export: Callable[[Person], Rows],
    erase: Callable[[Person], int],
    what: Any = "",
    source: Any = "",
    until: Any = "",
) -> None:
    """Declare how a model's rows about a person are exported and erased.

    `export` yields JSON-serialisable rows; `erase` returns how many rows it removed or made
    anonymous and must do nothing, without an error, when run a second time.
    """
    _models[model] = Held(model._meta.label, export, erase, what, source, until)


def register_impersonal(model: type[models.Model], reason: str) -> None:
    """Declare that a model's rows say nothing about anybody, and why."""
    if not reason:
        raise ValueError(f"Say why {model._meta.label} holds nothing about a person.")
    _impersonal[model] = reason


def register_store(
    name: str,
    *,
    export: Callable[[Person], Rows],
    erase: Callable[[Person], int],
    what: Any = "",
    source: Any = "",
    until: Any = "",
) -> None:
    """Declare a place outside PostgreSQL (broker, cache, files) the same way."""
    _stores[name] = Held(name, export, erase, what, source, until)


def unregistered_models() -> list[type[models.Model]]:
    """Return the models of all apps that nobody exports, erases or declares impersonal."""
    known = _models.keys() | _impersonal.keys()
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model not in known and not model._meta.proxy
    ]


def is_impersonal(model: type[models.Model]) -> bool:
    """Return whether the model is declared to say nothing about anybody (or is a mere proxy)."""
    return model in _impersonal or model._meta.proxy


def held() -> list[Held]:
    """Return every table and store with rows about people, in the order of registration."""
    return [*_models.values(), *_stores.values()]


def leaving_user(person: Person) -> User | None:
    """Return the user who goes with the person: its owner, when this is their only person."""
    if person.owner_id is None:
        return None
    owner = User.objects.filter(pk=person.owner_id).first()
    if owner is None or owner.people.exclude(pk=person.pk).exists():
        return None
    return owner


def plain(row: models.Model, *without: str) -> dict[str, Any]:
    """Return the row's own columns but `without` as JSON-serialisable values; bytes left out."""
    values: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        if column.name in without or isinstance(column, models.BinaryField):
            continue
        value = column.value_from_object(row)
        if value is not None and not isinstance(value, bool | int | float | str | list | dict):
            value = value.isoformat() if isinstance(value, date) else str(value)
        values[column.name] = value
    return values


def export_everything(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Return all that is held about the person, by table or store; JSON-serialisable."""
    found = {entry.name: [dict(row) for row in entry.export(person)] for entry in held()}
    return {name: rows for name, rows in found.items() if rows}


def erase(person: Person, *, keep_opt_out: bool = False) -> dict[str, int]:
    """Remove the person from every table and store; return the rows removed by name.

    In this order, within one transaction: the opt-out by hash (where asked), the stores outside
    PostgreSQL (while the rows that name their keys are there), all rows. A store that fails
    raises and leaves every row, so that it can be tried again.
    """
    removed: dict[str, int] = {}
    accounts = networks.accounts_of(person)
    with transaction.atomic():
        if keep_opt_out:
            for account in accounts:
                opt_out.opt_out(account.network, account.names, proven=account.linked)
        for entry in reversed(_stores.values()):
            removed[entry.name] = entry.erase(person)
        for entry in reversed(_models.values()):
            removed[entry.name] = entry.erase(person)
    return removed
