"""What can go wrong between us and a network, in seven words that decide what happens next."""

from datetime import datetime


class ConnectorError(Exception):
    """Something failed at a network. Its text is shown to people and logs: it holds no secret."""

    def __init__(self, message: str, *, network: str = "", path: str = "") -> None:
        super().__init__(message)
        self.network = network
        self.path = path


class Retry(ConnectorError):
    """A passing fault (5xx, time-out, no connection): try again later, by itself."""


class RateLimited(ConnectorError):
    """The network or our own budget says: not before `resume_at` (aware, UTC)."""

    def __init__(
        self, message: str, *, resume_at: datetime, network: str = "", path: str = ""
    ) -> None:
        super().__init__(message, network=network, path=path)
        self.resume_at = resume_at


class BudgetSpent(RateLimited):
    """This month's money for the network is spent, the site's or the person's: not before then."""


class NotAllowed(ConnectorError):
    """The network does not let this site's application in (402, no plan): its operator must act."""


class Relink(ConnectorError):
    """The credential is refused (401, 403): the person must link again."""


class Gone(ConnectorError):
    """The account is not there, or not for us (404, 410)."""


class BadPayload(ConnectorError):
    """An answer that is not what the network's documents say: a bug, theirs or ours; shown."""
