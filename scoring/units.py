"""What is scored as one: a person on a network, with all the accounts that the person has there.

Two accounts on one network have largely the same audience. Together they are the stronger one and
the people whom it has not reached yet: levels are the greatest, people who react are counted once.
A network whose terms forbid combining is kept apart: a sum of its own, in nobody's score.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.loading import Bools, Floats, Integers, Population


@dataclass(frozen=True, slots=True)
class Units:
    """U units of A accounts of P people, in the order of their first accounts."""

    of_account: Integers  # (A,) 0 … U − 1
    first: Integers  # (U,) position of the account with the lowest id
    person_index: Integers  # (U,) whose it is, 0 … P − 1
    # (U,) the sum that it is part of: that of its person, or P + j, one of its own.
    target: Integers
    # (J,) the units kept apart, by their people: the j-th is the sum P + j.
    apart: Integers
    networks: tuple[str, ...]  # (U,)
    unknown: Bools  # (U, K) true where one of its accounts cannot tell the measure
    people_count: int  # P
    # Units of more than one account and the positions of the others, ascending.
    others: dict[int, tuple[int, ...]]

    @property
    def count(self) -> int:
        """How many there are."""
        return self.first.size

    @property
    def sums_count(self) -> int:
        """How many sums there are: people, and units kept apart."""
        return self.people_count + self.apart.size

    def strongest(self, of_accounts: npt.NDArray[np.generic]) -> Floats:
        """Return the greatest number among each unit's accounts, each (A,) or more, ≥ 0."""
        if not self.others:
            return np.asarray(of_accounts, dtype=np.float64)
        found: Floats = np.zeros(self.count)
        np.maximum.at(found, self.of_account, np.asarray(of_accounts, dtype=np.float64))
        return found

    def total(self, of_accounts: Floats) -> Floats:
        """Return the sum over each unit's accounts."""
        if not self.others:
            return of_accounts
        sums = np.bincount(self.of_account, weights=of_accounts, minlength=self.count)
        return np.asarray(sums, dtype=np.float64)

    def any(self, of_accounts: Bools) -> Bools:
        """Return whether it holds for one of each unit's accounts."""
        if not self.others:
            return of_accounts
        count = np.bincount(self.of_account[of_accounts], minlength=self.count)
        return np.asarray(count > 0, dtype=np.bool_)

    def accounts_of(self, unit: int) -> tuple[int, ...]:
        """Return the positions of a unit's accounts, ascending."""
        return (int(self.first[unit]), *self.others.get(unit, ()))

    def without_sum(self) -> Bools:
        """Return the people none of whose units counts in a score, (P,)."""
        counted = self.target[self.target < self.people_count]
        count = np.bincount(counted, minlength=self.people_count)
        return np.asarray(count == 0, dtype=np.bool_)


def units_of(people: Population, server: Integers | None = None) -> Units:
    """Return the units of the accounts.

    `server` is the server whose word alone tells of an account (scoring.servers), −1 without one:
    what it says must not pass as that of an account elsewhere.
    """
    names, network = np.unique(np.array(people.networks, dtype=np.str_), return_inverse=True)
    key = people.person_index * max(names.size, 1) + network.reshape(-1)
    if server is not None and server.size:
        key = key * (server.max() + 2) + server + 1
    _, first, of_key = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(order.size, dtype=np.int64)
    rank[order] = np.arange(order.size)
    of_account, first = rank[of_key.reshape(-1)], first[order].astype(np.int64)
    later = np.flatnonzero(first[of_account] != np.arange(of_account.size))
    others: dict[int, tuple[int, ...]] = {}
    for account, unit in zip(later.tolist(), of_account[later].tolist(), strict=True):
        others[unit] = (*others.get(unit, ()), account)
    unknown = people.unknown[first]
    if later.size:
        unknown = unknown.copy()
        np.logical_or.at(unknown, of_account[later], people.unknown[later])
    networks = people.networks
    if later.size:
        networks = tuple(people.networks[place] for place in first.tolist())
    person_index, people_count = people.person_index[first], people.person_ids.size
    apart = np.zeros(0, dtype=np.int64)
    if people.apart is not None:
        apart = np.flatnonzero(people.apart[first])
        apart = apart[np.argsort(person_index[apart], kind="stable")]
    target = person_index.copy()
    target[apart] = people_count + np.arange(apart.size)
    return Units(
        of_account, first, person_index, target, apart, networks, unknown, people_count, others
    )
