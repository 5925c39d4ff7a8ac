"""The days that an address asks for: whatever it says, they make sense."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.trend import period
from dashboard.trend.period import (
    MOST_DAYS,
    Period,
    asked_of,
    period_of,
    range_choices,
    sampled,
    to_read,
)

EARLIEST, NEWEST = date(2025, 6, 1), date(2026, 3, 1)


def of(**words: str) -> Period:
    """Return the days of an address whose `since` stands for from."""
    query = {("from" if word == "since" else word): value for word, value in words.items()}
    return period_of(asked_of(query), EARLIEST, NEWEST)


def test_without_a_word_and_with_unknown_ones_it_is_the_last_ninety_days() -> None:
    for words in ({}, {"range": "nonsense"}, {"range": "custom"}, {"range": "-1"}):
        found = of(**words)
        assert (found.code, found.length, found.last, found.notice) == ("90", 90, NEWEST, "")


def test_a_range_may_end_on_another_day_and_the_arrows_lead_on_without_a_gap() -> None:
    month = of(range="30")
    before = month.earlier()
    assert before is not None
    assert before.query() == {"range": "30", "to": "2026-01-30"}
    assert (before.last + timedelta(days=1), before.length) == (month.first, 30)
    again = of(**before.query())
    assert (again.first, again.last) == (before.first, before.last)
    after = again.later()
    assert after is not None
    assert (after.first, after.last, after.query()) == (month.first, month.last, {"range": "30"})
    assert month.later() is None


def test_the_arrows_end_where_the_history_does() -> None:
    found: Period | None = of(range="90")
    steps = 0
    while found is not None:
        assert found.last >= EARLIEST
        found, steps = found.earlier(), steps + 1
    assert steps == 4
    assert of(range="all").earlier() is None
    assert of(range="all").later() is None


def test_days_of_ones_own_move_by_their_own_length() -> None:
    chosen = of(range="custom", since="2026-01-01", to="2026-01-10")
    assert (chosen.length, chosen.notice) == (10, "")
    before, after = chosen.earlier(), chosen.later()
    assert before is not None
    assert after is not None
    assert before.query() == {"range": "custom", "from": "2025-12-22", "to": "2025-12-31"}
    assert after.query() == {"range": "custom", "from": "2026-01-11", "to": "2026-01-20"}


def test_dates_the_other_way_round_are_put_in_order_and_it_is_said() -> None:
    found = of(since="2026-02-01", to="2026-01-01")
    assert (found.first, found.last) == (date(2026, 1, 1), date(2026, 2, 1))
    assert "other way round" in found.notice


@pytest.mark.parametrize(
    ("since", "to"),
    [("0001-01-01", "9999-12-31"), ("0001-01-01", ""), ("", "9999-12-31"), ("9999-12-31", "")],
)
def test_dates_beyond_the_history_give_what_there_is(since: str, to: str) -> None:
    found = of(range="custom", since=since, to=to)
    assert EARLIEST <= found.first <= found.last <= NEWEST
    assert "reach beyond" in found.notice


@pytest.mark.parametrize(
    "word", ["yesterday", "2026-02-30", "20260101", "1", "٢٠٢٦-٠١-٠١", "—" * 10]
)
def test_words_that_are_no_date_are_left_out_and_it_is_said(word: str) -> None:
    found = of(range="custom", since=word)
    assert (found.code, found.length) == ("90", 90)
    assert "could not be read" in found.notice
    assert "could not be read" in of(range="30", to=word).notice


texts = st.one_of(st.text(max_size=12), st.dates().map(date.isoformat))


@given(st.dictionaries(st.sampled_from(["range", "from", "to"]), texts), st.dates(), st.dates())
def test_no_address_gives_days_that_make_no_sense(
    query: dict[str, str], one: date, other: date
) -> None:
    earliest, newest = min(one, other), max(one, other)
    # A history that begins in the year 1 has nothing before it.
    earliest = max(earliest, date(20, 1, 1))
    newest = max(newest, earliest)
    asked = asked_of(query)
    first, last = to_read(asked, newest if newest > date(30, 1, 1) else date(2026, 1, 1))
    assert last - first <= timedelta(days=MOST_DAYS) or first > last
    found = period_of(asked, earliest, newest)
    assert found.first <= found.last <= newest
    assert found.last >= max(earliest, newest - timedelta(days=MOST_DAYS))
    assert found.length <= MOST_DAYS + 1
    before = found.earlier()
    assert before is None or before.last < found.first


@dataclass(frozen=True)
class Row:
    day: date
    value: float | None


def rows(length: int, *without: int) -> list[Row]:
    """Return so many days, those of the given places without a value."""
    return [
        Row(EARLIEST + timedelta(days=n), None if n in without else float(n)) for n in range(length)
    ]


@pytest.mark.parametrize("length", [1, 90, 124, 125, 365, 800, 801, MOST_DAYS])
def test_a_chart_has_few_points_and_its_ends_are_the_historys(length: int) -> None:
    found = sampled(rows(length))
    assert len(found) <= 126
    assert (found[0].value, found[-1].value) == (0.0, length - 1.0)
    assert [row.day for row in found] == sorted({row.day for row in found})


def test_a_week_without_a_score_is_a_gap_and_one_with_a_single_day_is_not() -> None:
    gap = range(200, 216)
    found = sampled(rows(364, *gap))
    assert sum(row.value is None for row in found) == 1
    one = sampled(rows(364, *(n for n in range(203, 210) if n != 205)))
    assert 205.0 in [row.value for row in one]


def test_the_links_keep_what_else_the_address_says() -> None:
    choices = range_choices("30", {"with": "bob"})
    assert [choice.code for choice in choices if choice.chosen] == ["30"]
    assert choices[0].query == "range=7&with=bob"
    assert period.step_days(90) == 1
