"""How long a network asks us to wait, read from the headers of its refusal."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Where a network says "too many" without saying until when.
DEFAULT_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(days=1)


def resume_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when the network lets us come back: from a second to a day from now."""
    names = ("retry-after", "x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
    for name in names:
        text = headers.get(name, "").strip()
        if text:
            told = _told_time(text, now)
            if told is not None:
                return min(max(told, now + timedelta(seconds=1)), now + LONGEST_WAIT)
    return now + DEFAULT_WAIT


def _told_time(text: str, now: datetime) -> datetime | None:
    """Return the time in a header: seconds from now, Unix seconds, ISO 8601 or an HTTP date."""
    try:
        if text.isascii() and text.isdigit():
            seconds = int(text[:12])
            # Unix seconds of our days are beyond 1.5 billion; nobody asks for such a wait.
            if seconds > 1_000_000_000:
                return datetime.fromtimestamp(seconds, UTC)
            return now + timedelta(seconds=seconds)
        told = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
    except (ValueError, OverflowError, OSError):
        return None
    return told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC)
