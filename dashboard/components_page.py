"""Invented values for /components/, where every part of the pages can be seen at once."""

import math
from datetime import date, timedelta
from typing import Any

from dashboard.charts import Point
from dashboard.history_chart import history_chart

LAST = date(2026, 3, 1)


def _history() -> list[Point]:
    points = []
    for back in range(89, -1, -1):
        day = LAST - timedelta(days=back)
        if back in {50, 51, 52, 20}:
            points.append(Point(day, None))
            continue
        value = 57 + 4 * math.sin(back / 9) - back / 22
        points.append(Point(day, value, value - 3.4, value + 3.1))
    return points


def examples() -> dict[str, Any]:
    """Return the context of the page."""
    return {
        "chart": history_chart(_history()),
        "shares": [
            {
                "name": "Mastodon",
                "share": 0.62,
                "series": 1,
                "signals": [
                    {
                        "name": "People who boost",
                        "value": 41.3,
                        "unit": "people",
                        "share": 0.4,
                        "place": "?network=mastodon#signal-mastodon-reshares",
                    },
                    {
                        "name": "Lists",
                        "value": None,
                        "unit": "lists",
                        "share": 0.22,
                        "place": "?network=mastodon#signal-mastodon-likes",
                    },
                ],
            },
            {"name": "Bluesky", "share": 0.376, "series": 2, "signals": []},
            {"name": "Sample network", "share": 0.004, "series": 3, "signals": []},
        ],
        "levels": ("debug", "success", "warning", "error"),
    }
