"""The explanations of a day as JSON, a column at a time: no Python object for each person."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scoring.core.model import Evaluation, Model
from scoring.loading import Bools, Floats, Integers

Text = Any  # an Arrow array of texts, or one text for all rows


@dataclass(frozen=True, slots=True)
class Why:
    """What explains the scores of a day; A accounts, P people, K measures."""

    model: Model
    evaluation: Evaluation
    person_index: Integers  # (A,) 0 … P − 1
    account_ids: Integers  # (A,)
    networks: tuple[str, ...]  # (A,)
    held_back: Floats  # (P,) points
    unknown: Bools  # (A, K) the network cannot give it
    carried: Bools  # (A,) the day was not fetched


def bodies(why: Why, piece: int) -> Iterator[pa.Array]:
    """Yield the JSON texts of all people in turn, `piece` people at a time.

    They are as scoring.core.explain.Parts.to_json gives them. Numbers are written so that they
    are read back exactly; whole ones without a fraction.
    """
    people_count = why.evaluation.raw.size
    order = np.argsort(why.person_index, kind="stable")
    bounds = np.searchsorted(why.person_index[order], np.arange(people_count + 1))
    networks = pa.array(why.networks, pa.string()).dictionary_encode()
    quoted = pa.array([json.dumps(name) for name in networks.dictionary.to_pylist()], pa.string())
    for people in in_pieces(people_count, piece):
        first, last = people.start, people.stop
        accounts = order[bounds[first] : bounds[last]]
        names = quoted.take(networks.indices.take(pa.array(accounts)))
        ends = (bounds[first : last + 1] - bounds[first]).astype(np.int32)
        of_person = _accounts(why, accounts, names)
        # Most people have one account: nothing to join then.
        if not np.array_equal(ends, np.arange(ends.size)):
            lists = pa.ListArray.from_arrays(pa.array(ends), of_person)
            of_person = pc.binary_join(lists, ",")
        yield _joined(
            f'{{"version":{json.dumps(why.model.params.version)},"raw":',
            _numbers(why.evaluation.raw[first:last]),
            ',"held_back":',
            _numbers(why.held_back[first:last]),
            ',"networks":{',
            of_person,
            "}}",
        )


def _accounts(why: Why, rows: Integers, networks: Text) -> pa.Array:
    """Return `"id":{…}` of each of the accounts."""
    found, names = why.evaluation, why.model.measures
    blank = why.unknown[rows] & ~found.imputed[rows]
    amounts: list[Text | str] = []
    points: list[Text | str] = []
    for k, name in enumerate(names):
        key = ("," if k else "") + json.dumps(name) + ":"
        amounts += [key, _numbers(found.x[rows, k], blank[:, k])]
        points += [key, _numbers(found.parts[rows, k])]
    return _joined(
        '"',
        pa.array(why.account_ids[rows]).cast(pa.string()),
        '":{"network":',
        networks,
        ',"strength":',
        _numbers(found.strength[rows]),
        ',"mass":',
        _numbers(found.mass[rows]),
        ',"x":{',
        *amounts,
        '},"parts":{',
        *points,
        "}",
        _imputed(found.imputed[rows], names),
        pc.if_else(pa.array(why.carried[rows]), ',"carried":true}', "}"),
    )


def _imputed(imputed: Bools, names: tuple[str, ...]) -> Text:
    """Return the list of imputed measures of each account, nothing where there are none."""
    if not imputed.any():
        return pa.scalar("")
    patterns, which = np.unique(imputed, axis=0, return_inverse=True)
    texts = []
    for pattern in patterns:
        listed = [name for name, filled in zip(names, pattern, strict=True) if filled]
        texts.append(f',"imputed":{json.dumps(listed)}' if listed else "")
    return pa.array(texts, pa.string()).take(pa.array(which.reshape(-1)))


def _numbers(values: Floats, missing: Bools | None = None) -> Text:
    """Return numbers as JSON texts; null where missing."""
    if missing is not None and missing.any():
        return pc.fill_null(pa.array(values, mask=missing).cast(pa.string()), "null")
    # Measures that nobody has are common: one text for all.
    if values.size and (values == values[0]).all():
        return pa.scalar(float(values[0])).cast(pa.string())
    return pa.array(values).cast(pa.string())


def _joined(*pieces: Text | str) -> pa.Array:
    texts = [pa.scalar(piece) if isinstance(piece, str) else piece for piece in pieces]
    return pc.binary_join_element_wise(*texts, "")


def in_pieces(people_count: int, piece: int) -> Iterator[range]:
    """Yield the positions of all people, at most `piece` at a time; one empty range for nobody."""
    for first in range(0, max(people_count, 1), piece):
        yield range(first, min(first + piece, people_count))
