"""What Meta's networks have in common: times, pages of a list, insights."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from klout.bench.fakes import world
from klout.bench.fakes.world import Query, Told

DAYS = 28


def at(moment: datetime) -> str:
    """Return a time as Meta writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def listed(query: Query, address: str, per_page: int, row: Callable[[int], Any]) -> Told:
    """Return the page of posts that is asked for."""
    places, following = world.page(query, "after", per_page)
    data: dict[str, Any] = {"data": [row(place) for place in places]}
    if following:
        turn = {"before": str(places[0]), "after": following}
        data["paging"] = {"cursors": turn, "next": f"{address}?limit={per_page}&after={following}"}
    return Told(data)


def insights(about: str, told: Mapping[str, Any], period: str = "lifetime") -> dict[str, Any]:
    """Return values of one moment, by the names of insights."""
    rows = [
        {
            "name": name,
            "period": period,
            "values": [{"value": value}],
            "id": f"{about}/insights/{name}/{period}",
        }
        for name, value in told.items()
    ]
    return {"data": rows}


def by_day(about: str, name: str, value: int) -> dict[str, Any]:
    """Return an insight that is told for each day of four weeks."""
    ends = (world.NOW - timedelta(days=number) for number in reversed(range(DAYS)))
    values = [{"value": value, "end_time": at(end)} for end in ends]
    row = {"name": name, "period": "day", "values": values, "id": f"{about}/insights/{name}/day"}
    return {"data": [row]}
