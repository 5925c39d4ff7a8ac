"""Ages in whole years."""

from datetime import date


def age_on(day: date, born: date) -> int:
    """Return the age in whole years on that day.

    It grows on the birthday itself; who was born on 29 February grows older on 1 March of
    years without that day. Negative for a birth in the future.
    """
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday)
