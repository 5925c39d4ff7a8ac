"""What servers that anyone can run are worth: standing from outside, and what their word gives.

A server of a federated network describes its accounts alone: their followers, and who reacted. So
nothing that it says of itself can raise its standing; only what people do who are known without it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.core.decay import decay_weight
from scoring.core.model import Model
from scoring.core.params.definition import Params
from scoring.core.trust import class_weights

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# The fixed point is near enough when what is left to come is below this share of it.
PRECISION = 1e-12


@dataclass(frozen=True, slots=True)
class Votes:
    """People who acted on accounts of servers, as arrays of one length N, in any order.

    Attributes
    ----------
    person : ndarray of int
        Who acted; the same person has the same number on all rows.
    server : ndarray of int
        The server of whom they acted on, 0 … S − 1.
    age_days : ndarray of float
        Days since then, ≥ 0.
    trust_class : ndarray of int
        The person's class, 0 … 7, the same on all rows of a person.
    home : ndarray of int
        The server on whose word alone the person is known, 0 … S − 1; −1 for people who are known
        otherwise (through a vendor, a known server, or a linked account there). The same on all
        rows of a person.
    """

    person: Indexes
    server: Indexes
    age_days: Floats
    trust_class: Indexes
    home: Indexes


def standing(votes: Votes, n_servers: int, params: Params) -> Floats:
    """Return the standing of each server, in ordinary people who act on its accounts from outside.

    Parameters
    ----------
    votes : Votes
        Of a window; rows of people on their own servers are to be left out.
    n_servers : int
        S.
    params : Params

    Returns
    -------
    ndarray, shape (S,), ≥ 0

    Notes
    -----
    Each distinct person has one vote of the weight of their class, none of low standing, shared by
    the servers on which they acted and fading with the time since. Votes of people who are known
    only on a server's own word count as far as `server_damping` times that server's standing goes:

        s = e + Σ_T min(1, d · s_T / o_T) · v_T

    with what comes from outside e, the votes v_T of people of T and their sum o_T. This is PageRank
    (Brin and Page, 1998) from trusted seeds (Gyöngyi, Garcia-Molina and Pedersen, Combating Web
    Spam with TrustRank, VLDB 2004). The map moves any two standings nearer by the factor d (their
    sum of differences), so that it has one fixed point, reached from 0 without oscillation. A
    closed ring of servers has e = 0 and so exactly none; one that e reaches has at most e / (1 − d)
    in all, whatever its number and votes.
    """
    rules = params.integrity
    server, amount, home = _distinct_votes(votes, n_servers, params)
    grounded = home < 0
    outside = _sums(server[grounded], amount[grounded], n_servers)
    keys = home[~grounded] * n_servers + server[~grounded]
    pairs, place = np.unique(keys, return_inverse=True)
    passed = _sums(place.reshape(-1), amount[~grounded], pairs.size)
    source, target = pairs // max(n_servers, 1), pairs % max(n_servers, 1)
    total = _sums(source, passed, n_servers)
    found = outside
    for _ in range(int(np.ceil(np.log(PRECISION) / np.log(rules.server_damping)))):
        through = np.divide(
            rules.server_damping * found, total, out=np.zeros_like(total), where=total > 0
        )
        share = np.minimum(through, 1.0)[source]
        found = outside + _sums(target, share * passed, n_servers)
    return found


def _sums(owner: Indexes, amounts: Floats, n_owners: int) -> Floats:
    return np.bincount(owner, weights=amounts, minlength=n_owners).astype(np.float64)


def _distinct_votes(
    votes: Votes, n_servers: int, params: Params
) -> tuple[Indexes, Floats, Indexes]:
    """Return server, amount and home of each person's vote for each server."""
    rules = params.integrity
    # Youngest first within a person and server: which rows are equal changes nothing.
    order = np.lexsort((votes.age_days, votes.server, votes.person))
    person, server = votes.person[order], votes.server[order]
    first = np.ones(person.size, dtype=np.bool_)
    first[1:] = (person[1:] != person[:-1]) | (server[1:] != server[:-1])
    rows = order[first]
    person, server, home = votes.person[rows], votes.server[rows], votes.home[rows]
    if np.any(server < 0) or np.any(server >= n_servers) or np.any(home >= n_servers):
        raise ValueError(f"a server must be from 0 to {n_servers - 1}")
    _, place, acted_on = np.unique(person, return_inverse=True, return_counts=True)
    classes = votes.trust_class[rows]
    weight = np.where(classes > rules.low_class, class_weights(classes, params), 0.0)
    left = decay_weight(votes.age_days[rows], rules.server_half_life_days)
    elsewhere = home != server
    amount = weight * left / acted_on[place]
    return server[elsewhere], amount[elsewhere], home[elsewhere]


