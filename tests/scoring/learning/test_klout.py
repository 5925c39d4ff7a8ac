"""Agreement with real scores on files of known content."""

from pathlib import Path

import numpy as np
import pytest

from scoring.core.params import CURRENT
from scoring.learning import klout
from scoring.learning.tables import BadTable
from tests.scoring.core.accounts import raw, row


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text(
        "account,klout,followers,listed,other\n"
        "a,20,5,0,x\nb,99,1,0,x\nc,45,900,12,x\nd,60,40000,500,x\nb,15,3,0,x\n"
    )
    return path


def test_errors_and_orders_are_those_of_the_model_and_the_last_row_of_an_account_counts(
    accounts: Path,
) -> None:
    found = klout.accounts_agreement(accounts, CURRENT)
    counts = [(5, 0), (3, 0), (900, 12), (40000, 500)]
    own = np.array([raw(row(followers=f, lists=n)) for f, n in counts])
    difference = own - np.array([20, 15, 45, 60])
    assert found.accounts_count == 4
    assert found.spearman == pytest.approx(1)
    assert found.mean_difference == pytest.approx(difference.mean())
    assert found.mean_error == pytest.approx(np.abs(difference).mean())


def test_a_missing_column_and_an_impossible_score_are_named(accounts: Path) -> None:
    accounts.write_text(accounts.read_text().replace(",20,", ",120,"))
    with pytest.raises(BadTable, match="row 2: klout is '120'; it must be from 1 to 100"):
        klout.accounts_agreement(accounts, CURRENT)
    accounts.write_text("account,klout,followers\na,20,5\n")
    with pytest.raises(BadTable, match="column 'listed' is missing"):
        klout.accounts_agreement(accounts, CURRENT)


@pytest.fixture
def bins(tmp_path: Path) -> Path:
    path = tmp_path / "bins.csv"
    path.write_text(
        "klout_bin,accounts_2013,accounts_2014\nnone,1,10\n10-49,1,60\n50-64,1,20\n65+,1,10\n"
    )
    return path


def test_the_newest_column_is_read_and_shares_count_accounts_without_a_score(bins: Path) -> None:
    found = klout.distribution(bins)
    assert found.column == "accounts_2014"
    assert found.share_from(50) == pytest.approx(0.3)
    assert found.share_from(65) == pytest.approx(0.1)


def test_the_distance_is_the_greatest_difference_of_the_cumulative_shares(bins: Path) -> None:
    real = klout.distribution(bins)
    same = np.repeat([5.0, 20.0, 55.0, 70.0], [1, 6, 2, 1])
    assert klout.distance(same, real) == pytest.approx(0)
    # All below 50, of whom really 70 % are: three tenths apart.
    assert klout.distance(np.array([20.0] * 9 + [5.0]), real) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("klout_bin,people\n10-14,3\n", "'accounts_…'"),
        ("klout_bin,accounts_1\nten,3\n", "'ten' is not a bin"),
        ("klout_bin,accounts_1\n20-29,3\n10-19,3\n", "'10-19' is not a bin .* ascending"),
        ("klout_bin,accounts_1\nnone,3\n", "counts no account"),
    ],
)
def test_bins_that_are_none_are_named(bins: Path, content: str, told: str) -> None:
    bins.write_text(content)
    with pytest.raises(BadTable, match=told):
        klout.distribution(bins)
