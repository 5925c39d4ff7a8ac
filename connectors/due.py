"""Which accounts are to be fetched now: asked of the rows each minute, so that nothing is lost."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

from connectors import registry

# A message that no worker has taken by then is taken for lost and sent again.
SENT_FOR = timedelta(minutes=10)
# A worker that started this long ago and holds no lock on its account is dead.
SILENT_FOR = timedelta(seconds=30)
# A day's fetch is given up at this time of the next day.
GIVE_UP_AT = time(6, tzinfo=UTC)
# Accounts handed out at once: what a few workers do in a minute or two.
MOST = 2_000


def due_day(now: datetime) -> date:
    """Return the day whose fetch is due: the last one that has ended."""
    return now.astimezone(UTC).date() - timedelta(days=1)


def deadline_of(day: date) -> datetime:
    """Return when the fetch of a day is given up, so that scoring need not wait for ever."""
    return datetime.combine(day + timedelta(days=1), GIVE_UP_AT)


# A row for each account that is to be fetched and has none for the day yet. An account whose
# access has ended waits for its owner, an unlinked one for nobody.
_PREPARE = """
INSERT INTO connectors_fetchstate
    (account_id, day, status, attempts, next_attempt_at, stored, error, error_detail)
SELECT a.id, %(day)s, 'queued', 0, greatest(%(now)s, coalesce(a.resume_at, %(now)s)), '{}', '', ''
FROM connectors_account a
WHERE a.status IN ('linked', 'open') AND a.state <> 'relink'
  -- Nothing will come of this day where the network, or this month's money, says later.
  AND (a.resume_at IS NULL OR a.resume_at < %(deadline)s)
  -- Who was looked up for money is read once: the profile goes before its second day.
  AND NOT (a.status = 'open' AND a.network = ANY(%(charging)s))
  AND NOT EXISTS (SELECT 1 FROM connectors_fetchstate f
                  WHERE f.account_id = a.id AND f.day = %(day)s)
ORDER BY a.id
ON CONFLICT (account_id, day) DO NOTHING
"""
# What an earlier day left undone, today's fetch brings.
_SUPERSEDE = """
UPDATE connectors_fetchstate SET status = 'given_up', finished_at = %(now)s
WHERE status NOT IN ('done', 'given_up') AND day < %(day)s AND id IN (
    SELECT id FROM connectors_fetchstate
    WHERE status NOT IN ('done', 'given_up') AND day < %(day)s FOR UPDATE SKIP LOCKED)
"""
# The lock is tried only for rows that look dead; it is let go with this transaction.
_HAND_OUT = """
WITH waiting AS MATERIALIZED (
    SELECT id, account_id, status, started_at FROM connectors_fetchstate
    WHERE status NOT IN ('done', 'given_up') AND (
        (status <> 'started' AND next_attempt_at <= %(now)s)
        OR (status = 'started' AND started_at <= %(silent)s))
    ORDER BY next_attempt_at, id
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
), free AS MATERIALIZED (
    SELECT id FROM waiting
    WHERE CASE WHEN status = 'started'
          THEN pg_try_advisory_xact_lock(hashtextextended('sync:' || account_id, 0))
          ELSE true END
)
UPDATE connectors_fetchstate f SET status = 'queued', next_attempt_at = %(again)s
FROM free WHERE f.id = free.id
RETURNING f.account_id, f.day
"""


def accounts_due(now: datetime, *, most: int = MOST) -> list[tuple[int, date]]:
    """Return the accounts to be fetched now, each with the day that its fetch is for.

    Handing one out marks it: it is not due again until its message must be taken for lost.
    Workers that ask at the same time get different accounts.
    """
    charging = [name for name, module in registry.CONNECTORS.items() if module.NETWORK.costs]
    values: dict[str, date | datetime | int | list[str]] = {
        "charging": charging,
        "day": due_day(now),
        "now": now,
        "silent": now - SILENT_FOR,
        "again": now + SENT_FOR,
        "most": most,
        "deadline": deadline_of(due_day(now)),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PREPARE, values)
        cursor.execute(_SUPERSEDE, values)
        cursor.execute(_HAND_OUT, values)
        rows: Sequence[tuple[int, date]] = cursor.fetchall()
    return sorted(rows)
