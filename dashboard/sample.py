"""How far the sample network of a trial installation is, for the first page."""

from dataclasses import dataclass

from django.conf import settings

from connectors.queries import network_progress
from scoring.queries import scoring_progress

# People with a story (docs/sample-network.md), offered to be looked up.
HANDLES = ("@vera.lindqvale@sample", "@otto.brandvik@sample", "@pia.moreno@sample")
# A demo account alone is not yet the network: its directory comes next.
DIRECTORY_SIZE = 2


@dataclass(frozen=True, slots=True)
class SampleState:
    """People read and days scored, of how many."""

    people_done: int
    people_total: int
    days_done: int
    days_total: int
    handles: tuple[str, ...] = HANDLES

    @property
    def done(self) -> int:
        """Steps done: a person read and a day scored are a step each."""
        return min(self.people_done, self.people_total) + min(self.days_done, self.days_total)

    @property
    def total(self) -> int:
        """Return all steps."""
        return self.people_total + self.days_total

    @property
    def ready(self) -> bool:
        """Return whether every day is scored; that begins when everybody is read."""
        return self.days_done >= self.days_total


def sample_state() -> SampleState | None:
    """Return how far the sample network is; None where it is not offered. Few queries."""
    if not settings.SAMPLE_NETWORK:
        return None
    read, known = network_progress("sample")
    progress = scoring_progress()
    return SampleState(
        people_done=read,
        people_total=known if known >= DIRECTORY_SIZE else settings.SAMPLE_PEOPLE,
        days_done=progress.days_done,
        # The last of the sample network's days is today, which ends at midnight.
        days_total=settings.SAMPLE_DAYS - 1,
    )
