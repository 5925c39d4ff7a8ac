"""Who exports and erases which rows of this package."""


def register() -> None:
    """Register this package's models with people.erasure."""
