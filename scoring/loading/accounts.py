"""Who is scored: accounts, their people, and what their networks cannot tell."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from connectors import registry
from scoring import signals, transfer
from scoring.core.params import Params
from scoring.loading.arrays import DAY_LIMIT, Bools, Integers, integers, positions


@dataclass(frozen=True, slots=True)
class Population:
    """The accounts that are scored (A) and their people (P), in the order of their ids."""

    account_ids: Integers  # (A,) ascending
    person_ids: Integers  # (P,) ascending
    person_index: Integers  # (A,) 0 … P − 1
    networks: tuple[str, ...]  # (A,)
    # (A,) day of the first whole sync: up to it, the account's history is a first one.
    first_synced_day: Integers
    # (A,) first day that was observed or whose records are dated.
    first_known_day: Integers
    # (A, K) true where the account's network cannot give a measure.
    unknown: Bools
    # (A,) true where the network's terms forbid combining it with others, or the version does not;
    # None: nowhere.
    apart: Bools | None = None

    def account_index(self, ids: Integers) -> Integers:
        """Return the position of each account id, −1 where the account is not scored."""
        return positions(self.account_ids, ids)


_ACCOUNTS = """
SELECT a.id, a.person_id, a.network, a.status = 'linked',
       (a.first_synced_at AT TIME ZONE 'UTC')::date,
       (SELECT (min(p.created_at) AT TIME ZONE 'UTC')::date
          FROM connectors_post p WHERE p.account_id = a.id),
       (SELECT min(s.day) FROM connectors_snapshot s WHERE s.account_id = a.id)
  FROM connectors_account a
 WHERE a.first_synced_at IS NOT NULL AND a.status IN ('linked', 'open') AND a.network = ANY(%s)
   AND (%s::bigint IS NULL OR a.person_id = %s)
 ORDER BY a.id
"""
_ACCOUNT_COLUMNS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("person_id", pa.int64()),
        ("network", pa.string()),
        ("linked", pa.bool_()),
        ("synced", pa.date32()),
        ("posted", pa.date32()),
        ("counted", pa.date32()),
    ]
)


def population(params: Params, person_id: int | None = None) -> Population:
    """Return the accounts with a synced history, of everybody or of one person. One query."""
    measures = [measure.name for measure in params.measures]
    known = list(registry.CONNECTORS)
    rows = transfer.read(_ACCOUNTS, [known, person_id, person_id], _ACCOUNT_COLUMNS)
    people, person_index = np.unique(integers(rows, "person_id"), return_inverse=True)
    networks = tuple(rows["network"].to_pylist())
    combined = combined_networks(params)
    synced = integers(rows, "synced")
    dated = np.array(
        [bool(registry.network(name).capabilities.dated) for name in networks], dtype=np.bool_
    )
    first = synced
    for name in ("posted", "counted"):
        told = rows[name].cast(pa.int32()).fill_null(DAY_LIMIT).to_numpy().astype(np.int64)
        first = np.where(dated, np.minimum(first, told), first)
    seen_by = list(zip(networks, rows["linked"].to_pylist(), strict=True))
    blank = {
        (name, linked): signals.unknown_measures(name, is_owner=linked, params=params)
        for name, linked in set(seen_by)
    }
    return Population(
        account_ids=integers(rows, "account_id"),
        person_ids=people.astype(np.int64),
        person_index=person_index.astype(np.int64),
        networks=networks,
        first_synced_day=synced,
        first_known_day=first,
        unknown=np.array(
            [[measure in blank[given] for measure in measures] for given in seen_by], dtype=np.bool_
        ).reshape(len(networks), len(measures)),
        apart=np.array([name not in combined for name in networks], dtype=np.bool_),
    )


# Invented, never beside real accounts, and so part of no version.
_SAMPLE = "sample"


def combined_networks(params: Params) -> frozenset[str]:
    """Return the networks that count together under a version, as far as their terms allow it."""
    named = {_SAMPLE, *params.networks} & registry.CONNECTORS.keys()
    return frozenset(name for name in named if registry.network(name).policy.may_combine)
