"""Ages in whole years, on and around birthdays."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from people.ages import age_on


def test_age_grows_on_the_birthday_itself() -> None:
    assert age_on(date(2026, 2, 28), date(2010, 3, 1)) == 15
    assert age_on(date(2026, 3, 1), date(2010, 3, 1)) == 16
    assert age_on(date(2026, 3, 2), date(2010, 3, 1)) == 16


def test_who_was_born_on_a_leap_day_grows_older_on_the_first_of_march() -> None:
    born = date(2008, 2, 29)
    assert age_on(date(2023, 2, 28), born) == 14
    assert age_on(date(2023, 3, 1), born) == 15
    assert age_on(date(2024, 2, 28), born) == 15
    assert age_on(date(2024, 2, 29), born) == 16


def test_a_birth_in_the_future_is_a_negative_age() -> None:
    assert age_on(date(2026, 3, 1), date(2026, 3, 2)) == -1


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 40_000))
def test_age_never_falls_from_a_day_to_the_next(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    assert 0 <= age_on(day, born) <= age_on(day + timedelta(days=1), born)
