"""Days and columns as NumPy arrays."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
# No day of ours comes near: keeps (account, day) in one number.
DAY_LIMIT = 1 << 20


def number(day: date) -> int:
    """Return the day as days since 1970."""
    return (day - EPOCH).days


def integers(table: pa.Table, name: str) -> Integers:
    """Return a column of whole numbers without nulls; days as days since 1970."""
    values = table[name]
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    return np.asarray(values.to_numpy(), dtype=np.int64)


def floats(table: pa.Table, name: str) -> Floats:
    """Return a column of numbers without nulls."""
    return np.asarray(table[name].to_numpy(), dtype=np.float64)


def positions(ordered: Integers, wanted: Integers) -> Integers:
    """Return where each wanted number is in the ascending array, −1 where it is not."""
    if not ordered.size:
        return np.full(wanted.shape, -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(ordered, wanted), ordered.size - 1)
    return np.where(ordered[found] == wanted, found, -1)
