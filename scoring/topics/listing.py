"""Who stands on topic pages: people who agreed, and the invented ones of the sample network."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection, transaction

from people import consent
from people.models import Person
from scoring.topics.models import PersonTopic, TopicDue, TopicListing

# How long ago the score is that rising is measured from.
RISING_DAYS = 30

# A share of a person's pull is a share of their mass; halving a mass takes five points (Params.beta
# of the model): what is told of a person in a topic is the score less so much.
_REFRESH = """
UPDATE topics_persontopic t
   SET is_listed = l.listed,
       influence = CASE WHEN l.listed THEN greatest(s.value + 5 * log(2, t.weight::numeric), 1) END,
       low = CASE WHEN l.listed THEN greatest(s.low + 5 * log(2, t.weight::numeric), 1) END,
       high = CASE WHEN l.listed THEN greatest(s.high + 5 * log(2, t.weight::numeric), 1) END,
       change = CASE WHEN l.listed THEN s.value - e.value END
  FROM (SELECT p.id, (EXISTS (SELECT 1 FROM topics_topiclisting w WHERE w.person_id = p.id)
                 OR (p.owner_id IS NULL
                     AND EXISTS (SELECT 1 FROM connectors_account a
                                  WHERE a.person_id = p.id AND a.network = 'sample'))) AS listed
          FROM people_person p WHERE p.id = ANY(%(people)s)) AS l
  JOIN LATERAL (SELECT value, low, high, day FROM scoring_score
                 WHERE person_id = l.id AND shown AND day <= %(day)s
                 ORDER BY day DESC LIMIT 1) AS s ON true
  LEFT JOIN LATERAL (SELECT value FROM scoring_score
                      WHERE person_id = l.id AND shown AND day <= %(earlier)s
                      ORDER BY day DESC LIMIT 1) AS e ON true
 WHERE t.person_id = l.id AND t.weight > 0 AND (l.listed OR t.is_listed)
"""


def refresh(person_ids: Sequence[int], day: date) -> None:
    """Bring who is listed, and with what, up to the scores of the day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _REFRESH,
            {
                "people": list(person_ids),
                "day": day,
                "earlier": day - timedelta(days=RISING_DAYS),
            },
        )


@transaction.atomic
def agree(person: Person) -> None:
    """List the person on topic pages from now on; the consent is kept with its text."""
    _, made = TopicListing.objects.get_or_create(person=person)
    if made:
        consent.record("topics", given=True, person=person)
        TopicDue.objects.get_or_create(person=person)
    day = (
        PersonTopic.objects.filter(person=person)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    if day is not None:
        refresh([person.pk], day)


@transaction.atomic
def take_back(person: Person) -> None:
    """List the person no longer, at once."""
    removed, _ = TopicListing.objects.filter(person=person).delete()
    if removed:
        consent.record("topics", given=False, person=person)
    PersonTopic.objects.filter(person=person).update(
        is_listed=False, influence=None, low=None, high=None, change=None
    )


def is_listed(person: Person) -> bool:
    """Return whether the person agreed to be listed. One query."""
    return TopicListing.objects.filter(person=person).exists()
