"""The only pass over raw interactions, written once as Ibis expressions (DuckDB runs them here).

Three tables come in. `interactions`: rows of some days. `accounts`: whose account is whose.
`reactors`: reactors of whom more is known than the audience that the network told with the
reaction: their person, where they have an account here, and their class, where that decides.
Everybody else's class follows from that audience.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import ibis
import ibis.expr.types as ir
from ibis import _

from connectors.types import Direction, Provenance

INTERACTIONS = ibis.schema(
    {
        "day": "!date",
        "account_id": "!int64",
        "direction": "!int16",
        "kind": "!int16",
        "provenance": "!int16",
        "reactor_key": "!int64",
        "post_id": "int64",
        "reactor_followers": "int64",
    }
)
ACCOUNTS = ibis.schema({"account_id": "!int64", "person_id": "!int64"})
REACTORS = ibis.schema(
    {"reactor_key": "!int64", "reactor_person_id": "!int64", "reactor_class": "int16"}
)


@dataclass(frozen=True, slots=True)
class Rollup:
    """The two expressions, over tables named `interactions`, `accounts`, `reactors`.

    Their rows come in no order: sorting costs nearly as much as the rest, and nobody needs it.
    """

    # day, account_id, reactor_key, kind, trust_class, count
    pairs: ir.Table
    # day, account_id, post_id (0: none of the account's posts), kind, trust_class, people
    posts: ir.Table


# More followers than there are people: taken as not read.
MOST_FOLLOWERS = 5_000_000_000


@cache
def rollup(audience_steps: tuple[float, ...]) -> Rollup:
    """Return the roll-up's expressions, built once for each version's steps.

    `audience_steps` are the audiences (people, ascending) at which classes 1, 2, … begin.
    """
    interactions = ibis.table(INTERACTIONS, name="interactions")
    accounts = ibis.table(ACCOUNTS, name="accounts")
    reactors = ibis.table(REACTORS, name="reactors")
    counted = counted_interactions(interactions, accounts, reactors)
    classed = counted.mutate(trust_class=trust_class(counted, audience_steps))
    return Rollup(pair_rows(classed), post_rows(classed))


def counted_interactions(
    interactions: ir.Table, accounts: ir.Table, reactors: ir.Table
) -> ir.Table:
    """Return the interactions that count, with the reactor's person and class where known.

    Left out: what the account sent, what only the person's own file says, and what people do to
    themselves from another account of theirs.
    """
    counted = interactions.filter(
        _.direction == int(Direction.RECEIVED), _.provenance != int(Provenance.OWN_FILE)
    )
    joined = counted.inner_join(accounts, "account_id").left_join(reactors, "reactor_key")
    return joined.filter(_.reactor_person_id.isnull() | (_.reactor_person_id != _.person_id))


def pair_rows(classed: ir.Table) -> ir.Table:
    """Return one row for each day, account, reactor and kind: class and number of interactions."""
    pairs = classed.group_by("day", "account_id", "reactor_key", "kind").agg(
        # Of several on one day, the highest: a reaction more never lowers a class.
        trust_class=_.trust_class.max(),
        count=_.count(),
    )
    return _narrow(pairs, "count")


def post_rows(classed: ir.Table) -> ir.Table:
    """Return one row for each day, account, post, kind and class: the number of distinct people."""
    people = (
        classed.mutate(
            post_id=_.post_id.fill_null(0),
            # Accounts of one person here are one; keys are positive.
            reactor=ibis.ifelse(_.reactor_person_id > 0, -_.reactor_person_id, _.reactor_key),
        )
        .group_by("day", "account_id", "post_id", "kind", "reactor")
        .agg(trust_class=_.trust_class.max())
    )
    keys = ("day", "account_id", "post_id", "kind", "trust_class")
    return _narrow(people.group_by(*keys).agg(people=_.count()), "people")


def _narrow(rows: ir.Table, amount: str) -> ir.Table:
    """Return the rows with class and amount as wide as the tables of PostgreSQL have them."""
    return rows.mutate(
        **{"trust_class": rows["trust_class"].cast("int16"), amount: rows[amount].cast("int32")}
    )


def trust_class(table: ir.Table, audience_steps: Sequence[float]) -> ir.Value:
    """Return the class of each row's reactor: the known one, else by audience, else 0 (unknown).

    One byte wide, and told of each interaction before they are grouped: the groups of a large day
    do not fit in memory, and this is the smallest that they can carry.
    """
    audience = table["reactor_followers"]
    by_audience: ir.IntegerValue = ibis.literal(0, "int8")
    for step in audience_steps:
        # Whole numbers are compared as such; a fraction would make decimals of all audiences.
        least = int(step) if float(step).is_integer() else step
        by_audience = by_audience + (audience >= least).cast("int8")
    by_audience = ibis.ifelse(audience > MOST_FOLLOWERS, 0, by_audience)
    known = table["reactor_class"].cast("int8")
    return ibis.coalesce(known, by_audience, ibis.literal(0, "int8")).cast("int8")
