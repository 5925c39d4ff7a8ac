"""What a request to a network that charges by the row costs, told before it and after it."""

from collections.abc import Mapping
from typing import Protocol


class Meter(Protocol):
    """A purse that a fetch pays from; the connector says which rows it asks for and got."""

    def hold(self, rows: Mapping[str, int]) -> None:
        """Set aside what so many rows of each resource cost at most; raises BudgetSpent."""

    def settle(self, held: Mapping[str, int], got: Mapping[str, int]) -> None:
        """Pay for the rows that came, and give back the rest of what was held for them."""

    def can_spare(self, rows: Mapping[str, int]) -> bool:
        """Return whether rows that a fetch could do without fit into its share for such."""


class Free:
    """The purse of networks that charge nothing."""

    def hold(self, rows: Mapping[str, int]) -> None:
        """Do nothing."""

    def settle(self, held: Mapping[str, int], got: Mapping[str, int]) -> None:
        """Do nothing."""

    def can_spare(self, rows: Mapping[str, int]) -> bool:
        """Return True."""
        return True


FREE = Free()
