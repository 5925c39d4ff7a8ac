"""Invented judgements: accounts drawn at random, chosen by weights that the tests know."""

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scoring.learning import pairs
from scoring.learning.pairs import COLUMNS, NAMES, Judgements

Floats = npt.NDArray[np.float64]


def features(n_accounts: int, seed: int) -> Floats:
    """Return accounts of many sizes whose lists and reactions go with their followers."""
    rng = np.random.default_rng(seed)
    followers = np.floor(10 ** rng.uniform(1, 6.5, n_accounts))

    def about(share: float, spread: float) -> Floats:
        return np.floor(followers * share * np.exp(rng.normal(0, spread, n_accounts)))

    people = about(0.01, 1.5)
    made = {
        "follower_count": followers,
        "following_count": about(0.5, 2.0),
        "listed_count": about(0.02, 1.2),
        "mentions_received": people * 0.3,
        "retweets_received": people * 0.1,
        "mentions_sent": rng.exponential(5, n_accounts),
        "retweets_sent": rng.exponential(1, n_accounts),
        "posts": rng.exponential(8, n_accounts),
        "network_feature_1": people,
        "network_feature_2": np.exp(rng.normal(4, 0.8, n_accounts)),
        "network_feature_3": np.exp(rng.normal(7, 1.0, n_accounts)),
    }
    return np.column_stack([made[name] for name in NAMES])


def judged(
    n_accounts: int,
    n_pairs: int,
    *,
    followers: float = 0.3,
    lists: float = 0.5,
    quality: float = 0.6,
    seed: int = 1,
) -> Judgements:
    """Return pairs chosen with these log-odds for each doubling of followers, lists, quality."""
    rng = np.random.default_rng(seed)
    told = features(n_accounts, seed)
    column = dict(zip(NAMES, told.T, strict=True))
    worth = (
        followers * np.log2(1 + column["follower_count"] / 0.2)
        + lists * np.log2(1 + column["listed_count"])
        + quality * np.log2(1 + column["network_feature_1"] * column["network_feature_2"] / 50 / 5)
    )
    first = rng.integers(0, n_accounts, n_pairs)
    second = (first + rng.integers(1, n_accounts, n_pairs)) % n_accounts
    chance = 1 / (1 + np.exp(worth[second] - worth[first]))
    choice = (rng.random(n_pairs) < chance).astype(np.float64)
    return pairs.judgements(choice, told[first], told[second])


def write(path: Path, told: Judgements) -> Path:
    """Write pairs as a file of the documented format."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in COLUMNS])
        for choice, first, second in zip(told.choice, told.first, told.second, strict=True):
            both = [*told.features[first].tolist(), *told.features[second].tolist()]
            writer.writerow([int(choice), *(repr(value) for value in both)])
    return path
