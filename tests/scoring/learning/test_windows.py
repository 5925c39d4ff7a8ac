"""Prediction of the next window from posts and reactions of a file."""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from scoring.core.params import CURRENT
from scoring.learning import windows
from scoring.learning.tables import BadTable
from tests.scoring.core.accounts import raw, row

START = date(2026, 1, 1)
NAMES = [column.name for column in windows.CASCADE_COLUMNS]


def reaction(
    author: str, post: str, day: int, who: str = "", after: int = 0, **others: object
) -> dict[str, object]:
    """Return a row: somebody likes a post so many days after it was published."""
    posted = START + timedelta(days=day)
    return {
        "author": author,
        "author_followers": 100,
        "post": post,
        "posted_on": posted.isoformat(),
        "kind": "like" if who else "",
        "reactor": who,
        "reactor_followers": 100 if who else "",
        "reacted_on": (posted + timedelta(days=after)).isoformat() if who else "",
    } | others


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Five authors, a post a day for sixty days, each with so many different people as its rank."""
    rows = [
        reaction(f"a{n}", f"p{n}-{day}", day, f"r{n}-{(day + k) % 40}", author_followers=500 - n)
        for n in range(1, 6)
        for day in range(60)
        for k in range(n)
    ]
    return written(tmp_path / "cascades.csv", rows)


def test_the_score_and_the_past_order_people_by_the_next_window_and_followers_do_not(
    file: Path,
) -> None:
    found = windows.predict(windows.read_cascades(file), CURRENT)
    assert found is not None
    assert found.people_count == 5
    assert found.split == START + timedelta(days=59 - windows.WINDOW_DAYS)
    values = {row.name: row.spearman for row in found.rows}
    assert values == pytest.approx({"this score": 1, "followers": -1, "own past mean": 1})
    assert {row.name: row.behind for row in found.rows} == pytest.approx(
        {"this score": 0, "followers": 2, "own past mean": 0}
    )


def test_people_are_counted_once_for_a_post_and_only_on_its_first_days(tmp_path: Path) -> None:
    rows = [
        reaction("a", "p1", 0, "x"),
        reaction("a", "p1", 0, "x", 1, kind="reshare"),
        reaction("a", "p1", 0, "y", 2),
        reaction("a", "p1", 0, "late", 3),
        reaction("a", "p1", 0, "a"),
        reaction("a", "p2", 3),
        reaction("b", "p3", 9, "x"),
    ]
    told = windows.read_cascades(written(tmp_path / "c.csv", rows))
    first = START.toordinal()
    means, authors = windows.reactions_per_post(told, first - 1, first + 5)
    assert (means.tolist(), len(authors)) == ([1.0], 1)
    # The last of three days of p2 is not in a window that ends two days earlier.
    assert windows.reactions_per_post(told, first - 1, first + 3)[0].tolist() == [2.0]


def test_the_score_of_the_split_is_the_model_s_own_of_what_had_happened(tmp_path: Path) -> None:
    rows = [
        reaction(author, f"{author}{day}", day, f"{author}x{k}", reactor_followers=100)
        for author, count in (("a", 1), ("b", 3), ("c", 9))
        for day in (5, 25, 31)
        for k in range(count)
    ]
    told = windows.read_cascades(written(tmp_path / "c.csv", rows))
    split = START.toordinal() + 25
    scores, followers = windows._scores(told, np.unique(told.post_author), split, CURRENT)
    assert followers.tolist() == [100.0] * 3
    # Who liked on days 5 and 25 counts once, whole; each post's people fade by themselves.
    left = 2 ** (-20 / 4.5)
    expected = sorted(
        raw(
            row(
                followers=100,
                lists=0.5,
                likes=count,
                quality=count,
                top_posts=count * (1 + left),
            )
        )
        for count in (1, 3, 9)
    )
    assert sorted(scores.tolist()) == pytest.approx(expected)


def test_too_few_authors_give_nothing(tmp_path: Path) -> None:
    rows = [reaction("a", f"p{day}", day, "x") for day in range(40)]
    told = windows.read_cascades(written(tmp_path / "c.csv", rows))
    assert windows.predict(told, CURRENT) is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "clap"}, "reaction 2: kind is 'clap'; it must be like, reshare"),
        ({"reactor": ""}, "reaction 2: kind, reactor and reacted_on must all be given"),
        ({"reacted_on": "2025-12-31"}, "reaction 2: reacted_on is before posted_on"),
        ({"reacted_on": "yesterday"}, "row 3: reacted_on is 'yesterday', not a day"),
        ({"author": "b"}, "reaction 2: author differs from another row of the same post"),
        ({"author_followers": "-4"}, "row 3: author_followers is '-4'"),
    ],
)
def test_rows_that_contradict_the_format_are_named(
    tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    rows = [reaction("a", "p", 0, "x"), reaction("a", "p", 0, "y") | changes]
    with pytest.raises(BadTable, match=told):
        windows.read_cascades(written(tmp_path / "c.csv", rows))


def test_a_time_with_a_zone_falls_on_its_utc_day(tmp_path: Path) -> None:
    rows = [reaction("a", "p", 0, posted_on="2026-01-02T01:00:00+03:00")]
    told = windows.read_cascades(written(tmp_path / "c.csv", rows))
    assert told.post_day.tolist() == [date(2026, 1, 1).toordinal()]


def test_the_share_in_the_same_quarter_of_ranks() -> None:
    first = np.arange(8.0)
    assert windows.same_quarter(first, first * 10) == 1
    assert windows.same_quarter(first, -first) == 0
    assert windows.same_quarter(first, first[[0, 2, 1, 3, 4, 5, 6, 7]]) == 0.75
    assert np.isnan(windows.same_quarter(first[:0], first[:0]))
