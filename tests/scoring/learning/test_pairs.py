"""Reading judgements: the format, what is refused and how it is named, the way to the measures."""

from pathlib import Path

import numpy as np
import pytest

from scoring.core.model import Model
from scoring.core.params import CURRENT
from scoring.learning import pairs
from scoring.learning.pairs import COLUMNS, NAMES
from scoring.learning.tables import BadTable
from tests.scoring.learning import invented


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return invented.write(tmp_path / "pairs.csv", invented.judged(30, 40))


def changed(file: Path, row: int, column: str, cell: str) -> Path:
    """Return the file with one cell changed; the header is row 1."""
    lines = [line.split(",") for line in file.read_text().splitlines()]
    lines[row - 1][[c.name for c in COLUMNS].index(column)] = cell
    file.write_text("\n".join(",".join(line) for line in lines) + "\n")
    return file


def test_what_was_written_is_read_again(file: Path) -> None:
    told = invented.judged(30, 40)
    found = pairs.read(file)
    assert found.choice.tolist() == told.choice.tolist()
    assert found.features[found.first].tolist() == told.features[told.first].tolist()
    assert found.features[found.second].tolist() == told.features[told.second].tolist()
    assert len(found.sha256) == 64


def test_an_account_that_appears_in_several_pairs_is_one_account(file: Path) -> None:
    found = pairs.read(file)
    assert found.n_accounts <= 30 < 2 * len(found.choice)


def test_other_columns_and_a_byte_order_mark_are_ignored(file: Path) -> None:
    before = pairs.read(file)
    lines = [f"{line},x" for line in file.read_text().splitlines()]
    file.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    assert pairs.read(file).features.tolist() == before.features.tolist()


@pytest.mark.parametrize("column", ["Choice", "A_follower_count", "B_network_feature_2"])
def test_a_missing_column_is_named(file: Path, column: str) -> None:
    file.write_text(file.read_text().replace(column, "something", 1))
    with pytest.raises(
        BadTable, match=rf"column '{column}' is missing; the header has: .*something"
    ):
        pairs.read(file)


def test_a_column_that_is_there_twice_is_named(file: Path) -> None:
    file.write_text(file.read_text().replace("A_posts", "B_posts", 1))
    with pytest.raises(BadTable, match="A_posts"):
        pairs.read(file)
    invented.write(file, invented.judged(30, 40))
    first, rest = file.read_text().split("\n", 1)
    lines = [f"{first},B_posts", *(f"{line},1" for line in rest.splitlines())]
    file.write_text("\n".join(lines))
    with pytest.raises(BadTable, match="'B_posts' is there twice"):
        pairs.read(file)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("many", "'many', not a number"),
        ("", "A_listed_count is empty"),
        ("-1", "'-1'; it must be from 0"),
        ("nan", "'nan'; it must be from 0"),
        ("inf", "'inf'; it must be from 0"),
        ("6e9", "'6e9'; it must be from 0 to 5e"),
    ],
)
def test_a_bad_value_is_named_with_its_row_and_column(file: Path, cell: str, told: str) -> None:
    with pytest.raises(BadTable, match=f"row 7: .*{told}"):
        pairs.read(changed(file, 7, "A_listed_count", cell))


def test_a_choice_between_the_two_is_refused(file: Path) -> None:
    with pytest.raises(BadTable, match=r"Choice of pair 3 is 0\.5"):
        pairs.read(changed(file, 4, "Choice", "0.5"))


def test_a_row_of_another_length_is_named(file: Path) -> None:
    file.write_text(file.read_text() + "1,2,3\n")
    with pytest.raises(BadTable, match="row 42: 3 cells under 23 columns"):
        pairs.read(file)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "column 'Choice' is missing.*has: nothing"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (",".join(c.name for c in COLUMNS).encode(), "no rows below the header"),
        (b'"a\nb', "unexpected end of data"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(BadTable, match=f"(?s)bad.csv.*{told}"):
        pairs.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"none\.csv: No such file"):
        pairs.read(tmp_path / "none.csv")


def test_answers_that_are_all_the_same_are_refused(file: Path) -> None:
    for row in range(2, 42):
        changed(file, row, "Choice", "1")
    with pytest.raises(BadTable, match="Choice is 1 in all rows"):
        pairs.read(file)


def test_the_features_become_the_measures_that_people_are_scored_by() -> None:
    account = dict.fromkeys(NAMES, 0.0) | {
        "follower_count": 1000.0,
        "listed_count": 20.0,
        "mentions_received": 6.0,
        "retweets_received": 3.0,
        "network_feature_1": 10.0,
        "network_feature_2": 100.0,
        "posts": 7.0,
    }
    x, unknown = pairs.inputs(np.array([[account[name] for name in NAMES]]), CURRENT)
    filled = Model(CURRENT).evaluate(x, [0], 1, unknown=unknown).x[0]
    found = dict(zip([m.name for m in CURRENT.measures], filled.tolist(), strict=True))
    # Nine mentions and reshares at the usual 0.6 of them for one reactor: fifteen reactors.
    typical = {m.name: m.typical for m in CURRENT.measures}
    assert found == pytest.approx(
        {
            "followers": 1000,
            "lists": 20,
            "mentions": 6,
            "reshares": 3,
            "quality": 20,
            "likes": 15 * typical["likes"],
            "comments": 15 * typical["comments"],
            "quotes": 15 * typical["quotes"],
            "top_posts": 15 * typical["top_posts"],
            "anonymous": 0,
        }
    )


def test_what_an_account_does_itself_is_no_input() -> None:
    told = invented.features(5, 1)
    busy = told.copy()
    for name in ("following_count", "mentions_sent", "retweets_sent", "posts"):
        busy[:, NAMES.index(name)] *= 100
    assert pairs.inputs(busy, CURRENT)[0].tolist() == pairs.inputs(told, CURRENT)[0].tolist()
