"""What is asked of several people at once: who may be shown, histories, newest parts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from connectors.models import Account
from people.models import Person, User
from people.visibility import seen_before_opt_out
from scoring.core.parts import Parts
from scoring.models import Score
from scoring.queries import ScoreDay
from scoring.reactors import opted_out


def shown_to(people: Sequence[Person], viewer: User | AnonymousUser) -> list[Person]:
    """Return those of the people whose profile the viewer may see, as people.visibility.may_see.

    Two queries at most, however many people.
    """
    decided = {person.pk: seen_before_opt_out(person, viewer) for person in people}
    unclaimed = [pk for pk, seen in decided.items() if seen is None]
    rows: list[tuple[int, str, str, str]] = []
    if unclaimed:
        accounts = Account.objects.filter(person_id__in=unclaimed)
        rows = list(accounts.values_list("person_id", "network", "native_id", "handle"))
    hidden = opted_out({(network, native, handle) for _, network, native, handle in rows})
    unwilling = {pk for pk, network, native, _ in rows if (network, native) in hidden}
    return [
        person
        for person in people
        if decided[person.pk] is not False and person.pk not in unwilling
    ]


def histories(person_ids: Iterable[int], first: date, last: date) -> dict[int, list[ScoreDay]]:
    """Return each person's every day from first to last, without a score empty. One query."""
    ids = list(person_ids)
    rows = Score.objects.filter(person_id__in=ids, day__range=(first, last), shown=True)
    found = {
        (row[0], row[1]): ScoreDay(*row[1:])
        for row in rows.values_list("person_id", "day", "value", "low", "high", "provisional")
    }
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {pk: [found.get((pk, day), ScoreDay(day)) for day in days] for pk in ids}


# As scoring.insights.newest, for several people.
_NEWEST = """
SELECT s.person_id, e.body::text
  FROM unnest(%s::bigint[]) AS p (id) CROSS JOIN LATERAL (
       SELECT day, person_id, model_version FROM scoring_score
        WHERE person_id = p.id AND shown ORDER BY day DESC LIMIT 1) AS s
  JOIN scoring_explanation e USING (day, person_id, model_version)
"""


def newest_parts(person_ids: Iterable[int]) -> dict[int, Parts]:
    """Return what the newest score of each person is made of. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [list(person_ids)])
        return {person_id: Parts.from_json(body) for person_id, body in cursor.fetchall()}
