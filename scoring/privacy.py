"""Who exports and erases which rows of this package."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from connectors import history
from connectors.models import Account
from connectors.types import Kind
from people.erasure import Rows, plain, register_impersonal
from people.erasure import register as register_model
from people.models import Person
from scoring import search
from scoring.models import (
    Appeal,
    Discount,
    Explanation,
    ModelVersion,
    Moment,
    PairDay,
    PostDay,
    Score,
    ScoreRun,
    SearchEntry,
    SearchWord,
    ServerStanding,
)


def register() -> None:
    """Register this package's models with people.erasure, and what goes with a history."""
    reactions = _("until you unlink the account with its history, or erase everything")
    scores = _("until you erase everything")
    register_model(
        PairDay,
        export=_pairs,
        erase=lambda person: _erase("scoring_pairday", _accounts(person)),
        what=_("Who acted on your accounts on which day, in what way and how often"),
        source=_("counted from the reactions"),
        until=reactions,
    )
    register_model(
        PostDay,
        export=_post_people,
        erase=lambda person: _erase("scoring_postday", _accounts(person)),
        what=_("How many people acted on each of your posts on which day"),
        source=_("counted from the reactions"),
        until=reactions,
    )
    register_model(
        Score,
        export=_rows_of(Score, "trust_class"),
        erase=lambda person: _of(Score, person).delete()[0],
        what=_("Your score of each day and how sure it is"),
        source=_("computed here"),
        until=scores,
    )
    register_model(
        Explanation,
        export=_rows_of(Explanation),
        erase=lambda person: _of(Explanation, person).delete()[0],
        what=_("What each score is made of"),
        source=_("computed here"),
        until=scores,
    )
    register_model(
        Moment,
        export=_rows_of(Moment),
        erase=lambda person: _of(Moment, person).delete()[0],
        what=_("Your posts that moved the score, and by how much"),
        source=_("computed here"),
        until=scores,
    )
    register_model(
        Discount,
        export=lambda person: (
            plain(row) for row in _of(Discount, person).order_by("since", "pk").iterator()
        ),
        erase=lambda person: _of(Discount, person).delete()[0],
        what=_("What was not counted in full, why, and by how much it lowered the score"),
        source=_("computed here"),
        until=reactions,
    )
    register_model(
        Appeal,
        # Who decided is somebody else.
        export=lambda person: (
            plain(row, "by") for row in _of(Appeal, person).order_by("at").iterator()
        ),
        erase=lambda person: _of(Appeal, person).delete()[0],
        what=_("Your appeals against what was not counted in full, and the decisions"),
        source=_("you wrote them"),
        until=reactions,
    )
    register_model(
        SearchEntry,
        export=lambda person: (plain(row) for row in _of(SearchEntry, person).order_by("pk")),
        erase=lambda person: search.erase(person.pk),
        what=_("The words that your public profile is found by"),
        source=_("from your name and handles, while the profile is public"),
        until=_("until the profile is no longer public"),
    )
    register_impersonal(SearchWord, "Words that begin names, of nobody in particular.")
    register_impersonal(ServerStanding, "What servers of networks are worth, newest day only.")
    register_impersonal(ScoreRun, "When each day was scored, for how many people in all.")
    register_impersonal(ModelVersion, "Versions of the model, and how many people each moved.")
    history.on_erase(erase_account)


def erase_account(account_id: int) -> int:
    """Remove what was counted from an account's reactions; return how many rows.

    Scores of the past stay: they are the person's, not the account's.
    """
    removed = _erase("scoring_pairday", [account_id]) + _erase("scoring_postday", [account_id])
    for model in (Moment, Discount):
        removed += model._default_manager.filter(account_id=account_id).delete()[0]
    return removed


def _of(model: type[Any], person: Person) -> Any:
    return model._default_manager.filter(person_id=person.pk)


def _rows_of(model: type[Any], *without: str) -> Callable[[Person], Rows]:
    def export(person: Person) -> Rows:
        rows = _of(model, person).order_by("day").iterator()
        return (plain(row, *without) for row in rows)

    return export


def _accounts(person: Person) -> list[int]:
    return list(Account.objects.filter(person_id=person.pk).values_list("pk", flat=True))


def _erase(table: str, account_ids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE account_id = ANY(%s)", [account_ids])  # noqa: S608
        removed: int = cursor.rowcount
        return removed


# A reactor's key and class tell of somebody else: what they did is in the reactions' own export.
def _pairs(person: Person) -> Iterator[Mapping[str, Any]]:
    rows = PairDay.objects.filter(account_id__in=_accounts(person)).order_by("day", "account_id")
    for row in rows.values("day", "account_id", "kind", "count").iterator():
        yield {**row, "day": row["day"].isoformat(), "kind": _word(row["kind"])}


def _post_people(person: Person) -> Iterator[Mapping[str, Any]]:
    rows = PostDay.objects.filter(account_id__in=_accounts(person)).order_by("day", "post_id")
    for row in rows.values("day", "account_id", "post_id", "kind", "people").iterator():
        yield {**row, "day": row["day"].isoformat(), "kind": _word(row["kind"])}


def _word(kind: int) -> str:
    return Kind(kind).name.lower() if kind in set(Kind) else str(kind)
