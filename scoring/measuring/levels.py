"""Counts of accounts from their snapshots, and the inputs of the model from explanations."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from scoring.core.params import CURRENT
from scoring.core.parts import NetworkParts, Parts
from scoring.measuring.rows import REACTION_DAYS, number, rows

_SNAPSHOTS = """
SELECT a.id, latest.counts::text, earlier.counts::text
  FROM unnest(%(accounts)s::bigint[]) AS a (id)
  LEFT JOIN LATERAL (SELECT counts FROM connectors_snapshot
        WHERE account_id = a.id AND day <= %(day)s ORDER BY day DESC LIMIT 1) AS latest ON true
  LEFT JOIN LATERAL (SELECT counts FROM connectors_snapshot
        WHERE account_id = a.id AND day BETWEEN %(oldest)s AND %(before)s
        ORDER BY day DESC LIMIT 1) AS earlier ON true
"""
_EXPLAINED = """
SELECT a.id, e.body::text
  FROM connectors_account a CROSS JOIN LATERAL (
       SELECT body FROM scoring_explanation
        WHERE person_id = a.person_id AND day <= %(day)s AND model_version = %(version)s
        ORDER BY day DESC LIMIT 1) AS e
 WHERE a.id = ANY(%(accounts)s)
"""

Counts = dict[str, float | None]


def counts(account_ids: Sequence[int], day: date) -> dict[int, tuple[Counts, Counts]]:
    """Return each account's counts as last told, and those of 28 days before. One query.

    The earlier ones may be up to 28 days older; empty where there are none.
    """
    before = day - timedelta(days=REACTION_DAYS)
    found = rows(
        _SNAPSHOTS,
        {
            "accounts": list(account_ids),
            "day": day,
            "before": before,
            "oldest": before - timedelta(days=REACTION_DAYS),
        },
    )
    return {account: (_counts(now), _counts(then)) for account, now, then in found}


def _counts(text: str | None) -> Counts:
    told = json.loads(text) if text else {}
    return {name: number(value) for name, value in told.items()}


def model_inputs(account_ids: Sequence[int], day: date) -> dict[int, Counts]:
    """Return the model's inputs of each account in its newest explanation. One query.

    Several accounts of a person on one network are counted together and have the same inputs. One
    that the network does not tell, and that was imputed, is None.
    """
    values: dict[str, Any] = {
        "accounts": list(account_ids),
        "day": day,
        "version": CURRENT.version,
    }
    inputs: dict[int, Counts] = {}
    for account, body in rows(_EXPLAINED, values):
        part = _part_of(account, Parts.from_json(body))
        if part is not None:
            inputs[account] = {
                name: None if name in part.imputed else value for name, value in part.x.items()
            }
    return inputs


def _part_of(account: int, parts: Parts) -> NetworkParts | None:
    """Return the part that an account is counted in; None where it is in none."""
    filed = {**parts.networks, **{key: row.part for key, row in parts.apart.items()}}
    together = (part for part in filed.values() if account in part.others)
    return filed.get(account) or next(together, None)
