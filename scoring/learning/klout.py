"""Agreement with real Klout scores: accounts with their counts, and a population's distribution."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scoring.core.model import Model
from scoring.core.params.definition import Family, Params
from scoring.learning import tables
from scoring.learning.auc import r_squared, spearman, spearman_error
from scoring.learning.tables import BadTable, Column

Floats = npt.NDArray[np.float64]

ACCOUNT_COLUMNS = (
    Column("account", "any name or key that tells accounts apart", kind="text"),
    Column("klout", "the real score, 1–100", low=1.0, high=100.0),
    Column("followers", "followers, people", high=5e9),
    Column("listed", "lists that the account is on", high=5e9),
)
BIN_COLUMN = Column("klout_bin", "`none`, or scores as `10-14` or `65+`", kind="text")
COUNT_PREFIX = "accounts_"
# Shares that are compared beside the distance: the upper ends of real populations.
FROM_SCORES = (50.0, 65.0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How this score agrees with real ones of the same accounts."""

    accounts_count: int
    spearman: float
    spearman_error: float
    # Of this score, and of log followers, for comparison.
    followers_spearman: float
    # This score minus the real one, points: mean, and mean of its size.
    mean_difference: float
    mean_error: float
    # R² on log10(1 + followers) of the real scores and of this one.
    klout_r_squared: float
    own_r_squared: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """Shares of a population by score: bins ascending, "none" counted below the first."""

    column: str
    # Lowest score of each bin.
    lows: Floats
    # Accounts in each bin, and those without a score.
    counts: Floats
    none_count: float

    def share_from(self, score: float) -> float:
        """Return the share of all accounts at or above a score that begins a bin, 0 … 1."""
        total = self.counts.sum() + self.none_count
        return float(self.counts[self.lows >= score].sum() / total)


def accounts_agreement(path: Path, params: Params, *, seed: int = 0) -> Agreement:
    """Return how the accounts of a CSV file would be scored, beside their real scores.

    Followers and lists are known; reactions are unknown, and imputed as for a network that
    cannot give them. An account that appears twice counts by its last row. Raises BadTable.
    """
    rows = tables.read(path, ACCOUNT_COLUMNS)
    last = list({name: n for n, name in enumerate(rows.texts["account"])}.values())
    real, followers, lists = (
        np.array(rows.numbers[name])[last] for name in ("klout", "followers", "listed")
    )
    own = _scores(followers, lists, params)
    logs = np.log10(1 + followers)
    return Agreement(
        len(last),
        spearman(own, real),
        spearman_error(own, real, seed=seed),
        spearman(followers, real),
        float(np.mean(own - real)),
        float(np.mean(np.abs(own - real))),
        r_squared(real, logs),
        r_squared(own, logs),
    )


def distribution(path: Path) -> Distribution:
    """Return a population's distribution from a CSV file. Raises BadTable.

    Of several columns `accounts_…`, the greatest name (the latest year) is taken.
    """
    names = [name for name in tables.header_of(path) if name.startswith(COUNT_PREFIX)]
    if not names:
        raise BadTable(f"{path.name}: column '{COUNT_PREFIX}…' (accounts in the bin) is missing.")
    column = max(names)
    rows = tables.read(path, (BIN_COLUMN, Column(column, "accounts in the bin")))
    lows: list[float] = []
    counts: list[float] = []
    none_count = 0.0
    for name, count in zip(rows.texts["klout_bin"], rows.numbers[column], strict=True):
        if name == "none":
            none_count += count
            continue
        low = name.removesuffix("+").split("-")[0]
        if not low.isdigit() or (lows and float(low) <= lows[-1]):
            raise BadTable(
                f"{path.name}: klout_bin {name!r} is not a bin as 10-14 or 65+, ascending."
            )
        lows.append(float(low))
        counts.append(count)
    if not lows or sum(counts) <= 0:
        raise BadTable(f"{path.name}: {column} counts no account with a score.")
    return Distribution(column, np.array(lows), np.array(counts), none_count)


def distance(scores: Floats, real: Distribution) -> float:
    """Return the greatest difference of the two cumulative shares at the bins' edges, 0 … 1.

    (Kolmogorov's distance.) People below the first bin stand beside accounts without a score.
    """
    total = real.counts.sum() + real.none_count
    below_real = (real.none_count + np.cumsum(real.counts) - real.counts) / total
    below_own = np.array([np.mean(scores < low) for low in real.lows])
    return float(np.abs(below_real - below_own).max())


def _scores(followers: Floats, lists: Floats, params: Params) -> Floats:
    x = np.zeros((len(followers), len(params.measures)))
    unknown = np.zeros(x.shape, dtype=np.bool_)
    for k, measure in enumerate(params.measures):
        if measure.family is Family.AUDIENCE:
            x[:, k] = followers
        elif measure.family is Family.STANDING:
            x[:, k] = lists
        elif measure.family is not Family.ANONYMOUS:
            unknown[:, k] = True
    return Model(params).evaluate(x, np.arange(len(x)), len(x), unknown=unknown).raw
