"""The explanations of a day as JSON, a column at a time: no Python object for each person."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from scoring.core.model import Evaluation, Model
from scoring.loading import Bools, Floats, Integers
from scoring.plus_k import Day

Text = Any  # an Arrow array of texts, or one text for all rows

_COMMA = ord(",")


@dataclass(frozen=True, slots=True)
class Why:
    """What explains the scores of a day; U units (scoring.units), P people, K measures."""

    model: Model
    evaluation: Evaluation
    # (U,) 0 … P − 1, and P + j for the j-th that is kept apart.
    person_index: Integers
    account_ids: Integers  # (U,) the first account of each
    networks: tuple[str, ...]  # (U,)
    held_back: Floats  # (P,) points
    unknown: Bools  # (U, K) the network cannot give it
    carried: Bools  # (U,) the day was not fetched
    # Whose each of the J that are kept apart is, ascending, and the bands of these.
    apart_owner: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    apart_low: Floats = field(default_factory=lambda: np.zeros(0))
    apart_high: Floats = field(default_factory=lambda: np.zeros(0))
    apart_provisional: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    # Unit → ids of its accounts after the first, where it has more than one.
    others: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    # What +K adds to the P people; None: nothing to anybody.
    plus_k: Day | None = None


def bodies(why: Why, piece: int) -> Iterator[pa.Array]:
    """Yield the JSON texts of all people in turn, `piece` people at a time.

    They are as scoring.core.parts.Parts.to_json gives them. Numbers are written so that they
    are read back exactly.
    """
    people_count = why.held_back.size
    order = np.argsort(why.person_index, kind="stable")
    bounds = np.searchsorted(why.person_index[order], np.arange(people_count + 1))
    networks = pa.array(why.networks, pa.string()).dictionary_encode()
    quoted = pa.array([json.dumps(name) for name in networks.dictionary.to_pylist()], pa.string())
    apart, also = order[bounds[people_count] :], _also(why)
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
            "}",
            _kept_apart(why, apart, quoted.take(networks.indices.take(pa.array(apart))), people),
            _of_some(also, people),
            _plus_k(why, people),
            "}",
        )


def _kept_apart(why: Why, units: Integers, networks: Text, people: range) -> Text:
    """Return the sub-scores of each of the people; `units` in the order of their sums."""
    if not units.size:
        return pa.scalar("")
    ends = np.searchsorted(why.apart_owner, np.arange(people.start, people.stop + 1))
    sums = np.arange(ends[0], ends[-1])
    more = _joined(
        ',"score":',
        _numbers(why.evaluation.raw[why.held_back.size + sums]),
        ',"low":',
        _numbers(why.apart_low[sums]),
        ',"high":',
        _numbers(why.apart_high[sums]),
        ',"provisional":',
        pc.if_else(pa.array(why.apart_provisional[sums]), "true", "false"),
    )
    texts = _accounts(why, units[sums], networks.take(pa.array(sums)), more)
    lists = pa.ListArray.from_arrays(pa.array((ends - ends[0]).astype(np.int32)), texts)
    joined = pc.binary_join(lists, ",")
    return pc.if_else(pc.equal(joined, ""), "", _joined(',"apart":{', joined, "}"))


def _plus_k(why: Why, people: range) -> Text:
    """Return what +K adds to each of the people, nothing where there is none."""
    rows = slice(people.start, people.stop)
    if why.plus_k is None or not why.plus_k.points[rows].any():
        return pa.scalar("")
    points = why.plus_k.points[rows]
    texts = _joined(
        ',"plus_k":{"people":',
        pa.array(why.plus_k.counted.people[rows]).cast(pa.string()),
        ',"x":',
        _numbers(why.plus_k.x[rows]),
        ',"points":',
        _numbers(points),
        "}",
    )
    return pc.if_else(pa.array(points > 0), texts, "")


def _also(why: Why) -> dict[int, str]:
    """Return which accounts are filed under which, as JSON, by person; few have any."""
    found: dict[int, dict[str, int]] = {}
    for unit, ids in why.others.items():
        person = int(why.person_index[unit])
        if person >= why.held_back.size:
            person = int(why.apart_owner[person - why.held_back.size])
        filed = dict.fromkeys(map(str, ids), int(why.account_ids[unit]))
        found[person] = found.get(person, {}) | filed
    return {person: f',"also":{json.dumps(filed)}' for person, filed in found.items()}


def _of_some(texts: Mapping[int, str], people: range) -> Text:
    """Return the text of each of the people, nothing for most."""
    if not texts:
        return pa.scalar("")
    return pa.array([texts.get(person, "") for person in people], pa.string())


def _accounts(why: Why, rows: Integers, networks: Text, more: Text = "") -> pa.Array:
    """Return `"id":{…}` of each of the units, each with what comes besides."""
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
        more,
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
    """Return numbers as JSON texts; null where missing. Raises ValueError for any other NaN."""
    fine = np.isfinite(values)
    if missing is not None and missing.any():
        fine |= missing
        values = np.where(missing, np.nan, values)
    # What orjson writes for a number that is none would read as one that is not known.
    if not fine.all():
        raise ValueError("an explanation has a number that is not finite")
    # Measures that nobody has are common: one text for all.
    if values.size and (values == values[0]).all():
        return pa.scalar(orjson.dumps(float(values[0])).decode())
    return _listed(orjson.dumps(np.ascontiguousarray(values), option=orjson.OPT_SERIALIZE_NUMPY))


def _listed(text: bytes) -> pa.Array:
    """Return the values of a JSON list of numbers, each as its text."""
    signs = np.frombuffer(text, dtype=np.uint8)[1:-1]
    if not signs.size:
        return pa.array([], pa.string())
    commas = np.flatnonzero(signs == _COMMA)
    # Values stand side by side once the commas are gone: each ends that much further to the left.
    ends = np.append(commas, signs.size) - np.arange(commas.size + 1)
    offsets = np.append(0, ends).astype(np.int32)
    values = signs[signs != _COMMA]
    return pa.StringArray.from_buffers(ends.size, pa.py_buffer(offsets), pa.py_buffer(values))


def _joined(*pieces: Text | str) -> pa.Array:
    texts = [pa.scalar(piece) if isinstance(piece, str) else piece for piece in pieces]
    return pc.binary_join_element_wise(*texts, "")


def in_pieces(people_count: int, piece: int) -> Iterator[range]:
    """Yield the positions of all people, at most `piece` at a time; one empty range for nobody."""
    for first in range(0, max(people_count, 1), piece):
        yield range(first, min(first + piece, people_count))
