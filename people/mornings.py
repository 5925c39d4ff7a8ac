"""When somebody's morning is, and which week or month a letter is of; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Letters are sent from seven o'clock on, spread over an hour by the person's number.
MORNING = time(7)
SPREAD_MINUTES = 60
# Later in the day than this it is no morning letter: it waits for the next one.
LATEST_HOURS = 5

RHYTHMS = ("weekly", "monthly")


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of that name, UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def morning_of(day: date, zone: ZoneInfo, person_id: int) -> datetime:
    """Return the person's moment of that morning, in UTC.

    A clock that is put forward or back leaves seven o'clock where it is.
    """
    minutes = person_id % SPREAD_MINUTES
    local = datetime.combine(day, MORNING, zone) + timedelta(minutes=minutes)
    return local.astimezone(UTC)


def next_letter(rhythm: str, zone: ZoneInfo, person_id: int, after: datetime) -> datetime:
    """Return the first morning of a rhythm after a moment: a Monday, or the first of a month."""
    day = after.astimezone(zone).date()
    while True:
        begins = day.weekday() == 0 if rhythm == "weekly" else day.day == 1
        if begins:
            moment = morning_of(day, zone, person_id)
            if moment > after:
                return moment
        day += timedelta(days=1)


def next_morning(zone: ZoneInfo, person_id: int, after: datetime) -> datetime:
    """Return the first morning after a moment."""
    day = after.astimezone(zone).date()
    moment = morning_of(day, zone, person_id)
    return moment if moment > after else morning_of(day + timedelta(days=1), zone, person_id)


def is_morning(due: datetime, now: datetime) -> bool:
    """Return whether a letter that was due then may go out now."""
    return now - due <= timedelta(hours=LATEST_HOURS)


def period_of(rhythm: str, zone: ZoneInfo, moment: datetime) -> str:
    """Return the name of the week or month in which the letter falls: "2026-W48", "2026-11"."""
    day = moment.astimezone(zone).date()
    if rhythm == "weekly":
        year, week, _weekday = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}"