def neutral_mass(model: Model) -> float:
    """Return the mass of one neutral account: `neutral_followers`, the rest as is usual then."""
    x = np.zeros((1, len(model.measures)))
    column = model.measures.index("followers")
    x[0, column] = model.params.integrity.neutral_followers
    unknown = np.ones(x.shape, dtype=np.bool_)
    unknown[0, column] = False
    return float(model.evaluate(x, [0], 1, unknown=unknown).mass[0])


def limits(standing_: Floats, model: Model) -> Floats:
    """Return what all accounts of each server may have together, as mass, > 0.

    One neutral account, and one more for each ordinary person who acts on its accounts from
    outside.
    """
    limit: Floats = neutral_mass(model) * (1.0 + standing_)
    return limit


def levels(mass: Floats, server: Indexes, limit: Floats) -> Floats:
    """Return the mass up to which each account of a server counts, infinite where all do.

    Parameters
    ----------
    mass : ndarray, shape (A,), ≥ 0
    server : ndarray of int, shape (A,)
        0 … S − 1; −1 for accounts without a limit.
    limit : ndarray, shape (S,), > 0
        What the accounts of a server may have in all.

    Returns
    -------
    ndarray, shape (S,)
        The level λ with Σ min(mass, λ) = limit where the sum of the masses is above it.

    Notes
    -----
    Water-filling, or max-min fairness (Bertsekas and Gallager, Data Networks, 2nd ed., 6.5.2):
    what an account has below the level is never taken by what another one claims above it. An
    account that comes to more never has less, nor has its person by one more account (law 3).
    """
    found = np.full(limit.size, np.inf)
    rows = np.flatnonzero(server >= 0)
    if not rows.size:
        return found
    rows = rows[np.lexsort((mass[rows], server[rows]))]
    owner, amounts = server[rows], mass[rows]
    starts = np.searchsorted(owner, np.arange(limit.size))
    ends = np.searchsorted(owner, np.arange(limit.size), side="right")
    sums = np.concatenate([[0.0], np.cumsum(amounts)])
    smaller = sums[:-1] - sums[starts[owner]]
    left = ends[owner] - np.arange(rows.size)
    # The smallest account of each server that does not fit: it and the larger ones share the rest.
    over = np.flatnonzero(smaller + amounts * left > limit[owner])
    servers, first = np.unique(owner[over], return_index=True)
    at = over[first]
    found[servers] = np.maximum(limit[servers] - smaller[at], 0.0) / left[at]
    return found


def within_people(mass: Floats, most: Floats, person: Indexes, limit: Floats) -> Floats:
    """Return the mass up to which each account counts, that of one person on all servers limited.

    Parameters
    ----------
    mass, most : ndarray, shape (A,), ≥ 0
        What each account comes to, and up to what it counts on its server (`levels`).
    person : ndarray of int, shape (A,)
    limit : ndarray, shape (A,), > 0
        What all accounts of the account's server may have in all.

    Notes
    -----
    A server costs little, and so do a hundred. Together a person's accounts on such servers count
    up to what the best known of these servers may give, so that one more account never lowers
    anything (law 3), and servers that nobody knows are worth one neutral account however many.
    """
    people, index = np.unique(person, return_inverse=True)
    index = index.reshape(-1)
    allowed = np.zeros(people.size)
    np.maximum.at(allowed, index, limit)
    level = levels(np.minimum(mass, most), index, allowed)
    return np.minimum(most, level[index])


def quotas(standing_: Floats, limited: Bools) -> Floats:
    """Return how many ordinary people who live on a server count in full on one account.

    As many as vouch for the server; the rest counts like people of unknown standing. Infinite for
    servers that are not limited.
    """
    quota: Floats = np.where(limited, standing_, np.inf)
    return quota
